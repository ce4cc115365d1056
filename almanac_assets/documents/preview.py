"""What would be read from files on disk, storing nothing: for a look before an import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.files import payload_files
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.corpus import corpus_rows, read_corpus
from almanac_assets.harvest.ledger import BULK_PART
from almanac_assets.harvest.records import Parsed
from almanac_assets.store.clock import Clock

Row = dict[str, str | int | float | None]


def parsed_files(path: Path, clock: Clock) -> Iterator[Row]:
    """A row per file: file, format, outcome, items, rejected, reason (the first of several), seconds."""
    if path.is_file() and _is_parquet(path):
        yield _bulk_row(path, clock)
        return
    for file in payload_files(path):
        begin = clock.elapsed()
        if file.body is None:
            yield _row(file.name, "unknown", "error", 0, 1, str(file.problem), clock.elapsed() - begin)
            continue
        parsed = parse(file.body)
        yield _parsed_row(file.name, parsed, clock.elapsed() - begin)


def _bulk_row(path: Path, clock: Clock) -> Row:
    begin = clock.elapsed()
    try:
        rows = corpus_rows(path)
        parts = [read_corpus(path, first, min(BULK_PART, rows - first)) for first in range(0, rows, BULK_PART)]
    except AlmanacError as error:
        return _row(path.name, "corpus", "error", 0, 0, str(error), clock.elapsed() - begin)
    items = sum(part.records.height for part in parts)
    rejects = pl.concat([part.rejects for part in parts]) if parts else None
    rejected = rejects.height if rejects is not None else 0
    reason = _reason(rejects) if rejects is not None else None
    return _row(path.name, "corpus", "new" if items else "empty", items, rejected, reason, clock.elapsed() - begin)


def _parsed_row(name: str, parsed: Parsed, seconds: float) -> Row:
    rejects = parsed.rejects
    return _row(
        name, parsed.facts.format, parsed.outcome, parsed.records.height, rejects.height, _reason(rejects), seconds
    )


def _reason(rejects: pl.DataFrame) -> str | None:
    if not rejects.height:
        return None
    return f"{rejects['reason'][0]}: {rejects['detail'][0]}"


def _row(name: str, format_: str, outcome: str, items: int, rejected: int, reason: str | None, seconds: float) -> Row:
    return {
        "file": name,
        "format": format_,
        "outcome": outcome,
        "items": items,
        "rejected": rejected,
        "reason": reason,
        "seconds": round(seconds, 3),
    }


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"
