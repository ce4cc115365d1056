"""Why a list is short or empty, so that nobody takes a gap for an oversight."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.relatedness.guide_tables import LEAST_SCORE, LISTED
from almanac_assets.relatedness.guides import LIMITS
from almanac_assets.relatedness.related_events import WEIGHTS as RELATED
from almanac_assets.relatedness.similar_entities import WEIGHTS as LIKE
from almanac_assets.relatedness.similar_papers import PAPERS, WEIGHTS

NOTES = Method(
    "relatedness.list_notes",
    2,
    "Notes on short and empty lists",
    "A row for each paper, event and entity of which a ranked list holds fewer than it may, for each document without "
    "mentions, and for each event without a summary. An entity that no event names has no lists, and no notes.",
)


def list_notes(
    documents: pl.DataFrame,
    events: pl.DataFrame,
    entities: pl.DataFrame,
    mentions: pl.DataFrame,
    similar_papers: pl.DataFrame,
    related_events: pl.DataFrame,
    similar_entities: pl.DataFrame,
    event_guides: pl.DataFrame,
    entity_guides: pl.DataFrame,
) -> pl.DataFrame:
    """The table `list_notes`; of the lists only the column of their subject is read."""
    papers = documents.filter(pl.col("kind").is_in(PAPERS))
    named = entities.filter(pl.col("event_count") > 0)
    beside = f"beside its best guide only one within {LIMITS.within} of its cosine counts, and one wider guide"
    near = f"it is not near the middle of any guide (cosine {LIMITS.floor})"
    notes = [
        _short(papers, "document_id", similar_papers, "similar_papers", WEIGHTS.shown, WEIGHTS.floor, "papers"),
        _short(events, "event_id", related_events, "related_events", RELATED.shown, RELATED.floor, "events"),
        _short(named, "entity_id", similar_entities, "similar_entities", LIKE.shown, LIKE.floor, "entities"),
        _guides(events, "event_id", event_guides, "event_guides", LIMITS.floor, near, beside),
        _guides(named, "entity_id", entity_guides, "entity_guides", LEAST_SCORE, _no_guide(), _no_guide("other ")),
        _mentions(documents, mentions),
        _summary(events),
    ]
    return pl.concat(notes).with_columns(NOTES.column).select(TABLES["list_notes"].column_names)


def _note(
    rows: pl.DataFrame, subject: str, name: str, shown: pl.Expr, threshold: float | None, note: pl.Expr
) -> pl.DataFrame:
    count = shown.cast(pl.Int64)
    return rows.select(
        subject_id=pl.col(subject),
        list_name=pl.lit(name),
        shown=count,
        eligible=count,
        threshold=pl.lit(threshold, dtype=pl.Float64),
        note=note,
    )


def _counted(subjects: pl.DataFrame, key: str, listed: pl.DataFrame, most: int) -> pl.DataFrame:
    """The subjects that have fewer rows than `most`, with their number as `shown`."""
    counts = listed.group_by(key).agg(shown=pl.len().cast(pl.Int64))
    rows = subjects.select(key).join(counts, on=key, how="left", maintain_order="left")
    return rows.with_columns(pl.col("shown").fill_null(0)).filter(pl.col("shown") < most)


def _short(
    subjects: pl.DataFrame, key: str, listed: pl.DataFrame, name: str, most: int, floor: float, what: str
) -> pl.DataFrame:
    """Notes on a ranked list of what scores at least `floor`."""
    low = pl.format("{} of {}: none of the other {} that were compared scores {} or more", "shown", pl.lit(most), pl.lit(what), pl.lit(floor))  # fmt: skip
    none_left = pl.format("{} of {}: there are no other {}", "shown", pl.lit(most), pl.lit(what))
    note = pl.when(pl.col("shown") >= subjects.height - 1).then(none_left).otherwise(low)
    return _note(_counted(subjects, key, listed, most), key, name, pl.col("shown"), floor, note)


def _guides(
    subjects: pl.DataFrame, key: str, listed: pl.DataFrame, name: str, floor: float, none: str, few: str
) -> pl.DataFrame:
    """Notes on lists of guides, with one reason for having none and another for having few."""
    why = pl.when(pl.col("shown") == 0).then(pl.lit(none)).otherwise(pl.lit(few))
    note = pl.format("{} of {}: {}", "shown", pl.lit(LISTED), why)
    return _note(_counted(subjects, key, listed, LISTED), key, name, pl.col("shown"), floor, note)


def _no_guide(other: str = "") -> str:
    return f"no {other}guide holds {LEAST_SCORE} or more of its events beyond chance, few events counting less"


def _mentions(documents: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    without = documents.join(mentions.select("document_id"), on="document_id", how="anti")
    foreign = pl.col("language").is_not_null() & (pl.col("language") != "en")
    note = (
        pl.when(foreign)
        .then(pl.format("no names are looked for in texts in '{}'", "language"))
        .when(pl.col("text").is_null())
        .then(pl.lit("there is only a title, and it holds no known name"))
        .otherwise(pl.lit("no known or defined name stands in title or text"))
    )
    return _note(without, "document_id", "mentions", pl.lit(0), None, note)


def _summary(events: pl.DataFrame) -> pl.DataFrame:
    without = events.filter(pl.col("summary_basis") == "none")
    return _note(without, "event_id", "summary", pl.lit(0), None, pl.lit("there is only a title to go by"))
