"""Which answers of a source belong to one pull: those that follow each other closely."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

# A server may ask to wait up to 10 minutes between pages of one harvest; later answers belong to another pull.
GAP = timedelta(minutes=15)


def pulls(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts, ordered by source and time, with the begin of the pull that each answer belongs to (`pull_at`)."""
    by_time = facts.sort("source_id", "fetched_at", "payload_sha256")
    is_new = (pl.col("fetched_at").diff() > GAP).over("source_id").fill_null(value=True)
    numbered = by_time.with_columns(_pull=is_new.cum_sum().over("source_id"))
    return numbered.with_columns(pull_at=pl.col("fetched_at").min().over("source_id", "_pull")).drop("_pull")
