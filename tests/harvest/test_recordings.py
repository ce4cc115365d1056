"""Files of recorded answers: each answer a payload with its address, status and time."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from almanac_assets import settings
from almanac_assets.documents.parse import parsed_part
from almanac_assets.documents.preview import parsed_files
from almanac_assets.harvest.intake import TakenIn, take_in_folder
from almanac_assets.harvest.ledger import Fetch, Ledger, fetches_by_part
from almanac_assets.harvest.recordings import (
    Answer,
    Unreadable,
    answers_in,
    as_bytes,
    plain_url,
    read_time,
    recorded_rows,
)
from almanac_assets.harvest.sources import Sources, load_sources
from almanac_assets.store.clock import SystemClock
from almanac_assets.store.payloads import PayloadStore

from .payloads import atom, oai, raw_record, rss, rss_item, snapshot_line
from .test_semantic_scholar import PAGE, citation, page

SOURCES: Sources = load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)
S2 = json.dumps(page(citation()))


def line(
    body: Any = S2, *, url: str | None = PAGE, status: int = 200, at: str | None = "2026-06-13T23:53:47-03:00"
) -> bytes:
    """One recorded answer."""
    answer = {
        "api": "x",
        "captured_at": at,
        "request": {"method": "GET", "url": url},
        "response": {"status": status, "headers": {"Content-Type": "application/json; charset=utf-8"}, "body": body},
    }
    return json.dumps(answer).encode() + b"\n"


class Room:
    """A folder to take in, with its store and ledger."""

    def __init__(self, root: Path) -> None:
        self.folder, self.store = root / "in", PayloadStore(root / "payloads")
        self.ledger = Ledger(root / "ledger.jsonl")
        self.folder.mkdir()

    def put(self, name: str, *lines: bytes) -> Path:
        body = b"".join(lines)
        file = self.folder / name
        file.write_bytes(zstandard.ZstdCompressor().compress(body) if name.endswith(".zst") else body)
        return file

    def take_in(self, **how: Any) -> TakenIn:
        return take_in_folder(self.folder, self.store, self.ledger, SOURCES, **how)

    def fetches(self) -> list[Fetch]:
        return self.ledger.fetches()

    def read(self) -> dict[str, pl.DataFrame]:
        parts = [parsed_part(part, self.store, SOURCES) for part in fetches_by_part(self.fetches()).values()]
        return {name: pl.concat(part[name] for part in parts) for name in parts[0]}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.mark.parametrize("name", ["recorded.jsonl", "recorded.jsonl.zst"])
def test_each_line_becomes_a_payload_of_its_source(room: Room, name: str) -> None:
    """With address, status, media type and the time of the recording, in UTC."""
    room.put(
        name, line(), line("[]", url="https://huggingface.co/api/daily_papers", at="Fri, 12 Jun 2026 01:00:00 GMT")
    )
    assert room.take_in() == TakenIn(files=2, new=2)
    daily, s2 = room.fetches()
    assert (daily.source_id, daily.fetched_at) == ("hf-daily-papers", datetime(2026, 6, 12, 1, tzinfo=UTC))
    assert (s2.source_id, s2.url, s2.http_status) == ("semantic-scholar", PAGE, 200)
    assert (s2.media_type, s2.recorded_from) == ("application/json", f"file {name}")
    assert s2.fetched_at == datetime(2026, 6, 14, 2, 53, 47, tzinfo=UTC)
    assert room.store.body(s2.payload_sha256) == S2.encode()


def test_the_address_reaches_the_reader(room: Room) -> None:
    """A page of citations tells nothing without it."""
    room.put("recorded.jsonl", line())
    room.take_in()
    assert room.read()["_read_edges"]["cited"].to_list() == ["arxiv:2304.01373"]


def test_answers_of_failure_end_in_quarantine(room: Room) -> None:
    """One row each, whatever the body; the others are read."""
    room.put(
        "recorded.jsonl",
        line('{"error": "Paper with id 0 not found"}', status=404),
        line("Resource not found.", url="https://api.crossref.org/works/10.1/x", status=404),
        line("", status=304),
        line(S2.replace("Probing", "Proving"), status=500),
        line(),
    )
    assert room.take_in().files == 5
    made = room.read()
    assert made["_read_edges"].height == 1
    rejects = made["_rejects"]
    assert sorted(rejects["reason"]) == ["empty_body", "not_xml", "protocol_error", "protocol_error"]
    assert set(rejects["locator"]) == {"whole payload"}


def test_a_line_that_is_no_answer_loses_itself_only(room: Room) -> None:
    """The import says which line, and goes on."""
    no_text = line({"already": "an object"})
    room.put(
        "recorded.jsonl",
        line(),
        b"{broken\n",
        no_text,
        b"\n",
        line("[]", url="https://huggingface.co/api/daily_papers"),
    )
    taken = room.take_in()
    assert (taken.files, len(taken.problems)) == (2, 2)
    assert taken.problems[0].startswith("recorded.jsonl, line 2: not_json")
    assert taken.problems[1] == "recorded.jsonl, line 3: expected an object with response.body as text"


def test_a_recording_cut_short_keeps_what_came_before(room: Room) -> None:
    """The last complete answer is the end."""
    file = room.put("recorded.jsonl.zst", *(line(S2 + " " * n) for n in range(3000)))
    file.write_bytes(file.read_bytes()[:-10])
    taken = room.take_in()
    assert "truncated" in taken.problems[-1]


def test_the_same_bytes_at_the_same_time_are_taken_once(room: Room) -> None:
    """Two unknown works have one answer."""
    gone = [line("gone", url=f"https://api.crossref.org/works/{n}", status=404) for n in range(3)]
    room.put("recorded.jsonl", *gone)
    assert room.take_in().files == 1


def test_without_a_time_the_payload_tells_it_or_as_of(room: Room) -> None:
    """The clock is never asked."""
    room.put("recorded.jsonl", line(oai(raw_record()).decode(), url=None, at=None), line(url=None, at=None))
    day = datetime(2026, 6, 30, tzinfo=UTC)
    room.take_in(as_of=day)
    assert [(fetch.source_id, fetch.fetched_at) for fetch in room.fetches()] == [
        ("arxiv-oai", datetime(2026, 6, 25, 6, 0, 4, tzinfo=UTC)),
        ("semantic-scholar", day),
    ]


def test_lines_of_the_snapshot_are_no_recording(room: Room) -> None:
    """Even if an abstract quotes one."""
    file = room.put("part.jsonl", snapshot_line(abstract='{"request": {}, "response": {}}'))
    assert answers_in(file) is None


def test_a_table_of_answers_is_read_by_its_columns(room: Room) -> None:
    """Address, status, headers and day where they are there."""
    frame = pl.DataFrame(
        {
            "url": ["https://rss.arxiv.org/rss/cs.CL", None],
            "status": [400, 200],
            "headers": ['{"Content-Type": "text/xml"}', "no json"],
            "day": ["2026-06-24", None],
            "body": [rss("", title="Feed error for query: cs.CL").decode(), oai(raw_record()).decode()],
        }
    )
    frame.write_parquet(room.folder / "rendered.parquet")
    assert room.take_in().files == 2
    assert [(f.source_id, f.http_status, f.media_type) for f in room.fetches()] == [
        ("arxiv-cs.CL", 400, "text/xml"),
        ("arxiv-oai", 200, None),
    ]
    made = room.read()
    assert made["_rejects"]["reason"].to_list() == ["protocol_error"]
    assert made["_records"].height == 1


def test_of_many_versions_of_a_feed_the_newest_is_taken(room: Room) -> None:
    """Unless all are asked for; a version without body is told."""
    times = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 3, 2, 1)]
    bodies = [rss(rss_item()).decode(), None, rss("").decode(), atom("").decode()]
    file = room.folder / "versions.parquet"
    pl.DataFrame({"feed": ["a", "a", "b", "b"], "captured_at": times, "xml": bodies}).write_parquet(file)
    newest = list(recorded_rows(file))
    assert [(type(one), one.place) for one in newest] == [(Unreadable, "row 1"), (Answer, "row 2")]
    assert [one.place for one in recorded_rows(file, all_versions=True)] == ["row 0", "row 1", "row 2", "row 3"]
    assert room.take_in().problems == ("versions.parquet, row 1: expected a body, found none",)


def test_addresses_are_kept_without_keys() -> None:
    """And without blanks, which no address has."""
    assert plain_url("https://a.example/x?api_key=secret&q=a b") == "https://a.example/x?q=a%20b"
    assert [plain_url(text) for text in (None, "", "ftp://x", "http://[", "x y")] == [None] * 5


def test_a_body_is_kept_in_the_encoding_it_declares() -> None:
    """A recording holds text; the reader of the payload sees the bytes that the declaration promises."""
    text = "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"
    assert as_bytes(text) == text.encode("latin-1")
    assert as_bytes(text.replace("é", "Ł")) == text.replace("é", "Ł").encode()
    assert as_bytes(text.replace("ISO-8859-1", "x-none")).decode() == text.replace("ISO-8859-1", "x-none")
    assert as_bytes("\ud800") == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2026-06-13T23:53:47-03:00", datetime(2026, 6, 14, 2, 53, 47, tzinfo=UTC)),
        ("Tue, 23 Sep 2025 23:00:19 GMT", datetime(2025, 9, 23, 23, 0, 19, tzinfo=UTC)),
        (datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None), datetime(2026, 6, 1, tzinfo=UTC)),
        ("yesterday", None),
        (None, None),
    ],
)
def test_times_of_recordings_come_in_several_forms(stated: Any, moment: datetime | None) -> None:
    """A timestamp without zone is UTC; text without zone is not guessed at."""
    assert read_time(stated) == moment


def test_a_look_before_an_import_shows_each_answer(room: Room) -> None:
    """A row per answer, named by its place in the file."""
    file = room.put("recorded.jsonl", line(), b"{broken\n")
    rows = list(parsed_files(file, SystemClock()))
    assert [(row["file"], row["format"], row["outcome"], row["items"]) for row in rows] == [
        ("recorded.jsonl, line 1", "semantic_scholar", "new", 1),
        ("recorded.jsonl, line 2", "unknown", "error", 0),
    ]


@pytest.mark.shared
def test_all_recorded_answers_are_taken_and_read(shared: Path, room: Room) -> None:
    """376 answers of eight APIs, 11 of which repeat another's bytes; what is not read is named in its reject."""
    for file in sorted((shared / "feeds").glob("recorded_*.zst")):
        (room.folder / file.name).symlink_to(file)
    taken = room.take_in()
    assert (taken.files, taken.problems) == (365, ())
    made = room.read()
    heights = {name: made[name].height for name in ("_records", "_read_works", "_read_edges", "_read_observations")}
    assert heights == {"_records": 263, "_read_works": 10_679, "_read_edges": 3_283, "_read_observations": 1_118}
    failed = made["_payload_facts"].filter(pl.col("outcome") == "error")
    assert (failed.height, failed["message"].null_count()) == (234, 0)
    lines = io.BytesIO(
        zstandard.ZstdDecompressor().stream_reader((shared / "feeds/recorded_crossref.jsonl.zst").open("rb")).read()
    )
    assert len(lines.readlines()) == 174
    of_crossref = made["_rejects"].filter(pl.col("detail").str.contains("a Crossref answer, which is not read"))
    assert of_crossref.height > 90
