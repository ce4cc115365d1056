"""Rejected records as the table `quarantine`: what could not be read, where it stands, and why."""

from __future__ import annotations

import hashlib

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method

METHOD = Method(
    "documents.quarantine",
    1,
    "Records and payloads that could not be read",
    "A record that a format's reader refuses is kept here with its place and reason; its bytes stay in the payload store "
    "and are read again by `almanac reparse`.",
)


IDENTITY = ("payload_sha256", "locator", "reason")  # the wording of a detail may be bettered without a new id


def quarantine(rejects: pl.DataFrame) -> pl.DataFrame:
    """The table `quarantine`, each reject of a payload once, at its first fetch."""
    first = rejects.sort("fetched_at", "source_id", "payload_sha256", "ordinal", "detail").unique(
        IDENTITY, keep="first", maintain_order=True
    )
    ids = [
        "q-" + hashlib.sha256("\0".join(row).encode()).hexdigest()[:16] for row in first.select(IDENTITY).iter_rows()
    ]
    return first.with_columns(
        METHOD.column,
        quarantine_id=pl.Series(ids, dtype=pl.String),
        first_seen_at="fetched_at",
        resolved_in=pl.lit(None, dtype=pl.String),
    ).select(TABLES["quarantine"].column_names)
