"""The published tables of names: mentions, entities with their counts, aliases, and the evidence behind them."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.linking import linked_mentions
from almanac_assets.text.spans import evidence_ids, span_rows

NEW_DAYS, QUIET_DAYS, RATE_DAYS = 30, 90, 180
RISING_FACTOR, RISING_LEAST = 1.5, 5
MENTIONS = Method(
    "entities.mentions",
    1,
    "Mentions by listed names, patterns of model families, and definitions",
    "Listed names are matched longest first with rules for case and word borders; families of models are extended by version, "
    "size and variant; 'NAME: what it is' and 'we introduce NAME, a ...' define new names. Ambiguous names need a sign in the "
    "same document. Links go by typed normal forms.",
    training_data="data/gazetteer/, reviewed lists with their sources",
)
REGISTRY = Method(
    "entities.registry",
    1,
    "Entities by typed normal form, ids kept for ever",
    "A definition or a sure mention of a listed name founds an entity; its id is the slug at birth and a hash of type and "
    "founding normal form, and is kept from release to release. Reviewed overrides merge, rename, split and retype. A state "
    "(released, announced ...) is what the defining document says in so many words. Activity counts documents by publication, back from as_of.",
    {
        "new_days": NEW_DAYS,
        "quiet_days": QUIET_DAYS,
        "rate_days": RATE_DAYS,
        "rising_factor": RISING_FACTOR,
        "rising_least": RISING_LEAST,
    },
)


def known_ids(entities: pl.DataFrame) -> pl.DataFrame:
    """(type, normal_form, entity_id, slug) of a release, what the next one must keep, and whether the record `is_active`."""
    known = entities.select("type", "normal_form", "entity_id", "slug", is_active=pl.col("record_status") == "active")
    return known.sort("type", "normal_form")


def mentions(
    found: pl.DataFrame,
    documents: pl.DataFrame,
    registry: pl.DataFrame,
    gazetteer: Gazetteer,
    corrections: pl.DataFrame,
) -> pl.DataFrame:
    """The table `mentions`: what was found in each content, in every document of that content, linked."""
    linked = linked_mentions(found, documents, registry, gazetteer, corrections)
    return linked.with_columns(MENTIONS.column).select(TABLES["mentions"].column_names)


def entity_aliases(aliases: pl.DataFrame) -> pl.DataFrame:
    """The table `entity_aliases`."""
    return aliases.with_columns(REGISTRY.column, evidence_ids(_spans(aliases, "evidence"))).select(
        TABLES["entity_aliases"].column_names
    )


def evidence_entities(
    aliases: pl.DataFrame,
    registry: pl.DataFrame,
    lifecycles: pl.DataFrame,
    relations: pl.DataFrame,
    judgements: pl.DataFrame,
) -> pl.DataFrame:
    """The spans that aliases, descriptions, states, relations and judgements follow from, each once."""
    described = registry.filter(pl.col("description").is_not_null())
    told = [_spans(table, "evidence") for table in (aliases, lifecycles, relations, judgements)]
    return span_rows(pl.concat([*told, _spans(described, "description")]))


def _spans(table: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """The columns `evidence_document_id`, `evidence_field` ... of a table as the columns of spans."""
    return table.select(
        subject_id=f"{prefix}_document_id", field=f"{prefix}_field", start=f"{prefix}_start", end=f"{prefix}_end"
    )


def entities(
    registry: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    aliases: pl.DataFrame,
    lifecycles: pl.DataFrame,
    as_of: pl.DataFrame,
) -> pl.DataFrame:
    """The table `entities`: the registry with counts, first and last dates, state and activity.

    A merged or retired record counts nothing and is quiet; its dates are those of the documents that still bear its name.
    """
    now = as_of["as_of"][0]
    linked = mentions.filter(pl.col("entity_id").is_not_null())
    named = linked.group_by("entity_id", "document_id").agg(mention_count=pl.len()).join(documents, on="document_id")
    counts = named.group_by("entity_id").agg(
        pl.col("first_seen_at").min(),
        last_seen_at=pl.col("first_seen_at").max(),
        first_published_at=pl.col("published_at").min(),
        document_count=pl.len().cast(pl.Int64),
        mention_count=pl.col("mention_count").sum().cast(pl.Int64),
        **_recent(now),
    )
    in_events = event_entities.group_by("entity_id").agg(event_count=pl.len().cast(pl.Int64))
    names = aliases.group_by("entity_id").agg(alias_count=pl.len().cast(pl.Int64))
    states = lifecycles.select(
        "entity_id", "lifecycle", evidence_ids(_spans(lifecycles, "evidence")).alias("lifecycle_evidence_id")
    )
    return (
        registry.with_columns(evidence_ids(_spans(registry, "description")).alias("description_evidence_id"))
        .join(counts, on="entity_id", how="left")
        .join(in_events, on="entity_id", how="left")
        .join(names, on="entity_id", how="left")
        .join(states, on="entity_id", how="left")
        .with_columns(
            REGISTRY.column,
            pl.col("document_count", "mention_count", "event_count", "alias_count").fill_null(0),
            first_seen_at=pl.coalesce("first_seen_at", "founded_from"),
            last_seen_at=pl.coalesce("last_seen_at", "founded_until"),
            activity=pl.when(pl.col("record_status") == "active").then(_activity()).otherwise(pl.lit("quiet")),
        )
        .select(TABLES["entities"].column_names)
    )


def _recent(now: datetime) -> dict[str, pl.Expr]:
    """Counts of documents by age of publication at `now`, and the age of the first, in days."""
    age = (pl.lit(now) - pl.col("published_at")).dt.total_days()
    return {
        "oldest_days": age.max(),
        "newest_days": age.min(),
        "in_month": (age <= NEW_DAYS).sum(),
        "in_half_year": (age <= RATE_DAYS).sum(),
    }


def _activity() -> pl.Expr:
    """new, rising, steady or quiet; steady where no document has a date."""
    month_rate = pl.col("in_month") / NEW_DAYS
    half_year_rate = pl.col("in_half_year") / RATE_DAYS
    is_rising = (month_rate > RISING_FACTOR * half_year_rate) & (pl.col("in_month") >= RISING_LEAST)
    return (
        pl.when(pl.col("oldest_days") <= NEW_DAYS)
        .then(pl.lit("new"))
        .when(is_rising)
        .then(pl.lit("rising"))
        .when(pl.col("newest_days") > QUIET_DAYS)
        .then(pl.lit("quiet"))
        .otherwise(pl.lit("steady"))
    )
