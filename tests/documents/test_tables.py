"""The published tables of documents."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from almanac_assets import settings
from almanac_assets.contract import TABLES
from almanac_assets.documents import clock, tables
from almanac_assets.documents.identity import newest
from almanac_assets.harvest.ledger import FETCHES
from almanac_assets.harvest.sources import Sources, load_sources
from tests.documents.rows import at, oai, records, rss


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The shipped registry."""
    return load_sources(Path(settings.SOURCES_FILE), Path(settings.CATEGORIES_FILE))


def test_documents_keep_their_contract(sources: Sources) -> None:
    """Columns and types are those of the class."""
    made = tables.documents(newest(records(oai(), oai(document_id="arxiv:x", categories=[]))), sources)
    assert made.schema == TABLES["documents"].polars_schema


def test_the_source_is_that_of_the_primary_category(sources: Sources) -> None:
    """Whichever feed brought it: the listing that announces it; all of arXiv's where there is no category."""
    made = tables.documents(newest(records(oai(), oai(document_id="arxiv:x", categories=[]))), sources)
    assert made["source_id"].to_list() == ["arxiv-cs.CL", "arxiv-oai"]
    assert made["primary_category"].to_list() == ["cs.CL", None]


def test_a_document_without_abstract_is_title_only(sources: Sources) -> None:
    """What `text` is stands beside it."""
    made = tables.documents(newest(records(oai(), oai(document_id="arxiv:x", text=None))), sources)
    assert made["text_basis"].to_list() == ["abstract", "title_only"]


@pytest.mark.parametrize(
    ("first_seen", "late"), [("2026-06-30", False), ("2026-07-01", False), ("2026-07-02", True), ("2026-08-30", True)]
)
def test_backfill_is_more_than_thirty_days_late(sources: Sources, first_seen: str, late: bool) -> None:
    """Published on 1 June at 17:00: thirty days and 13 hours are more than thirty days, 29 days and 13 hours are not."""
    made = tables.documents(newest(records(oai(fetched_at=at(first_seen)))), sources)
    assert made["is_backfill"].to_list() == [late]


def test_the_day_is_the_utc_day_of_publication(sources: Sources) -> None:
    """Not of the day on which it was seen."""
    assert tables.documents(newest(records(oai())), sources)["day"].to_list() == [at("2026-06-01").date()]


def test_authors_come_in_order_with_their_affiliations() -> None:
    """Position 1 is the first author; who has no affiliation has null."""
    made = tables.document_authors(newest(records(oai(), oai(document_id="arxiv:x", authors=[], affiliations=[]))))
    assert made.select("position", "name", "affiliation").rows() == [(1, "Ada B.", None), (2, "Carl D.", "Lab Y")]
    assert made.schema == TABLES["document_authors"].polars_schema


def test_categories_come_in_order_and_the_first_is_primary() -> None:
    """arXiv writes the primary category first."""
    made = tables.document_categories(newest(records(oai())))
    assert made.select("position", "category", "is_primary").rows() == [(1, "cs.CL", True), (2, "stat.ML", False)]


def changed(*rows: dict[str, object]) -> list[list[str]]:
    """`changed` of the versions that these records make, in order."""
    return tables.document_versions(records(*rows))["changed"].to_list()


def test_a_version_names_what_changed() -> None:
    """In the order of the columns; the first version seen changed nothing."""
    second = oai(version=2, title="Probes, revised", authors=["Ada B."], affiliations=[None], comment="9 pages")
    assert changed(oai(), second) == [[], ["title", "authors", "comment"]]
    assert changed(oai(), oai(version=3, text="We show more.", categories=["cs.CL"])) == [[], ["text", "categories"]]


def test_another_format_is_no_change() -> None:
    """A feed has no comment, and OAI-PMH has one: nobody changed it."""
    assert changed(rss(), oai(version=2, comment="9 pages")) == [[], []]
    assert changed(oai(comment="9 pages"), rss(version=2)) == [[], []]


def test_a_feed_between_does_not_hide_a_change_told_by_the_same_version() -> None:
    """Two records of one version are one version, each telling what it knows."""
    assert changed(oai(comment="Draft"), rss(version=2), oai(version=2, comment="Final")) == [[], ["comment"]]


def test_versions_of_other_documents_are_not_compared() -> None:
    """The row above may be another paper."""
    assert changed(oai(), oai(document_id="arxiv:x", version=2, title="Other")) == [[], []]


def test_a_version_has_its_own_times() -> None:
    """Published: as stated for it. Seen: when any payload first told it."""
    second = {"version": 2, "version_at": None, "updated_at": at("2026-06-20")}
    made = tables.document_versions(records(rss(), oai(), oai(**second), oai(**second, fetched_at=at("2026-07-01"))))
    assert made["seen_at"].to_list() == [at("2026-06-02", 4), at("2026-06-24")]
    assert made["published_at"].to_list() == [at("2026-06-01", 17), at("2026-06-20")]
    assert made["payload_sha256"].to_list() == ["b" * 64, "a" * 64]
    assert made.schema == TABLES["document_versions"].polars_schema


def test_a_feed_states_no_time_of_a_version() -> None:
    """The day of announcement is a sign of publication, not a statement of it."""
    assert tables.document_versions(records(rss()))["published_at"].to_list() == [None]


def test_each_text_is_worked_on_once() -> None:
    """A content that an earlier part holds does not stand in a later one; a part without news is there, empty."""
    parts = tables.texts_by_part(
        {
            "2026-06-02": records(oai(), rss()),
            "2026-06-03": records(oai()),
            "2026-06-04": records(oai(), oai(version=2, text="We show more.")),
        }
    )
    assert [part["text"].to_list() for part in parts.values()] == [["We show things."], [], ["We show more."]]
    assert all(part.schema == tables.TEXTS for part in parts.values())


def test_a_release_stands_for_its_newest_capture() -> None:
    """From inputs alone, never from a clock; publication plays no part."""
    fetches = pl.DataFrame([{"fetched_at": at("2026-06-24")}, {"fetched_at": at("2026-06-25")}], schema=FETCHES)
    assert clock.as_of(fetches, records(oai()))["as_of"].to_list() == [at("2026-06-25")]
    assert clock.as_of(fetches, records(oai(seen_at=at("2026-07-01"))))["as_of"].to_list() == [at("2026-07-01")]
