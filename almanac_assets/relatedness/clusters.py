"""Groups of near vectors: spherical k-means (Dhillon and Modha 2001) from dense and well separated starts.

Nothing is drawn by chance, and every comparison is between exact integers or numbers rounded to six decimals, so the
groups are the same on every machine and over any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from almanac_assets.relatedness.near import DECIMALS
from almanac_assets.relatedness.profiles import quantised
from almanac_assets.relatedness.sharing import Floats, Rows
from almanac_assets.text.neighbours import Products
from almanac_assets.text.vectors import dense

ROUNDS = 12  # of assigning and averaging; on 68,069 papers fewer than one in a hundred moves after ten
CROWD = 10  # nearest texts whose mean cosine is the density around one
BLOCK = 8_192  # vectors compared with all middles at a time


@dataclass(frozen=True)
class Vectors:
    """Small integers and scales, as document vectors are stored; the integers as float32, which holds them exactly."""

    units: Products
    scales: Floats

    def cosines(self, others: Vectors, rows: slice | Rows) -> Floats:
        """Cosines of some rows to all others, rounded; the products are integers below 2**24, exact in float32 too."""
        exact = self.units[rows] @ others.units.T
        cosines: Floats = np.round(exact * (self.scales[rows][:, None] * others.scales[None, :]), DECIMALS)
        return cosines


def vectors_of(frame: pl.DataFrame) -> Vectors:
    """The columns `vector` and `scale`."""
    units, scales = dense(frame)
    return Vectors(units.astype(np.float32), scales)


def middles(vectors: Vectors, near: pl.DataFrame, most: int, apart: float, floor: float) -> Vectors:
    """The middles of up to `most` groups; `near` has the pairs (left, right, cosine) of rows with near texts.

    Starts are taken in the order of density, none with a cosine of `apart` or more to one taken before. A middle is the
    mean direction of the vectors that are nearest to it with a cosine of at least `floor`.
    """
    starts = _starts(vectors, near, most, apart)
    found = Vectors(vectors.units[starts], vectors.scales[starts])
    before: Rows = np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        group = nearest(vectors, found, floor)
        if np.array_equal(group, before):
            break
        found, before = _averaged(vectors, group, found), group
    return found


def nearest(vectors: Vectors, found: Vectors, floor: float) -> Rows:
    """The middle nearest to each vector, the first of equals; -1 where none reaches the floor."""
    group = np.full(len(vectors.scales), -1, dtype=np.int64)
    for start in range(0, len(group) if len(found.scales) else 0, BLOCK):
        cosines = vectors.cosines(found, slice(start, start + BLOCK))
        best = cosines.argmax(axis=1)
        reached = cosines[np.arange(len(best)), best] >= floor
        group[start : start + BLOCK] = np.where(reached, best, -1)
    return group


def members(vectors: Vectors, found: Vectors, floor: float, most: int, within: float) -> pl.DataFrame:
    """Row, group and cosine of each vector and its up to `most` nearest middles, all within `within` of the best one."""
    frames = [pl.DataFrame(schema={"row": pl.Int64, "group": pl.Int64, "cosine": pl.Float64})]
    for start in range(0, len(vectors.scales) if len(found.scales) else 0, BLOCK):
        cosines = vectors.cosines(found, slice(start, start + BLOCK))
        bound = np.maximum(cosines.max(axis=1) - within, floor)
        row, group = np.nonzero(cosines >= bound[:, None])
        frames.append(pl.DataFrame({"row": row + start, "group": group, "cosine": cosines[row, group]}))
    return (
        pl.concat(frames).sort("row", pl.col("cosine").neg(), "group").filter(pl.int_range(pl.len()).over("row") < most)
    )


def _starts(vectors: Vectors, near: pl.DataFrame, most: int, apart: float) -> Rows:
    crowded = (
        near.sort("left", pl.col("cosine").neg(), "right")
        .group_by("left", maintain_order=True)
        .agg(density=(pl.col("cosine").head(CROWD).sum() / CROWD).round(DECIMALS))
        .sort(pl.col("density").neg(), "left")
    )
    taken: list[int] = []
    free = np.ones(len(vectors.scales), dtype=np.bool_)
    for row in crowded["left"].to_list():
        if len(taken) == most:
            break
        if free[row]:
            taken.append(row)
            start = Vectors(vectors.units[[row]], vectors.scales[[row]])
            free &= vectors.cosines(start, slice(None))[:, 0] < apart
    return np.array(taken, dtype=np.int64)


def _averaged(vectors: Vectors, group: Rows, before: Vectors) -> Vectors:
    """The mean directions of the groups; an empty group keeps its middle."""
    rows = np.flatnonzero(group >= 0)
    shape = (len(before.scales), len(group))
    # The product of a sparse with a dense matrix adds row by row in one thread, in the order of the rows.
    sums = sp.csr_array((vectors.scales[rows], (group[rows], rows)), shape=shape) @ vectors.units
    small, scales = quantised(np.asarray(sums))
    empty = np.bincount(group[rows], minlength=shape[0]) == 0
    units = small.astype(np.float32)
    units[empty], scales[empty] = before.units[empty], before.scales[empty]
    return Vectors(units, scales)
