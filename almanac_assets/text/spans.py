"""Spans that published values follow from: which words of which row, under an id of their own.

Each room gathers its own spans; release/evidence.py joins them into the table `evidence` with their words.
"""

from __future__ import annotations

import hashlib

import polars as pl

SPAN = ("subject_id", "field", "start", "end")
SPANS = pl.Schema(
    {
        "subject_table": pl.String(),
        "subject_id": pl.String(),
        "field": pl.String(),
        "start": pl.Int32(),
        "end": pl.Int32(),
        "evidence_id": pl.String(),
    }
)
DOCUMENTS = "documents"


def evidence_ids(spans: pl.DataFrame, subject_table: str = DOCUMENTS) -> pl.Series:
    """`e-` and 16 hex digits of table, subject, field and span (columns SPAN); null where there is no subject.

    The table is left out for documents, whose spans were the first to have ids.
    """
    table = "" if subject_table == DOCUMENTS else f"{subject_table}\0"
    made = [
        None if row[0] is None else "e-" + hashlib.sha256((table + "\0".join(map(str, row))).encode()).hexdigest()[:16]
        for row in spans.select(SPAN).iter_rows()
    ]
    return pl.Series("evidence_id", made, dtype=pl.String)


def span_rows(spans: pl.DataFrame, subject_table: str = DOCUMENTS) -> pl.DataFrame:
    """Distinct spans in the schema SPANS, sorted; rows without a subject say nothing and are left out."""
    distinct = spans.select(SPAN).drop_nulls("subject_id").unique().sort(SPAN)
    return distinct.with_columns(evidence_ids(distinct, subject_table), subject_table=pl.lit(subject_table)).select(
        pl.col(name).cast(kind) for name, kind in SPANS.items()
    )
