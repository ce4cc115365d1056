"""The daily feeds of rss.arxiv.org as records."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.arxiv_rss import eastern_day, feed_category
from almanac_assets.harvest.records import Facts

from .payloads import ATOM_ENTRY, atom, rss, rss_item


def test_an_item_becomes_a_record_without_the_head_of_its_description() -> None:
    """One string of names is split, licence and categories are kept, the version comes from the guid."""
    more = "<arxiv:DOI>10.1000/ABC</arxiv:DOI><arxiv:journal_reference>J. X 1</arxiv:journal_reference>"
    row = parse(rss(rss_item(more=more))).records.row(0, named=True)
    assert (row["document_id"], row["version"], row["announce_type"]) == ("arxiv:2606.01234", 1, "new")
    assert (row["title"], row["abstract"]) == ("Probes", "We show things.")
    assert (row["authors"], row["affiliations"]) == (["Ada B.", "Carl D."], [None, "Lab Y"])
    assert row["categories"] == ["cs.CL", "cs.AI"]
    assert (row["doi"], row["journal_ref"]) == ("10.1000/abc", "J. X 1")
    assert row["licence"] == "http://creativecommons.org/licenses/by/4.0/"
    assert row["version_at"] is row["updated_at"] is row["captured_at"] is None


@pytest.mark.parametrize(
    ("guid", "kind", "day", "precision", "basis"),
    [
        ("oai:arXiv.org:2606.01234v1", "new", 24, "day", "feed"),
        ("oai:arXiv.org:2606.01234v2", "new", 1, "month", "identifier"),
        ("oai:arXiv.org:2606.01234v1", "cross", 1, "month", "identifier"),
        ("oai:arXiv.org:2606.01234v3", "replace", 1, "month", "identifier"),
    ],
)
def test_only_a_new_first_version_takes_its_date_from_the_announcement(
    guid: str, kind: str, day: int, precision: str, basis: str
) -> None:
    """The day of a cross-list or a replacement says nothing on the submission."""
    row = parse(rss(rss_item(guid, kind=kind))).records.row(0, named=True)
    assert row["published_at"] == datetime(2026, 6, day, tzinfo=UTC)
    assert (row["published_precision"], row["published_basis"]) == (precision, basis)


def test_the_channel_tells_its_query_and_its_day() -> None:
    """The day is the one written, not the one in UTC; the query is spelled as arXiv spells it."""
    assert parse(rss(rss_item())).facts == Facts(
        format="arxiv_rss",
        answered_at=datetime(2026, 6, 24, 4, 0, 11, tzinfo=UTC),
        claimed_url="http://rss.arxiv.org/rss/cs.cl",
        category="cs.CL",
        announced_on=date(2026, 6, 24),
    )


def test_a_day_without_announcements_is_empty() -> None:
    """Saturdays, Sundays and holidays have a valid channel and no items."""
    assert parse(rss("")).outcome == "empty"


def test_a_feed_that_reports_an_error_is_one() -> None:
    """It is well-formed and has no items, but it is no quiet day."""
    parsed = parse(rss("", title="Feed error for query: nope"))
    assert parsed.outcome == "error"
    assert parsed.rejects["reason"].to_list() == ["protocol_error"]
    assert parse(atom("", title="Feed error for query: nope")).rejects["reason"].to_list() == ["protocol_error"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (rss_item(""), "missing_id"),
        (rss_item("https://example.org/post/1"), "missing_id"),
        (rss_item("oai:arXiv.org:2613.01234v1"), "missing_id"),
        (rss_item(title="  "), "missing_title"),
    ],
)
def test_an_item_without_identifier_or_title_is_rejected_alone(item: str, reason: str) -> None:
    """Its neighbours are kept and keep their places."""
    parsed = parse(rss(item + rss_item()))
    assert parsed.rejects.select("ordinal", "reason").rows() == [(0, reason)]
    assert parsed.records["ordinal"].to_list() == [1]


def test_a_second_title_in_another_namespace_is_not_the_title() -> None:
    """Fields are chosen by namespace, so that an extension cannot replace them."""
    item = rss_item().replace("<item>", '<item><x:title xmlns:x="urn:x">Wrong</x:title>')
    assert parse(rss(item)).records["title"].to_list() == ["Probes"]


def test_the_atom_form_gives_the_same_record() -> None:
    """Entries differ in names and forms of dates only."""
    parsed = parse(atom(ATOM_ENTRY))
    row = parsed.records.row(0, named=True)
    assert (row["document_id"], row["version"], row["abstract"]) == ("arxiv:2606.01234", 1, "We show things.")
    assert (row["published_at"], row["published_basis"]) == (datetime(2026, 6, 24, tzinfo=UTC), "feed")
    assert row["categories"] == ["cs.CL"]
    assert parsed.facts.announced_on == date(2026, 6, 24)
    assert parsed.facts.claimed_url == "http://rss.arxiv.org/atom/cs.CL"


def test_an_empty_atom_feed_takes_its_day_from_the_time_it_was_built() -> None:
    """Midnight in New York is 04:00 or 05:00 UTC."""
    assert parse(atom("")).facts.announced_on == date(2026, 6, 24)
    assert eastern_day(datetime(2026, 1, 24, 4, 30, tzinfo=UTC)) == date(2026, 1, 23)
    assert eastern_day(datetime(2026, 6, 24, 4, 30, tzinfo=UTC)) == date(2026, 6, 24)
    assert eastern_day(None) is eastern_day(datetime(1, 1, 1, tzinfo=UTC)) is None
    assert eastern_day(datetime(9999, 12, 31, tzinfo=UTC)) == date(9999, 12, 30)


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("http://rss.arxiv.org/rss/cs.cl", "cs.CL"),
        ("https://rss.arxiv.org/atom/CS.CL+stat.ml", "cs.CL+stat.ML"),
        ("https://rss.arxiv.org/rss/physics.FLU-DYN", "physics.flu-dyn"),
        ("https://rss.arxiv.org/rss/cs?version=2", "cs"),
        ("https://example.org/feed.xml", None),
        (None, None),
    ],
)
def test_the_query_of_a_feed_in_arxivs_spelling(url: str | None, query: str | None) -> None:
    """Queries are not sensitive to case, categories are."""
    assert feed_category(url) == query
