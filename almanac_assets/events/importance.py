"""Why an event matters: named signals whose points add up, and a level from cut points that were fitted once.

The constants (prominence of names, cut points) are a shipped file, so that a new paper elsewhere does not change the
importance of an old one; `python -m almanac_assets.events.fit` makes it anew from a release.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.errors import InputMissing
from almanac_assets.events.identity import event_ids

CONSTANTS_FILE = "constants.json"


@dataclass(frozen=True)
class ImportanceWeights:
    """Points per unit of each signal; judgements, to be replaced by fitted ones when labels allow it."""

    source_standing: float = 2.0  # per unit of standing, 0 to 1
    entity_prominence: float = 3.0  # per unit of prominence, 0 to 1
    artefacts: float = 0.6  # per kind of artefact that the text says is released: code, weights, data
    breadth: float = 0.25  # per further category, up to three
    correction: float = -4.0  # once, if withdrawn


WEIGHTS = ImportanceWeights()
IMPORTANCE = Method(
    "events.importance",
    1,
    "Importance as a sum of named parts",
    "Standing of the source, prominence of the entities it names (weighted by salience), artefacts that the text says are "
    "released, breadth of its categories, and withdrawal. The level 1 to 10 comes from cut points fitted once.",
    {
        "source_standing": WEIGHTS.source_standing,
        "entity_prominence": WEIGHTS.entity_prominence,
        "artefacts": WEIGHTS.artefacts,
        "breadth": WEIGHTS.breadth,
        "correction": WEIGHTS.correction,
    },
    training_data="cut points and prominence: 68,069 arXiv records of 2025-08 to 2026-06 (CC0), no labels",
)

# What a text says is given away. Each pattern needs a verb of release near the thing, so that "code" alone is no signal.
_RELEASED = r"(?:release[sd]?|releasing|available|open[- ]?sourc\w*|publish\w*|share[sd]?|provide[sd]?)"
ARTEFACTS = {
    "code": rf"(?i)github\.com|gitlab\.com|\bcode\b[^.]{{0,80}}\b{_RELEASED}|\b{_RELEASED}\b[^.]{{0,60}}\bcode\b",
    "weights": rf"(?i)huggingface\.co|\b(?:weights|checkpoints)\b[^.]{{0,60}}\b{_RELEASED}|\b{_RELEASED}\b[^.]{{0,60}}\b(?:weights|checkpoints|models?)\b",
    "data": rf"(?i)\b(?:data ?sets?|benchmark|corpus)\b[^.]{{0,40}}\b(?:is|are|be)\b[^.]{{0,20}}\b{_RELEASED}|\b(?:release|open[- ]?source)\b[^.]{{0,40}}\b(?:data ?sets?|benchmark|corpus)\b",
}


@dataclass(frozen=True)
class ImportanceConstants:
    """`prominence` of a name is its share on a log scale of the documents that name it, 0 to 1, keyed by 'type normal_form'."""

    prominence: dict[str, float]
    document_frequency: dict[str, int]
    documents: int
    cut_points: list[float]

    @staticmethod
    def load(folder: Path) -> ImportanceConstants:
        """Read the shipped constants; InputMissing names the file and the way to make it."""
        file = folder / CONSTANTS_FILE
        try:
            stated: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            frequency = {str(k): int(v) for k, v in stated["document_frequency"].items()}
            documents = int(stated["documents"])
            cut_points = [float(cut) for cut in stated["cut_points"]]
        except (OSError, ValueError, KeyError) as error:
            remedy = "restore it, or make it with python -m almanac_assets.events.fit"
            raise InputMissing(f"{file} cannot be read: {error!r}", remedy=remedy) from error
        return ImportanceConstants(prominences(frequency, documents), frequency, documents, cut_points)


def prominences(frequency: dict[str, int], documents: int) -> dict[str, float]:
    """log(1 + documents that name it) over log(1 + a tenth of all documents), at most 1."""
    whole = math.log1p(max(documents, 10) / 10)
    return {name: round(min(1.0, math.log1p(count) / whole), 6) for name, count in frequency.items()}


def importance_parts(
    documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    document_categories: pl.DataFrame,
    registry: pl.DataFrame,
    sources: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `importance_parts`: one row per event and signal that says something."""
    base = documents.with_columns(event_ids(documents["document_id"]))
    parts = [
        source_standing(base, sources),
        entity_prominence(event_entities, registry, constants),
        artefacts(base),
        breadth(base, document_categories),
        correction(base),
    ]
    return pl.concat(parts).with_columns(IMPORTANCE.column).select(TABLES["importance_parts"].column_names)


