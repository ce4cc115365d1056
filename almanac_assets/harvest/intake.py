"""Bringing payloads from disk into the store: bytes first, then a line of the ledger; no record is read here.

The fetch time is the one that was recorded: in a `ledger.jsonl` beside the files, else the date that the payload itself
states (an OAI responseDate, a feed's build date), else the caller's `as_of`. The clock is never asked.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from almanac_assets.errors import InputMissing
from almanac_assets.harvest.files import PayloadFile, payload_files
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.ledger import BULK_PART, Fetch, Ledger
from almanac_assets.harvest.sources import UNLISTED, Sources
from almanac_assets.store.payloads import PayloadStore

log = logging.getLogger("almanac.intake")

BULK_SOURCE = "arxiv-bulk"
FOLDER_LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class TakenIn:
    """What an import found: payload files, those new to the ledger, and the lines to say about the others."""

    files: int
    new: int
    problems: tuple[str, ...] = ()


def take_in_folder(
    folder: Path, store: PayloadStore, ledger: Ledger, sources: Sources, *, as_of: datetime | None = None
) -> TakenIn:
    """Keep every payload file of a folder (archives are looked into) and write its line of the ledger.

    A file that nobody can date (no ledger, no date of its own, no `as_of`) takes the newest date of the others: it is kept
    and will be quarantined or read like them. A folder without any payload raises InputMissing.
    """
    recorded = _folder_ledger(folder)
    dated: list[Fetch] = []
    undated: list[tuple[str, bytes]] = []
    problems = []
    for file in payload_files(folder):
        if file.body is None:
            problems.append(f"{file.name}: {file.problem}")
            continue
        sha256 = store.keep(file.body)
        fetch = _fetch_of(file, file.body, sha256, recorded, sources, as_of)
        if fetch:
            dated.append(fetch)
        else:
            undated.append((file.name, file.body))
    if not dated and not undated:
        detail = f" ({problems[0]})" if problems else ""
        raise InputMissing(
            f"{folder} holds no payload file{detail}", remedy="name a folder of .xml, .json or .zst files"
        )
    newest = max((fetch.fetched_at for fetch in dated), default=as_of)
    if newest is None:
        raise InputMissing(
            f"{folder}: no file states when it was fetched",
            remedy="give --as-of DATE or put a ledger.jsonl beside them",
        )
    dated += [_undated_fetch(name, body, newest) for name, body in undated]
    return TakenIn(len(dated), ledger.append(dated), tuple(problems))


def take_in_bulk(file: Path, store: PayloadStore, ledger: Ledger, *, as_of: datetime | None = None) -> TakenIn:
    """Keep a bulk file of arXiv records: Parquet as it is, JSON lines cut into bodies of BULK_PART lines."""
    if not file.is_file():
        raise InputMissing(f"{file} is no file", remedy="name a Parquet file or a JSON-lines snapshot with --corpus")
    with file.open("rb") as head:
        is_parquet = head.read(4) == b"PAR1"
    fetches = [_parquet_fetch(file, store, as_of)] if is_parquet else _snapshot_fetches(file, store, as_of)
    return TakenIn(len(fetches), ledger.append(fetches))


def _fetch_of(
    file: PayloadFile,
    body: bytes,
    sha256: str,
    recorded: dict[str, dict[str, Any]],
    sources: Sources,
    as_of: datetime | None,
) -> Fetch | None:
    line = recorded.get(sha256)
    if line:
        return Fetch(
            payload_sha256=sha256,
            source_id=sources.get(line["source"]).id,
            url=line["url"],
            fetched_at=datetime.fromisoformat(line["fetched_at"]),
            http_status=line.get("http_status"),
            media_type=line.get("media_type"),
            bytes=len(body),
            recorded_from=line.get("origin"),
        )
    facts = parse(body).facts
    fetched_at = facts.answered_at or as_of
    if fetched_at is None:
        return None
    return Fetch(
        payload_sha256=sha256,
        source_id=sources.claiming(facts.claimed_url, facts.category),
        url=facts.claimed_url,
        fetched_at=fetched_at,
        http_status=None,
        media_type=None,
        bytes=len(body),
        recorded_from=f"file {file.name}",
    )


def _undated_fetch(name: str, body: bytes, newest: datetime) -> Fetch:
    sha256 = hashlib.sha256(body).hexdigest()
    return Fetch(sha256, UNLISTED, newest, len(body), recorded_from=f"file {name}")


def _folder_ledger(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / FOLDER_LEDGER
    if not file.is_file():
        return {}
    lines = {}
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
            lines[line["sha256"]] = line | {
                "fetched_at": line["fetched_at"],
                "source": line["source"],
                "url": line["url"],
            }
        except (ValueError, KeyError, TypeError) as error:
            remedy = "each line needs source, url, fetched_at and sha256"
            raise InputMissing(f"{file}, line {number}: {error!r}", remedy=remedy) from error
    return lines


def _parquet_fetch(file: Path, store: PayloadStore, as_of: datetime | None) -> Fetch:
    try:
        rows = pq.read_metadata(file).num_rows
        names = set(pq.read_schema(file).names)
    except Exception as error:
        raise InputMissing(
            f"{file} is no readable Parquet file: {error}", remedy="download or write it again"
        ) from error
    dates = [name for name in ("listed_on",) if name in names] or [n for n in ("published", "date") if n in names]
    newest = None
    if dates and as_of is None:
        latest = pl.scan_parquet(file).select(pl.max_horizontal(pl.col(dates).max().cast(pl.Datetime("us")))).collect()
        newest = latest.item()
    fetched_at = as_of or (newest.replace(tzinfo=UTC) if newest else None)
    if fetched_at is None:
        raise InputMissing(f"{file} holds no date to count from", remedy="give --as-of DATE")
    sha256 = store.keep_file(file)
    return Fetch(
        payload_sha256=sha256,
        source_id=BULK_SOURCE,
        url=None,
        fetched_at=fetched_at,
        http_status=None,
        media_type="application/vnd.apache.parquet",
        bytes=file.stat().st_size,
        recorded_from=f"file {file.name}",
        bulk_rows=rows,
    )


def _snapshot_fetches(file: Path, store: PayloadStore, as_of: datetime | None) -> list[Fetch]:
    bodies: list[tuple[str, int]] = []
    newest: datetime | None = None
    for body in _line_blocks(file):
        parsed = parse(body)
        dates = parsed.records.select(pl.max_horizontal("published_at", "version_at").max()).item()
        newest = max((date for date in (newest, dates) if date), default=None)
        bodies.append((store.keep(body), len(body)))
        log.info("%s: %s records kept", file.name, f"{len(bodies) * BULK_PART:,}")
    fetched_at = as_of or newest
    if fetched_at is None:
        raise InputMissing(
            f"{file}: no line of it is a dated arXiv record", remedy="one JSON object with id and versions a line"
        )
    return [
        Fetch(
            payload_sha256=sha256,
            source_id=BULK_SOURCE,
            url=None,
            fetched_at=fetched_at,
            http_status=None,
            media_type="application/x-ndjson",
            bytes=size,
            recorded_from=f"file {file.name}",
            part=f"import-{sha256[:8]}-0001",
        )
        for sha256, size in bodies
    ]


def _line_blocks(file: Path) -> Iterator[bytes]:
    """Blocks of BULK_PART whole lines, as they stand in the file."""
    with file.open("rb") as lines:
        block: list[bytes] = []
        for line in lines:
            block.append(line)
            if len(block) == BULK_PART:
                yield b"".join(block)
                block = []
        if block:
            yield b"".join(block)
