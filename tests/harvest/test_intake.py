"""Payloads from disk into the store: which files, from which source, fetched when."""

from __future__ import annotations

import hashlib
import json
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from almanac_assets import settings
from almanac_assets.errors import InputMissing, NameUnknown
from almanac_assets.harvest import bulk
from almanac_assets.harvest.intake import TakenIn, take_in_bulk, take_in_folder
from almanac_assets.harvest.ledger import Fetch, Ledger, fetches_by_part
from almanac_assets.harvest.sources import Sources, load_sources
from almanac_assets.store.payloads import PayloadStore
from tests.harvest import payloads

PAGE = payloads.oai(payloads.raw_record())  # answered 2026-06-25T06:00:04Z
FEED = payloads.rss(payloads.rss_item())  # built 2026-06-24T04:00:11Z


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]


ROW = {"id": "2606.01234", "title": "Probes", "abstract": "We show things.", "categories": ["cs.CL"]}
DAY = datetime(2026, 6, 30, tzinfo=UTC)


class Room:
    """A payload store, its ledger and a folder of files to take in."""

    def __init__(self, root: Path) -> None:
        self.store, self.ledger = PayloadStore(root / "payloads"), Ledger(root / "ledger.jsonl")
        self.folder = root / "in"
        self.folder.mkdir()
        self.sources: Sources = load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)

    def put(self, name: str, body: bytes) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return file

    def put_ledger(self, *lines: dict[str, Any]) -> None:
        self.put("ledger.jsonl", b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    def put_parquet(self, name: str, rows: list[dict[str, Any]]) -> Path:
        file = self.folder / name
        pl.DataFrame(rows).write_parquet(file)
        return file

    def take_in(self, **how: Any) -> TakenIn:
        return take_in_folder(self.folder, self.store, self.ledger, self.sources, **how)

    def take_in_bulk(self, file: Path, **how: Any) -> TakenIn:
        return take_in_bulk(file, self.store, self.ledger, **how)

    def only(self) -> Fetch:
        (fetch,) = self.ledger.fetches()
        return fetch

    def nothing_kept(self) -> bool:
        return not self.ledger.fetches() and not list(self.store.folder.rglob("*.*"))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def recorded(body: bytes, **changes: Any) -> dict[str, Any]:
    """A line of the ledger beside the payloads."""
    return {
        "source": "arxiv-oai",
        "url": "https://oaipmh.arxiv.org/oai?verb=ListRecords",
        "fetched_at": "2026-06-26T06:00:00Z",
        "sha256": hashlib.sha256(body).hexdigest(),
        "http_status": 200,
    } | changes


def test_a_ledger_beside_the_files_tells_source_and_time(room: Room) -> None:
    """The recording counts more than what the payload states."""
    room.put("page.xml", PAGE)
    room.put_ledger(recorded(PAGE))
    assert room.take_in() == TakenIn(files=1, new=1)
    fetch = room.only()
    assert (fetch.source_id, fetch.http_status) == ("arxiv-oai", 200)
    assert fetch.fetched_at == datetime(2026, 6, 26, 6, tzinfo=UTC)
    assert room.store.body(fetch.payload_sha256) == PAGE


def test_without_a_ledger_the_payloads_tell_both(room: Room) -> None:
    """responseDate and request of OAI-PMH, build date and link of a feed."""
    room.put("a/page.xml", PAGE)
    room.put("b/feed.xml", FEED)
    room.take_in()
    assert [(fetch.source_id, fetch.fetched_at) for fetch in room.ledger.fetches()] == [
        ("arxiv-cs.CL", datetime(2026, 6, 24, 4, 0, 11, tzinfo=UTC)),
        ("arxiv-oai", datetime(2026, 6, 25, 6, 0, 4, tzinfo=UTC)),
    ]


def test_a_payload_without_date_takes_the_newest_of_the_others(room: Room) -> None:
    """It is kept, and ends in quarantine if it is no payload."""
    room.put("page.xml", PAGE)
    room.put("broken.xml", b"<html>502</html>")
    assert room.take_in().files == 2
    assert {fetch.fetched_at for fetch in room.ledger.fetches()} == {datetime(2026, 6, 25, 6, 0, 4, tzinfo=UTC)}
    assert {fetch.source_id for fetch in room.ledger.fetches()} == {"arxiv-oai", "unlisted"}


def test_as_of_dates_what_does_not_date_itself(room: Room) -> None:
    """And nothing else."""
    room.put("page.xml", PAGE)
    room.put("broken.xml", b"<html>502</html>")
    room.take_in(as_of=DAY)
    assert sorted(fetch.fetched_at.day for fetch in room.ledger.fetches()) == [25, 30]


def test_nothing_dated_needs_as_of(room: Room) -> None:
    """The clock is never asked; the message says what to give."""
    room.put("broken.xml", b"<html>502</html>")
    with pytest.raises(InputMissing, match=r"none of its 1 payload files states when .* — give --as-of DATE"):
        room.take_in()
    assert not room.ledger.fetches()
    assert room.take_in(as_of=DAY) == TakenIn(files=1, new=1)


def test_json_lines_in_a_folder_are_dated_by_their_newest_version(room: Room) -> None:
    """They state no time of their own, but their source is known by their form."""
    room.put("part.jsonl", payloads.snapshot_line())
    room.take_in()
    assert (room.only().source_id, room.only().fetched_at.date()) == ("arxiv-bulk", date(2008, 11, 26))


def test_an_empty_folder_is_told(room: Room) -> None:
    """Files that are no payloads do not count."""
    room.put("README.md", b"nothing here")
    with pytest.raises(InputMissing, match=r"holds no payload file — name a folder of \.xml"):
        room.take_in()


def test_the_same_folder_twice_adds_nothing(room: Room) -> None:
    """A fetch is known by all that is said of it."""
    room.put("page.xml", PAGE)
    room.put("feed.xml.zst", zstandard.compress(FEED))
    assert (room.take_in().new, room.take_in().new) == (2, 0)


def test_an_unreadable_file_is_a_problem_and_loses_nothing_else(room: Room) -> None:
    """One line names the file and what is wrong; the others are taken in."""
    room.put("page.xml", PAGE)
    room.put("cut.xml.zst", zstandard.compress(FEED)[:-9])
    taken = room.take_in()
    assert (taken.files, taken.new) == (1, 1)
    assert len(taken.problems) == 1
    assert taken.problems[0].startswith("cut.xml.zst: ")


def test_only_unreadable_files_are_no_folder_of_payloads(room: Room) -> None:
    """The first problem stands in the message."""
    room.put("cut.xml.zst", zstandard.compress(FEED)[:-9])
    with pytest.raises(InputMissing, match=r"holds no payload file \(cut\.xml\.zst: "):
        room.take_in(as_of=DAY)


@pytest.mark.parametrize(
    "line", ['{"source": "arxiv-oai"}', "no json", '{"sha256": 1, "source": 2, "url": 3, "fetched_at": 4}']
)
def test_a_damaged_line_of_the_folder_ledger_is_named(room: Room, line: str) -> None:
    """File and line; what each line needs."""
    room.put("page.xml", PAGE)
    room.put("ledger.jsonl", json.dumps(recorded(PAGE)).encode() + b"\n" + line.encode())
    with pytest.raises(InputMissing, match=r"ledger\.jsonl, line 2: .* source, url, fetched_at, sha256"):
        room.take_in()


def test_a_source_nobody_declared_stops_the_import(room: Room) -> None:
    """A licence must never be guessed."""
    room.put("page.xml", PAGE)
    room.put_ledger(recorded(PAGE, source="somebody"))
    with pytest.raises(NameUnknown, match="somebody"):
        room.take_in()


def test_a_payload_that_the_ledger_names_and_nobody_holds_is_told(room: Room) -> None:
    """The others are taken in; the line names the missing file and what to do."""
    room.put("page.xml", PAGE)
    gone = {"source": "arxiv-oai", "url": None, "fetched_at": "2026-06-24T06:00:00Z", "sha256": "0" * 64}
    room.put_ledger(gone | {"file": "gone.xml"})
    taken = room.take_in()
    assert taken.files == 1
    assert [problem.split(":")[0] for problem in taken.problems] == ["gone.xml"]
    assert "restore the file, or remove its line" in taken.problems[0]


def test_parquet_in_a_folder_is_a_bulk_file(room: Room) -> None:
    """It is read by rows, not as a body."""
    room.put("page.xml", PAGE)
    room.put_parquet("more.parquet", [ROW | {"published": utc(2026, 6, 1)}])
    assert room.take_in().files == 2
    assert {fetch.bulk_rows for fetch in room.ledger.fetches()} == {None, 1}


def test_parquet_in_an_archive_is_told(room: Room, tmp_path: Path) -> None:
    """It cannot be read by rows there; the remedy is to unpack it."""
    room.put("page.xml", PAGE)
    file = room.put_parquet("more.parquet", [ROW | {"published": utc(2026, 6, 1)}])
    with tarfile.open(room.folder / "all.tar", "w") as archive:
        archive.add(file, "more.parquet")
    file.unlink()
    assert room.take_in().problems == (
        "all.tar/more.parquet: Parquet inside an archive is not read — unpack it and name the folder",
    )


@pytest.mark.parametrize(
    ("columns", "as_of", "fetched"),
    [
        ({"published": utc(2026, 6, 1, 17), "listed_on": date(2026, 6, 3)}, DAY, utc(2026, 6, 3)),
        ({"published": utc(2026, 6, 1, 17)}, DAY, utc(2026, 6, 30)),
        ({"published": utc(2026, 6, 1, 17), "date": date(2026, 6, 2)}, None, utc(2026, 6, 2)),
        ({"published": utc(2026, 6, 1, 17), "listed_on": "soon"}, None, utc(2026, 6, 1, 17)),
    ],
)
def test_a_parquet_file_is_dated_by_its_listing_then_as_of_then_publication(
    room: Room, columns: dict[str, Any], as_of: datetime | None, fetched: datetime
) -> None:
    """The recording first, the caller next, the newest date in the file last."""
    room.take_in_bulk(room.put_parquet("corpus.parquet", [ROW | columns]), as_of=as_of)
    assert room.only().fetched_at == fetched
    assert (room.only().source_id, room.only().bulk_rows) == ("arxiv-bulk", 1)


def test_a_parquet_file_without_any_date_needs_as_of(room: Room) -> None:
    """A column of nulls dates nothing."""
    rows = [ROW | {"published": None}]
    file = room.folder / "corpus.parquet"
    pl.DataFrame(rows, schema_overrides={"published": pl.Datetime("us")}).write_parquet(file)
    with pytest.raises(InputMissing, match=r"corpus\.parquet holds no date to count from — give --as-of DATE"):
        room.take_in_bulk(file)
    assert room.nothing_kept()


def test_a_parquet_file_of_something_else_is_told_before_it_is_kept(room: Room) -> None:
    """Missing columns are named at the import, not in the middle of a build."""
    with pytest.raises(InputMissing, match="abstract"):
        room.take_in_bulk(room.put_parquet("corpus.parquet", [{"id": "2606.01234", "title": "Probes"}]))
    assert room.nothing_kept()


@pytest.mark.parametrize(
    "body",
    [b"", b"id,title\n2606.01234,Probes\n", b"PK\x03\x04 an archive", PAGE, b'[{"id": "2606.01234"}]', b"\x00" * 4096],
)
def test_a_corpus_that_is_neither_form_is_one_clear_line(room: Room, body: bytes) -> None:
    """File and remedy; nothing is kept, and no empty release is made of it."""
    with pytest.raises(
        InputMissing, match=r"corpus\.bin: expected Parquet or JSON lines .* — one JSON object a line"
    ) as told:
        room.take_in_bulk(room.put("corpus.bin", body), as_of=DAY)
    assert "\n" not in str(told.value)
    assert room.nothing_kept()


def test_a_corpus_that_is_not_there_is_told(room: Room) -> None:
    """A folder is no file."""
    with pytest.raises(InputMissing, match="is no file"):
        room.take_in_bulk(room.folder)


def test_json_lines_are_cut_into_bodies_of_whole_lines(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each body is a part of its own; the fetch time is the newest version in the whole file, or as_of."""
    monkeypatch.setattr(bulk, "BULK_PART", 2)
    monkeypatch.setattr(bulk.line_blocks, "__defaults__", (2,))
    lines = [payloads.snapshot_line(id=f"0704.000{n}") for n in range(1, 6)]
    file = room.put("snapshot.json", b"".join(lines))
    assert room.take_in_bulk(file).files == 3
    fetches = room.ledger.fetches()
    assert {fetch.fetched_at for fetch in fetches} == {datetime(2007, 7, 24, 20, 10, 27, tzinfo=UTC)}
    assert sorted(room.store.body(fetch.payload_sha256) for fetch in fetches) == sorted(
        [lines[0] + lines[1], lines[2] + lines[3], lines[4]]
    )
    assert len(fetches_by_part(fetches)) == 3
    assert room.take_in_bulk(file).new == 0


def test_a_block_never_outgrows_a_payload(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long records are cut earlier, since a body beyond the limit would be refused as a whole."""
    monkeypatch.setattr(bulk, "MAX_PAYLOAD_BYTES", 1500)
    lines = [payloads.snapshot_line(id=f"0704.000{n}") for n in range(1, 6)]
    blocks = list(bulk.line_blocks(room.put("snapshot.json", b"".join(lines))))
    assert b"".join(blocks) == b"".join(lines)
    assert len(blocks) > 1
    assert max(map(len, blocks)) <= 1500


def test_a_few_bad_lines_are_no_reason_to_refuse(room: Room) -> None:
    """They become rejects, in a body of their own; one readable record makes the file a snapshot, wherever it stands."""
    bad = b"no json\n" * (bulk.PROBE + 1)
    assert room.take_in_bulk(room.put("snapshot.json", bad + payloads.snapshot_line())).files == 2


def test_a_snapshot_without_versions_needs_as_of(room: Room) -> None:
    """The day in an identifier is no time of fetching."""
    file = room.put("snapshot.json", payloads.snapshot_line(versions=None))
    with pytest.raises(InputMissing, match=r"no line of it states when a version was made — give --as-of DATE"):
        room.take_in_bulk(file)
    assert room.take_in_bulk(file, as_of=DAY).new == 1


def test_a_bad_line_where_a_block_would_begin_costs_that_line_alone(room: Room) -> None:
    """The form of a payload is told from its first byte, so a block begins with an object."""
    lines = [payloads.snapshot_line(id=f"0704.000{n}") for n in range(1, 4)]
    file = room.put("snapshot.json", b"junk\n" + lines[0] + lines[1] + b"no json\n" + lines[2])
    assert list(bulk.line_blocks(file, 2)) == [b"junk\n", lines[0] + lines[1] + b"no json\n", lines[2]]
