"""Things that hang together: the connected components of what stands in common groups."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components


def components(rows: pl.DataFrame, group: str, member: str) -> pl.DataFrame:
    """Each `member` once with the number of its `component`: members that share a `group` are in one.

    Rows may come in any order; the same members always come out together, sorted, and so with the same numbers.
    """
    known = rows.select(pl.col(member).unique().sort()).with_row_index("node")
    cells = rows.select(group, member).unique().join(known, on=member).sort(group, "node")
    links = cells.select("node", first=pl.col("node").first().over(group))
    ends = (links["first"].to_numpy(), links["node"].to_numpy())
    matrix = sp.coo_array((np.ones(links.height, dtype=np.int8), ends), shape=(known.height, known.height))
    labels = connected_components(matrix, directed=False)[1] if known.height else np.zeros(0, dtype=np.int32)
    return known.select(member, component=pl.Series(labels, dtype=pl.Int64))
