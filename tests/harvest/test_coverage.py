"""Whether each window of a source is whole."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.harvest.coverage import FAILED, MISSING_PAGE, coverage
from tests.harvest import payloads
from tests.harvest.pulled import Answer, frames

TOKEN = "verb%3DListRecords%26from%3D2026-06-23%26skip%3D1"
FIRST = 'verb="ListRecords" metadataPrefix="arXivRaw" from="2026-06-23"'
NEXT = f'verb="ListRecords" resumptionToken="{TOKEN}"'


def page(identifier: str, request: str = FIRST, token: str | None = None) -> bytes:
    """A page of one record; `token` leads to the next page, "" ends a list of several."""
    end = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    return payloads.oai(payloads.raw_record(identifier) + end, request=request)


def windows(*answers: Answer, bulk: list[tuple[Path, str]] | None = None) -> list[dict[str, Any]]:
    """The rows of coverage that these answers make."""
    made = coverage(*frames(*answers, bulk=bulk))
    assert made.schema == TABLES["coverage"].polars_schema
    return made.rows(named=True)


def harvest(*bodies: bytes, day: str = "2026-06-25") -> list[dict[str, Any]]:
    """The windows of a harvest whose pages came four seconds after each other."""
    return windows(*(Answer("arxiv-oai", f"{day}T06:00:{4 * n:02}", body) for n, body in enumerate(bodies)))


def test_a_harvest_of_one_page_is_complete() -> None:
    """No token at all: the list fits into one answer."""
    (row,) = harvest(page("2606.01234"))
    assert (row["status"], row["got"], row["expected"], row["note"]) == ("complete", 1, None, None)


def test_a_harvest_with_all_its_pages_is_complete() -> None:
    """The token was used, and an empty one ends the list."""
    (row,) = harvest(page("2606.01234", token=TOKEN), page("2606.05678", NEXT, token=""))
    assert (row["status"], row["got"], row["note"]) == ("complete", 2, None)


def test_a_missing_last_page_makes_a_window_short() -> None:
    """A token was given and nobody used it."""
    (row,) = harvest(page("2606.01234", token=TOKEN))
    assert (row["status"], row["got"], row["note"]) == ("short", 1, MISSING_PAGE)


def test_a_missing_first_page_makes_a_window_short() -> None:
    """A token was used that no page gave."""
    (row,) = harvest(page("2606.05678", NEXT, token=""))
    assert (row["status"], row["note"]) == ("short", MISSING_PAGE)


def test_a_page_that_came_twice_counts_once() -> None:
    """A retry brings the same records again."""
    one, two = page("2606.01234", token=TOKEN), page("2606.05678", NEXT, token="")
    (row,) = harvest(one, two, two)
    assert (row["status"], row["got"]) == ("complete", 2)


def test_a_quiet_window_is_complete() -> None:
    """noRecordsMatch is the normal answer where nothing has changed."""
    (row,) = harvest(payloads.oai('<error code="noRecordsMatch">none</error>', verb="", request=FIRST))
    assert (row["status"], row["got"], row["note"]) == ("complete", 0, None)


def test_a_server_that_tells_the_size_of_its_list_is_held_to_it() -> None:
    """completeListSize against the distinct records that came."""
    last = page("2606.01234").replace(b"</ListRecords>", b'<resumptionToken completeListSize="2"/></ListRecords>')
    (row,) = harvest(last)
    assert (row["expected"], row["expected_basis"], row["status"]) == (2, "response_total", "short")


def test_an_open_window_ends_with_its_first_answer() -> None:
    """What changed later that day is not in it; `until` is whole days, but not beyond the answer either."""
    (row,) = harvest(page("2606.01234"))
    assert (row["window_start"].isoformat(), row["window_end"].isoformat()) == (
        "2026-06-23T00:00:00+00:00",
        "2026-06-25T06:00:00+00:00",
    )
    (row,) = harvest(page("2606.01234", FIRST + ' until="2026-06-23"'))
    assert row["window_end"].isoformat() == "2026-06-24T00:00:00+00:00"
    (row,) = harvest(page("2606.01234", FIRST + ' until="2026-06-25"'))
    assert row["window_end"].isoformat() == "2026-06-25T06:00:00+00:00"


def test_two_windows_pulled_in_one_go_are_two_rows() -> None:
    """A closing harvest over the last days follows the main one at once."""
    other = FIRST.replace("2026-06-23", "2026-06-24")
    rows = harvest(page("2606.01234", token=TOKEN), page("2606.05678", NEXT, token=""), page("2606.05678", other))
    assert [(row["window_start"].day, row["got"], row["status"]) for row in rows] == [
        (23, 2, "complete"),
        (24, 1, "complete"),
    ]


def test_the_newest_pull_of_a_window_counts() -> None:
    """A window harvested again is one row."""
    short, whole = page("2606.01234", token=TOKEN), page("2606.01234")
    (row,) = windows(Answer("arxiv-oai", "2026-06-25T06:00", short), Answer("arxiv-oai", "2026-06-26T06:00", whole))
    assert (row["status"], row["window_end"].day) == ("complete", 26)


def test_a_pull_that_failed_does_not_undo_one_that_did_not() -> None:
    """An error alone makes a window short; after a whole harvest it says nothing about it."""
    error = payloads.oai('<error code="badResumptionToken">expired</error>', verb="", request=FIRST)
    (row,) = harvest(error)
    assert (row["status"], row["note"]) == ("short", FAILED)
    (row,) = windows(
        Answer("arxiv-oai", "2026-06-25T06:00", page("2606.01234")), Answer("arxiv-oai", "2026-06-26T06:00", error)
    )
    assert (row["status"], row["got"]) == ("complete", 1)


def test_a_list_on_a_day_without_announcement() -> None:
    """Empty as it should be; a list with items on such a day is more than expected."""
    quiet = payloads.rss("").replace(b"Wed, 24 Jun 2026", b"Mon, 22 Jun 2026")
    busy = payloads.rss(payloads.rss_item()).replace(b"Wed, 24 Jun 2026", b"Mon, 22 Jun 2026")
    (row,) = windows(Answer("arxiv-cs.CL", "2026-06-22T04:30", quiet))
    assert (row["expected"], row["expected_basis"], row["status"]) == (0, "calendar", "complete")
    (row,) = windows(Answer("arxiv-cs.CL", "2026-06-22T04:30", busy))
    assert (row["got"], row["status"]) == (1, "excess")


def test_a_list_on_a_day_of_announcement_tells_no_total() -> None:
    """Nobody knows how many papers to expect; an empty one is remarked upon."""
    (row,) = windows(Answer("arxiv-cs.CL", "2026-06-24T04:30", payloads.rss(payloads.rss_item())))
    assert (row["expected"], row["status"], row["got"]) == (None, "unknown", 1)
    assert (row["window_start"].day, row["window_end"].day) == (24, 25)
    (row,) = windows(Answer("arxiv-cs.CL", "2026-06-24T04:30", payloads.rss("")))
    assert (row["status"], row["note"]) == ("unknown", "empty on a day of announcement")


def bulk_file(folder: Path, *ids: str | None) -> Path:
    """A Parquet file with a row per id, listed on the first days of June 2026."""
    rows = [
        {
            "id": name,
            "title": "Probes",
            "abstract": "We show things.",
            "categories": ["cs.CL"],
            "published": datetime(2026, 6, 1 + n),  # noqa: DTZ001 - the file holds times without a zone
            "listed_on": date(2026, 6, 2 + n),
        }
        for n, name in enumerate(ids)
    ]
    file = folder / "corpus.parquet"
    pl.DataFrame(rows).write_parquet(file)
    return file


def test_a_bulk_file_that_was_read_to_the_end_is_complete(tmp_path: Path) -> None:
    """Its window reaches over the days on which its records were listed."""
    (row,) = windows(bulk=[(bulk_file(tmp_path, "2606.00001", "2606.00002", "2606.00003"), "2026-06-30T00:00")])
    assert (row["status"], row["got"], row["expected"], row["note"]) == ("complete", 3, 3, None)
    assert (row["window_start"].day, row["window_end"].day) == (2, 5)


def test_a_repeated_row_is_no_gap_and_one_set_aside_is(tmp_path: Path) -> None:
    """The note tells both apart."""
    ids = ["2606.00001", "2606.00002", "no id"]
    (row,) = windows(bulk=[(bulk_file(tmp_path, *ids), "2026-06-30T00:00")])
    assert (row["status"], row["got"], row["expected"]) == ("short", 2, 3)
    assert row["note"] == "rows set aside: 1"


def test_a_bulk_file_taken_in_twice_is_counted_once(tmp_path: Path) -> None:
    """Two fetches of the same bytes do not double what it should hold."""
    file = bulk_file(tmp_path, "2606.00001", "2606.00002")
    (row,) = windows(bulk=[(file, "2026-06-30T00:00"), (file, "2026-07-01T00:00")])
    assert (row["status"], row["got"], row["expected"]) == ("complete", 2, 2)


def test_json_lines_are_a_bulk_file_too() -> None:
    """Every line is a record or a reject."""
    body = payloads.snapshot_line() + payloads.snapshot_line(id="0704.0002") + b"{no json\n"
    (row,) = windows(Answer("arxiv-bulk", "2026-06-25T06:00", body))
    assert (row["status"], row["got"], row["expected"]) == ("short", 2, 3)


def test_a_payload_without_a_window_has_no_row() -> None:
    """A single record answers no question about a window."""
    request = 'verb="GetRecord" identifier="oai:arXiv.org:2606.01234" metadataPrefix="arXivRaw"'
    assert (
        windows(
            Answer(
                "arxiv-oai", "2026-06-25T06:00", payloads.oai(payloads.raw_record(), verb="GetRecord", request=request)
            )
        )
        == []
    )
