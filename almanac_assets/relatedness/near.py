"""The nearest texts of every document, found once for all lists that start from them."""

from __future__ import annotations

import numpy as np
import polars as pl

from almanac_assets.relatedness.sharing import Floats, Rows
from almanac_assets.text.neighbours import MISSING, neighbours
from almanac_assets.text.vectors import dense

CANDIDATES = 40  # nearest texts of each document: four times the longest list
NEIGHBOURS = pl.Schema({"document_id": pl.String(), "other_document_id": pl.String(), "cosine": pl.Float64()})
PAIRS = pl.Schema({"left": pl.Int64(), "right": pl.Int64(), "cosine": pl.Float64()})
DECIMALS = 6


def nearest_documents(document_vectors: pl.DataFrame) -> pl.DataFrame:
    """Up to CANDIDATES others of each document with the cosine of their vectors, in NEIGHBOURS, nearest first.

    Equal cosines go by document id. A text without a known word is near nothing and has no rows.
    """
    vectors = document_vectors.sort("document_id")
    ids = vectors["document_id"]
    if ids.len() < 2:
        return pl.DataFrame(schema=NEIGHBOURS)
    near, cosines = neighbours(*dense(vectors), k=min(CANDIDATES, ids.len() - 1))
    left = np.repeat(np.arange(ids.len()), near.shape[1])
    right, cosine = near.ravel(), cosines.ravel()
    found = (right != MISSING) & (cosine > 0)
    return pl.DataFrame(
        {
            "document_id": ids.gather(left[found]),
            "other_document_id": ids.gather(right[found]),
            "cosine": cosine[found],
        },
        schema=NEIGHBOURS,
    )


def pairs_of(near: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The near documents as pairs of rows in PAIRS, sorted: the greatest cosine where a pair has several.

    `left` and `right` have document_id and row: whose lists are wanted, and what may stand in them.
    """
    return (
        near.join(left.select("document_id", left="row"), on="document_id")
        .join(right.select("document_id", right="row"), left_on="other_document_id", right_on="document_id")
        .filter(pl.col("left") != pl.col("right"))
        .group_by("left", "right")
        .agg(pl.col("cosine").max())
        .sort("left", "right")
        .cast(PAIRS)
        .select(list(PAIRS))
    )


def with_more(pairs: pl.DataFrame, more: pl.DataFrame, vectors: pl.DataFrame) -> pl.DataFrame:
    """The pairs and those of `more` (left, right) that are not among them, with the cosines of the rows of `vectors`."""
    new = more.select("left", "right").unique().join(pairs, on=["left", "right"], how="anti").sort("left", "right")
    units, scales = dense(vectors)
    left, right = new["left"].to_numpy(), new["right"].to_numpy()
    cosine = row_cosines(units, scales, left, right)
    return pl.concat([pairs, new.with_columns(cosine=pl.Series(cosine, dtype=pl.Float64)).cast(PAIRS)])


def row_cosines(
    units: np.ndarray[tuple[int, ...], np.dtype[np.int8]], scales: Floats, left: Rows, right: Rows
) -> Floats:
    """Cosines of pairs of rows, rounded as those of neighbours: the products are integers, so they are exact."""
    cosines = np.zeros(len(left))
    for start in range(0, len(left), 100_000):
        some = slice(start, start + 100_000)
        products = np.einsum("ij,ij->i", units[left[some]].astype(np.int32), units[right[some]].astype(np.int32))
        cosines[some] = products * (scales[left[some]] * scales[right[some]])
    return np.round(cosines, DECIMALS) + 0.0
