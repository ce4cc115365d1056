"""What a release must pass before anyone sees it: the contract's checks, and no surprise against the release before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.checks import reference_check, table_checks
from almanac_assets.release.diff import UNEXPLAINED, Current, hashes_before
from almanac_assets.release.queries import run_check, show_tables
from almanac_assets.release.releases import Release

# From 50 rows on a share means something; below, one row is a jump.
LEAST_ROWS = 50
SHRINK, GROWTH, REMOVED = 0.05, 0.50, 0.01
# Rows of these follow from their neighbours: a pair or group goes when what it was made of goes, and leaves redirects.
PAIRS_AND_GROUPS = ("entity_cooccurrence", "entity_judgements", "guides")
# These grow or shrink by nature.
FREE_TO_MOVE = ("changes", "record_history", "feed_health", "coverage", "quarantine", "list_notes")


@dataclass(frozen=True)
class Gate:
    """One gate with what it found; `name`, as in `events.rows`, is what `--accept` takes."""

    name: str
    passed: bool
    says: str


def contract_gates(connection: duckdb.DuckDBPyConnection, paths: Mapping[str, Path]) -> list[Gate]:
    """Key, values and references of every table, by SQL over the staged Parquet."""
    show_tables(connection, {name: [path] for name, path in paths.items()})
    gates = []
    for name in paths:
        checks = table_checks(TABLES[name])
        reference = reference_check(TABLES[name])
        checks += [reference] if reference and set(reference.needs) <= set(paths) else []
        for check in checks:
            finding = run_check(connection, check)
            gates.append(Gate(f"{name}.{check.name}", finding.passed, f"{name}: {finding}"))
    return gates


def movement_gates(current: Current, previous: Release | None, changes: pl.DataFrame) -> list[Gate]:
    """No table shrinks or grows beyond bounds, few ids go, no column turns all null, nothing unexplained."""
    if previous is None:
        return []
    gates = [_explained(changes)]
    for name, table in current.tables.items():
        if name in FREE_TO_MOVE or hashes_before(TABLES[name], previous) is None:
            continue
        before = int(previous.manifest["tables"][name]["rows"])
        if before < LEAST_ROWS:
            continue
        share = table.height / before - 1
        gates.append(
            Gate(
                f"{name}.rows",
                -SHRINK <= share <= GROWTH,
                f"{name}: {before} rows became {table.height} ({share:+.1%})",
            )
        )
        gates.append(_removed(name, before, current, previous))
        gates.append(_new_null_columns(name, table, previous))
    return gates


def _explained(changes: pl.DataFrame) -> Gate:
    unexplained = changes.filter(pl.col("cause") == UNEXPLAINED)
    first = unexplained.head(3).select(pl.format("{} {} {}", "table_name", "row_key", "column_name")).to_series()
    says = f"{unexplained.height} changes without a cause" + (f", such as {'; '.join(first)}" if first.len() else "")
    return Gate("changes.explained", unexplained.height == 0, says)


def _removed(name: str, before: int, current: Current, previous: Release) -> Gate:
    key = list(TABLES[name].key)
    then = hashes_before(TABLES[name], previous)
    assert then is not None
    gone = then.join(current.hashes[name], on=key, how="anti").height
    if "rank" in key or name in PAIRS_AND_GROUPS:  # rows of ranked lists come and go with their neighbours
        return Gate(f"{name}.removed", True, f"{name}: a list of neighbours")
    return Gate(f"{name}.removed", gone <= REMOVED * before, f"{name}: {gone} of {before} keys are gone")


def _new_null_columns(name: str, table: pl.DataFrame, previous: Release) -> Gate:
    empty = [column for column in table.columns if table.height and table[column].null_count() == table.height]
    known = {column["name"] for column in previous.manifest["tables"][name]["schema"]}
    before = previous.table(name, [column for column in empty if column in known])
    lost = [column for column in before.columns if before[column].null_count() < before.height]
    told = f"columns that were filled and are all null now: {', '.join(lost) or 'none'}"
    return Gate(f"{name}.nulls", not lost, f"{name}: {told}")
