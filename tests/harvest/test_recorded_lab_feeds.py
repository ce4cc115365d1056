"""Recorded feeds of laboratories, and odd and broken feeds of other readers' tests, read as a whole and counted."""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import zstandard

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.records import RECORDS, REJECTS
from almanac_assets.harvest.sources import load_sources

pytestmark = pytest.mark.shared

DATA = Path(__file__).parents[2] / "data"
ARCHIVE_BYTES = 1 << 28  # unpacked; the archive holds about 30 MB
FEEDS = ("rss", "atom", "rdf")


@pytest.fixture(scope="module")
def versions(shared: Path) -> pl.DataFrame:
    """Feeds of laboratories as they were captured, in that order."""
    return pl.read_parquet(shared / "feeds/lab_feed_versions.parquet").sort("feed", "captured_at")


def test_the_newest_version_of_every_feed_is_read_without_loss(versions: pl.DataFrame) -> None:
    """Two items of 2,265 are rejected: a post dated at the end of its month, and a notice that leads to a feed."""
    records, rejects, undated = Counter[str](), Counter[str](), Counter[str]()
    for row in versions.group_by("feed", maintain_order=True).last().iter_rows(named=True):
        parsed = parse(row["xml"].encode(), row["feed"])
        records[row["feed"]] = parsed.records.height
        rejects.update(parsed.rejects["reason"])
        undated[row["feed"]] = parsed.records["published_at"].null_count()
        assert parsed.records.height + parsed.rejects.height == row["n_items"], row["feed"]
    assert (len(records), records.total()) == (24, 2263)
    assert dict(rejects) == {"date_out_of_range": 1, "not_an_article": 1}
    assert dict(+undated) == {"claude_code_changelog_olshansk": 50}


@pytest.mark.parametrize(
    ("feed", "posts"),
    [
        ("claude_code_changelog_olshansk", 235),
        ("the_batch_olshansk", 372),
        ("qwen_blog_en", 44),
        ("microsoft_ai_blog_native", 13),
        ("mistral_olshansk", 58),
    ],
)
def test_a_post_keeps_its_id_over_all_versions_of_its_feed(versions: pl.DataFrame, feed: str, posts: int) -> None:
    """Guids made anew at each build, a scheme that changes, slashes that are lost: none makes a new document."""
    ids: set[str] = set()
    for body in versions.filter(feed=feed)["xml"]:
        ids.update(parse(body.encode(), feed).records["document_id"])
    assert len(ids) == posts


def test_dates_that_move_with_the_build_are_unknown(versions: pl.DataFrame) -> None:
    """In January 2025 one feed gave undated posts the time of each build, until it found their dates."""
    moving = versions.filter(pl.col("feed") == "openai_research_olshansk", pl.col("captured_at").dt.year() == 2025)
    seen: dict[str, set[object]] = {}
    for body in moving.filter(pl.col("captured_at").dt.month() == 1)["xml"]:
        for row in parse(body.encode(), "x").records.iter_rows(named=True):
            seen.setdefault(row["title"], set()).add(row["published_at"])
    assert seen["GPT-4"] == {None, datetime(2023, 3, 14, tzinfo=UTC)}
    assert sum(len(dates - {None}) > 1 for dates in seen.values()) == 2  # corrected by a day and by a week, once each


def test_every_recorded_feed_has_a_source(versions: pl.DataFrame) -> None:
    """The newest versions name themselves as the claims of the registry know them."""
    sources = load_sources(DATA / "sources.yaml", DATA / "arxiv_categories.csv")
    newest = versions.group_by("feed", maintain_order=True).last()
    found = {
        feed: sources.claiming(parse(body.encode()).facts.claimed_url, None)
        for feed, body in newest.select("feed", "xml").iter_rows()
    }
    assert [feed for feed, source in found.items() if source == "unlisted"] == []
    assert {source for feed, source in found.items() if feed.startswith("anthropic_news")} == {"anthropic-news"}
    assert found["openai_research_olshansk"] == found["openai_news_native"] == "openai-news"


def test_thousands_of_odd_feeds_are_read_or_refused(shared: Path) -> None:
    """No exception; where a feed is well-formed, a lenient reader finds the same items, titles and links."""
    index = pl.read_parquet(shared / "feeds/robustness_index.parquet").rows_by_key("name", named=True, unique=True)
    packed = (shared / "feeds/robustness.tar.zst").read_bytes()
    plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=ARCHIVE_BYTES)
    count: Counter[str] = Counter()
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                _compare(file.read(), index[member.name], count)
    assert count["files"] == len(index)
    assert count["feeds"] > 2500
    for what, least in (("counts", 0.99), ("titles", 0.97), ("links", 0.96)):
        assert count[f"same {what}"] >= least * count[what], (what, count)


def _compare(body: bytes, known: dict[str, object], count: Counter[str]) -> None:
    parsed = parse(body, "odd")
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS
    count["files"] += 1
    if not known["well_formed"] or parsed.facts.format not in FEEDS or parsed.rejects["ordinal"].null_count():
        return
    count["feeds"] += 1
    count["counts"] += 1
    count["same counts"] += parsed.records.height + parsed.rejects.height == known["ref_entries"]
    titles, links = known["ref_titles"], known["ref_links"]
    assert isinstance(titles, list) and isinstance(links, list)
    for row in parsed.records.filter(pl.col("ordinal") < len(titles)).iter_rows(named=True):
        title, link = titles[row["ordinal"]], links[row["ordinal"]]
        count["titles"] += 1
        count["same titles"] += _letters(row["title"]) == _letters(title)
        if link:
            count["links"] += 1
            count["same links"] += _place(row["url"]) == _place(link)


def _letters(title: str | None) -> str:
    return "".join(c for c in (title or "").lower() if c.isalnum())


def _place(link: str) -> str:
    return link.split("://")[-1].rstrip("/").lower()
