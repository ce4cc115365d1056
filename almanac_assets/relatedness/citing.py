"""Who cites whom among documents or events, and which works two of them both cite (bibliographic coupling, Kessler 1963)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from almanac_assets.relatedness.sharing import Floats, Rows, matrix, products, unit_rows

HALF_AT = 3.0  # works that both cite at which coupling counts half: one common reference says little


@dataclass(frozen=True)
class Citing:
    """Matrices with a row per document or event."""

    unit: sp.csr_array  # rarity of each cited work, rows of length 1
    cited: sp.csr_array  # 1 for each cited work
    links: pl.DataFrame  # left, right: the left one cites the right one

    def likeness(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs (left, right) in their order with `citing` (0 to 1), `cites`, `cited_by` and `both_cite` (a count).

        A citation counts in full; works that both cite count by the cosine of the references, rare ones more, times
        n / (n + HALF_AT) for n of them.
        """
        left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
        both = products(self.cited, left, right)
        coupling = np.clip(products(self.unit, left, right) * both / (both + HALF_AT), 0.0, 1.0)
        forth = self.links.with_columns(cites=pl.lit(True))
        back = self.links.select(left="right", right="left", cited_by=pl.lit(True))
        return (
            pairs.with_columns(coupling=pl.Series(coupling), both_cite=pl.Series(both).cast(pl.Int64))
            .join(forth, on=["left", "right"], how="left", maintain_order="left")
            .join(back, on=["left", "right"], how="left", maintain_order="left")
            .with_columns(pl.col("cites", "cited_by").fill_null(False))
            .with_columns(citing=pl.when(pl.col("cites") | pl.col("cited_by")).then(1.0).otherwise("coupling"))
            .drop("coupling")
        )

    @property
    def pairs(self) -> pl.DataFrame:
        """All pairs (left, right) of which one cites the other, in both directions."""
        return pl.concat([self.links, self.links.select(left="right", right="left")]).unique().sort("left", "right")


def citing(rows: pl.DataFrame, count: int, works: pl.DataFrame, citations: pl.DataFrame) -> Citing:
    """What the `count` rows cite; `rows` has document_id and row, several documents may share a row."""
    own = works.filter(pl.col("document_id").is_not_null()).join(rows, on="document_id").select("work_id", "row")
    references = (
        citations.select("cited_work_id", "citing_work_id")
        .join(own, left_on="citing_work_id", right_on="work_id")
        .select("row", "cited_work_id")
        .unique()
    )
    links = (
        references.join(own.rename({"row": "right"}), left_on="cited_work_id", right_on="work_id")
        .select(left="row", right="right")
        .filter(pl.col("left") != pl.col("right"))
        .unique()
        .sort("left", "right")
    )
    frequency = references.group_by("cited_work_id").agg(frequency=pl.len()).sort("cited_work_id")
    cells = references.join(frequency.with_row_index("column"), on="cited_work_id").sort("row", "column")
    rarity = _rarities(cells["frequency"].to_numpy(), references["row"].n_unique())
    return Citing(
        unit=unit_rows(matrix(rarity, cells, count, frequency.height)),
        cited=matrix(np.ones(cells.height), cells, count, frequency.height),
        links=links,
    )


def _rarities(frequency: Rows, rows: int) -> Floats:
    """log(1 + rows / frequency); logarithms of the standard library are the same on every processor."""
    by_count = np.array([0.0] + [math.log1p(rows / count) for count in range(1, int(frequency.max(initial=0)) + 1)])
    rarities: Floats = by_count[frequency]
    return rarities


def told_citing() -> pl.Expr:
    """The citations of a pair in words, with its leading mark; nothing where there are none."""
    return (
        pl.when(pl.col("cites") & pl.col("cited_by"))
        .then(pl.lit("; they cite each other"))
        .when("cites")
        .then(pl.lit("; cites it"))
        .when("cited_by")
        .then(pl.lit("; cited by it"))
        .when(pl.col("both_cite") > 1)
        .then(pl.format("; both cite the same {} works", "both_cite"))
        .when(pl.col("both_cite") == 1)
        .then(pl.lit("; both cite the same work"))
        .otherwise(pl.lit(""))
    )
