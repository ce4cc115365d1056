"""What would be read from files on disk, storing nothing: for a look before an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.bulk import bulk_rows, is_parquet, is_snapshot, line_blocks, read_bulk
from almanac_assets.harvest.files import PayloadFile, payload_files
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.ledger import BULK_PART
from almanac_assets.harvest.recordings import Answer, Unreadable, answers_in
from almanac_assets.harvest.records import Parsed, rejects_frame
from almanac_assets.store.clock import Clock

Row = dict[str, str | int | float | None]


def parsed_files(path: Path, clock: Clock) -> Iterator[Row]:
    """A row per file: file, format, outcome, items, rejected, reason (the first of several), seconds.

    A Parquet file is read in parts like an import; so is a file of JSON lines that is too large for a payload. Of a file of
    recorded answers each answer has a row.
    """
    for file in payload_files(path):
        begin = clock.elapsed()
        on_disk = path if path.is_file() else path / file.name
        if on_disk.is_file() and (answers := answers_in(on_disk)) is not None:
            yield from _answer_rows(file.name, answers, clock)
        elif on_disk.is_file() and is_parquet(on_disk):
            yield _bulk_row(on_disk, file.name, clock)
        elif file.body is not None:
            yield _parsed_row(file.name, [parse(file.body)], clock.elapsed() - begin)
        elif on_disk.is_file() and is_snapshot(on_disk):
            yield _parsed_row(file.name, [parse(block) for block in line_blocks(on_disk)], clock.elapsed() - begin)
        else:
            yield _row(file.name, "unknown", "error", 0, 1, _problem(file), clock.elapsed() - begin)


def _answer_rows(name: str, answers: Iterator[Answer | Unreadable], clock: Clock) -> Iterator[Row]:
    for answer in answers:
        begin, place = clock.elapsed(), f"{name}, {answer.place}"
        if isinstance(answer, Unreadable):
            yield _row(place, "unknown", "error", 0, 1, answer.problem, clock.elapsed() - begin)
        else:
            parsed = parse(answer.body, url=answer.url, status=answer.status)
            yield _parsed_row(place, [parsed], clock.elapsed() - begin)


def _bulk_row(path: Path, name: str, clock: Clock) -> Row:
    begin = clock.elapsed()
    try:
        rows = bulk_rows(path)
        parts = [read_bulk(path, first, min(BULK_PART, rows - first)) for first in range(0, rows, BULK_PART)]
    except AlmanacError as error:
        return _row(name, "corpus", "error", 0, 0, str(error), clock.elapsed() - begin)
    return _parsed_row(name, parts, clock.elapsed() - begin)


def _parsed_row(name: str, parts: Sequence[Parsed], seconds: float) -> Row:
    """One row for all parts of a file; one without parts is empty."""
    rejects = pl.concat([rejects_frame([]), *(part.rejects for part in parts)])
    items = sum(part.items for part in parts)
    outcome = "new" if items else "error" if rejects.height else "empty"
    format_ = parts[0].facts.format if parts else "corpus"
    return _row(name, format_, outcome, items, rejects.height, _reason(rejects), seconds)


def _problem(file: PayloadFile) -> str:
    return f"{file.problem.reason}: {file.problem.detail}" if file.problem else "cannot be read"


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
