"""Bulk files on disk: one Parquet file kept as it is, or JSON lines cut into bodies of at most BULK_PART records.

A Parquet file holds arXiv records or citations; its columns tell which.

The fetch time is the newest day on which a record was listed, where the file tells it; else the caller's `as_of`; else the
newest date of publication in it. The clock is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from almanac_assets.errors import InputMissing
from almanac_assets.harvest.citation_files import is_citation_file, read_citation_file
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.corpus import corpus_rows, read_corpus
from almanac_assets.harvest.formats.snapshot import FORMAT as SNAPSHOT
from almanac_assets.harvest.formats.times import in_utc, read_rfc822
from almanac_assets.harvest.formats.xml_bytes import MAX_PAYLOAD_BYTES
from almanac_assets.harvest.ledger import BULK_PART, Fetch
from almanac_assets.harvest.records import Parsed
from almanac_assets.store.payloads import PayloadStore

BULK_SOURCE = "arxiv-bulk"
CITATION_SOURCE = "citation-files"
PARQUET_MAGIC = b"PAR1"
LISTED = ("listed_on",)
STATED = ("published", "date")
# Lines looked at together while searching for the first record: a file of another kind is refused within a second per
# hundred megabytes, and the first lines of a snapshot suffice.
PROBE = 200
# A line longer than this is cut: the largest record of the snapshot has some 60 kB, and memory has to hold a line.
LONGEST_LINE = 4 * 1024 * 1024
# How the snapshot writes the time of each version; one pass of a pattern costs a twentieth of reading the records.
_VERSION_TIME = re.compile(rb'"created"\s*:\s*"([^"\\]{10,60})"')


def is_parquet(file: Path) -> bool:
    """Whether the file begins as Parquet does."""
    with file.open("rb") as head:
        return head.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def is_snapshot(file: Path) -> bool:
    """Whether the file begins as JSON lines do."""
    with file.open("rb") as head:
        return _is_object(head.read(PROBE))


def parquet_columns(file: Path) -> list[str]:
    """The names of a Parquet file's columns; none where it cannot be read."""
    try:
        return pl.scan_parquet(file).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError):
        return []


def bulk_rows(file: Path) -> int:
    """How many rows a bulk Parquet file holds; InputMissing where it is none of a form that is read."""
    if is_citation_file(parquet_columns(file)):
        return int(pl.scan_parquet(file).select(pl.len()).collect().item())
    return corpus_rows(file)


def read_bulk(file: Path, first_row: int, rows: int) -> Parsed:
    """What `rows` rows of a bulk Parquet file from `first_row` on say, read by the form that its columns tell."""
    if is_citation_file(parquet_columns(file)):
        return read_citation_file(file, first_row, rows)
    return read_corpus(file, first_row, rows)


def bulk_fetches(
    file: Path, store: PayloadStore, as_of: datetime | None, *, undated: datetime | None = None
) -> list[Fetch]:
    """Keep a bulk file and return its lines of the ledger; `undated` marks one that nothing dates.

    Raises InputMissing, naming file and remedy, where the file is not there, is neither form, holds no readable record, or
    cannot be dated and no mark is given; then nothing is kept.
    """
    if not file.is_file():
        raise InputMissing(f"{file} is no file", remedy="name a Parquet file or a JSON-lines snapshot with --corpus")
    if is_parquet(file):
        return [_parquet_fetch(file, store, as_of, undated)]
    return _snapshot_fetches(file, store, as_of)


def _parquet_fetch(file: Path, store: PayloadStore, as_of: datetime | None, undated: datetime | None) -> Fetch:
    rows = bulk_rows(file)
    if not rows:
        raise InputMissing(f"{file} holds no row", remedy="name a file with at least one record")
    fetched_at = _newest_of(file, LISTED) or as_of or _newest_of(file, STATED) or undated
    if fetched_at is None:
        raise InputMissing(f"{file} holds no date to count from", remedy="give --as-of DATE")
    return Fetch(
        payload_sha256=store.keep_file(file),
        source_id=CITATION_SOURCE if is_citation_file(parquet_columns(file)) else BULK_SOURCE,
        fetched_at=fetched_at,
        bytes=file.stat().st_size,
        media_type="application/vnd.apache.parquet",
        recorded_from=f"file {file.name}",
        bulk_rows=rows,
    )


def _newest_of(file: Path, names: tuple[str, ...]) -> datetime | None:
    """The newest value of these columns, as far as they are there and hold days or times."""
    table = pl.scan_parquet(file)
    dated = [name for name, kind in table.collect_schema().items() if name in names and kind.is_temporal()]
    if not dated:
        return None
    newest = table.select(pl.max_horizontal(pl.col(dated).max().cast(pl.Datetime("us")))).collect().item()
    return newest.replace(tzinfo=UTC) if isinstance(newest, datetime) else None


def _snapshot_fetches(file: Path, store: PayloadStore, as_of: datetime | None) -> list[Fetch]:
    _require_record(file)
    fetched_at = as_of or newest_version(file)
    if fetched_at is None:
        found = f"{file}: no line of it states when a version was made"
        raise InputMissing(found, remedy="give --as-of DATE, the day on which the file was made")
    bodies = [(store.keep(body), len(body)) for body in line_blocks(file)]
    return [
        Fetch(
            payload_sha256=sha256,
            source_id=BULK_SOURCE,
            fetched_at=fetched_at,
            bytes=size,
            media_type="application/x-ndjson",
            recorded_from=f"file {file.name}",
            part=f"import-{sha256[:8]}-0001",
        )
        for sha256, size in bodies
    ]


def _require_record(file: Path) -> None:
    """InputMissing unless some line of the file is a readable record; bad lines beside it become rejects later."""
    first = ""
    for block in line_blocks(file, PROBE):
        parsed = parse(block)
        if parsed.records.height and parsed.facts.format == SNAPSHOT:
            return
        if not first and parsed.rejects.height:
            first = f" (the first: {parsed.rejects['reason'][0]}, {parsed.rejects['detail'][0]})"
    raise InputMissing(
        f"{file}: expected Parquet or JSON lines of arXiv records, found no readable record{first}",
        remedy="one JSON object a line with id, title, abstract, categories and versions; unpack archives first; "
        "OAI-PMH pages and feeds are read with --payloads",
    )


def newest_version(file: Path) -> datetime | None:
    """The newest time at which a version was made, over all lines of a snapshot, without reading its records."""
    newest: datetime | None = None
    for block in line_blocks(file):
        written = {found[1].decode("utf-8", "replace") for found in _VERSION_TIME.finditer(block)}
        times = (in_utc(read_rfc822(text)) for text in written)
        newest = max((time for time in (newest, *times) if time), default=None)
    return newest


def line_blocks(file: Path, lines: int = BULK_PART) -> Iterator[bytes]:
    """Blocks of whole lines that a payload may hold, with at most `lines` records each, as they stand in the file.

    A block begins with an object wherever one follows: the form of a payload is told from its first byte, and one bad line
    in front must not cost the records behind it.
    """
    block: list[bytes] = []
    size = 0
    with file.open("rb") as source:
        while line := source.readline(LONGEST_LINE):
            is_full = len(block) >= lines or not _is_object(block[0]) if block else False
            if block and ((is_full and _is_object(line)) or size + len(line) > MAX_PAYLOAD_BYTES):
                yield b"".join(block)
                block, size = [], 0
            block.append(line)
            size += len(line)
    if block:
        yield b"".join(block)


def _is_object(line: bytes) -> bool:
    return line.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
