"""Why an event matters: named signals whose points add up, and a level from cut points that were fitted once.

The constants (prominence of names, cut points) are a shipped file, so that a new paper elsewhere does not change the
importance of an old one; `python -m almanac_assets.events.fit` makes it anew from a release.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.errors import InputMissing
from almanac_assets.events.artefacts import artefact_kinds

CONSTANTS_FILE = "constants.json"
LEAST_DOCUMENTS = 5  # a name of fewer papers of the reference year has no prominence yet


@dataclass(frozen=True)
class ImportanceWeights:
    """Points per unit of each signal.

    Chosen among a dozen combinations by how well the sum tells papers that a daily community listing chose from all others
    of the same months (3,392 of 68,069): area under the curve 0.63, with equal prominence of all types and categories for
    breadth 0.54; among the upper 2 % of the scores 12 % were listed, of all 5 %. README.md beside the constants tells more.
    """

    source_standing: float = 2.0  # per unit of standing, 0 to 1
    entity_prominence: float = 1.5  # per unit of prominence times salience, added up over three names
    novelty: float = 1.0  # for a thing that the work defines first, in the headline; half for one in the text
    artefacts: float = 0.8  # per kind of artefact that the text says is given away: code, weights, data
    breadth: float = 0.3  # per unit of log(1 + names per BREADTH_LENGTH)
    coverage: float = 0.8  # per doubling of the publishers that tell it, beyond the lead's
    early_attention: float = 0.5  # per unit of log10(1 + upvotes), those of a community listing
    correction: float = -4.0  # once, if withdrawn


WEIGHTS = ImportanceWeights()
# How much the prominence of a name counts by its type: papers on much-named models and benchmarks were listed more often
# than others (area 0.55 to 0.58), those on much-named fields, metrics and datasets less often (0.47 to 0.48).
TYPE_WEIGHTS = {
    "benchmark": 1.0,
    "hardware": 0.5,
    "method": 0.5,
    "model": 1.0,
    "organization": 0.5,
    "software": 0.5,
    "task": 0.5,
}
PROMINENT = 3  # names that count; with one alone, a fifth more events tie
# What a paper makes and gives a name to.
MADE = ("benchmark", "dataset", "method", "model", "software")
# A name in the headline has a salience above this, and no other has (stories.SalienceWeights).
IN_HEADLINE = 0.5
BREADTH_LENGTH = 1200  # code points of a middling abstract: a short one with few names is not narrow
MOST_NAMES = 10  # beyond it a text is a list
IMPORTANCE = Method(
    "events.importance",
    2,
    "Importance as a sum of named parts",
    "Standing of the source; other publishers that tell it; prominence of up to three names, weighted by type and salience; a "
    "thing that the work is the first to define; artefacts that the text says are given away; how many distinct names it has "
    "for its length; upvotes in a community listing, with the day on which they were read; and withdrawal. The level 1 to 10 "
    "comes from cut points fitted once, on a year in which coverage and upvotes were not known.",
    asdict(WEIGHTS) | {"type_weights": TYPE_WEIGHTS},
    training_data="cut points and prominence: 68,069 arXiv records of 2025-08 to 2026-06 (CC0), no labels; weights chosen by "
    "hand among a dozen, by which of those papers a community listing of papers showed (3,392)",
)


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
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            remedy = "restore it, or make it with python -m almanac_assets.events.fit"
            raise InputMissing(f"{file} cannot be read: {error!r}", remedy=remedy) from error
        return ImportanceConstants(prominences(frequency, documents), frequency, documents, cut_points)


def prominences(frequency: dict[str, int], documents: int) -> dict[str, float]:
    """log(1 + documents that name it) over log(1 + a tenth of all documents), at most 1."""
    whole = math.log1p(max(documents, 10) / 10)
    return {name: round(min(1.0, math.log1p(count) / whole), 6) for name, count in frequency.items()}


def importance_parts(
    documents: pl.DataFrame,
    event_documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    document_categories: pl.DataFrame,
    registry: pl.DataFrame,
    sources: pl.DataFrame,
    read_observations: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `importance_parts`: one row per event and signal that says something."""
    told = event_documents.select("event_id", "document_id", "role")
    leads = told.filter(pl.col("role") == "lead").join(documents, on="document_id", maintain_order="left")
    named = named_entities(event_entities, told, registry, constants)
    parts = [
        source_standing(leads, sources),
        coverage(told, documents, sources),
        entity_prominence(named),
        novelty(named),
        artefacts(leads),
        breadth(leads, named, document_categories),
        early_attention(told, read_observations),
        correction(leads),
    ]
    return pl.concat(parts).with_columns(IMPORTANCE.column).select(TABLES["importance_parts"].column_names)


def named_entities(
    event_entities: pl.DataFrame, event_documents: pl.DataFrame, registry: pl.DataFrame, constants: ImportanceConstants
) -> pl.DataFrame:
    """The entities of events with name, type, prominence (0 where the constants do not know the name) and `introduced`.

    An entity is introduced by the event whose document was the first to define it.
    """
    key = pl.concat_str("type", "normal_form", separator=" ")
    prominence = key.replace_strict(constants.prominence, default=0.0, return_dtype=pl.Float64)
    event_of = event_documents.select(description_document_id="document_id", defined_by="event_id")
    known = registry.with_columns(prominence=prominence).join(event_of, on="description_document_id", how="left")
    known = known.select("entity_id", "name", "type", "prominence", "defined_by")
    joined = event_entities.join(known, on="entity_id").sort("event_id", "entity_id")
    introduced = (pl.col("defined_by") == pl.col("event_id")).fill_null(False)
    return joined.with_columns(introduced=introduced).drop("defined_by")


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