def _part(rows: pl.DataFrame, name: str, value: pl.Expr, points: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    return rows.select(
        "event_id",
        part=pl.lit(name),
        value=value.cast(pl.Float64).round(6),
        points=points.cast(pl.Float64).round(6),
        reason=reason,
    )


def source_standing(documents: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Standing of the lead's source."""
    rows = documents.join(sources.select("source_id", "short_name", "standing"), on="source_id", maintain_order="left")
    reason = pl.format("{} has a standing of {} of 1", "short_name", "standing")
    return _part(rows, "source_standing", pl.col("standing"), pl.col("standing") * WEIGHTS.source_standing, reason)


def entity_prominence(
    event_entities: pl.DataFrame, registry: pl.DataFrame, constants: ImportanceConstants
) -> pl.DataFrame:
    """The greatest product of prominence and salience among the entities of the event."""
    known = registry.select("entity_id", "name", _key=pl.concat_str("type", "normal_form", separator=" ")).with_columns(
        prominence=pl.col("_key").replace_strict(constants.prominence, default=0.0, return_dtype=pl.Float64)
    )
    rows = (
        event_entities.join(known, on="entity_id")
        .with_columns(value=(pl.col("prominence") * pl.col("salience")).round(6))
        .filter(pl.col("value") > 0)
        .sort("event_id", pl.col("value").neg(), "entity_id")
        .unique("event_id", keep="first", maintain_order=True)
    )
    reason = pl.format("names {}, prominence {} at salience {}", "name", "prominence", "salience")
    points = pl.col("value") * WEIGHTS.entity_prominence
    return _part(rows, "entity_prominence", pl.col("value"), points, reason)


def artefacts(documents: pl.DataFrame) -> pl.DataFrame:
    """How many kinds of artefacts the text says are released."""
    named = [pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(kind)) for kind, pattern in ARTEFACTS.items()]
    rows = documents.with_columns(kinds=pl.concat_list(named).list.drop_nulls()).filter(pl.col("kinds").list.len() > 0)
    count = pl.col("kinds").list.len()
    reason = pl.format("the text says that {} is released", pl.col("kinds").list.join(", "))
    return _part(rows, "artefacts", count, count * WEIGHTS.artefacts, reason)


def breadth(documents: pl.DataFrame, document_categories: pl.DataFrame) -> pl.DataFrame:
    """Further categories beside the primary one, three at most."""
    filed = document_categories.group_by("document_id").agg(
        further=pl.len().cast(pl.Int64) - 1, named=pl.col("category").sort_by("position").str.join(", ")
    )
    rows = documents.join(filed, on="document_id", maintain_order="left").filter(pl.col("further") > 0)
    counted = pl.col("further").clip(0, 3)
    reason = pl.format("filed under {}", "named")
    return _part(rows, "breadth", counted, counted * WEIGHTS.breadth, reason)


def correction(documents: pl.DataFrame) -> pl.DataFrame:
    """Withdrawn works."""
    rows = documents.filter("is_withdrawn")
    reason = pl.lit("withdrawn by its authors or its server")
    return _part(rows, "correction", pl.lit(1.0), pl.lit(WEIGHTS.correction), reason)
