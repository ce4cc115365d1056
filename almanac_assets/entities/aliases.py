"""Under which names each entity is written, how we know, and where each name was first seen."""

from __future__ import annotations

import polars as pl

from almanac_assets.entities.linking import LINK_CONFIDENCE
from almanac_assets.entities.normal_forms import normal_form
from almanac_assets.entities.registry import FIELD_RANK

ALIASES_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "alias": pl.String(),
    "normal_form": pl.String(),
    "is_preferred": pl.Boolean(),
    "rule": pl.String(),
    "confidence": pl.Float64(),
    "is_ambiguous": pl.Boolean(),
    "mention_count": pl.Int64(),
    "first_seen_at": pl.Datetime("us", "UTC"),
    "evidence_document_id": pl.String(),
    "evidence_field": pl.String(),
    "evidence_start": pl.Int32(),
    "evidence_end": pl.Int32(),
}
# The surest rule under which a surface was ever linked is the alias's rule.
_RULES = dict(enumerate(LINK_CONFIDENCE))
_RULE_RANK = {rule: rank for rank, rule in _RULES.items()}


def entity_aliases(mentions: pl.DataFrame, registry: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """One row per entity and surface that was linked to it, in ALIASES_SCHEMA, sorted by entity_id and alias.

    `is_ambiguous` says that the same surface is linked to several entities, or was left unlinked as ambiguous
    elsewhere. The evidence is the earliest mention by first_seen_at, document, title before text, and place.
    """
    grouped = (
        _per_surface(mentions, documents)
        .join(registry.select("entity_id", "name", "type"), on="entity_id", how="left")
        .join(_ambiguous_surfaces(mentions), on="surface", how="left")
    )
    return (
        grouped.with_columns(
            (pl.col("surface") == pl.col("name")).alias("is_preferred"),
            pl.col("rule_rank").replace_strict(_RULES, return_dtype=pl.String).alias("rule"),
            _forms(grouped),
            pl.col("is_ambiguous").fill_null(False),
        )
        .with_columns(pl.col("rule").replace_strict(LINK_CONFIDENCE, return_dtype=pl.Float64).alias("confidence"))
        .rename({"surface": "alias", **{name: f"evidence_{name}" for name in ("document_id", "field", "start", "end")}})
        .select(pl.col(name).cast(kind) for name, kind in ALIASES_SCHEMA.items())
        .sort("entity_id", "alias")
    )


def _per_surface(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Linked mentions counted by entity and surface, with the surest rule and the place of the earliest."""
    dated = (
        mentions.filter(pl.col("entity_id").is_not_null())
        .join(documents.select("document_id", "first_seen_at"), on="document_id")
        .with_columns(
            FIELD_RANK.alias("field_rank"),
            pl.col("link_rule").replace_strict(_RULE_RANK, return_dtype=pl.Int32).alias("rule_rank"),
        )
    )
    earliest_first = dated.sort("first_seen_at", "document_id", "field_rank", "start")
    return earliest_first.group_by("entity_id", "surface", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("mention_count"),
        pl.col("rule_rank").min(),
        pl.col("first_seen_at", "document_id", "field", "start", "end").first(),
    )


def _forms(grouped: pl.DataFrame) -> pl.Series:
    forms = [normal_form(surface, kind) for surface, kind in grouped.select("surface", "type").iter_rows()]
    return pl.Series("normal_form", forms, dtype=pl.String)


def _ambiguous_surfaces(mentions: pl.DataFrame) -> pl.DataFrame:
    """Surfaces that are linked to several entities, or left open as ambiguous at least once."""
    return (
        mentions.group_by("surface")
        .agg(
            pl.col("entity_id").drop_nulls().n_unique().alias("owners"),
            (pl.col("unresolved_reason") == "ambiguous").any().alias("left_open"),
        )
        .filter((pl.col("owners") > 1) | pl.col("left_open").fill_null(False))
        .select("surface", pl.lit(True).alias("is_ambiguous"))
    )
