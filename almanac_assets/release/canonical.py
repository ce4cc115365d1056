"""Rows as canonical JSON: one text for one row, whoever writes it, so that rows can be hashed and compared.

Values stand in the order of the contract's columns; floats as Python's repr writes them, times as
2026-01-31T12:00:00.000000Z, days as 2026-01-31, texts with only the escapes that JSON demands, no blanks.
"""

from __future__ import annotations

import hashlib
import json

import polars as pl


def json_values(frame: pl.DataFrame, column: str) -> pl.Series:
    """Each value of a column as JSON text; null is the text `null`."""
    values = frame.get_column(column)
    kind = values.dtype
    if kind == pl.Datetime:
        written = values.dt.strftime('"%Y-%m-%dT%H:%M:%S%.6fZ"')
    elif kind == pl.Date:
        written = values.dt.strftime('"%Y-%m-%d"')
    elif kind == pl.Float64:
        # Scores are rounded, so distinct values are far fewer than rows; -0.0 is no value of its own.
        distinct = values.unique().drop_nulls()
        texts = pl.Series([json.dumps(value or 0.0) for value in distinct], dtype=pl.String)
        written = (
            values.replace_strict(distinct, texts, return_dtype=pl.String) if distinct.len() else values.cast(pl.String)
        )
    elif kind == pl.Boolean or kind.is_integer():
        written = values.cast(pl.String)
    else:
        encoded = frame.select(pl.struct(pl.col(column).alias("v")).struct.json_encode()).to_series()
        written = encoded.str.slice(5).str.head(-1)  # {"v":…}
    return written.fill_null("null").alias(column)


def row_arrays(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Each row as a JSON list of these columns' values."""
    return _joined(frame, columns, named=False)


def row_objects(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Each row as a JSON object of these columns."""
    return _joined(frame, columns, named=True)


def _joined(frame: pl.DataFrame, columns: list[str], *, named: bool) -> pl.Series:
    values = pl.DataFrame([json_values(frame, name) for name in columns])
    if not columns or not frame.height:
        return pl.Series("row", [], dtype=pl.String)
    pieces: list[pl.Expr] = []
    for position, name in enumerate(columns):
        lead = ("," if position else "") + (f"{json.dumps(name)}:" if named else "")
        pieces += [pl.lit(lead), pl.col(name)] if lead else [pl.col(name)]
    opening, closing = ("{", "}") if named else ("[", "]")
    return values.select(pl.concat_str(pl.lit(opening), *pieces, pl.lit(closing)).alias("row")).to_series()


def row_hashes(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """First 16 bytes (32 hex digits) of the sha256 of each row's JSON list."""
    hashed = [hashlib.sha256(row.encode()).hexdigest()[:32] for row in row_arrays(frame, columns)]
    return pl.Series("row_hash", hashed, dtype=pl.String)