def coverage(event_documents: pl.DataFrame, documents: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """How many publishers other than the lead's tell it, on a log scale of base 2."""
    told = event_documents.join(documents.select("document_id", "source_id"), on="document_id").join(
        sources.select("source_id", "publisher"), on="source_id"
    )
    leads = told.filter(pl.col("role") == "lead").select("event_id", "publisher")
    others = told.join(leads, on=["event_id", "publisher"], how="anti")
    rows = others.group_by("event_id").agg(pl.col("publisher").unique().sort()).sort("event_id")
    value = pl.col("publisher").list.len()
    points = (1 + value).log(2) * WEIGHTS.coverage
    # A publisher may have a comma in its name: "arXiv, Cornell University".
    return _part(rows, "coverage", value, points, pl.format("also told by {}", pl.col("publisher").list.join("; ")))


def early_attention(event_documents: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The newest count of upvotes of a document of the event, with the day on which it was read."""
    counts = observations.filter(pl.col("measure") == "upvotes").with_columns(
        read_at=pl.coalesce("observed_at", "fetched_at")
    )
    latest = counts.sort("subject", "read_at", "value").unique("subject", keep="last", maintain_order=True)
    rows = (
        event_documents.join(latest, left_on="document_id", right_on="subject")
        .filter(pl.col("value") > 0)
        .sort("event_id", "value", "document_id", descending=[False, True, False])
        .unique("event_id", keep="first", maintain_order=True)
    )
    points = (1 + pl.col("value")).log10() * WEIGHTS.early_attention
    upvotes = pl.when(pl.col("value") == 1).then(pl.lit("upvote")).otherwise(pl.lit("upvotes"))
    reason = pl.format("{} {} in a community listing, read on {}", "value", upvotes, pl.col("read_at").dt.date())
    return _part(rows, "early_attention", pl.col("value"), points, reason)


def entity_prominence(named: pl.DataFrame) -> pl.DataFrame:
    """Prominence times salience times weight of type, of the three names of the event at which that is greatest."""
    weight = pl.col("type").replace_strict(TYPE_WEIGHTS, default=0.0, return_dtype=pl.Float64)
    rows = (
        named.with_columns(value=(pl.col("prominence") * pl.col("salience") * weight).round(6))
        .filter(pl.col("value") > 0)
        .sort("event_id", pl.col("value").neg(), "entity_id")
        .group_by("event_id", maintain_order=True)
        .agg(pl.col("value").head(PROMINENT).sum().round(6), pl.col("name").head(PROMINENT))
    )
    reason = pl.format("names what other papers name as well: {}", pl.col("name").list.join(", "))
    return _part(rows, "entity_prominence", pl.col("value"), pl.col("value") * WEIGHTS.entity_prominence, reason)


def novelty(named: pl.DataFrame) -> pl.DataFrame:
    """1 for a thing that the work is the first to define and has in its headline, one half for one in the text alone."""
    rows = (
        named.filter(pl.col("type").is_in(MADE) & pl.col("introduced"))
        .with_columns(value=pl.when(pl.col("salience") > IN_HEADLINE).then(1.0).otherwise(0.5))
        .sort("event_id", pl.col("value").neg(), pl.col("salience").neg(), "entity_id")
        .unique("event_id", keep="first", maintain_order=True)
    )
    place = pl.when(pl.col("value") == 1).then(pl.lit("headline")).otherwise(pl.lit("text"))
    reason = pl.format("the first to define {} ({}), in the {}", "name", "type", place)
    return _part(rows, "novelty", pl.col("value"), pl.col("value") * WEIGHTS.novelty, reason)


def artefacts(documents: pl.DataFrame) -> pl.DataFrame:
    """How many kinds of artefacts the text says are given away."""
    rows = documents.with_columns(artefact_kinds(documents["text"])).filter(pl.col("kinds").list.len() > 0)
    count = pl.col("kinds").list.len()
    reason = pl.format("the text says that this is or will be public: {}", pl.col("kinds").list.join(", "))
    return _part(rows, "artefacts", count, count * WEIGHTS.artefacts, reason)


def breadth(documents: pl.DataFrame, named: pl.DataFrame, document_categories: pl.DataFrame) -> pl.DataFrame:
    """How many distinct names an event has for the length of its text, on a log scale."""
    filed = document_categories.sort("document_id", "position").group_by("document_id", maintain_order=True)
    counted = named.group_by("event_id").agg(names=pl.len())
    rows = (
        documents.join(counted, on="event_id", maintain_order="left")
        .join(filed.agg(pl.col("category").str.join(", ")), on="document_id", how="left", maintain_order="left")
        .with_columns(length=pl.col("text").str.len_chars().fill_null(0))
    )
    in_middling = pl.col("names") * BREADTH_LENGTH / pl.max_horizontal("length", BREADTH_LENGTH)
    value = in_middling.clip(0, MOST_NAMES).log1p().round(6)
    names = pl.when(pl.col("names") == 1).then(pl.lit("name")).otherwise(pl.lit("distinct names"))
    place = pl.when(pl.col("length") > 0).then(pl.format("{} characters", "length")).otherwise(pl.lit("its title"))
    filed_under = pl.col("category").fill_null("no category")
    reason = pl.format("{} {} in {}, filed under {}", "names", names, place, filed_under)
    return _part(rows, "breadth", value, value * WEIGHTS.breadth, reason)


def correction(documents: pl.DataFrame) -> pl.DataFrame:
    """Withdrawn works."""
    rows = documents.filter("is_withdrawn")
    reason = pl.lit("withdrawn by its authors or its server")
    return _part(rows, "correction", pl.lit(1.0), pl.lit(WEIGHTS.correction), reason)
