"""The table `citation_breakdown`: citing works and sentences by role, stance, field and year, each share with its n."""

from __future__ import annotations

import polars as pl

from almanac_assets.citations.intervals import wilson
from almanac_assets.citations.summaries import SUMMARIES
from almanac_assets.citations.uses import UNCLEAR, main_uses
from almanac_assets.contract import TABLES

_KEY = ("work_id", "unit", "dimension", "label")


def citation_breakdown(citations: pl.DataFrame, citation_contexts: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """The table `citation_breakdown`; labels that nothing has get no row, and what has no label is told in `left_out`."""
    citing = works.select(citing_work_id="work_id", year="year", fields="fields")
    uses = main_uses(citation_contexts)
    by_work = _units(citations.select("cited_work_id", "citing_work_id").join(citing, on="citing_work_id"))
    by_context = _units(citation_contexts.join(citing, on="citing_work_id"))
    counted = [
        _counted(_units(uses), "work", "role", _decided("main_role")),
        _counted(_units(uses), "work", "polarity", _decided("main_polarity")),
        _counted(by_context, "context", "role", _decided("role")),
        _counted(by_context, "context", "polarity", _decided("polarity")),
    ]
    for unit, rows in (("work", by_work), ("context", by_context)):
        counted.append(_counted(rows, unit, "year", pl.concat_list(pl.col("year").cast(pl.String)).list.drop_nulls()))
        counted.append(_counted(rows, unit, "field", pl.col("fields").list.unique()))
    return _with_shares(pl.concat(counted)).select(TABLES["citation_breakdown"].column_names).sort(_KEY)


def _units(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.rename({"cited_work_id": "work_id"}).with_row_index("row")


def _decided(column: str) -> pl.Expr:
    """The value as a list of one, or of none where it is unclear."""
    decided = pl.when(pl.col(column) != UNCLEAR).then(column)
    return pl.concat_list(decided).list.drop_nulls()


def _counted(rows: pl.DataFrame, unit: str, dimension: str, labels: pl.Expr) -> pl.DataFrame:
    """Rows (works or contexts, with the list of their labels) counted per cited work and label."""
    labelled = rows.select("work_id", "row", label=labels)
    has_label = pl.col("label").list.len() > 0
    bases = labelled.group_by("work_id").agg(of=has_label.sum(), left_out=(~has_label).sum())
    counts = labelled.filter(has_label).explode("label").group_by("work_id", "label").agg(count=pl.len())
    return counts.join(bases, on="work_id").select(
        "work_id",
        pl.lit(unit).alias("unit"),
        pl.lit(dimension).alias("dimension"),
        "label",
        pl.col("count", "of", "left_out").cast(pl.Int64),
    )


def _with_shares(counted: pl.DataFrame) -> pl.DataFrame:
    low, high = wilson(pl.col("count"), pl.col("of"))
    share = (pl.col("count") / pl.col("of")).round(6)
    return counted.with_columns(SUMMARIES.column, share=share, low=low, high=high)
