"""Rows labelled by hand: JSON lines in evaluation/labels/, one file per kind of value, each line naming its row."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from almanac_assets.contract.lists import ENTITY_TYPES, EVENT_KINDS, POLARITIES, ROLES
from almanac_assets.errors import InputMissing

# file -> its columns; the first ones find the row of a release, `allowed` holds what a label may be.
CONTEXTS, MENTIONS, EVENTS = "citation_contexts.jsonl", "mentions.jsonl", "events.jsonl"
COLUMNS: dict[str, tuple[str, ...]] = {
    CONTEXTS: ("cited_title", "sentence", "role", "polarity"),
    MENTIONS: ("document_id", "field", "surface", "type", "name"),
    EVENTS: ("document_id", "kind"),
}
ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    CONTEXTS: {"role": ROLES, "polarity": POLARITIES},
    MENTIONS: {"type": (*ENTITY_TYPES, "none")},  # none: the words name nothing here
    EVENTS: {"kind": EVENT_KINDS},
}


def load_labels(folder: Path, name: str) -> pl.DataFrame:
    """The rows of a file of labels; InputMissing names file and line where one says what no label may say."""
    file = folder / name
    try:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise InputMissing(
            f"{file} cannot be read: {error.strerror}", remedy="restore it from the repository"
        ) from error
    rows = [_row(file, number, line) for number, line in enumerate(lines, 1)]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS[name], pl.String()), orient="row")


def _row(file: Path, number: int, line: str) -> tuple[str | None, ...]:
    remedy = f"a line is a JSON object with {', '.join(COLUMNS[file.name])}"
    try:
        stated = json.loads(line)
        row = tuple(stated[column] for column in COLUMNS[file.name])
    except (ValueError, KeyError, TypeError) as error:
        raise InputMissing(f"{file}, line {number}: {error!r}", remedy=remedy) from error
    for column, allowed in ALLOWED[file.name].items():
        if stated[column] not in allowed:
            found = f"{file}, line {number}: {column} is {stated[column]!r}"
            raise InputMissing(found, remedy=f"one of {', '.join(allowed)}")
    return row
