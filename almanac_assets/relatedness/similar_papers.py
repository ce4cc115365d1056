"""Similar papers: nearest texts first found by vectors, then scored in parts that add up, each with its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.relatedness.sharing import Sharing, sharing
from almanac_assets.text.neighbours import MISSING, Floats, Ids, neighbours
from almanac_assets.text.vectors import dense


@dataclass(frozen=True)
class SimilarityWeights:
    """What each part adds at most; the parts add up to the score."""

    text: float = 0.70
    entity: float = 0.20
    category: float = 0.10
    candidates: int = 40  # nearest texts that are scored in full
    shown: int = 10
    # Of 200,000 random pairs (seed 20260619) of 68,069 papers one in 330 reaches it. Read in samples of 12 to 14 from that
    # corpus and from the 444 papers of the sample, listed pairs were about the same subject in two cases of three from 0.36
    # to 0.40, in more than half from 0.33 to 0.36, in less from 0.30 to 0.33; with 0.40 the sample would show 2.4 a paper.
    floor: float = 0.35
    half_at: float = 5.0  # nats of rarity at which shared names count half: one name that 1 paper in 150 names


WEIGHTS = SimilarityWeights()
SIMILAR = Method(
    "relatedness.similar_papers",
    1,
    "Similar papers by text, shared entities and categories",
    "The nearest texts by cosine of the document vectors are scored: cosine, cosine of the entity sets weighted by rarity "
    "(less the commoner the shared names are), overlap of categories (Jaccard). The best are listed down to a floor, ties broken by document id.",
    asdict(WEIGHTS),
    training_data="rarity of names: document frequencies of 68,069 arXiv records (CC0), no labels",
)
BATCH = 5_000  # documents scored at a time: some 200,000 pairs
SHOWN_NAMES = 3  # shared names in a reason


def similar_papers(
    document_vectors: pl.DataFrame,
    document_categories: pl.DataFrame,
    event_entities: pl.DataFrame,
    event_documents: pl.DataFrame,
    registry: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `similar_papers`; withdrawn papers are listed like others, the list says what is near, not what is good."""
    vectors = document_vectors.sort("document_id")
    ids = vectors["document_id"]
    if ids.len() < 2:
        return pl.DataFrame(schema=TABLES["similar_papers"].polars_schema)
    named = event_entities.join(event_documents.select("event_id", "document_id"), on="event_id")
    shared = sharing(ids, named, document_categories, registry, constants)
    near, cosines = neighbours(*dense(vectors), k=min(WEIGHTS.candidates, ids.len() - 1))
    batches = []
    for first in range(0, ids.len(), BATCH):
        some = slice(first, first + BATCH)
        ranked = _ranked(_scored(first, near[some], cosines[some], shared))
        batches.append(_told(ranked, shared, ids))
    return pl.concat(batches).with_columns(SIMILAR.column).select(TABLES["similar_papers"].column_names)


def _scored(first: int, near: Ids, cosines: Floats, shared: Sharing) -> pl.DataFrame:
    """The pairs (left, right) of the documents from row `first` on with their nearest texts, and the parts of each."""
    left = np.repeat(np.arange(first, first + near.shape[0]), near.shape[1])
    right = near.ravel().astype(np.int64)
    found = right != MISSING
    left, right, cosine = left[found], right[found], cosines.ravel()[found]
    jaccard = shared.category_overlaps(left, right)
    parts = {
        "left": left,
        "right": right,
        "cosine": np.clip(cosine, 0.0, 1.0),
        "jaccard": jaccard,
        "names": shared.name_cosines(left, right, WEIGHTS.half_at),
    }
    return pl.DataFrame(parts).select(
        "left",
        "right",
        "cosine",
        "jaccard",
        text_part=(pl.col("cosine") * WEIGHTS.text).round(6),
        entity_part=(pl.col("names") * WEIGHTS.entity).round(6),
        citation_part=pl.lit(0.0),
        category_part=(pl.col("jaccard") * WEIGHTS.category).round(6),
    )


def _ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """The best of each left document down to the floor; rows follow the sorted ids, so ties go by document id."""
    total = pl.sum_horizontal("text_part", "entity_part", "citation_part", "category_part")
    return (
        pairs.with_columns(score=total.round(6))
        .filter(pl.col("score") >= WEIGHTS.floor)
        .sort("left", pl.col("score").neg(), "right")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("left"))
        .filter(pl.col("rank") <= WEIGHTS.shown)
    )


def _told(ranked: pl.DataFrame, shared: Sharing, ids: pl.Series) -> pl.DataFrame:
    """The ranked pairs with the ids of their documents and a reason in words."""
    names = shared.shared_names(ranked.filter(pl.col("entity_part") > 0), SHOWN_NAMES)
    return ranked.join(names, on=["left", "right"], how="left", maintain_order="left").select(
        "rank",
        "score",
        "text_part",
        "entity_part",
        "citation_part",
        "category_part",
        document_id=ids.gather(ranked["left"]),
        other_document_id=ids.gather(ranked["right"]),
        reason=_reason(),
    )


def _reason() -> pl.Expr:
    text = pl.format("texts alike (cosine {})", pl.col("cosine").round(2))
    named = pl.when(pl.col("names").is_not_null()).then(pl.format("; both name {}", "names")).otherwise(pl.lit(""))
    filed = (
        pl.when(pl.col("jaccard") >= 1)
        .then(pl.lit("; same categories"))
        .when(pl.col("jaccard") > 0)
        .then(pl.lit("; categories overlap"))
        .otherwise(pl.lit(""))
    )
    return pl.concat_str(text, named, filed)
