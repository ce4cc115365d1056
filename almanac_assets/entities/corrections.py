"""Overrides as they act on found names: which name is taken for which, as of the release.

A correction speaks of names (type and normal form), because entities follow from names: a name that is led to another one
brings all its mentions, aliases and documents along, and goes back to what it was when the override goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from almanac_assets.entities.found import matcher_of
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.identity import digest_of
from almanac_assets.entities.normal_forms import normal_form
from almanac_assets.entities.overrides import ForbidAlias, Merge, Name, Override, Reference, Rename, SetType, Split

Key = tuple[str, str]
KEY = ["type", "normal_form"]
# `surface` is null where every spelling is meant, `name` where an entity is named by its id; `to_type` and `to_normal_form` are null where nothing is led elsewhere.
CORRECTIONS = pl.Schema(
    {
        "ordinal": pl.Int32(),
        "action": pl.String(),
        "type": pl.String(),
        "normal_form": pl.String(),
        "surface": pl.String(),
        "to_type": pl.String(),
        "to_normal_form": pl.String(),
        "to_name": pl.String(),
        "name": pl.String(),
        "reason": pl.String(),
        "since": pl.Datetime("us", "UTC"),
    }
)
LEADS_ON = ("merge", "set_type")


def corrections(
    found: pl.DataFrame,
    known_ids: pl.DataFrame,
    as_of: pl.DataFrame,
    gazetteer: Gazetteer,
    overrides: tuple[Override, ...],
) -> pl.DataFrame:
    """The overrides that hold at `as_of`, one row per name or spelling, in the schema CORRECTIONS, in file order.

    An entity named by its id is looked up among pinned, known and found names; an id that nobody bears has no effect.
    """
    in_force = [one for one in overrides if one.holds_from <= as_of["as_of"][0]]
    if not in_force:
        return pl.DataFrame(schema=CORRECTIONS)
    names = _Names(gazetteer, known_ids, found)
    rows = []
    for ordinal, one in enumerate(in_force):
        for row in _rows(one, names):
            rows.append((ordinal, one.action, *row, one.reason, one.holds_from))
        for row in _bearers(one, names):
            rows.append((ordinal, "merge", *row, one.reason, one.holds_from))
    return _without_circles(pl.DataFrame(rows, schema=CORRECTIONS, orient="row"))


def corrected(found: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Found names with `type` and `normal_form` as the corrections have them.

    Adds `found_type` (as found), `is_overridden` (led to another name by a person, or born of a split) and `is_forbidden`
    (must not be linked to what the name says).
    """
    plain = found.with_columns(found_type=pl.col("type"), is_overridden=pl.lit(False), is_forbidden=pl.lit(False))
    if corrections.is_empty():
        return plain
    spelled = corrections.filter(pl.col("surface").is_not_null()).select(
        *KEY, "surface", "to_type", "to_normal_form", forbidden=pl.col("action") == "forbid_alias"
    )
    after_spelling = _led(plain, spelled, [*KEY, "surface"]).with_columns(
        is_forbidden=pl.col("forbidden").fill_null(value=False),
        is_overridden=pl.col("to_type").is_not_null(),
    )
    final = _final_names(corrections)
    return (
        _led(after_spelling.drop("to_type", "to_normal_form", "forbidden"), final, KEY)
        .with_columns(is_overridden=pl.col("is_overridden") | pl.col("merged").fill_null(value=False))
        .select(*found.columns, "found_type", "is_overridden", "is_forbidden")
    )


