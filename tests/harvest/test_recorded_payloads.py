"""Recorded and reconstructed payloads of arXiv, read as a whole and counted."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import zstandard

from almanac_assets.harvest.files import payload_files
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.corpus import corpus_rows, read_corpus
from almanac_assets.harvest.records import RECORDS, Parsed

pytestmark = pytest.mark.shared

PART = 20_000  # records of a bulk import that are read at once


def read_all(path: Path) -> dict[str, Parsed]:
    """Every payload under a path, read, by its name within the archive."""
    return {file.name: parse(file.body) for file in payload_files(path) if file.body is not None}


@pytest.fixture(scope="module")
def reconstructed(shared: Path) -> dict[str, Parsed]:
    """The harvest and the feeds rebuilt from the corpus."""
    return read_all(shared / "feeds/oai/arxiv_reconstructed.tar.zst")


def test_a_whole_harvest_is_read_without_loss(reconstructed: dict[str, Parsed], shared: Path) -> None:
    """17 pages, 16,983 records, each the paper it was rebuilt from."""
    pages = [parsed for name, parsed in reconstructed.items() if "/listrecords_" in name]
    records = pl.concat(page.records for page in pages)
    assert (len(pages), records.height, sum(page.rejects.height for page in pages)) == (17, 16_983, 0)
    assert [page.facts.is_last_page for page in pages] == [False] * 16 + [True]
    corpus = pl.read_parquet(shared / "corpus/arxiv_ai_recent.parquet", columns=["id", "title", "abstract", "authors"])
    both = records.join(corpus, left_on="arxiv_id", right_on="id", how="left", validate="1:1")
    assert both.filter(pl.col("title") != pl.col("title_right")).is_empty()
    assert both.filter(pl.col("abstract") != pl.col("abstract_right")).is_empty()
    assert both.filter(pl.col("authors") == pl.col("authors_right")).height > 0.998 * both.height


def test_all_announcements_of_thirty_days_are_read(reconstructed: dict[str, Parsed]) -> None:
    """120 feeds of four categories, with the counts their maker wrote down."""
    feeds = {name: parsed for name, parsed in reconstructed.items() if "_rss_" in name}
    records = pl.concat(feed.records for feed in feeds.values())
    assert (len(feeds), sum(feed.rejects.height for feed in feeds.values())) == (120, 0)
    assert dict(records.group_by("announce_type").len().iter_rows()) == {
        "new": 10_181,
        "cross": 5_004,
        "replace": 592,
        "replace-cross": 784,
    }
    for name, feed in feeds.items():
        day, file = name.split("/")[-2:]
        assert (str(feed.facts.announced_on), feed.facts.category) == (day, file.removesuffix(".xml"))


def test_answers_that_are_no_records_have_their_own_outcome(reconstructed: dict[str, Parsed]) -> None:
    """A quiet window and a description of the server are empty, an expired token is an error."""
    outcomes = {name.rpartition("/")[2]: (p.outcome, p.facts.error_code) for name, p in reconstructed.items()}
    assert outcomes["error_norecordsmatch.xml"] == ("empty", "noRecordsMatch")
    assert outcomes["error_badresumptiontoken.xml"] == ("error", "badResumptionToken")
    assert outcomes["error_cannotdisseminate.xml"] == ("error", "cannotDisseminateFormat")
    assert outcomes["identify.xml"] == ("empty", None)


def test_real_pages_of_many_years_are_read(shared: Path) -> None:
    """28 answers, arXiv's since 2016 and other repositories'; the latter's records have no arXiv identifier."""
    answers = read_all(shared / "feeds/oai/real_oai_pages.tar.zst")
    assert len(answers) == 28
    arxiv = [parsed for name, parsed in answers.items() if "/arxiv_" in name]
    others = [parsed for name, parsed in answers.items() if "/protocol_samples/" in name]
    assert all(parsed.outcome == "new" for parsed in arxiv)
    assert sum(parsed.records.height + parsed.rejects.height for parsed in arxiv) == 35
    assert {reason for parsed in others for reason in parsed.rejects["reason"]} == {"missing_id", "protocol_error"}


