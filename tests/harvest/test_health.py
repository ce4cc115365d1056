"""Whether each pull worked, and whether it brought anything."""

from __future__ import annotations

from typing import Any

from almanac_assets.contract import TABLES
from almanac_assets.harvest import health
from tests.harvest import payloads
from tests.harvest.pulled import Answer, frames

PAGE = payloads.oai(payloads.raw_record())
CL, LG = "arxiv-cs.CL", "arxiv-cs.LG"


def feed(*guids: str, link: str = "http://rss.arxiv.org/rss/cs.cl", day: str = "Wed, 24 Jun 2026") -> bytes:
    """A feed with one item per guid, built for a day."""
    items = "".join(payloads.rss_item(guid=f"oai:arXiv.org:{guid}") for guid in guids)
    return payloads.rss(items, link=link).replace(b"Wed, 24 Jun 2026", day.encode())


def pulls(*answers: Answer) -> list[dict[str, Any]]:
    """The rows of feed_health that these answers make."""
    made = health.feed_health(*frames(*answers))
    assert made.schema == TABLES["feed_health"].polars_schema
    return made.rows(named=True)


def outcomes(*answers: Answer) -> list[str]:
    return [row["outcome"] for row in pulls(*answers)]


def test_pages_less_than_fifteen_minutes_apart_are_one_pull() -> None:
    """A server may ask to wait between pages; the pull begins with the first and sums all up."""
    second = payloads.oai(payloads.raw_record("2606.05678"))
    (row,) = pulls(Answer("arxiv-oai", "2026-06-25T06:00", PAGE), Answer("arxiv-oai", "2026-06-25T06:15", second))
    assert (row["items"], row["new_items"], row["bytes"]) == (2, 2, len(PAGE) + len(second))
    assert len(row["payloads"]) == 2
    assert row["fetched_at"].isoformat() == "2026-06-25T06:00:00+00:00"


def test_a_longer_pause_begins_another_pull() -> None:
    """And another source is another pull at any time."""
    later = payloads.oai(payloads.raw_record("2606.05678"))
    assert (
        len(pulls(Answer("arxiv-oai", "2026-06-25T06:00", PAGE), Answer("arxiv-oai", "2026-06-25T06:16", later))) == 2
    )
    assert (
        len(pulls(Answer("arxiv-oai", "2026-06-25T06:00", PAGE), Answer(CL, "2026-06-25T06:01", feed("2606.1v1")))) == 2
    )


def test_a_document_not_known_before_is_news() -> None:
    """So is a version."""
    v2 = payloads.raw_record(versions=payloads.V1 + payloads.V1.replace("v1", "v2"))
    first, second = pulls(
        Answer("arxiv-oai", "2026-06-25T06:00", PAGE), Answer("arxiv-oai", "2026-06-26T06:00", payloads.oai(v2))
    )
    assert (first["outcome"], second["outcome"]) == ("new", "new")
    assert (first["new_items"], second["new_items"]) == (1, 1)


def test_a_sister_feed_of_the_same_morning_takes_no_news_away() -> None:
    """A cross-listed paper is news in both feeds: reading cs.CL four seconds earlier does not make cs.LG stale."""
    lg = feed("2606.01234v1", link="http://rss.arxiv.org/rss/cs.lg")
    rows = pulls(Answer(CL, "2026-06-24T04:30:00", feed("2606.01234v1")), Answer(LG, "2026-06-24T04:30:04", lg))
    assert [(row["outcome"], row["new_items"]) for row in rows] == [("new", 1), ("new", 1)]


def test_yesterdays_list_on_a_day_of_announcement_is_stale() -> None:
    """Items, all known, although the calendar promised news."""
    rows = pulls(
        Answer(CL, "2026-06-24T04:30", feed("2606.01234v1")),
        Answer(CL, "2026-06-25T04:30", feed("2606.01234v1", day="Thu, 25 Jun 2026")),
    )
    assert [row["outcome"] for row in rows] == ["new", "stale"]
    assert [row["expected"] for row in rows] == ["announcement_day", "announcement_day"]


