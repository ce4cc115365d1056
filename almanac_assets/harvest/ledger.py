"""The fetch ledger: one line per fetch, written before anything is parsed; all else can be rebuilt from it.

A line tells which bytes came from where, and when. It is data, never overwritten; the order of lines does not matter.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from almanac_assets.errors import StoreDamaged

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
    bulk_rows: int | None = None
    part: str | None = None  # the part of the lake it belongs to; None for the day of the fetch

    def to_line(self) -> str:
        stated = asdict(self) | {"fetched_at": self.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return json.dumps({k: v for k, v in stated.items() if v is not None}, ensure_ascii=False, sort_keys=True)


class Ledger:
    """The file of fetches beside a payload store."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def fetches(self) -> list[Fetch]:
        """All fetches, each once, in an order that does not depend on when they were written."""
        if not self.file.exists():
            return []
        found = set()
        for number, line in enumerate(self.file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                stated = json.loads(line)
                found.add(Fetch(**stated | {"fetched_at": datetime.fromisoformat(stated["fetched_at"])}))
            except (ValueError, TypeError, KeyError) as error:
                remedy = "remove the line; its payload stays in the store and can be imported again"
                raise StoreDamaged(f"{self.file}, line {number}: {error}", remedy=remedy) from error
        return sorted(found, key=lambda fetch: (fetch.fetched_at, fetch.source_id, fetch.payload_sha256))

    def append(self, fetches: list[Fetch]) -> int:
        """Write the fetches that are not in the ledger yet; return how many were new."""
        known = set(self.fetches())
        fresh = [fetch for fetch in dict.fromkeys(fetches) if fetch not in known]
        if fresh:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as file:
                file.writelines(fetch.to_line() + "\n" for fetch in fresh)
        return len(fresh)


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
            parts[part] = [row | {"is_bulk": True, "first_row": first, "rows": size}]
    return {part: pl.DataFrame(rows, schema=FETCHES, orient="row") for part, rows in sorted(parts.items())}
