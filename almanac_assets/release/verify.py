"""Reading a release again, distrusting every byte: checksums, three readers, values, and the contract's checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from almanac_assets.contract import TABLES
from almanac_assets.contract.checks import literal
from almanac_assets.contract.table import TYPE_NAMES
from almanac_assets.errors import AlmanacError, ReleaseRefused
from almanac_assets.release.gates import contract_gates
from almanac_assets.release.manifest import schema_entries
from almanac_assets.release.queries import in_memory
from almanac_assets.release.releases import MANIFEST, Release
from almanac_assets.store.content import column_hashes, table_hash
from almanac_assets.store.files import sha256_of
from almanac_assets.store.tables import read_arrow


def reread(tables: Path, content_hashes: Mapping[str, str], connection: duckdb.DuckDBPyConnection) -> None:
    """Read each file with pyarrow (page checksums on), Polars and DuckDB; ReleaseRefused names what differs."""
    faults = [
        fault
        for name, expected in content_hashes.items()
        for fault in _faults(tables, name, expected, schema_entries(TABLES[name]), connection)
    ]
    if faults:
        raise ReleaseRefused(tables.parent.name, faults)


def _faults(
    tables: Path, name: str, expected: str, schema: list[dict[str, Any]], connection: duckdb.DuckDBPyConnection
) -> list[str]:
    path = tables / f"{name}.parquet"
    try:
        table = read_arrow(path)
        faults = []
        if _shape_of(table.schema) != _shape(schema):
            faults.append(f"{path.name}: its columns are not those that were promised")
        if table_hash(column_hashes(table)) != expected:
            faults.append(f"{path.name}: its values are not those that the manifest names")
        rows = connection.sql(f"SELECT count(*) FROM read_parquet({literal(path.as_posix())})").fetchall()[0][0]
        lengths = {table.num_rows, int(rows), pl.scan_parquet(path).select(pl.len()).collect().item()}
        if len(lengths) != 1:
            faults.append(f"{path.name}: pyarrow, DuckDB and Polars count {sorted(lengths)} rows")
        return faults
    except (AlmanacError, duckdb.Error, pl.exceptions.PolarsError, OSError) as error:
        return [f"{path.name}: {error}"]


def _shape(schema: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    return [(column["name"], column["type"], column["nullable"]) for column in schema]


def _shape_of(schema: pa.Schema) -> list[tuple[str, str, bool]]:
    plain = [pa.list_(field.type.value_type) if pa.types.is_list(field.type) else field.type for field in schema]
    return [
        (field.name, TYPE_NAMES.get(kind, str(kind)), field.nullable) for field, kind in zip(schema, plain, strict=True)
    ]


def verify(folder: Path) -> list[str]:
    """Every fault of a release folder, as lines that name the file; an empty list if there is none.

    A table whose columns are those of today's contract is held against all its checks; one of an older or newer
    contract against its checksums, values and the schema that its own manifest states.
    """
    faults = _checksum_faults(folder)
    if not (folder / MANIFEST).exists():
        return faults or [f"{folder}: no {MANIFEST}; this is no release"]
    if faults:
        return faults
    stated = Release(folder).manifest["tables"]
    tables = folder / "tables"
    with in_memory() as connection:
        for name, entry in stated.items():
            faults += _faults(tables, name, entry["content_hash"], entry["schema"], connection)
            faults += (
                [] if sha256_of(tables / f"{name}.parquet") == entry["sha256"] else [f"{MANIFEST}: sha256 of {name}"]
            )
        if faults:
            return faults
        ours = {name for name, entry in stated.items() if name in TABLES and _shape(entry["schema"]) == _promised(name)}
        gates = contract_gates(connection, {name: tables / f"{name}.parquet" for name in stated if name in ours})
    return [gate.says for gate in gates if not gate.passed]


def _promised(name: str) -> list[tuple[str, str, bool]]:
    return _shape(schema_entries(TABLES[name]))


# As `sha256sum` writes them, for paths below the release: no name begins with a dot, so none leads out of it.
_SUM = re.compile(r"([0-9a-f]{64})  (\w[\w.-]*(?:/\w[\w.-]*)*)", re.ASCII)


def _checksum_faults(folder: Path) -> list[str]:
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return [f"{folder}: no SHA256SUMS; this is no release"]
    faults, listed = [], set()
    text = sums.read_bytes().decode("utf-8", errors="replace")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        read = _SUM.fullmatch(line)
        if read is None:
            faults.append(f"SHA256SUMS: line {number} is no checksum and path")
            continue
        expected, name = read.groups()
        listed.add(name)
        path = folder / name
        if not path.is_file():
            faults.append(f"{name}: missing")
        elif sha256_of(path) != expected:
            faults.append(f"{name}: its bytes are not those that SHA256SUMS names")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [f"{name}: not listed in SHA256SUMS" for name in sorted(found - listed - {"SHA256SUMS"})]
    return faults
