"""The manifest: what pins a release, and per table its file, hashes, schema, spans, checks and differences."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from almanac_assets.contract.table import Contract
from almanac_assets.release.gates import Gate
from almanac_assets.release.releases import Release
from almanac_assets.store.code import library_versions


def schema_entries(contract: Contract) -> list[dict[str, Any]]:
    """The columns of a table as the manifest states them."""
    return [
        {"name": c.name, "type": c.type_name, "nullable": c.nullable, "description": c.description}
        for c in contract.columns
    ]


def table_entry(contract: Contract, frame: pl.DataFrame, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest says of one table; `facts` holds rows, bytes, sha256 and content_hash of its file."""
    times = [column.name for column in contract.columns if column.type_name in ("time", "date")]
    return {
        **facts,
        "file": f"tables/{contract.name}.parquet",
        "key": list(contract.key),
        "sorted_by": list(contract.key),
        "schema_version": contract.schema_version,
        "schema": schema_entries(contract),
        "null_share": {
            column.name: round(frame[column.name].null_count() / max(frame.height, 1), 6)
            for column in contract.columns
            if column.nullable
        },
        "spans": {name: [_iso(frame[name].min()), _iso(frame[name].max())] for name in times},
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None


def with_checks(
    tables: Mapping[str, dict[str, Any]], gates: Sequence[Gate], changes: pl.DataFrame
) -> dict[str, dict[str, Any]]:
    """The entries with the result of every gate of the table and the number of its rows that differ."""
    rows = changes.select("table_name", "row_key", "change").unique()
    counts = {(name, change): n for name, change, n in rows.group_by("table_name", "change").len().iter_rows()}
    return {
        name: entry
        | {
            "checks": {
                gate.name.removeprefix(f"{name}."): {"passed": gate.passed, "says": gate.says}
                for gate in gates
                if gate.name.startswith(f"{name}.")
            },
            "changes": {change: counts.get((name, change), 0) for change in ("added", "removed", "changed")},
        }
        for name, entry in tables.items()
    }


def manifest_page(
    name: str,
    as_of: str,
    previous: Release | None,
    pins: Mapping[str, str],
    accepted: Mapping[str, str],
    gates: Sequence[Gate],
    tables: Mapping[str, dict[str, Any]],
) -> str:
    """The manifest's text. No host, path or time of the build stands in it: the same inputs give the same bytes."""
    manifest = {
        "release": name,
        "as_of": as_of,
        "previous": {"release": previous.name, "manifest_sha256": previous.manifest_sha256} if previous else None,
        "inputs": dict(pins),
        "libraries": library_versions(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "accepted_gates": dict(accepted),
        "gates": {"passed": sum(gate.passed for gate in gates), "run": len(gates)},
        "tables": dict(tables),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
