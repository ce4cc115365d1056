"""Similar papers: nearest texts first found by vectors, then scored in parts that add up, each with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.text.neighbours import neighbours
from almanac_assets.text.vectors import dense


@dataclass(frozen=True)
class SimilarityWeights:
    """What each part adds at most; the parts add up to the score."""

    text: float = 0.70
    entity: float = 0.20
    category: float = 0.10
    candidates: int = 40  # nearest texts that are scored in full
    shown: int = 10
    floor: float = 0.30


WEIGHTS = SimilarityWeights()
SIMILAR = Method(
    "relatedness.similar_papers",
    1,
    "Similar papers by text, shared entities and categories",
    "The nearest texts by cosine of the document vectors are scored: cosine, cosine of the entity sets weighted by rarity, "
    "overlap of categories (Jaccard). The best are listed down to a floor, ties broken by document id.",
    {
        "text": WEIGHTS.text,
        "entity": WEIGHTS.entity,
        "category": WEIGHTS.category,
        "candidates": WEIGHTS.candidates,
        "shown": WEIGHTS.shown,
        "floor": WEIGHTS.floor,
    },
    training_data="rarity of names: document frequencies of 68,069 arXiv records (CC0), no labels",
)
BATCH = 5_000  # documents scored at a time: some 200,000 pairs


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
    entities, names = _entity_matrix(ids, named, registry, constants)
    categories = _category_matrix(ids, document_categories)
    matrix, scales = dense(vectors)
    near, cosines = neighbours(matrix, scales, k=min(WEIGHTS.candidates, ids.len() - 1))
    batches = [
        _scored(slice(first, first + BATCH), near, cosines, entities, categories, ids, names)
        for first in range(0, ids.len(), BATCH)
    ]
    return pl.concat(batches).with_columns(SIMILAR.column).select(TABLES["similar_papers"].column_names)


def _entity_matrix(
    ids: pl.Series, named: pl.DataFrame, registry: pl.DataFrame, constants: ImportanceConstants
) -> tuple[sp.csr_array, pl.DataFrame]:
    """Documents by entities with unit rows of rarity weights, and (document row, entity name, rarity) for the reasons."""
    rows = pl.DataFrame({"document_id": ids}).with_row_index("row")
    rarest = math.log1p(constants.documents)
    known = registry.select("entity_id", "name", _key=pl.concat_str("type", "normal_form", separator=" "))
    rarity = {key: math.log(constants.documents / count) for key, count in constants.document_frequency.items()}
    known = known.with_columns(rarity=pl.col("_key").replace_strict(rarity, default=rarest, return_dtype=pl.Float64))
    known = known.sort("entity_id").with_row_index("column")
    cells = named.join(rows, on="document_id").join(known, on="entity_id").sort("row", "column")
    shape = (ids.len(), max(known.height, 1))
    weights = cells["rarity"].to_numpy()
    matrix = sp.csr_array((weights, (cells["row"].to_numpy(), cells["column"].to_numpy())), shape=shape)
    return _unit_rows(matrix), cells.select("row", "column", "name", "rarity")


def _category_matrix(ids: pl.Series, document_categories: pl.DataFrame) -> sp.csr_array:
    rows = pl.DataFrame({"document_id": ids}).with_row_index("row")
    columns = document_categories.select(pl.col("category").unique().sort()).with_row_index("column")
    cells = document_categories.join(rows, on="document_id").join(columns, on="category").sort("row", "column")
    ones = np.ones(cells.height)
    shape = (ids.len(), max(columns.height, 1))
    return sp.csr_array((ones, (cells["row"].to_numpy(), cells["column"].to_numpy())), shape=shape)


def _unit_rows(matrix: sp.csr_array) -> sp.csr_array:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    inverse = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sp.csr_array(sp.diags_array(inverse) @ matrix)


def _scored(
    rows: slice,
    near: np.ndarray,
    cosines: np.ndarray,
    entities: sp.csr_array,
    categories: sp.csr_array,
    ids: pl.Series,
    names: pl.DataFrame,
) -> pl.DataFrame:
    """The lists of some documents: parts, score, rank and reason."""
    block = near[rows]
    left = np.repeat(np.arange(rows.start, rows.start + block.shape[0]), block.shape[1])
    right = block.ravel().astype(np.int64)
    kept = right >= 0
    left, right, cosine = left[kept], right[kept], cosines[rows].ravel()[kept]
    shared = np.asarray(entities[left].multiply(entities[right]).sum(axis=1)).ravel()
    both = np.asarray(categories[left].multiply(categories[right]).sum(axis=1)).ravel()
    sizes = np.asarray(categories.sum(axis=1)).ravel()
    either = sizes[left] + sizes[right] - both
    jaccard = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    pairs = pl.DataFrame(
        {
            "left": left,
            "right": right,
            "cosine": np.clip(cosine, 0, 1),
            "shared": np.clip(shared, 0, 1),
            "jaccard": jaccard,
        }
    ).with_columns(
        text_part=(pl.col("cosine") * WEIGHTS.text).round(6),
        entity_part=(pl.col("shared") * WEIGHTS.entity).round(6),
        citation_part=pl.lit(0.0),
        category_part=(pl.col("jaccard") * WEIGHTS.category).round(6),
    )
    pairs = pairs.with_columns(score=(pl.col("text_part") + pl.col("entity_part") + pl.col("category_part")).round(6))
    # Row numbers follow the sorted ids, so the smaller right index is the smaller document id.
    ranked = (
        pairs.filter(pl.col("score") >= WEIGHTS.floor)
        .sort("left", pl.col("score").neg(), "right")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("left"))
        .filter(pl.col("rank") <= WEIGHTS.shown)
    )
    return (
        ranked.join(_shared_names(ranked, names), on=["left", "right"], how="left", maintain_order="left")
        .with_columns(
            document_id=ids.gather(ranked["left"]),
            other_document_id=ids.gather(ranked["right"]),
            reason=_reason(),
        )
        .drop("left", "right", "cosine", "shared", "jaccard", "names")
    )


def _shared_names(pairs: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Up to three shared names per pair, the rarest first."""
    lefts = pairs.filter(pl.col("entity_part") > 0).select("left", "right")
    return (
        lefts.join(names.with_columns(left=pl.col("row").cast(pl.Int64)).drop("row"), on="left")
        .join(names.select(right=pl.col("row").cast(pl.Int64), column="column"), on=["right", "column"])
        .sort("left", "right", pl.col("rarity").neg(), "name")
        .group_by("left", "right", maintain_order=True)
        .agg(names=pl.col("name").head(3).str.join(", "))
    )


def _reason() -> pl.Expr:
    text = pl.format("texts at cosine {}", pl.col("cosine").round(2))
    named = pl.when(pl.col("names").is_not_null()).then(pl.format("; both name {}", "names")).otherwise(pl.lit(""))
    filed = (
        pl.when(pl.col("jaccard") >= 1)
        .then(pl.lit("; same categories"))
        .when(pl.col("jaccard") > 0)
        .then(pl.lit("; categories overlap"))
        .otherwise(pl.lit(""))
    )
    return pl.concat_str(text, named, filed)
