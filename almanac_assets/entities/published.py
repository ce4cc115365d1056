"""The published tables of names: mentions, entities with their counts, aliases, and the evidence behind them."""

from __future__ import annotations

import hashlib
from datetime import datetime

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.linking import linked_mentions

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
    "founding normal form, and is kept from release to release. Activity counts documents by publication, back from as_of.",
    {
        "new_days": NEW_DAYS,
        "quiet_days": QUIET_DAYS,
        "rate_days": RATE_DAYS,
        "rising_factor": RISING_FACTOR,
        "rising_least": RISING_LEAST,
    },
)
EVIDENCE = Method(
    "entities.evidence",
    1,
    "Spans that names and descriptions follow from",
    "The earliest place where an alias is written, and the place where a description stands, word for word.",
)
# Sources whose texts may be quoted; facts-only sources are cited by span and hash alone.
QUOTABLE = ("full", "abstract", "excerpt")
SPAN = ("subject_id", "field", "start", "end")


def known_ids(entities: pl.DataFrame) -> pl.DataFrame:
    """(type, normal_form, entity_id, slug) of a release: what the next one must keep."""
    return entities.select("type", "normal_form", "entity_id", "slug").sort("type", "normal_form")


def mentions(
    found: pl.DataFrame, documents: pl.DataFrame, registry: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """The table `mentions`: what was found in each content, in every document of that content, linked."""
    linked = linked_mentions(found, documents, registry, gazetteer)
    return linked.with_columns(MENTIONS.column).select(TABLES["mentions"].column_names)


def entity_aliases(aliases: pl.DataFrame) -> pl.DataFrame:
    """The table `entity_aliases`."""
    spans = aliases.select(
        subject_id="evidence_document_id", field="evidence_field", start="evidence_start", end="evidence_end"
    )
    return aliases.with_columns(REGISTRY.column, evidence_ids(spans)).select(TABLES["entity_aliases"].column_names)


def evidence_ids(spans: pl.DataFrame) -> pl.Series:
    """`e-` and 16 hex digits of subject, field and span; null where there is no subject."""
    made = [
        None if row[0] is None else "e-" + hashlib.sha256("\0".join(map(str, row)).encode()).hexdigest()[:16]
        for row in spans.select(SPAN).iter_rows()
    ]
    return pl.Series("evidence_id", made, dtype=pl.String)


def evidence_entities(aliases: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """The spans that aliases and descriptions follow from, each once."""
    of_aliases = aliases.select(
        subject_id="evidence_document_id", field="evidence_field", start="evidence_start", end="evidence_end"
    )
    of_descriptions = registry.filter(pl.col("description").is_not_null()).select(
        subject_id="description_document_id",
        field="description_field",
        start="description_start",
        end="description_end",
    )
    spans = pl.concat([of_aliases, of_descriptions]).drop_nulls("subject_id").unique().sort(SPAN)
    return spans.with_columns(evidence_ids(spans))


def evidence(evidence_entities: pl.DataFrame, documents: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """The table `evidence`: each span with its words, quoted as far as the source allows."""
    texts = documents.select("document_id", "title", "text", "source_id").join(
        sources.select("source_id", "redistribution"), on="source_id"
    )
    spans = evidence_entities.join(texts, left_on="subject_id", right_on="document_id", maintain_order="left")
    whole = pl.when(pl.col("field") == "title").then("title").otherwise("text")
    spans = spans.with_columns(words=whole.str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
    hashes = [hashlib.sha256(words.encode()).hexdigest()[:32] for words in spans["words"]]
    return spans.with_columns(
        EVIDENCE.column,
        subject_table=pl.lit("documents"),
        quote=pl.when(pl.col("redistribution").is_in(QUOTABLE)).then("words"),
        quote_hash=pl.Series(hashes, dtype=pl.String),
    ).select(TABLES["evidence"].column_names)


def entities(
    registry: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    aliases: pl.DataFrame,
    as_of: pl.DataFrame,
) -> pl.DataFrame:
    """The table `entities`: the registry with counts, first and last dates, and activity."""
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
    spans = registry.select(
        subject_id="description_document_id",
        field="description_field",
        start="description_start",
        end="description_end",
    )
    no_text = pl.lit(None, dtype=pl.String)
    return (
        registry.with_columns(evidence_ids(spans).alias("description_evidence_id"))
        .join(counts, on="entity_id")
        .join(in_events, on="entity_id", how="left")
        .join(names, on="entity_id", how="left")
        .with_columns(
            REGISTRY.column,
            pl.col("event_count", "alias_count").fill_null(0),
            record_status=pl.lit("active"),
            activity=_activity(),
            lifecycle=no_text,
            lifecycle_evidence_id=no_text,
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
