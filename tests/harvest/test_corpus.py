"""A Parquet file of arXiv metadata as records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from almanac_assets.errors import InputMissing
from almanac_assets.harvest.formats.corpus import corpus_rows, read_corpus
from almanac_assets.harvest.records import RECORDS, REJECTS, Parsed

TIME = pl.Datetime("ms", "UTC")
SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "title": pl.String,
    "abstract": pl.String,
    "authors": pl.List(pl.String),
    "primary_category": pl.String,
    "categories": pl.List(pl.String),
    "comment": pl.String,
    "published": TIME,
    "updated": TIME,
    "version_seen": pl.Int8,
    "listed_on": pl.Date,
    "date": pl.Date,
    "date_source": pl.String,
}
PAPER: dict[str, Any] = {
    "id": "2606.01234",
    "title": "Probes",
    "abstract": "We show  $x$.",
    "authors": ["Ada B.", ":", "Carl D.,"],
    "primary_category": "cs.CL",
    "categories": ["cs.CL", "I.2.7", "stat.ML"],
    "comment": None,
    "published": datetime(2026, 6, 1, 17, 59, 59, tzinfo=UTC),
    "updated": datetime(2026, 6, 1, 17, 59, 59, tzinfo=UTC),
    "version_seen": 1,
    "listed_on": date(2026, 6, 3),
    "date": date(2026, 6, 1),
    "date_source": "api",
}


def write(folder: Path, papers: list[dict[str, Any]], **casts: Any) -> Path:
    """A corpus file with these changes to PAPER, one a row."""
    frame = pl.DataFrame([PAPER | paper for paper in papers], schema=SCHEMA).cast(casts)
    file = folder / "corpus.parquet"
    frame.write_parquet(file)
    return file


def read(folder: Path, *papers: dict[str, Any]) -> Parsed:
    """The whole of such a file, read."""
    return read_corpus(write(folder, list(papers)), 0, len(papers))


def test_a_row_becomes_a_record(tmp_path: Path) -> None:
    """The columns of RECORDS, from those of the file."""
    parsed = read(tmp_path, {"updated": datetime(2026, 6, 5, tzinfo=UTC), "comment": "Withdrawn: error"})
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS
    row = parsed.records.row(0, named=True)
    assert (row["ordinal"], row["document_id"], row["version"]) == (0, "arxiv:2606.01234", 1)
    assert (row["title"], row["abstract"]) == ("Probes", "We show $x$.")
    assert (row["authors"], row["affiliations"]) == (["Ada B.", "Carl D."], [None, None])
    assert row["categories"] == ["cs.CL", "stat.ML"]
    assert row["published_at"] == row["version_at"] == datetime(2026, 6, 1, 17, 59, 59, tzinfo=UTC)
    assert (row["published_precision"], row["published_basis"]) == ("second", "stated")
    assert row["updated_at"] == datetime(2026, 6, 5, tzinfo=UTC)
    assert row["captured_at"] == datetime(2026, 6, 3, tzinfo=UTC)
    assert (row["is_withdrawn"], row["withdrawn_reason"]) == (True, "Withdrawn: error")
    assert parsed.facts.format == "corpus"


@pytest.mark.parametrize(
    ("source", "basis"),
    [("api", "stated"), ("page", "stated"), ("id-interpolated", "identifier"), ("listing", "feed"), ("odd", "unknown")],
)
def test_without_an_exact_time_the_day_stands_in_on_its_own_ground(tmp_path: Path, source: str, basis: str) -> None:
    """What is known of the day is said with it."""
    row = read(tmp_path, {"published": None, "updated": None, "date_source": source}).records.row(0, named=True)
    assert row["published_at"] == datetime(2026, 6, 1, tzinfo=UTC)
    assert (row["published_precision"], row["published_basis"], row["version_at"]) == ("day", basis, None)


def test_without_any_date_the_month_of_the_identifier_stands_in(tmp_path: Path) -> None:
    """Nothing then tells when the record was seen, unless it was listed."""
    row = read(tmp_path, {"published": None, "date": None, "listed_on": None}).records.row(0, named=True)
    assert (row["published_at"], row["published_precision"]) == (datetime(2026, 6, 1, tzinfo=UTC), "month")
    assert row["captured_at"] is None


def test_a_record_never_listed_was_seen_the_day_after_its_date_at_the_earliest(tmp_path: Path) -> None:
    """The later of the exact time and the day after the date."""
    late = datetime(2026, 6, 4, 12, tzinfo=UTC)
    parsed = read(tmp_path, {"listed_on": None}, {"id": "2606.00002", "listed_on": None, "published": late})
    assert parsed.records["captured_at"].to_list() == [datetime(2026, 6, 2, tzinfo=UTC), late]


def test_an_identifier_may_hold_the_version(tmp_path: Path) -> None:
    """A column with the version wins; without one and without a suffix it is 1."""
    papers = [
        {"id": "2606.00001v3", "version_seen": None},
        {"id": "2606.00002v3"},
        {"id": "2606.00003", "version_seen": None},
    ]
    assert read(tmp_path, *papers).records["version"].to_list() == [3, 1, 1]


def test_bad_rows_are_rejected_alone(tmp_path: Path) -> None:
    """Identity, title and dates are what a record cannot do without."""
    papers = [
        {"id": "2606.00001"},
        {"id": "post/1\u202e"},
        {"id": None},
        {"id": "2606.00002", "title": " "},
        {"id": "2606.00003", "published": datetime(1989, 1, 1, tzinfo=UTC)},
        {"id": "2606.00004", "published": datetime(2026, 6, 4, 0, 0, 1, tzinfo=UTC)},
        {"id": "2606.00005", "published": datetime(2026, 6, 4, tzinfo=UTC)},
    ]
    parsed = read(tmp_path, *papers)
    assert parsed.records["ordinal"].to_list() == [0, 6]
    assert parsed.rejects.select("ordinal", "locator", "reason").rows() == [
        (1, "record 1 (post/1\\u202e)", "missing_id"),
        (2, "record 2", "missing_id"),
        (3, "record 3 (2606.00002)", "missing_title"),
        (4, "record 4 (2606.00003)", "date_out_of_range"),
        (5, "record 5 (2606.00004)", "date_out_of_range"),
    ]
    assert parsed.rejects["detail"].null_count() == 0


def test_repeated_rows_are_dropped_and_contradicting_ones_rejected(tmp_path: Path) -> None:
    """As in every other format; another version is another record."""
    parsed = read(tmp_path, {}, {}, {"title": "Other"}, {"version_seen": 2})
    assert parsed.records["ordinal"].to_list() == [0, 3]
    assert parsed.rejects.select("ordinal", "reason", "detail").rows() == [
        (2, "duplicate_id", "arxiv:2606.01234 v1 stood in record 0 with other content")
    ]


def test_parts_together_are_the_whole(tmp_path: Path) -> None:
    """Ordinals count rows of the file, so that parts can be put together; a part may end behind the last row."""
    papers = [{"id": f"2606.{number:05}"} for number in range(1, 8)]
    file = write(tmp_path, papers)
    parts = [read_corpus(file, first, 3) for first in range(0, corpus_rows(file), 3)]
    assert pl.concat(part.records for part in parts).equals(read_corpus(file, 0, 7).records)
    assert read_corpus(file, 7, 3).outcome == "empty"


def test_columns_of_other_types_are_understood(tmp_path: Path) -> None:
    """Authors and categories as strings, days for times, times without zone."""
    frame = pl.DataFrame(
        {
            "id": ["2606.01234"],
            "title": ["Probes"],
            "abstract": [None],
            "categories": ["cs.CL  stat.ML 68T05"],
            "authors": ["Ada B. (Univ X) and Carl D."],
            "published": [date(2026, 6, 1)],
            "doi": ["https://doi.org/10.1000/ABC"],
            "license": ["http://l/"],
        },
        schema_overrides={"abstract": pl.String},
    )
    frame.write_parquet(tmp_path / "a.parquet")
    row = read_corpus(tmp_path / "a.parquet", 0, 9).records.row(0, named=True)
    assert (row["authors"], row["categories"]) == (["Ada B.", "Carl D."], ["cs.CL", "stat.ML"])
    assert (row["published_at"], row["published_precision"]) == (datetime(2026, 6, 1, tzinfo=UTC), "day")
    assert (row["doi"], row["licence"], row["abstract"]) == ("10.1000/abc", "http://l/", None)
    frame.with_columns(pl.lit("2026-06-01T12:00:00").str.to_datetime().alias("published")).write_parquet(
        tmp_path / "b.parquet"
    )
    row = read_corpus(tmp_path / "b.parquet", 0, 9).records.row(0, named=True)
    assert (row["published_at"], row["published_precision"]) == (datetime(2026, 6, 1, 12, tzinfo=UTC), "second")


def test_a_file_that_cannot_be_a_corpus_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    """The message tells the file, its columns and those needed."""
    with pytest.raises(InputMissing, match="no such file"):
        corpus_rows(tmp_path / "none.parquet")
    (tmp_path / "junk.parquet").write_bytes(b"junk")
    with pytest.raises(InputMissing, match="expected a Parquet file"):
        corpus_rows(tmp_path / "junk.parquet")
    pl.DataFrame({"id": ["x"], "title": ["y"]}).write_parquet(tmp_path / "poor.parquet")
    with pytest.raises(
        InputMissing, match=r"lacks the column abstract, categories, published; it has id, title .* needed"
    ):
        read_corpus(tmp_path / "poor.parquet", 0, 1)
    strings = pl.DataFrame([PAPER], schema=SCHEMA).with_columns(pl.col("published").cast(pl.String))
    strings.write_parquet(tmp_path / "strings.parquet")
    with pytest.raises(InputMissing, match="expected published as timestamp or date"):
        corpus_rows(tmp_path / "strings.parquet")