def test_all_rendered_answers_are_read(shared: Path) -> None:
    """127 answers of arXiv's own server programs: every item counted by their maker is a record here."""
    rows = pl.read_parquet(shared / "feeds/arxiv_rendered.parquet").to_dicts()
    parsed = [(row, parse(row["body"].encode())) for row in rows]
    assert Counter((row["set"], p.outcome) for row, p in parsed) == {
        ("oai_testdb", "new"): 49,
        ("oai_testdb", "empty"): 7,
        ("oai_testdb", "error"): 18,
        ("oai_recent", "new"): 18,
        ("rss", "new"): 19,
        ("rss", "empty"): 11,
        ("rss", "error"): 5,
    }
    for row, p in parsed:
        listed = 0 if row["group"].startswith("ListIdentifiers") else row["n_items"]
        assert (p.records.height, p.rejects["ordinal"].drop_nulls().len()) == (listed, 0), row["url"]
        assert (row["status"] == 400) <= (p.outcome == "error")


def test_one_paper_in_three_formats_is_dated_consistently(shared: Path) -> None:
    """0811.2813 was submitted on 2008-11-18; the `arXiv` format alone does not tell, and does not pretend to."""
    rows = pl.read_parquet(shared / "feeds/arxiv_rendered.parquet").filter(
        pl.col("group").str.starts_with("ListRecords:")
    )
    records = pl.concat(parse(body.encode()).records for body in rows["body"])
    found = records.filter(pl.col("arxiv_id") == "0811.2813").unique(["published_at", "published_precision"])
    dated = set(found.select(pl.col("published_at").dt.date().cast(pl.String), "published_precision").iter_rows())
    assert dated == {("2008-11-18", "second"), ("2008-11-18", "day"), ("2008-11-01", "month")}


def test_recorded_answers_of_the_old_server_are_read(shared: Path) -> None:
    """22 recordings, some of them a lone record."""
    with (shared / "feeds/recorded_arxiv_oai_old.jsonl.zst").open("rb") as file:
        lines = zstandard.ZstdDecompressor().stream_reader(file).read().splitlines()
    parsed = [parse(json.loads(line)["response"]["body"].encode()) for line in lines]
    assert len(parsed) == 22
    assert {p.outcome for p in parsed} <= {"new", "error"}
    assert sum(p.outcome == "new" for p in parsed) >= 20


def test_odd_feeds_of_other_parsers_never_raise(shared: Path) -> None:
    """3,683 small and broken files: none is an arXiv payload; the only paper is one that a list of links leads to."""
    answers = read_all(shared / "feeds/robustness.tar.zst")
    assert len(answers) > 3_000
    assert {parsed.outcome for parsed in answers.values()} <= {"error", "empty", "new"}
    papers = [paper for parsed in answers.values() for paper in parsed.records["arxiv_id"].drop_nulls()]
    assert papers == ["2203.15110"]


def test_the_corpus_is_read_in_parts_without_loss(shared: Path) -> None:
    """68,069 rows, nothing rejected; the text is that of the file."""
    file = shared / "corpus/arxiv_ai_recent.parquet"
    parts = [read_corpus(file, first, PART) for first in range(0, corpus_rows(file), PART)]
    records = pl.concat(part.records for part in parts)
    assert (records.height, sum(part.rejects.height for part in parts)) == (68_069, 0)
    assert records.schema == RECORDS
    assert dict(records.group_by("published_basis").len().iter_rows()) == {
        "stated": 26_489,
        "identifier": 17_163,
        "feed": 24_417,
    }
    source = pl.read_parquet(file, columns=["title", "abstract", "primary_category"])
    assert records["title"].equals(source["title"]) and records["abstract"].equals(source["abstract"])
    assert records["categories"].list.first().equals(source["primary_category"], check_names=False)
    assert records["captured_at"].null_count() == 0


def test_lines_of_a_snapshot_agree_with_the_corpus_they_were_made_from(shared: Path) -> None:
    """20,000 papers written as the snapshot writes them."""
    rows = (
        pl.read_parquet(shared / "corpus/arxiv_ai_recent.parquet").filter(pl.col("published").is_not_null()).head(PART)
    )
    stamp = pl.col("published").dt.strftime("%a, %d %b %Y %H:%M:%S GMT")
    lines = rows.select(
        "id",
        "title",
        "abstract",
        pl.col("authors").list.join(", "),
        pl.col("comment").alias("comments"),
        pl.col("categories").list.join(" "),
        pl.concat_list(pl.struct(pl.lit("v1").alias("version"), stamp.alias("created"))).alias("versions"),
    )
    parsed = parse(lines.write_ndjson().encode())
    assert (parsed.records.height, parsed.rejects.height) == (rows.height, 0)
    whole_seconds = rows["published"].dt.truncate("1s").cast(pl.Datetime("us", "UTC"))
    assert parsed.records["published_at"].equals(whole_seconds, check_names=False)
    assert parsed.records["abstract"].equals(rows["abstract"], check_names=False)
