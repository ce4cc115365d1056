"""The time a release stands for, from its inputs alone."""

from __future__ import annotations

import polars as pl

AS_OF = pl.Schema({"as_of": pl.Datetime("us", "UTC")})


def as_of(fetches: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """One row: the newest time at which any input was captured."""
    newest = pl.concat([fetches["fetched_at"], records["seen_at"]]).max()
    return pl.DataFrame({"as_of": [newest]}, schema=AS_OF)