def _led(names: pl.DataFrame, leads: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return names.join(leads, on=on, how="left", maintain_order="left").with_columns(
        pl.coalesce("to_type", "type").alias("type"),
        pl.coalesce("to_normal_form", "normal_form").alias("normal_form"),
    )


def final_name(key: Key, leads: Mapping[Key, Key]) -> Key:
    """Where a name ends up, following merges and changes of type."""
    while key in leads:
        key = leads[key]
    return key


def leads_of(corrections: pl.DataFrame) -> dict[Key, Key]:
    """Which whole names lead to which, one step each."""
    steps = corrections.filter(pl.col("action").is_in(LEADS_ON)).select(*KEY, "to_type", "to_normal_form")
    return {(kind, form): (to_kind, to_form) for kind, form, to_kind, to_form in steps.iter_rows()}


def _final_names(corrections: pl.DataFrame) -> pl.DataFrame:
    leads = leads_of(corrections)
    merged = set(corrections.filter(action="merge").select(KEY).iter_rows())
    rows = []
    for key in sorted(leads):
        path, here = {key}, leads[key]
        while here in leads:
            path, here = path | {here}, leads[here]
        rows.append((*key, *here, not path.isdisjoint(merged)))
    schema = {**dict.fromkeys((*KEY, "to_type", "to_normal_form"), pl.String), "merged": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _without_circles(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop a later entry that leads a name elsewhere again or back: two spellings of one name may hide that in the file."""
    leads: dict[Key, Key] = {}
    kept = []
    for row in rows.iter_rows(named=True):
        if row["action"] in LEADS_ON:
            key, to = (row["type"], row["normal_form"]), (row["to_type"], row["to_normal_form"])
            if key in leads or final_name(to, leads) == key or key == to:
                continue
            leads[key] = to
        kept.append(row)
    table = pl.DataFrame(kept, schema=rows.schema, orient="row")
    once = table.unique(["action", *KEY, "surface"], keep="first", maintain_order=True)
    return once.with_columns(ordinal=pl.int_range(pl.len(), dtype=pl.Int32))


def _rows(one: Override, names: _Names) -> list[tuple[str | None, ...]]:
    """(type, normal_form, surface, to_type, to_normal_form, to_name, name) of one entry."""
    if isinstance(one, Merge):
        to, called = names.key(one.into), None if isinstance(one.into, str) else one.into.name
        led = [(names.key(reference), reference) for reference in one.from_]
        return [
            (*key, None, *to, called, _name(reference)) for key, reference in led if key is not None and to is not None
        ]
    key = names.key(one.entity)
    if key is None:
        return []
    if isinstance(one, Rename):
        return [(*key, None, None, None, one.to, _name(one.entity))]
    if isinstance(one, ForbidAlias):
        return [(*key, one.alias, None, None, None, _name(one.entity))]
    if isinstance(one, SetType):
        called = names.called(one.entity, key)
        return [(*key, None, one.to, normal_form(called, one.to), None, _name(one.entity))]
    return _split_rows(one, key)


def _name(reference: Reference) -> str | None:
    return None if isinstance(reference, str) else reference.name


def _bearers(one: Override, names: _Names) -> list[tuple[str | None, ...]]:
    """Who bears the new name of a renamed thing is that thing."""
    if not isinstance(one, Rename):
        return []
    key = names.key(one.entity)
    bearer = None if key is None else names.key(Name(type=key[0], name=one.to))
    return [] if key is None or bearer is None or bearer == key else [(*bearer, None, *key, None, one.to)]


def _split_rows(one: Split, key: Key) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    for part in one.into:
        kind = part.type or key[0]
        to = kind, normal_form(part.name, kind)
        rows += [(*key, alias, *to, part.name, _name(one.entity)) for alias in part.aliases if to != key]
    return rows


@dataclass
class _Names:
    """Finds the name that an override speaks of."""

    gazetteer: Gazetteer
    known_ids: pl.DataFrame
    found: pl.DataFrame
    _by_id: dict[str, Key] = field(default_factory=dict)

    def key(self, reference: Reference) -> Key | None:
        """The name as the finder of names would take it: a listed alias, or a member of a family, by its listed name."""
        if isinstance(reference, str):
            return self._keys().get(reference) or self._by_digest(reference)
        whole = [
            hit
            for readings in matcher_of(self.gazetteer).hits(reference.name)
            for hit in readings
            if hit.entry.type == reference.type and (hit.start, hit.end) == (0, len(reference.name))
        ]
        return reference.type, normal_form(whole[0].canonical if whole else reference.name, reference.type)

    def called(self, reference: Reference, key: Key) -> str:
        return key[1] if isinstance(reference, str) else reference.name

    def _keys(self) -> dict[str, Key]:
        if not self._by_id:
            # After a change of type an id is known under two names; the one that it was made of is meant.
            for entity_id, kind, form in self.known_ids.select("entity_id", *KEY).sort("entity_id", *KEY).iter_rows():
                if entity_id not in self._by_id or entity_id.endswith(digest_of(kind, form)):
                    self._by_id[entity_id] = kind, form
            self._by_id |= {pin.entity_id: (pin.type, pin.normal_form) for pin in self.gazetteer.pins}
        return self._by_id

    def _by_digest(self, entity_id: str) -> Key | None:
        """The found name whose digest ends the id."""
        for kind, form in self.found.select(KEY).unique().sort(KEY).iter_rows():
            if entity_id.endswith(digest_of(kind, form)):
                return kind, form
        return None
