"""The registry: one row per named thing, founded by a definition or by a sure mention of a listed name."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.identity import entity_id_of, free_slug
from almanac_assets.entities.normal_forms import parent_form

REGISTRY_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "slug": pl.String(),
    "name": pl.String(),
    "type": pl.String(),
    "normal_form": pl.String(),
    "parent_entity_id": pl.String(),
    "description": pl.String(),
    "description_document_id": pl.String(),
    "description_field": pl.String(),
    "description_start": pl.Int32(),
    "description_end": pl.Int32(),
}
KEY = ["type", "normal_form"]
# Titles are read before texts wherever the earliest mention is sought.
FIELD_RANK = pl.when(pl.col("field") == "title").then(0).otherwise(1)


def registry(
    found: pl.DataFrame, documents: pl.DataFrame, gazetteer: Gazetteer, known_ids: pl.DataFrame
) -> pl.DataFrame:
    """All entities that the documents name, in REGISTRY_SCHEMA, sorted by entity_id.

    `known_ids` has type, normal_form, entity_id, slug of the release before and may be empty: an id once given stays,
    and a slug once given goes to nobody else. Pinned ids win over both. An ambiguous surface founds nothing.
    """
    sure = found.filter(~pl.col("is_ambiguous") & (pl.col("normal_form") != ""))
    seen = sure.join(documents.select("document_id", "content_hash", "first_seen_at"), on="content_hash")
    named = _names(seen, gazetteer).sort(KEY)
    ids = _ids(named, gazetteer, known_ids)
    parents = _parents(ids)
    return (
        ids.join(parents, on="entity_id", how="left")
        .join(_descriptions(seen), on=KEY, how="left")
        .select(pl.col(name).cast(kind) for name, kind in REGISTRY_SCHEMA.items())
        .sort("entity_id")
    )


def _names(seen: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The preferred surface of each normal form: the listed one, else the most frequent, ties to the earliest."""
    frequent = (
        seen.sort("first_seen_at", "document_id")
        .group_by(*KEY, "surface", maintain_order=True)
        .agg(pl.len().alias("mentions"), pl.col("first_seen_at", "document_id").first())
        .sort("mentions", "first_seen_at", "document_id", "surface", descending=[True, False, False, False])
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, "surface")
    )
    listed = pl.DataFrame(
        [(entry.type, entry.form, entry.name) for entry in gazetteer.entries],
        schema={"type": pl.String, "normal_form": pl.String, "listed": pl.String},
        orient="row",
    ).unique(KEY, keep="first", maintain_order=True)
    return frequent.join(listed, on=KEY, how="left").select(*KEY, pl.coalesce("listed", "surface").alias("name"))


def _ids(named: pl.DataFrame, gazetteer: Gazetteer, known_ids: pl.DataFrame) -> pl.DataFrame:
    """Give every row its entity_id and slug: pinned, else known, else newly made in the order of the normal forms."""
    fixed: dict[tuple[str, str], tuple[str, str]] = {
        (kind, form): (entity_id, slug)
        for kind, form, entity_id, slug in known_ids.select(*KEY, "entity_id", "slug").sort(KEY).iter_rows()
    }
    fixed |= {(pin.type, pin.normal_form): (pin.entity_id, pin.slug) for pin in gazetteer.pins}
    taken = {slug for _, slug in fixed.values()}
    rows = []
    for kind, form, name in named.select(*KEY, "name").iter_rows():
        if (kind, form) not in fixed:
            slug = free_slug(name, kind, form, taken)
            taken.add(slug)
            fixed[kind, form] = entity_id_of(name, kind, form), slug
        rows.append((*fixed[kind, form], name, kind, form))
    return pl.DataFrame(rows, schema=dict.fromkeys(("entity_id", "slug", "name", *KEY), pl.String), orient="row")


def _parents(ids: pl.DataFrame) -> pl.DataFrame:
    """Each model's nearest ancestor by the grammar of names that the registry holds."""
    known = {(kind, form): entity_id for kind, form, entity_id in ids.select(*KEY, "entity_id").iter_rows()}
    rows = []
    for (kind, form), entity_id in known.items():
        parent = _nearest(form, kind, known)
        if parent is not None:
            rows.append((entity_id, parent))
    return pl.DataFrame(rows, schema={"entity_id": pl.String, "parent_entity_id": pl.String}, orient="row")


def _nearest(form: str, kind: str, known: Mapping[tuple[str, str], str]) -> str | None:
    above = parent_form(form, kind)
    while above is not None and (kind, above) not in known:
        above = parent_form(above, kind)
    return None if above is None else known[kind, above]


def _descriptions(seen: pl.DataFrame) -> pl.DataFrame:
    """What the earliest defining document says the thing is, with its span."""
    return (
        seen.filter(pl.col("definition").is_not_null())
        .with_columns(FIELD_RANK.alias("field_rank"))
        .sort("first_seen_at", "document_id", "field_rank", "start")
        .unique(KEY, keep="first", maintain_order=True)
        .select(
            *KEY,
            pl.col("definition").alias("description"),
            pl.col("document_id").alias("description_document_id"),
            pl.col("definition_field").alias("description_field"),
            pl.col("definition_start").alias("description_start"),
            pl.col("definition_end").alias("description_end"),
        )
    )
