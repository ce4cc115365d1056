"""The state of entities, events and aliases as of any date: the table `record_history`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import HISTORY_TABLES
from almanac_assets.contract.method import Method
from almanac_assets.release.canonical import row_arrays, row_objects

HISTORY = Method(
    "release.history",
    1,
    "States of records over releases",
    "A state holds from the as_of of the release that first published it until the as_of of the release that first did not.",
)


def record_history(tables: Mapping[str, pl.DataFrame], before: pl.DataFrame | None, as_of: datetime) -> pl.DataFrame:
    """The table `record_history`: what was, closed where it no longer holds, and what holds from `as_of` on."""
    schema = TABLES["record_history"].polars_schema
    states = pl.concat([_states(tables[name], name) for name in HISTORY_TABLES])
    past = before if before is not None else pl.DataFrame(schema=schema)
    identity = ["table_name", "row_key"]
    closed = past.filter(pl.col("valid_to").is_not_null())
    holding = past.filter(pl.col("valid_to").is_null())
    still = holding.join(states, on=[*identity, "row"], how="semi")
    ended = holding.join(states, on=[*identity, "row"], how="anti").with_columns(
        valid_to=pl.lit(as_of).cast(schema["valid_to"])
    )
    fresh = states.join(still, on=identity, how="anti").with_columns(
        HISTORY.column,
        valid_from=pl.lit(as_of).cast(schema["valid_from"]),
        valid_to=pl.lit(None, dtype=schema["valid_to"]),
    )
    columns = list(schema)
    return pl.concat([part.select(columns) for part in (closed, still, ended, fresh)])


def _states(table: pl.DataFrame, name: str) -> pl.DataFrame:
    contract = TABLES[name]
    return pl.DataFrame(
        {
            "table_name": pl.Series([name] * table.height, dtype=pl.String),
            "row_key": row_arrays(table, list(contract.key)),
            "row": row_objects(table, contract.column_names),
        }
    )
