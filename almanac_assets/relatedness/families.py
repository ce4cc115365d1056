"""Which entities belong to one family of names: by the grammar of model names, else by a name that goes on behind a mark."""

from __future__ import annotations

import re

import polars as pl

# Kinds of things whose variants carry the first one's name: MMLU and MMLU-Pro, SWE-bench and SWE-bench Lite.
NAMED_ON = ("benchmark", "dataset", "model", "software")
LEAST_ROOT = 3  # letters and digits of a name that others may go on from; shorter ones meet by chance
MOST_MEMBERS = 200  # members of a family that are paired with one another
_MARK = re.compile(r"[-_ /.:+]+")


def families(registry: pl.DataFrame) -> pl.DataFrame:
    """entity_id, root and above of every entity with a family of at least two: the entities at its top and one step up.

    `registry` has entity_id, name, type, parent_entity_id.
    """
    parents = dict(
        registry.filter(pl.col("parent_entity_id").is_not_null()).select("entity_id", "parent_entity_id").iter_rows()
    )
    known: dict[tuple[str, str], str] = {}
    for entity, name, kind in (
        registry.sort("entity_id", descending=True).select("entity_id", "name", "type").iter_rows()
    ):
        known[kind, name.casefold()] = entity
    rows = []
    for entity, name, kind in registry.sort("entity_id").select("entity_id", "name", "type").iter_rows():
        above = parents.get(entity) or _shorter(entity, name, kind, known)
        if above is not None:
            rows.append((entity, above))
    upward = dict(rows)
    every = sorted({one for row in rows for one in row})
    found = [(entity, _top(entity, upward), upward.get(entity)) for entity in every]
    return pl.DataFrame(found, schema=dict.fromkeys(("entity_id", "root", "above"), pl.String), orient="row")


def family_pairs(registry: pl.DataFrame) -> pl.DataFrame:
    """Ordered pairs (entity_id, other_entity_id) of one family with its top's name as `family`.

    `is_close` says that one stands above the other, or both under the same.
    Of a family with more than MOST_MEMBERS the first by id are paired.
    """
    members = families(registry).sort("root", "entity_id").filter(pl.int_range(pl.len()).over("root") < MOST_MEMBERS)
    named = members.join(registry.select(root="entity_id", family="name"), on="root")
    one, other = pl.col("entity_id"), pl.col("other_entity_id")
    above, over = pl.col("above"), pl.col("other_above")
    close = (above == other) | (over == one) | (above == over)
    return (
        named.join(named.select("root", other_entity_id="entity_id", other_above="above"), on="root")
        .filter(one != other)
        .select("entity_id", "other_entity_id", "family", is_close=close.fill_null(False))
    )


def _shorter(entity: str, name: str, kind: str, known: dict[tuple[str, str], str]) -> str | None:
    """The entity of the same type whose name this one goes on from, the longest such name."""
    if kind not in NAMED_ON:
        return None
    for mark in reversed(list(_MARK.finditer(name))):
        stem = name[: mark.start()]
        other = known.get((kind, stem.casefold()))
        if other not in (None, entity) and sum(letter.isalnum() for letter in stem) >= LEAST_ROOT:
            return other
    return None


def _top(entity: str, upward: dict[str, str]) -> str:
    seen = {entity}
    while entity in upward and upward[entity] not in seen:
        entity = upward[entity]
        seen.add(entity)
    return entity
