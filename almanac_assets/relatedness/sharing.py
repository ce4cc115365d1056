"""What two documents or events share beside their words: names weighted by rarity, and categories."""

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
class SharedNames:
    """Matrices with a row per document or event and a column per entity, and the names behind their cells."""

    unit: sp.csr_array  # rarity of each named entity, rows of length 1
    root: sp.csr_array  # square roots of the rarities, so that a product adds rarities up
    names: pl.DataFrame  # row, column, entity_id, name, rarity

    def likeness(self, left: Rows, right: Rows, half_at: float) -> Floats:
        """Cosine of the names of each pair, 0 to 1, times s / (s + half_at) for shared names of s nats of rarity.

        Without that factor two papers that name nothing but one common method would count as equal.
        """
        cosine = products(self.unit, left, right)
        rarity = products(self.root, left, right)
        return np.clip(cosine * rarity / (rarity + half_at), 0.0, 1.0)

    def of_pairs(self, pairs: pl.DataFrame, most: int) -> pl.DataFrame:
        """What each pair (left, right) shares, the rarest first: `names` (up to `most`) and all `entity_ids`."""
        of = self.names.with_columns(pl.col("row").cast(pl.Int64))
        return (
            pairs.select("left", "right")
            .join(of.rename({"row": "left"}), on="left")
            .join(of.select(right="row", column="column"), on=["right", "column"])
            .sort("left", "right", pl.col("rarity").neg(), "name", "entity_id")
            .group_by("left", "right", maintain_order=True)
            .agg(names=pl.col("name").head(most).str.join(", "), entity_ids="entity_id")
        )


@dataclass(frozen=True)
class SharedCategories:
    """A matrix with a row per document and a column per category: 1 where the document is filed."""

    filed: sp.csr_array

    def overlaps(self, left: Rows, right: Rows) -> Floats:
        """Jaccard overlap of the categories of each pair; 0 where neither has any."""
        both = products(self.filed, left, right)
        sizes = np.asarray(self.filed.sum(axis=1)).ravel()
        either = sizes[left] + sizes[right] - both
        return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def shared_names(named: pl.DataFrame, rows: int, registry: pl.DataFrame, constants: ImportanceConstants) -> SharedNames:
    """The matrices of `named`, which has row (below `rows`) and entity_id, once each."""
    known = _rarities(registry, constants).sort("entity_id").with_row_index("column")
    cells = named.select("row", "entity_id").unique().join(known, on="entity_id").sort("row", "column")
    weights = cells["rarity"].to_numpy()
    return SharedNames(
        unit=unit_rows(matrix(weights, cells, rows, known.height)),
        root=matrix(np.sqrt(weights), cells, rows, known.height),
        names=cells.select("row", "column", "entity_id", "name", "rarity"),
    )


def shared_categories(filed: pl.DataFrame, rows: int) -> SharedCategories:
    """The matrix of `filed`, which has row (below `rows`) and category."""
    cells = filed.select("row", "category").unique()
    columns = cells.select(pl.col("category").unique().sort()).with_row_index("column")
    cells = cells.join(columns, on="category").sort("row", "column")
    return SharedCategories(matrix(np.ones(cells.height), cells, rows, columns.height))


def numbered(ids: pl.Series, name: str) -> pl.DataFrame:
    """The ids in their order with the number of each as `row`."""
    return pl.DataFrame({name: ids}).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def matrix(values: Floats, cells: pl.DataFrame, rows: int, columns: int) -> sp.csr_array:
    """The sparse matrix with these values at (row, column) of the cells."""
    places = (cells["row"].to_numpy(), cells["column"].to_numpy())
    return sp.csr_array((values, places), shape=(rows, max(columns, 1)))


def unit_rows(of: sp.csr_array) -> sp.csr_array:
    """The matrix with each row brought to length 1; rows of zeros stay."""
    lengths = np.sqrt(np.asarray(of.multiply(of).sum(axis=1)).ravel())
    inverse = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sp.csr_array(sp.diags_array(inverse) @ of)


def products(of: sp.csr_array, left: Rows, right: Rows) -> Floats:
    """Product of the rows of each pair."""
    return np.asarray(of[left].multiply(of[right]).sum(axis=1), dtype=np.float64).ravel()


def _rarities(registry: pl.DataFrame, constants: ImportanceConstants) -> pl.DataFrame:
    """Entities with name and rarity in nats: log of all papers of the reference year over those that name it."""
    rarity = {key: math.log(constants.documents / count) for key, count in constants.document_frequency.items()}
    key = pl.concat_str("type", "normal_form", separator=" ")
    rarest = math.log1p(constants.documents)
    return registry.select(
        "entity_id", "name", rarity=key.replace_strict(rarity, default=rarest, return_dtype=pl.Float64)
    )
