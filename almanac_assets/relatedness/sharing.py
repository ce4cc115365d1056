"""What two documents share beside their words: names weighted by rarity, and categories."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from almanac_assets.events.importance import ImportanceConstants

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sharing:
    """Matrices with a row per document, in the order of `ids`, and the names behind the columns of the first two."""

    unit: sp.csr_array  # rarity of each named entity, rows of length 1
    root: sp.csr_array  # square roots of the rarities, so that a product adds rarities up
    categories: sp.csr_array  # 1 for each category
    names: pl.DataFrame  # row, column, name, rarity

    def name_cosines(self, left: Rows, right: Rows, half_at: float) -> Floats:
        """Cosine of the names of each pair, 0 to 1, times s / (s + half_at) for shared names of s nats of rarity.

        Without that factor two papers that name nothing but one common method would count as equal.
        """
        cosine = _products(self.unit, left, right)
        rarity = _products(self.root, left, right)
        return np.clip(cosine * rarity / (rarity + half_at), 0.0, 1.0)

    def category_overlaps(self, left: Rows, right: Rows) -> Floats:
        """Jaccard overlap of the categories of each pair; 0 where neither has any."""
        both = _products(self.categories, left, right)
        sizes = np.asarray(self.categories.sum(axis=1)).ravel()
        either = sizes[left] + sizes[right] - both
        return np.divide(both, either, out=np.zeros_like(both), where=either > 0)

    def shared_names(self, pairs: pl.DataFrame, most: int) -> pl.DataFrame:
        """Up to `most` shared names of each pair (left, right), the rarest first, as `names`."""
        of = self.names.with_columns(pl.col("row").cast(pl.Int64))
        return (
            pairs.select("left", "right")
            .join(of.rename({"row": "left"}), on="left")
            .join(of.select(right="row", column="column"), on=["right", "column"])
            .sort("left", "right", pl.col("rarity").neg(), "name")
            .group_by("left", "right", maintain_order=True)
            .agg(names=pl.col("name").head(most).str.join(", "))
        )


def sharing(
    ids: pl.Series,
    named: pl.DataFrame,
    document_categories: pl.DataFrame,
    registry: pl.DataFrame,
    constants: ImportanceConstants,
) -> Sharing:
    """The matrices of the documents `ids`, which are sorted; `named` has document_id and entity_id."""
    rows = pl.DataFrame({"document_id": ids}).with_row_index("row")
    known = _rarities(registry, constants).sort("entity_id").with_row_index("column")
    cells = named.join(rows, on="document_id").join(known, on="entity_id").sort("row", "column")
    weights = cells["rarity"].to_numpy()
    filed = document_categories.select("document_id", "category").unique()
    columns = filed.select(pl.col("category").unique().sort()).with_row_index("column")
    filed = filed.join(rows, on="document_id").join(columns, on="category").sort("row", "column")
    return Sharing(
        unit=_unit_rows(_matrix(weights, cells, ids.len(), known.height)),
        root=_matrix(np.sqrt(weights), cells, ids.len(), known.height),
        categories=_matrix(np.ones(filed.height), filed, ids.len(), columns.height),
        names=cells.select("row", "column", "name", "rarity"),
    )


def _rarities(registry: pl.DataFrame, constants: ImportanceConstants) -> pl.DataFrame:
    """Entities with name and rarity in nats: log of all papers of the reference year over those that name it."""
    rarity = {key: math.log(constants.documents / count) for key, count in constants.document_frequency.items()}
    key = pl.concat_str("type", "normal_form", separator=" ")
    rarest = math.log1p(constants.documents)
    return registry.select(
        "entity_id", "name", rarity=key.replace_strict(rarity, default=rarest, return_dtype=pl.Float64)
    )


def _matrix(values: Floats, cells: pl.DataFrame, rows: int, columns: int) -> sp.csr_array:
    places = (cells["row"].to_numpy(), cells["column"].to_numpy())
    return sp.csr_array((values, places), shape=(rows, max(columns, 1)))


def _unit_rows(matrix: sp.csr_array) -> sp.csr_array:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    inverse = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sp.csr_array(sp.diags_array(inverse) @ matrix)


def _products(matrix: sp.csr_array, left: Rows, right: Rows) -> Floats:
    """Product of the rows of each pair."""
    return np.asarray(matrix[left].multiply(matrix[right]).sum(axis=1), dtype=np.float64).ravel()
