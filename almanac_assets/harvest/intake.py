"""Bringing payloads from disk into the store: bytes first, then a line of the ledger; no record is kept here.

The fetch time is the one that was recorded: in a `ledger.jsonl` beside the files, else the date that the payload itself
states (an OAI responseDate, a feed's build date), else the caller's `as_of`, else the newest date of its records. The clock
is never asked.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from almanac_assets.errors import InputMissing
from almanac_assets.harvest.bulk import BULK_SOURCE, PARQUET_MAGIC, bulk_fetches, is_parquet
from almanac_assets.harvest.files import PayloadFile, payload_files
from almanac_assets.harvest.formats import daily_papers, openalex, semantic_scholar, snapshot
from almanac_assets.harvest.ledger import Fetch, Ledger
from almanac_assets.harvest.recordings import Answer, Unreadable, answers_in
from almanac_assets.harvest.records import Facts
from almanac_assets.harvest.sources import UNLISTED, Sources
from almanac_assets.harvest.told import told_by
from almanac_assets.store.payloads import PayloadStore

log = logging.getLogger("almanac.intake")

FOLDER_LEDGER = "ledger.jsonl"
STATED = ("source", "url", "fetched_at", "sha256")
Line = Mapping[str, Any]
# Whose payload it is where it names no address: forms that one upstream alone writes.
OF_FORM = {
    snapshot.FORMAT: BULK_SOURCE,
    daily_papers.FORMAT: "hf-daily-papers",
    semantic_scholar.FORMAT: "semantic-scholar",
    openalex.FORMAT: "openalex",
}


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

    A Parquet file is taken as a bulk file; of a file of recorded answers each answer is a payload, of many versions of one
    feed the newest. A file that nobody can date (no ledger, no date of its own, no `as_of`) takes the newest date of the
    others: it is kept and will be quarantined or read like them. A file that cannot be read is a line of `problems`; a
    folder without any payload, or without any date, raises InputMissing.
    """
    recorded = _folder_ledger(folder)
    dated: list[Fetch] = []
    undated: list[Fetch] = []
    problems: list[str] = []
    for file in payload_files(folder):
        try:
            path = _on_disk(file, folder)
            if path.is_file() and (answers := answers_in(path)) is not None:
                fetches, unreadable = _recording_fetches(file.name, answers, store, sources, as_of)
                problems += [f"{file.name}, {one.place}: {one.problem}" for one in unreadable]
            else:
                fetches = _fetches_of(file, folder, store, recorded, sources, as_of)
        except InputMissing as error:
            problems.append(f"{file.name}: {error}")
            continue
        dated += [fetch for fetch in fetches if fetch.fetched_at != _UNDATED]
        undated += [fetch for fetch in fetches if fetch.fetched_at == _UNDATED]
    problems += _missing(folder, recorded, {fetch.payload_sha256 for fetch in (*dated, *undated)})
    for problem in problems:
        log.warning("not taken in: %s", problem)
    if not dated and not undated:
        detail = f" ({problems[0]})" if problems else ""
        raise InputMissing(
            f"{folder} holds no payload file{detail}",
            remedy="name a folder of .xml, .json, .jsonl, .parquet or .zst files, or an archive of them",
        )
    newest = max((fetch.fetched_at for fetch in dated), default=None)
    if newest is None:
        raise InputMissing(
            f"{folder}: none of its {len(undated)} payload files states when it was fetched",
            remedy="give --as-of DATE or put a ledger.jsonl beside them",
        )
    dated += [replace(fetch, fetched_at=newest) for fetch in undated]
    return TakenIn(len(dated), ledger.append(dated), tuple(problems))


def take_in_bulk(file: Path, store: PayloadStore, ledger: Ledger, *, as_of: datetime | None = None) -> TakenIn:
    """Keep a bulk file of arXiv records: Parquet as it is, JSON lines cut into bodies of at most BULK_PART lines."""
    fetches = bulk_fetches(file, store, as_of)
    return TakenIn(len(fetches), ledger.append(fetches))


# Marks a fetch whose time is still to be found; it never reaches the ledger.
_UNDATED = datetime.min.replace(tzinfo=UTC)


def _on_disk(file: PayloadFile, folder: Path) -> Path:
    """Where a payload file lies; of a member of an archive there is no such file."""
    return folder if folder.is_file() else folder / file.name


