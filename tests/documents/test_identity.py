"""Which records are one document, and which of them is its newest state."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.documents.identity import NEWEST, newest
from almanac_assets.documents.tables import document_versions
from tests.documents.rows import at, deleted, oai, records, rss


def only(*rows: dict[str, Any]) -> dict[str, Any]:
    """The one document that these records make."""
    return newest(records(*rows)).row(0, named=True) if newest(records(*rows)).height == 1 else {}


def test_the_schema_is_the_promised_one() -> None:
    """Steps below read columns by name and type."""
    assert newest(records(oai())).schema == NEWEST
    assert newest(records()).schema == NEWEST


def test_version_2_joins_version_1() -> None:
    """A revision is the same document in a newer state, first seen when version 1 was."""
    document = only(
        oai(), oai(version=2, title="Probes, revised", fetched_at=at("2026-07-01"), payload_sha256="c" * 64)
    )
    assert (document["version"], document["title"]) == (2, "Probes, revised")
    assert (document["first_seen_at"], document["last_seen_at"]) == (at("2026-06-24"), at("2026-07-01"))
    assert document["payload_sha256"] == "c" * 64


def test_a_version_that_goes_back_changes_nothing() -> None:
    """The highest version stays, even if a lower one is seen later."""
    assert (
        only(oai(version=3, title="Third"), oai(version=2, title="Second", fetched_at=at("2026-07-01")))["title"]
        == "Third"
    )


def test_a_cross_list_adds_no_document() -> None:
    """Two feeds of one morning name one paper; it is one document with the categories in order."""
    document = only(rss(), rss(source_id="arxiv-stat.ML", announce_type="cross", payload_sha256="c" * 64))
    assert document["categories"] == ["cs.CL", "stat.ML"]


def test_a_category_added_later_without_a_version_is_taken() -> None:
    """Of two OAI records of one version the one changed later wins."""
    later = oai(categories=["cs.CL", "stat.ML", "cs.AI"], fetched_at=at("2026-06-30"), payload_sha256="c" * 64)
    assert only(later, oai())["categories"] == ["cs.CL", "stat.ML", "cs.AI"]


def test_the_day_of_change_counts_more_than_the_day_of_the_fetch() -> None:
    """An old recording that is imported late does not undo what is known."""
    old = oai(title="Old", datestamp=at("2026-06-02").date(), fetched_at=at("2026-07-30"), payload_sha256="c" * 64)
    assert only(oai(), old)["title"] == "Probes"


def test_oai_beats_rss_at_the_same_version() -> None:
    """OAI-PMH shows the record as it is, whenever the feed was read."""
    feed = rss(title="Probes in the feed", fetched_at=at("2026-06-29"))
    assert only(feed, oai())["title"] == "Probes"


def test_a_feed_alone_gives_the_day_of_announcement() -> None:
    """Nobody knows the second of submission from a feed."""
    document = only(rss())
    assert (document["published_precision"], document["published_basis"]) == ("day", "feed")
    assert document["published_at"] == at("2026-06-02", 0)


def test_published_comes_from_the_best_basis() -> None:
    """A newer version in a feed does not make the stated time of version 1 coarser."""
    month = {"published_at": at("2026-06-01", 0), "published_precision": "month", "published_basis": "identifier"}
    document = only(oai(), rss(version=2, **month, fetched_at=at("2026-07-02")))
    assert document["version"] == 2
    assert (document["published_basis"], document["published_at"]) == ("stated", at("2026-06-01", 17))


def test_of_two_stated_times_the_finer_wins() -> None:
    """A page that prints a day says less than an interface that gives the second."""
    day = oai(published_at=at("2026-06-01", 0), published_precision="day", fetched_at=at("2026-07-01"))
    assert only(oai(), day)["published_precision"] == "second"


def test_a_feed_takes_nothing_away() -> None:
    """Comment, licence and exact time told by OAI stay when a newer version is known from a feed alone."""
    document = only(
        oai(comment="12 pages", licence="http://creativecommons.org/licenses/by/4.0/", doi="10.1/x"),
        rss(version=2, fetched_at=at("2026-07-02")),
    )
    assert (document["comment"], document["doi"]) == ("12 pages", "10.1/x")
    assert document["licence"] == "http://creativecommons.org/licenses/by/4.0/"


def test_a_comment_that_was_taken_away_is_gone() -> None:
    """OAI-PMH knows the comment: its silence about a newer version means that there is none."""
    assert only(oai(comment="Draft"), oai(version=2, fetched_at=at("2026-07-01")))["comment"] is None


def test_the_time_of_another_version_is_no_time_of_the_newest() -> None:
    """Version 3 known from a feed has no stated time; that of version 2 is not given in its place."""
    second = oai(version=2, updated_at=at("2026-06-20"))
    assert only(second)["updated_at"] == at("2026-06-20")
    assert only(second, rss(version=3, fetched_at=at("2026-07-02")))["updated_at"] is None


def test_a_withdrawal_flags_and_keeps_the_text() -> None:
    """A withdrawn version without abstract, or with a notice for one, leaves title and text of the version before."""
    gone = {"version": 2, "is_withdrawn": True, "withdrawn_reason": "Error in Table 2", "payload_sha256": "c" * 64}
    for text in (None, "This paper has been withdrawn by the authors."):
        document = only(oai(), oai(**gone, title="Withdrawn", text=text))
        assert (document["is_withdrawn"], document["version"]) == (True, 2)
        assert (document["title"], document["text"]) == ("Probes", "We show things.")
        assert document["content_hash"] == only(oai())["content_hash"]
        assert (document["withdrawn_reason"], document["payload_sha256"]) == ("Error in Table 2", "c" * 64)


def test_a_withdrawn_version_with_an_abstract_is_read_as_it_is() -> None:
    """arXiv keeps the abstract of most withdrawn papers; the newest is the one to show."""
    assert only(oai(), oai(version=2, is_withdrawn=True, text="We show less."))["text"] == "We show less."


def test_a_paper_withdrawn_from_the_start_keeps_its_notice() -> None:
    """Where no other text was ever seen the notice is all there is."""
    assert (
        only(oai(is_withdrawn=True, text="This paper has been withdrawn."))["text"] == "This paper has been withdrawn."
    )


def test_a_version_that_comes_back_is_not_withdrawn() -> None:
    """Only the newest version decides."""
    document = only(oai(version=2, is_withdrawn=True, withdrawn_reason="Error"), oai(version=3))
    assert (document["is_withdrawn"], document["withdrawn_reason"]) == (False, None)


def test_a_deleted_header_marks_a_known_document_and_makes_none() -> None:
    """It has no metadata: it can say that a paper is gone, not what it was."""
    assert newest(records(deleted())).height == 0
    document = only(oai(), deleted())
    assert (document["is_withdrawn"], document["title"]) == (True, "Probes")


def test_a_paper_seen_alive_after_its_deletion_is_not_withdrawn() -> None:
    """The later sight counts."""
    assert only(deleted(), oai(fetched_at=at("2026-06-26")))["is_withdrawn"] is False


@settings(deadline=None)
@given(
    order=st.permutations(range(6)),
    payloads=st.lists(st.sampled_from(["a" * 64, "b" * 64, "c" * 64]), min_size=6, max_size=6),
)
def test_arrival_order_and_cutting_change_nothing(order: list[int], payloads: list[str]) -> None:
    """The newest state and the versions follow from what was said, not from the order or place in which it came."""
    rows = [
        oai(),
        oai(version=2, title="Probes, revised", comment="9 pages", updated_at=at("2026-06-20")),
        oai(version=2, title="Probes, revised", categories=["cs.CL"], fetched_at=at("2026-07-01")),
        rss(),
        deleted(),
        oai(document_id="arxiv:2606.09999", arxiv_id="2606.09999", title="Another", is_withdrawn=True),
    ]
    rows = [
        row | {"payload_sha256": payload, "ordinal": i}
        for i, (row, payload) in enumerate(zip(rows, payloads, strict=True))
    ]
    shuffled = [rows[i] for i in order]
    parts = pl.concat([records(*shuffled[:2]), records(*shuffled[2:])])
    for make in (newest, document_versions):
        assert make(parts).sort("document_id").equals(make(records(*rows)).sort("document_id"))
