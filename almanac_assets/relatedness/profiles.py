"""What is known of an entity beside its name: the texts that name it and the company it keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from almanac_assets.relatedness.sharing import Floats, matrix, unit_rows
from almanac_assets.text.vectors import LARGEST, dense

Bytes = np.ndarray[tuple[int, ...], np.dtype[np.int8]]


@dataclass(frozen=True)
class Company:
    """The neighbours of each entity in entity_cooccurrence."""

    cells: pl.DataFrame  # row, column, weight: npmi, which is high for rare names seen together
    unit: sp.csr_array  # the weights, rows of length 1
    present: sp.csr_array  # 1 for each neighbour


def company(entity_cooccurrence: pl.DataFrame, rows: pl.DataFrame) -> Company:
    """The neighbours of the entities in `rows` (entity_id, row) that they are named with more often than by chance."""
    cells = (
        entity_cooccurrence.filter(pl.col("npmi") > 0)
        .join(rows, on="entity_id")
        .join(rows.select(other_entity_id="entity_id", column="row"), on="other_entity_id")
        .select("row", "column", weight="npmi")
        .sort("row", "column")
    )
    return Company(
        cells=cells,
        unit=unit_rows(matrix(cells["weight"].to_numpy(), cells, rows.height, rows.height)),
        present=matrix(np.ones(cells.height), cells, rows.height, rows.height),
    )


def mean_vectors(named: sp.csr_array, vectors: pl.DataFrame) -> tuple[Bytes, Floats]:
    """The mean direction of the documents of each row, less that of all documents, in the form of document vectors.

    What all documents have in common would make any two entities of many documents alike.
    """
    units, scales = dense(vectors)
    documents = units * scales[:, None]
    middle = np.add.reduce(documents, axis=0) / max(len(documents), 1)
    counts = np.asarray(named.sum(axis=1)).ravel()
    means = np.asarray(named @ documents) / np.maximum(counts, 1.0)[:, None]
    return quantised(np.where(counts[:, None] > 0, means - middle, 0.0))


def quantised(rows: Floats) -> tuple[Bytes, Floats]:
    """Rows as small integers, the largest of each 127, with the scale that makes each of unit length; zeros have scale 0."""
    steps = np.abs(rows).max(axis=1, initial=0.0) / LARGEST
    # Twelve digits: what is smaller is noise of the order in which numbers were added.
    small = np.rint(np.round(rows / np.where(steps == 0.0, 1.0, steps)[:, None], 12))
    squares = np.add.reduce(small * small, axis=1)
    return small.astype(np.int8), np.where(squares == 0.0, 0.0, 1.0 / np.sqrt(np.maximum(squares, 1.0)))
