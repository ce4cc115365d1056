"""Why a list is short or empty, so that nobody takes a gap for an oversight."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.identity import event_ids
from almanac_assets.relatedness.similar_papers import WEIGHTS

NOTES = Method(
    "relatedness.list_notes",
    1,
    "Notes on short and empty lists",
    "A row for each document with fewer similar papers than the list holds, for each without mentions, and for each event "
    "without a summary.",
)


def list_notes(documents: pl.DataFrame, similar_papers: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """The table `list_notes`."""
    notes = [_similar(documents, similar_papers), _mentions(documents, mentions), _summary(documents)]
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


def _similar(documents: pl.DataFrame, similar_papers: pl.DataFrame) -> pl.DataFrame:
    counts = similar_papers.group_by("document_id").agg(shown=pl.len())
    short = documents.join(counts, on="document_id", how="left").with_columns(pl.col("shown").fill_null(0))
    short = short.filter(pl.col("shown") < WEIGHTS.shown)
    most = pl.lit(WEIGHTS.shown)
    low = pl.format(
        "{} of {}: no other of the {} papers with the nearest texts scores {} or more",
        "shown",
        most,
        pl.lit(WEIGHTS.candidates),
        pl.lit(WEIGHTS.floor),
    )
    none_left = pl.format("{} of {}: there are no other papers", "shown", most)
    note = pl.when(pl.col("shown") >= documents.height - 1).then(none_left).otherwise(low)
    return _note(short, "document_id", "similar_papers", pl.col("shown"), WEIGHTS.floor, note)


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


def _summary(documents: pl.DataFrame) -> pl.DataFrame:
    without = documents.filter(pl.col("text").is_null())
    without = without.with_columns(event_ids(without["document_id"]))
    return _note(without, "event_id", "summary", pl.lit(0), None, pl.lit("there is only a title to go by"))
