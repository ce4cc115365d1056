"""The fetch ledger: one line per fetch, written before anything is parsed; all else can be rebuilt from it.

A line tells which bytes came from where, and when. It is data, never overwritten; the order of lines does not matter.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Hashable
from dataclasses import MISSING, asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import polars as pl

from almanac_assets.errors import StoreDamaged
from almanac_assets.store.files import writing

Line = TypeVar("Line", bound=Hashable)
BULK_PART = 20_000  # records of a bulk file that are read at a time: some 50 MB of text

FETCHES = pl.Schema(
    {
        "payload_sha256": pl.String(),
        "source_id": pl.String(),
        "url": pl.String(),
        "fetched_at": pl.Datetime("us", "UTC"),
        "http_status": pl.Int16(),
        "media_type": pl.String(),
        "bytes": pl.Int64(),
        "recorded_from": pl.String(),
        "text_basis": pl.String(),
        "is_bulk": pl.Boolean(),
        "first_row": pl.Int64(),
        "rows": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Fetch:
    """One answer of a source: `bulk_rows` is the number of records of a bulk Parquet file, None for a single body."""

    payload_sha256: str
    source_id: str
    fetched_at: datetime
    bytes: int
    url: str | None = None
    http_status: int | None = None
    media_type: str | None = None
    recorded_from: str | None = None
    text_basis: str | None = None  # what its texts are where they are not the upstream's own: rewritten
    bulk_rows: int | None = None
    part: str | None = None  # the part of the lake it belongs to; None for the day of the fetch

    def to_line(self) -> str:
        stated = asdict(self) | {"fetched_at": self.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return json.dumps({k: v for k, v in stated.items() if v is not None}, sort_keys=True)


_KINDS: dict[str, type | tuple[type, ...]] = {
    field.name: {"str": str, "int": int, "datetime": datetime}[field.type.split(" |")[0]] for field in fields(Fetch)
}
NEEDED = frozenset(field.name for field in fields(Fetch) if field.default is MISSING)
REMEDY = "remove the line; its payload stays in the store and can be imported again"


def read_line(text: bytes) -> Fetch:
    """The fetch that a line states; ValueError, TypeError or KeyError where it states none."""
    stated = json.loads(text)
    fetch = Fetch(**stated | {"fetched_at": datetime.fromisoformat(stated["fetched_at"])})
    for name, kind in _KINDS.items():
        value = getattr(fetch, name)
        if not isinstance(value, kind) and not (value is None and name not in NEEDED):
            raise TypeError(f"{name}: expected {getattr(kind, '__name__', kind)}, found {value!r}")
    if fetch.fetched_at.tzinfo is None:
        raise ValueError(f"fetched_at: expected a time zone, found {stated['fetched_at']}")
    return replace(fetch, fetched_at=fetch.fetched_at.astimezone(UTC))


class Ledger:
    """The file of fetches beside a payload store."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def fetches(self) -> list[Fetch]:
        """All fetches, each once, in an order that does not depend on when they were written.

        Raises StoreDamaged, naming file and line, where a line is no fetch.
        """
        found = read_lines(self.file, read_line, "a fetch", REMEDY)
        return sorted(
            found, key=lambda fetch: (fetch.fetched_at, fetch.source_id, fetch.payload_sha256, fetch.to_line())
        )

    def append(self, fetches: list[Fetch]) -> int:
        """Write the fetches that are not in the ledger yet; return how many were new."""
        known = set(self.fetches())
        fresh = [fetch for fetch in dict.fromkeys(fetches) if fetch not in known]
        append_lines(self.file, [fetch.to_line() for fetch in fresh])
        return len(fresh)


def read_lines(file: Path, read: Callable[[bytes], Line], states: str, remedy: str) -> set[Line]:
    """What the lines of a ledger state; StoreDamaged names file and line where one states none. No file, no lines."""
    found: set[Line] = set()
    if not file.exists():
        return found
    for number, text in enumerate(file.read_bytes().split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            found.add(read(text))
        except (ValueError, TypeError, KeyError) as error:
            expected = f"expected a JSON object that states {states}"
            raise StoreDamaged(f"{file}, line {number}: {expected}, found: {error}", remedy=remedy) from error
    return found


def append_lines(file: Path, lines: list[str]) -> None:
    """Add lines to a ledger, on the disk when this returns; what is there already is never touched."""
    if not lines:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with writing(str(file)), file.open("ab+") as ledger:
        # A last line without its end, left by a crash of another program, must not swallow the next one.
        whole = ledger.tell() == 0 or file.read_bytes().endswith(b"\n")
        ledger.write(("" if whole else "\n").encode() + b"".join(f"{line}\n".encode() for line in lines))
        ledger.flush()
        os.fsync(ledger.fileno())


def fingerprint(fetches: list[Fetch]) -> str:
    """Hex sha256 over the lines of the ledger that a build uses."""
    return hashlib.sha256("\n".join(fetch.to_line() for fetch in fetches).encode()).hexdigest()


def fetches_by_part(ledger: list[Fetch]) -> dict[str, pl.DataFrame]:
    """The fetches of each part of the lake: a UTC day, or a piece of at most BULK_PART records of a bulk file."""
    parts: dict[str, list[dict[str, object]]] = {}
    for fetch in ledger:
        row = {name: getattr(fetch, name) for name in FETCHES if hasattr(fetch, name)}
        if fetch.bulk_rows is None:
            part = fetch.part or fetch.fetched_at.astimezone(UTC).strftime("%Y-%m-%d")
            parts.setdefault(part, []).append(row | {"is_bulk": False, "first_row": 0, "rows": None})
            continue
        for number, first in enumerate(range(0, fetch.bulk_rows, BULK_PART), 1):
            part = f"import-{fetch.payload_sha256[:8]}-{number:04d}"
            size = min(BULK_PART, fetch.bulk_rows - first)
            parts.setdefault(part, []).append(row | {"is_bulk": True, "first_row": first, "rows": size})
    return {part: pl.DataFrame(rows, schema=FETCHES, orient="row") for part, rows in sorted(parts.items())}