def test_the_same_list_twice_a_day_is_not_modified() -> None:
    """The day's news was told by the first pull."""
    answers = [Answer(CL, f"2026-06-24T{hour}:30", feed("2606.01234v1")) for hour in ("04", "09")]
    assert outcomes(*answers) == ["new", "not_modified"]


def test_another_text_of_a_known_version_is_news_without_a_new_item() -> None:
    """An edited post is one; the same text told once more is none."""
    edited = payloads.oai(payloads.raw_record(abstract="We show other things."))
    days = (PAGE, edited, edited)
    rows = pulls(*(Answer("arxiv-oai", f"2026-06-2{5 + day}T06:00", body) for day, body in enumerate(days)))
    assert [(row["outcome"], row["new_items"]) for row in rows] == [("new", 1), ("new", 0), ("not_modified", 0)]


def test_known_papers_without_a_promise_of_news_are_not_modified() -> None:
    """An OAI window has no calendar, and on a Saturday nobody expects a list."""
    assert outcomes(Answer("arxiv-oai", "2026-06-25T06:00", PAGE), Answer("arxiv-oai", "2026-06-26T06:00", PAGE)) == [
        "new",
        "not_modified",
    ]
    saturday = feed("2606.01234v1", day="Sat, 27 Jun 2026")
    assert outcomes(Answer(CL, "2026-06-24T04:30", feed("2606.01234v1")), Answer(CL, "2026-06-27T04:30", saturday)) == [
        "new",
        "not_modified",
    ]


def test_a_feed_without_items_is_empty_whatever_was_expected() -> None:
    """Well-formed and quiet; whether that is right stands in `expected`."""
    rows = pulls(Answer(CL, "2026-06-24T04:30", feed()), Answer(CL, "2026-06-27T04:30", feed(day="Sat, 27 Jun 2026")))
    assert [(row["outcome"], row["expected"]) for row in rows] == [
        ("empty", "announcement_day"),
        ("empty", "no_announcement"),
    ]


def test_an_answer_that_cannot_be_read_is_an_error_with_its_message() -> None:
    """One line on what went wrong, and the status of the answer."""
    (row,) = pulls(Answer(CL, "2026-06-24T04:30", b"<html>busy</html>", 503))
    assert (row["outcome"], row["http_status"], row["items"]) == ("error", 503, 0)
    assert "HTML" in row["message"]


def test_one_bad_page_among_good_ones_is_told_but_no_failure() -> None:
    """The pull brought something; the message tells of the rest."""
    (row,) = pulls(
        Answer("arxiv-oai", "2026-06-25T06:00", PAGE),
        Answer("arxiv-oai", "2026-06-25T06:01", b"<html>busy</html>", 502),
    )
    assert row["outcome"] == "new"
    assert row["message"] is not None
    assert row["http_status"] == 502


def test_rejected_records_count_as_items() -> None:
    """Nothing of a payload disappears: one item was read, one set aside."""
    damaged = feed("2606.01234v1", "")
    (row,) = pulls(Answer(CL, "2026-06-24T04:30", damaged))
    assert (row["items"], row["new_items"], row["outcome"]) == (2, 1, "new")


def test_a_payload_stands_once_at_its_first_fetch() -> None:
    """The same bytes on two days are one payload with its records counted once."""
    fetches, facts, _ = frames(
        Answer("arxiv-oai", "2026-06-26T06:00", PAGE), Answer("arxiv-oai", "2026-06-25T06:00", PAGE)
    )
    made = health.payloads(fetches, facts)
    assert made.schema == TABLES["payloads"].polars_schema
    assert made.select("items", "bytes").rows() == [(1, len(PAGE))]
    assert made["fetched_at"][0].day == 25
