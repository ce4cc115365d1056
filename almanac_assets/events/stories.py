"""Which documents are one event: for now each work is one, its revisions joined by the identity of the document."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.identity import event_ids
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.text.sentences import lead

SUMMARY_SENTENCES = 2
SLUG_LENGTH = 72  # characters of a slug before its suffix: whole in most address bars


@dataclass(frozen=True)
class SalienceWeights:
    """The three parts of salience add up to 1; `early_within` in code points, `repeated_at` in mentions."""

    headline: float = 0.5
    early: float = 0.3
    repeated: float = 0.2
    early_within: int = 1000
    repeated_at: int = 5


STORIES = Method(
    "events.stories",
    1,
    "One event per work",
    "A document opens an event and is its lead; later versions of the document belong to the same event. The headline is "
    "the title, the summary the first sentences of the abstract, word for word.",
    {"summary_sentences": SUMMARY_SENTENCES},
)
ENTITIES = Method(
    "events.entities",
    1,
    "Entities of an event with their salience",
    "Salience adds half for a name in the headline, up to 0.3 for an early first mention and up to 0.2 for repetition.",
    asdict(SalienceWeights()),
)


def event_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """The table `event_documents`: each document is the lead of its own event."""
    versions = pl.when(pl.col("version") > 1).then(pl.format("versions up to {} of one document", "version"))
    return documents.with_columns(
        STORIES.column,
        event_ids(documents["document_id"]),
        role=pl.lit("lead"),
        rule=pl.lit("same_id"),
        confidence=pl.lit(None, dtype=pl.Float64),
        reason=versions.otherwise(pl.lit("the only document of this work")),
    ).select(TABLES["event_documents"].column_names)


def event_entities(mentions: pl.DataFrame, weights: SalienceWeights = SalienceWeights()) -> pl.DataFrame:
    """The table `event_entities` from linked mentions: title before text, then by place."""
    placed = mentions.filter(pl.col("entity_id").is_not_null()).with_columns(in_title=pl.col("field") == "title")
    ordered = placed.sort("document_id", "entity_id", pl.col("in_title").not_(), "start", "mention_id")
    named = ordered.group_by("document_id", "entity_id", maintain_order=True).agg(
        in_headline=pl.col("in_title").any(),
        mention_count=pl.len().cast(pl.Int64),
        first_mention_id=pl.col("mention_id").first(),
        first_start=pl.when(pl.col("in_title").first()).then(0).otherwise(pl.col("start").first()),
    )
    early = (1 - pl.col("first_start") / weights.early_within).clip(0, 1)
    repeated = (pl.col("mention_count") / weights.repeated_at).clip(0, 1)
    salience = weights.headline * pl.col("in_headline") + weights.early * early + weights.repeated * repeated
    return named.with_columns(ENTITIES.column, event_ids(named["document_id"]), salience=salience.round(6)).select(
        TABLES["event_entities"].column_names
    )


def events(
    documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    importance_parts: pl.DataFrame,
    sources: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `events`; the cut points are the nine scores at which the levels 2 to 10 begin."""
    scores = importance_parts.group_by("event_id").agg(importance_score=pl.col("points").sum().round(6))
    named = event_entities.group_by("event_id").agg(entity_count=pl.len().cast(pl.Int64))
    level = 1 + sum(
        ((pl.col("importance_score") >= cut).cast(pl.Int8) for cut in constants.cut_points), pl.lit(0, dtype=pl.Int8)
    )
    told = documents.with_columns(event_ids(documents["document_id"]), summaries(documents["text"]))
    told = told.with_columns(slugs(told["title"], told["event_id"]))
    return (
        told.join(scores, on="event_id", how="left", maintain_order="left")
        .join(named, on="event_id", how="left", maintain_order="left")
        .join(sources.select("source_id", source_label="short_name"), on="source_id", how="left", maintain_order="left")
        .with_columns(
            STORIES.column,
            kind=pl.lit("research"),
            headline=pl.col("title"),
            headline_basis=pl.lit("title"),
            summary_basis=pl.when(pl.col("summary").is_null()).then(pl.lit("none")).otherwise(pl.lit("abstract_lead")),
            importance=level,
            lead_document_id="document_id",
            occurred_at="published_at",
            document_count=pl.lit(1, dtype=pl.Int64),
            entity_count=pl.col("entity_count").fill_null(0),
            record_status=pl.when("is_withdrawn").then(pl.lit("withdrawn")).otherwise(pl.lit("active")),
        )
        .select(TABLES["events"].column_names)
    )


def summaries(texts: pl.Series) -> pl.Series:
    """The first sentences of each text, word for word; null where there is no text."""
    spans = (None if text is None else lead(text, SUMMARY_SENTENCES) for text in texts)
    cut = [text[span[0] : span[1]] if text and span else None for text, span in zip(texts, spans, strict=True)]
    return pl.Series("summary", cut, dtype=pl.String)


def slugs(titles: pl.Series, ids: pl.Series) -> pl.Series:
    """The title for addresses, cut between words, with six digits of the id so that two equal titles stay apart.

    A title without a letter of the alphabet gives nothing to read: its slug is all 16 digits of the id.
    """
    made = [slug_of(title, id_) for title, id_ in zip(titles, ids, strict=True)]
    return pl.Series("slug", made, dtype=pl.String)


def slug_of(title: str, event_id: str) -> str:
    words, digits = slug(title), event_id.removeprefix("ev-")
    if len(words) > SLUG_LENGTH:
        whole = words[: SLUG_LENGTH + 1].rsplit("-", 1)[0]
        words = whole if len(whole) <= SLUG_LENGTH else words[:SLUG_LENGTH]
    return f"{words}-{digits[:6]}" if words else digits


def slug(title: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; accents are dropped from their letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode() if not title.isascii() else title
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
