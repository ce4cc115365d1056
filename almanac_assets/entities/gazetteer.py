"""The gazetteer: the reviewed names that Almanac knows, read from CSV files that people add to.

`data/gazetteer/README.md` says what the columns mean. Files are read in the order of their paths; the folder
`cc-by-sa/` is read like the rest when it is there, and nothing needs it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from almanac_assets.contract.lists import ENTITY_TYPES, EXTERNAL_ID_SCHEMES
from almanac_assets.contract.lists import RELATIONS as RELATION_KINDS
from almanac_assets.entities.normal_forms import normal_form
from almanac_assets.errors import ContractBroken, InputMissing

NAME_COLUMNS = ("name", "type", "aliases", "case", "ambiguous", "family", "cues", "source")
PIN_COLUMNS = ("type", "normal_form", "entity_id", "slug")
CUE_COLUMNS = ("type", "cue")
GENERIC_COLUMNS = ("name", "why")
EXTERNAL_ID_COLUMNS = ("type", "name", "scheme", "value", "source")
RELATION_COLUMNS = ("type", "name", "relation", "other_type", "other_name", "source")
PINS, CUES, GENERIC = "pins.csv", "cues.csv", "generic.csv"
EXTERNAL_IDS, RELATIONS = "external_ids.csv", "relations.csv"
TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Entry:
    """One listed thing: its preferred name, its other names, and how strictly they are to be read."""

    name: str
    type: str
    aliases: tuple[str, ...]
    exact: bool
    ambiguous: bool
    family: bool
    cues: tuple[str, ...]

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The preferred name, then the aliases as listed."""
        return (self.name, *self.aliases)

    @property
    def form(self) -> str:
        """The normal form of the preferred name, under which the entity is kept."""
        return normal_form(self.name, self.type)


@dataclass(frozen=True)
class Pin:
    """An entity id fixed by hand, for a (type, normal form)."""

    type: str
    normal_form: str
    entity_id: str
    slug: str


@dataclass(frozen=True)
class ExternalId:
    """The id of a listed thing in another registry."""

    type: str
    normal_form: str
    scheme: str
    value: str


@dataclass(frozen=True)
class Relation:
    """A reviewed relation between two listed things: (type, normal form) of each."""

    type: str
    normal_form: str
    relation: str
    other_type: str
    other_normal_form: str


