"""Agreement of a release with the hand-labelled rows: shares with their n and 95 % Wilson intervals.

An abstention (role or polarity `unclear`, a mention without entity) is no error and no success: coverage says how often the
rules decide, accuracy how often they are right where they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from almanac_assets.citations.intervals import wilson
from almanac_assets.contract import TABLES
from almanac_assets.evaluation.labels import CONTEXTS, EVENTS, MENTIONS, load_labels
from almanac_assets.harvest.work_ids import folded_title

SET, SPLIT = "sample", "dev"
UNCLEAR = "unclear"


@dataclass(frozen=True)
class Figure:
    """One row of `quality`: `right` of `n`."""

    measure: str
    slice: str
    right: int
    n: int
    method: str
    note: str
    anchor: tuple[str, float] | None = None


def rows_of(figures: list[Figure]) -> list[dict[str, object]]:
    """The figures as rows of `quality`, sorted by measure and slice; a figure of no rows is none."""
    told = [figure for figure in figures if figure.n]
    cells = [(f.measure, f.slice, f.right, f.n, f.method, f.note, *(f.anchor or (None, None))) for f in told]
    columns = {"measure": pl.String, "slice": pl.String, "right": pl.Int64, "n": pl.Int64}
    columns |= {"measured_method": pl.String, "note": pl.String, "anchor_name": pl.String, "anchor_value": pl.Float64}
    made = pl.DataFrame(cells, schema=columns, orient="row")
    low, high = wilson(pl.col("right"), pl.col("n"))
    whole = made.with_columns(
        set=pl.lit(SET),
        split=pl.lit(SPLIT),
        value=(pl.col("right") / pl.col("n")).round(6),
        low=low,
        high=high,
        better=pl.lit("higher"),
    )
    return whole.select(TABLES["quality"].column_names).sort("measure", "slice").to_dicts()


def agreement(labels: Path, release: Path) -> list[dict[str, object]]:
    """The rows of `quality` for the labels in a folder and the tables of a release folder, sorted by measure and slice."""

    def table(name: str) -> pl.DataFrame:
        return pl.read_parquet(release / "tables" / f"{name}.parquet")

    contexts = _contexts(load_labels(labels, CONTEXTS), table("citation_contexts"), table("works"))
    figures = [
        *_decided(contexts, "role", "citations.role"),
        *_decided(contexts, "polarity", "citations.polarity"),
        *_mentions(load_labels(labels, MENTIONS), table("mentions"), table("entities")),
        *_kinds(load_labels(labels, EVENTS), table("event_documents"), table("events")),
    ]
    return rows_of(figures)


def _contexts(labels: pl.DataFrame, contexts: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Labelled sentences beside the release's decisions; matched by the folded title of the cited work and sentence."""
    made = contexts.join(works.select(cited_work_id="work_id", cited_title="title"), on="cited_work_id")
    key = ("cited_title", "sentence")
    folded = [_folded(frame, key) for frame in (labels, made)]
    decided = (
        folded[1]
        .select(*key, role_made="role", polarity_made="polarity", method="method")
        .unique(key, keep="first", maintain_order=True)
    )
    return folded[0].join(decided, on=key)


def _folded(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    return frame.with_columns(
        pl.Series(name, [folded_title(text) for text in frame[name]], dtype=pl.String) for name in columns
    )


def _decided(rows: pl.DataFrame, what: str, measure: str) -> list[Figure]:
    """Coverage, accuracy where decided, and precision of each label that was given."""
    made = pl.col(f"{what}_made")
    asked = rows.filter(pl.col(what) != UNCLEAR)
    decided = asked.filter(made != UNCLEAR)
    right = decided.filter(made == pl.col(what))
    method = rows["method"][0] if rows.height else ""
    note = (
        f"{rows.height} sentences labelled by one reader (a language model) before the rules were run on them; "
        f"{rows.height - asked.height} of them unclear to the reader"
    )
    figures = [
        Figure(f"{measure}.coverage", "all", decided.height, asked.height, method, note),
        Figure(f"{measure}.accuracy", "all", right.height, decided.height, method, note, _always(decided[what])),
    ]
    for label in sorted(decided[f"{what}_made"].unique()):
        of = decided.filter(made == label)
        figures.append(
            Figure(f"{measure}.precision", label, of.filter(pl.col(what) == label).height, of.height, method, note)
        )
    return figures


def _always(labels: pl.Series) -> tuple[str, float] | None:
    """What a rule would reach that always gives the most frequent label, on the same rows."""
    if labels.is_empty():
        return None
    most = labels.value_counts().sort("count", labels.name, descending=[True, False])
    return f"always {most[labels.name][0]}", round(int(most["count"][0]) / labels.len(), 6)


def _mentions(labels: pl.DataFrame, mentions: pl.DataFrame, entities: pl.DataFrame) -> list[Figure]:
    """Whether the words name something, whether the type is right, and whether the entity is the one meant."""
    key = ["document_id", "field", "surface"]
    linked = mentions.join(entities.select("entity_id", "name"), on="entity_id", how="left", suffix="_made")
    made = linked.sort("start").unique(key, keep="first", maintain_order=True)
    rows = labels.join(made.select(*key, "method", type_made="type", name_made="name"), on=key)
    if rows.is_empty():
        return []
    note = (
        f"{rows.height} distinct mentions of the sample, drawn at random, a third of them among posts and definitions, read by one "
        "reader (a language model)"
    )
    typed = rows.filter(pl.col("type") == pl.col("type_made"))
    resolved = rows.filter(pl.col("name_made").is_not_null() & pl.col("name").is_not_null())
    right = resolved.filter(pl.col("name") == pl.col("name_made"))
    method = rows["method"][0]
    return [
        Figure(
            "entities.mention.precision",
            "all",
            typed.height,
            rows.height,
            method,
            note + "; right is a name of this type",
        ),
        Figure(
            "entities.link.accuracy",
            "all",
            right.height,
            resolved.height,
            method,
            note + "; of mentions with an entity",
        ),
    ]


def _kinds(labels: pl.DataFrame, event_documents: pl.DataFrame, events: pl.DataFrame) -> list[Figure]:
    """Whether the kind of event is the one a reader gave to the document that leads it."""
    leads = event_documents.filter(pl.col("role") == "lead").select("event_id", "document_id")
    made = leads.join(events.select("event_id", "method", kind_made="kind"), on="event_id")
    rows = labels.join(made, on="document_id")
    if rows.is_empty():
        return []
    right = rows.filter(pl.col("kind") == pl.col("kind_made")).height
    note = f"{rows.height} posts of laboratories labelled by one reader (a language model) before the rules were run on them"
    return [Figure("events.kind.accuracy", "all", right, rows.height, rows["method"][0], note, _always(rows["kind"]))]