def _recording_fetches(
    name: str, answers: Iterable[Answer | Unreadable], store: PayloadStore, sources: Sources, as_of: datetime | None
) -> tuple[list[Fetch], list[Unreadable]]:
    """The lines of a recording's answers, the same bytes of one source at one time once, and what of it is no answer."""
    fetches: dict[tuple[str, str, datetime], Fetch] = {}
    unreadable: list[Unreadable] = []
    for answer in answers:
        if isinstance(answer, Unreadable):
            unreadable.append(answer)
            continue
        told, newest = told_by(answer.body) if not (answer.captured_at and answer.url) else (None, None)
        own = told.answered_at if told else None
        fetch = Fetch(
            payload_sha256=store.keep(answer.body),
            source_id=sources.claiming(answer.url, None) if answer.url or told is None else _source_of(told, sources),
            fetched_at=answer.captured_at or own or answer.day or as_of or newest or _UNDATED,
            bytes=len(answer.body),
            url=answer.url or (told.claimed_url if told else None),
            http_status=answer.status,
            media_type=answer.media_type,
            recorded_from=f"file {name}",
            text_basis=answer.text_basis,
        )
        fetches.setdefault((fetch.payload_sha256, fetch.source_id, fetch.fetched_at), fetch)
    return list(fetches.values()), unreadable


def _source_of(told: Facts, sources: Sources) -> str:
    """Whose payload it is by what it says: the address it names, else the form that one upstream alone writes."""
    claimed = sources.claiming(told.claimed_url, told.category)
    return OF_FORM.get(told.format, claimed) if claimed == UNLISTED and told.claimed_url is None else claimed


def _fetches_of(
    file: PayloadFile,
    folder: Path,
    store: PayloadStore,
    recorded: Mapping[str, Line],
    sources: Sources,
    as_of: datetime | None,
) -> list[Fetch]:
    """The lines of one payload file; one of an archive that is Parquet, or one that cannot be read, raises."""
    path = _on_disk(file, folder)
    if path.is_file() and is_parquet(path):
        return bulk_fetches(path, store, as_of, undated=_UNDATED)
    if file.body is None:
        raise InputMissing(file.problem.detail if file.problem else "cannot be read")
    if file.body.startswith(PARQUET_MAGIC):
        raise InputMissing("Parquet inside an archive is not read", remedy="unpack it and name the folder")
    sha256 = store.keep(file.body)
    line = recorded.get(sha256)
    fetch = _recorded_fetch(line, file.body, sources) if line else _told_fetch(file, file.body, sources, as_of)
    return [replace(fetch, payload_sha256=sha256)]


def _recorded_fetch(line: Line, body: bytes, sources: Sources) -> Fetch:
    return Fetch(
        payload_sha256="",
        source_id=sources.get(line["source"]).id,
        url=line["url"],
        fetched_at=line["fetched_at"],
        http_status=line.get("http_status"),
        media_type=line.get("media_type"),
        bytes=len(body),
        recorded_from=line.get("origin"),
        text_basis=line.get("text_basis"),
    )


def _told_fetch(file: PayloadFile, body: bytes, sources: Sources, as_of: datetime | None) -> Fetch:
    """A fetch from what the payload tells of itself."""
    facts, newest = told_by(body)
    return Fetch(
        payload_sha256="",
        source_id=_source_of(facts, sources),
        url=facts.claimed_url,
        fetched_at=facts.answered_at or as_of or newest or _UNDATED,
        bytes=len(body),
        recorded_from=f"file {file.name}",
    )


def _missing(folder: Path, recorded: dict[str, Line], found: set[str]) -> list[str]:
    """A line for each payload that the folder's ledger names and no file of the folder holds."""
    return [
        f"{line.get('file', sha256)}: {folder / FOLDER_LEDGER} names it, and no file here holds its bytes "
        "— restore the file, or remove its line"
        for sha256, line in sorted(recorded.items(), key=lambda item: str(item[1].get("file", item[0])))
        if sha256 not in found
    ]


def _folder_ledger(folder: Path) -> dict[str, Line]:
    """The lines of a ledger beside the payloads, by sha256; InputMissing names the line that cannot be used."""
    file = folder / FOLDER_LEDGER
    if not file.is_file():
        return {}
    lines: dict[str, Line] = {}
    for number, text in enumerate(file.read_bytes().split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            _, _, fetched_at, sha256 = (line[name] for name in STATED)
            moment = datetime.fromisoformat(fetched_at)
            if moment.tzinfo is None:
                raise ValueError(f"fetched_at {fetched_at} has no time zone")
            lines[sha256] = line | {"fetched_at": moment}
        except (ValueError, KeyError, TypeError) as error:
            remedy = f"each line is a JSON object with {', '.join(STATED)}; times in ISO form with Z"
            raise InputMissing(f"{file}, line {number}: {error!r}", remedy=remedy) from error
    return lines
