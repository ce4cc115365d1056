"""Reviewed corrections of entities: which names are one thing, which are not, and from which day on that holds.

`data/overrides/entities.yaml` holds a list of entries; each has an `action`, what it acts on, a `reason`, who reviewed it
(`reviewed_by`) and `since`, the day from which on builds see it. An entity is named by its type and name, or by its id.

    merge         into, from: [...]                    the things of `from` are the thing of `into`
    rename        entity, to                           the thing is called `to` now; its id and slug stay
    split         entity, into: [{name, aliases}]      mentions written as one of the aliases are another thing
    forbid_alias  entity, alias                        what is written exactly so is not this thing
    set_type      entity, to                           the thing is of another type
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from almanac_assets.contract.lists import ENTITY_TYPES
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.sources import Strict, one_of

FILE = "entities.yaml"
ENTITY_ID = r"^[a-z0-9-]+-[0-9a-f]{8}$"

EntityType = Annotated[str, one_of(ENTITY_TYPES)]
Text = Annotated[str, Field(min_length=1)]


class OverridesBroken(AlmanacError):
    """The file of overrides does not say what it must."""

    def __init__(self, file: Path, entry: str, expected: str, found: str, *, remedy: str) -> None:
        self.file, self.entry, self.expected, self.found = file, entry, expected, found
        super().__init__(f"{file.name}: {entry}: expected {expected}, found {found}", remedy=remedy)


class Name(Strict):
    """An entity by type and name; a listed alias stands for the listed thing."""

    type: EntityType
    name: Text


Reference = Name | Annotated[str, Field(pattern=ENTITY_ID)]


class Part(Strict):
    """One of the things that an entity is split into; `aliases` are the surfaces that belong to it, as written."""

    name: Text
    type: EntityType | None = None
    aliases: tuple[Text, ...] = Field(min_length=1)


class _Entry(Strict):
    reason: Text
    reviewed_by: Text
    since: date

    @property
    def holds_from(self) -> datetime:
        """Midnight UTC of the day from which on it holds."""
        return datetime.combine(self.since, time(), UTC)


class Merge(_Entry):
    action: Literal["merge"]
    into: Reference
    from_: tuple[Reference, ...] = Field(alias="from", min_length=1)


class Rename(_Entry):
    action: Literal["rename"]
    entity: Reference
    to: Text


class ForbidAlias(_Entry):
    action: Literal["forbid_alias"]
    entity: Reference
    alias: Text


class SetType(_Entry):
    action: Literal["set_type"]
    entity: Reference
    to: EntityType


class Split(_Entry):
    action: Literal["split"]
    entity: Reference
    into: tuple[Part, ...] = Field(min_length=1)


Override = Merge | Rename | ForbidAlias | SetType | Split
_ADAPTER: TypeAdapter[Override] = TypeAdapter(Annotated[Override, Field(discriminator="action")])


def load_overrides(folder: Path) -> tuple[Override, ...]:
    """The entries of `entities.yaml` in the folder, in the order of the file; none where there is no such file.

    Raises OverridesBroken naming file, entry, expectation and finding for what is no YAML, breaks the format, or
    contradicts an earlier entry.
    """
    file = folder / FILE
    if not file.is_file():
        return ()
    entries = tuple(_checked(number, entry, file) for number, entry in enumerate(_listed(file), 1))
    _refuse_contradictions(entries, file)
    return entries


def _listed(file: Path) -> list[Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        found = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise OverridesBroken(file, where, "YAML in UTF-8", found, remedy="mend that line") from None
    if content is None:
        return []
    if not isinstance(content, list):
        remedy = "begin each entry with '- action:'"
        raise OverridesBroken(file, "file", "a list of entries", type(content).__name__, remedy=remedy)
    return content


def _checked(number: int, entry: Any, file: Path) -> Override:
    try:
        return _ADAPTER.validate_python(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        parts = [str(part) for part in first["loc"] if part not in _ACTIONS]
        where = f"entry {number}" + (f", {'.'.join(parts)}" if parts else "")
        expected = first["msg"].removeprefix("Value error, ")
        found = "nothing" if first["type"] == "missing" else repr(first["input"])
        raise OverridesBroken(file, where, expected, found, remedy=f"mend it in {file.name}") from None


_ACTIONS = frozenset(("merge", "rename", "forbid_alias", "set_type", "split"))


def _refuse_contradictions(entries: tuple[Override, ...], file: Path) -> None:
    """Two verdicts on one thing, or a merge that leads back to where it began, have no right order."""
    first: dict[tuple[str, ...], int] = {}
    into: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        for claim in _claims(entry):
            before = first.setdefault(claim, number)
            if before != number:
                found = f"a second {claim[0]} of {claim[1]}, after entry {before}"
                raise OverridesBroken(file, f"entry {number}", "one verdict on it", found, remedy="remove one of them")
        if isinstance(entry, Merge):
            into |= {_shown(one): _shown(entry.into) for one in entry.from_}
            _refuse_circle(into, number, file)


def _claims(entry: Override) -> Iterator[tuple[str, ...]]:
    """What an entry decides, so that no other may."""
    if isinstance(entry, Merge):
        yield from (("merge", _shown(one)) for one in dict.fromkeys(entry.from_))
    elif isinstance(entry, ForbidAlias):
        yield "verdict on an alias", _shown(entry.entity), entry.alias
    elif isinstance(entry, Split):
        yield from (("verdict on an alias", _shown(entry.entity), one) for part in entry.into for one in part.aliases)
    else:
        yield entry.action, _shown(entry.entity)


def _refuse_circle(into: dict[str, str], number: int, file: Path) -> None:
    for begin in into:
        here, steps = into[begin], 0
        while here in into and steps <= len(into):
            here, steps = into[here], steps + 1
        if here == begin or steps > len(into):
            found = f"{begin} merged into itself"
            raise OverridesBroken(
                file, f"entry {number}", "merges without a circle", found, remedy="remove one of them"
            )


def _shown(reference: Reference) -> str:
    return reference if isinstance(reference, str) else f"the {reference.type} '{reference.name}'"
