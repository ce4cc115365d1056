"""Recorded answers: files with many answers of upstreams, each with its address, status and time.

Two forms are read. JSON lines, packed by zstd or not: `{"request": {"url"}, "response": {"status", "headers", "body"},
"captured_at"}`. Parquet with a column `body` (or `xml`) and, as far as they are known, url, status, headers (as JSON),
captured_at or day, and feed. Of a file with many versions of one feed the newest of each is taken, since a feed's earlier
versions repeat most of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.bulk import is_parquet, parquet_columns
from almanac_assets.harvest.files import Reader, reading
from almanac_assets.harvest.formats.json_bytes import at, count_at, read_value, text_at
from almanac_assets.harvest.formats.times import in_utc, midnight, read_day, read_iso, read_rfc822
from almanac_assets.harvest.formats.xml_bytes import MAX_PAYLOAD_BYTES
from almanac_assets.harvest.redaction import Redactor

BODIES = ("body", "xml")
ORIGINS = ("url", "captured_at", "day")
COLUMNS = (*BODIES, *ORIGINS, "status", "headers", "text_basis")
LONGEST_LINE = 2 * MAX_PAYLOAD_BYTES  # bytes; a body written into JSON grows by its escapes
LOOKED_AT = 5  # lines in which a first readable answer is looked for
_STEP = 1024 * 1024  # bytes read at a time
_FIRST_STATUS, _LAST_STATUS = 100, 599

_ANSWER_KEYS = re.compile(rb'"(?:request|response)"\s*:\s*\{')
_DECLARED = re.compile(r"""^\s*<\?xml[^>]{0,100}\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True)
class Answer:
    """One recorded answer; `place` says where in the file it stands, None is what the recording does not tell."""

    place: str
    body: bytes
    url: str | None = None
    status: int | None = None
    media_type: str | None = None
    captured_at: datetime | None = None
    day: datetime | None = None  # midnight of the day it belongs to, where no time is told
    text_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line or row that is no answer, with why."""

    place: str
    problem: str


def is_recorded_table(columns: list[str]) -> bool:
    """Whether a Parquet file with these columns holds recorded answers."""
    return any(name in columns for name in BODIES) and any(name in columns for name in ORIGINS)


def answers_in(file: Path, *, all_versions: bool = False) -> Iterator[Answer | Unreadable] | None:
    """The answers of a recording on disk, in its order; None for any other file."""
    if is_parquet(file):
        is_table = is_recorded_table(parquet_columns(file))
        return recorded_rows(file, all_versions=all_versions) if is_table else None
    return recorded_lines(file) if is_recording(file) else None


def is_recording(file: Path) -> bool:
    """Whether a file of JSON lines holds recorded answers: one of its first lines is one."""
    try:
        with reading(file) as stream:
            return _begins_with_answers(stream)
    except (FeedBroken, OSError):
        return False


def _begins_with_answers(stream: Reader) -> bool:
    for number, line in enumerate(_lines(stream, LONGEST_LINE)):
        if number >= LOOKED_AT or line.lstrip()[:1] not in (b"{", b""):
            return False
        if _ANSWER_KEYS.search(line) and isinstance(_read_line("", line), Answer):
            return True
    return False


def recorded_lines(file: Path) -> Iterator[Answer | Unreadable]:
    """The answers of a file of JSON lines in its order; what breaks the file itself ends it, told as the last."""
    number = 0
    try:
        with reading(file) as stream:
            for number, line in enumerate(_lines(stream, LONGEST_LINE), 1):
                if line.strip():
                    yield _read_line(f"line {number}", line)
    except (FeedBroken, OSError) as error:
        yield Unreadable(f"after line {number}", f"{error}; what came before is kept")


def recorded_rows(file: Path, *, all_versions: bool = False) -> Iterator[Answer | Unreadable]:
    """The answers of a Parquet file in its order, of each `feed` the newest alone unless all are asked for."""
    frame = pl.scan_parquet(file).with_row_index("_row")
    columns = frame.collect_schema().names()
    if {"feed", "captured_at"} <= set(columns) and not all_versions:
        times = frame.select("_row", "feed", "captured_at").collect()
        newest = times.sort("captured_at", "_row").group_by("feed").agg(pl.col("_row").last())
        frame = frame.filter(pl.col("_row").is_in(newest["_row"].sort().implode()))
    wanted = [name for name in columns if name in COLUMNS]
    for row in frame.select("_row", *wanted).collect().iter_rows(named=True):
        yield _read_row(f"row {row['_row']}", row)


def _lines(stream: Reader, longest: int) -> Iterator[bytes]:
    """The lines of a stream; FeedBroken where one is longer than memory should hold."""
    held = bytearray()
    while piece := stream.read(_STEP):
        held += piece
        *whole, rest = held.split(b"\n")
        yield from map(bytes, whole)
        held = bytearray(rest)
        if len(held) > longest:
            raise FeedBroken("too_large", f"expected lines of at most {longest} bytes, found a longer one")
    if held:
        yield bytes(held)


def _read_line(place: str, line: bytes) -> Answer | Unreadable:
    try:
        value, _ = read_value(line)
    except FeedBroken as broken:
        return Unreadable(place, str(broken))
    response = at(value, "response")
    body = at(response, "body")
    if not isinstance(response, dict) or not isinstance(body, str | None):
        return Unreadable(place, "expected an object with response.body as text")
    headers = _headers(at(response, "headers"))
    return Answer(
        place,
        as_bytes(body or ""),
        url=plain_url(text_at(value, "request", "url") or text_at(value, "url")),
        status=_status(count_at(response, "status")),
        media_type=_media_type(headers),
        captured_at=read_time(text_at(value, "captured_at")) or read_time(headers.get("date")),
        text_basis=text_at(value, "text_basis"),
    )


def _read_row(place: str, row: dict[str, Any]) -> Answer | Unreadable:
    stated = next((row[name] for name in BODIES if row.get(name) is not None), None)
    if not isinstance(stated, str | bytes):
        return Unreadable(place, "expected a body, found none")
    told = row.get("headers")
    try:
        headers = _headers(json.loads(told) if isinstance(told, str) else None)
    except ValueError:
        headers = {}
    day = row.get("day")
    return Answer(
        place,
        as_bytes(stated) if isinstance(stated, str) else stated,
        url=plain_url(text_at(row, "url")),
        status=_status(count_at(row, "status")),
        media_type=_media_type(headers),
        captured_at=read_time(row.get("captured_at")) or read_time(headers.get("date")),
        day=midnight(read_day(str(day))) if day is not None else None,
        text_basis=text_at(row, "text_basis"),
    )


def read_time(stated: Any) -> datetime | None:
    """A time in UTC from a timestamp (without zone: UTC), or from text in ISO or RFC 822 form with a zone."""
    if isinstance(stated, datetime):
        return in_utc(stated if stated.tzinfo else stated.replace(tzinfo=UTC))
    return in_utc(read_iso(stated) or read_rfc822(stated)) if isinstance(stated, str) else None


def as_bytes(text: str) -> bytes:
    """A recorded text in the encoding that its XML declaration names, so that it is read as it was; else in UTF-8.

    Half a character, which no encoding takes, is kept as it is and told by the reader of the bytes.
    """
    found = _DECLARED.match(text)
    if found:
        try:
            return text.encode(found[1])
        except (LookupError, ValueError):
            pass
    return text.encode("utf-8", "surrogatepass")


def plain_url(stated: str | None) -> str | None:
    """An address without keys and blanks, None where it is none."""
    if not stated or not stated.startswith(("https://", "http://")):
        return None
    try:
        return Redactor().url(re.sub(r"\s", "%20", stated))
    except ValueError:
        return None


def _headers(stated: Any) -> dict[str, str]:
    """The headers with names in lower case; of several values the first."""
    pairs = stated.items() if isinstance(stated, dict) else ()
    first = ((name, value[0] if isinstance(value, list) and value else value) for name, value in pairs)
    return {name.lower(): value for name, value in first if isinstance(name, str) and isinstance(value, str)}


def _media_type(headers: dict[str, str]) -> str | None:
    return headers.get("content-type", "").partition(";")[0].strip().lower() or None


def _status(stated: int | None) -> int | None:
    return stated if stated is not None and _FIRST_STATUS <= stated <= _LAST_STATUS else None