@dataclass(frozen=True)
class Gazetteer:
    """All listed names; equal `fingerprint` means equal files and so equal mentions."""

    entries: tuple[Entry, ...]
    pins: tuple[Pin, ...] = ()
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    generic: frozenset[str] = frozenset()
    external_ids: tuple[ExternalId, ...] = ()
    relations: tuple[Relation, ...] = ()
    fingerprint: str = ""


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read every CSV under the folder.

    Raises InputMissing when there is no such folder or no names in it, and ContractBroken naming file and line for a
    row that does not keep the columns, a type or truth value nobody knows, or a name listed twice for one type.
    """
    if not folder.is_dir():
        raise InputMissing(f"{folder}: no such folder of gazetteer files", remedy="name the folder data/gazetteer")
    paths = sorted(folder.rglob("*.csv"), key=lambda path: path.relative_to(folder).as_posix())
    special = {
        PINS: PIN_COLUMNS,
        CUES: CUE_COLUMNS,
        GENERIC: GENERIC_COLUMNS,
        EXTERNAL_IDS: EXTERNAL_ID_COLUMNS,
        RELATIONS: RELATION_COLUMNS,
    }
    rows = {path: list(_rows(path, special.get(path.name, NAME_COLUMNS))) for path in paths}
    named = [item for path in paths if path.name not in special for item in rows[path]]
    if not named:
        raise InputMissing(f"{folder}: no names in it", remedy="restore data/gazetteer from the repository")
    cues: dict[str, list[str]] = {}
    for where, row in (item for path in paths if path.name == CUES for item in rows[path]):
        cues.setdefault(_known_type(where, row["type"]), []).append(row["cue"])
    entries = _entries(named)
    listed = {(entry.type, entry.name): entry.form for entry in entries}
    return Gazetteer(
        entries=entries,
        pins=tuple(_pin(*item) for path in paths if path.name == PINS for item in rows[path]),
        cues={kind: tuple(words) for kind, words in cues.items()},
        generic=frozenset(row["name"] for path in paths if path.name == GENERIC for _, row in rows[path]),
        external_ids=tuple(
            _external_id(*item, listed) for path in paths if path.name == EXTERNAL_IDS for item in rows[path]
        ),
        relations=tuple(_relation(*item, listed) for path in paths if path.name == RELATIONS for item in rows[path]),
        fingerprint=_fingerprint(folder, paths),
    )


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of one file with where they stand ("models.csv line 7"), each with exactly the named columns."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        header = next(reader, [])
        if tuple(header) != columns:
            raise ContractBroken("gazetteer", path.name, ",".join(columns), ",".join(header) or "an empty file")
        for cells in reader:
            where = f"{path.name} line {reader.line_num}"
            if len(cells) != len(columns):
                raise ContractBroken("gazetteer", where, f"{len(columns)} cells", f"{len(cells)}")
            yield where, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}


def _entries(named: list[tuple[str, dict[str, str]]]) -> tuple[Entry, ...]:
    """Entries in file order; a preferred name may stand once per type."""
    first: dict[tuple[str, str], str] = {}
    entries = []
    for where, row in named:
        entry = _entry(where, row)
        before = first.setdefault((entry.type, entry.form), where)
        if before != where:
            raise ContractBroken("gazetteer", where, "a new name", f"'{entry.name}', already in {before}")
        entries.append(entry)
    return tuple(entries)


def _entry(where: str, row: dict[str, str]) -> Entry:
    if not row["name"]:
        raise ContractBroken("gazetteer", where, "a name", "an empty cell")
    if row["case"] not in ("exact", "any"):
        raise ContractBroken("gazetteer", where, "case exact or any", f"'{row['case']}'")
    for column in ("ambiguous", "family"):
        if row[column] not in TRUTH:
            raise ContractBroken("gazetteer", where, f"{column} true or false", f"'{row[column]}'")
    return Entry(
        name=row["name"],
        type=_known_type(where, row["type"]),
        aliases=_split(row["aliases"]),
        exact=row["case"] == "exact",
        ambiguous=TRUTH[row["ambiguous"]],
        family=TRUTH[row["family"]],
        cues=_split(row["cues"]),
    )


def _pin(where: str, row: dict[str, str]) -> Pin:
    if not all(row.values()):
        raise ContractBroken("gazetteer", where, "four filled cells", "an empty one")
    return Pin(_known_type(where, row["type"]), row["normal_form"], row["entity_id"], row["slug"])


def _external_id(where: str, row: dict[str, str], listed: Mapping[tuple[str, str], str]) -> ExternalId:
    if row["scheme"] not in EXTERNAL_ID_SCHEMES:
        raise ContractBroken("gazetteer", where, f"a scheme of {', '.join(EXTERNAL_ID_SCHEMES)}", f"'{row['scheme']}'")
    if not row["value"]:
        raise ContractBroken("gazetteer", where, "an id", "an empty cell")
    return ExternalId(row["type"], _listed_form(where, row["type"], row["name"], listed), row["scheme"], row["value"])


def _relation(where: str, row: dict[str, str], listed: Mapping[tuple[str, str], str]) -> Relation:
    if row["relation"] not in RELATION_KINDS:
        raise ContractBroken("gazetteer", where, f"a relation of {', '.join(RELATION_KINDS)}", f"'{row['relation']}'")
    form = _listed_form(where, row["type"], row["name"], listed)
    other = _listed_form(where, row["other_type"], row["other_name"], listed)
    return Relation(row["type"], form, row["relation"], row["other_type"], other)


def _listed_form(where: str, kind: str, name: str, listed: Mapping[tuple[str, str], str]) -> str:
    if (kind, name) not in listed:
        raise ContractBroken("gazetteer", where, "the preferred name of a listed thing", f"{kind} '{name}'")
    return listed[kind, name]


def _known_type(where: str, kind: str) -> str:
    if kind not in ENTITY_TYPES:
        raise ContractBroken("gazetteer", where, f"a type of {', '.join(ENTITY_TYPES)}", f"'{kind}'")
    return kind


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _fingerprint(folder: Path, paths: list[Path]) -> str:
    """sha256 over relative names and contents, in name order."""
    digest = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{content}\n".encode())
    return digest.hexdigest()
