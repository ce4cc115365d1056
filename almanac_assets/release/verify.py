"""Reading a release again, distrusting every byte: checksums, three readers, values, and the contract's checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.checks import literal
from almanac_assets.errors import AlmanacError, ReleaseRefused
from almanac_assets.release.gates import contract_gates
from almanac_assets.release.queries import in_memory
from almanac_assets.release.releases import MANIFEST, Release
from almanac_assets.store.content import column_hashes, table_hash
from almanac_assets.store.files import sha256_of
from almanac_assets.store.tables import read_arrow


def reread(tables: Path, content_hashes: Mapping[str, str], connection: duckdb.DuckDBPyConnection) -> None:
    """Read each file with pyarrow (page checksums on), Polars and DuckDB; ReleaseRefused names what differs."""
    faults = [
        fault for name, expected in content_hashes.items() for fault in _faults(tables, name, expected, connection)
    ]
    if faults:
        raise ReleaseRefused(tables.parent.name, faults)


def _faults(tables: Path, name: str, expected: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    path = tables / f"{name}.parquet"
    try:
        table = read_arrow(path)
        faults = []
        if not table.schema.remove_metadata().equals(TABLES[name].arrow_schema.remove_metadata()):
            faults.append(f"{path.name}: its schema is not the contract's")
        if table_hash(column_hashes(table)) != expected:
            faults.append(f"{path.name}: its values are not those that the manifest names")
        rows = connection.sql(f"SELECT count(*) FROM read_parquet({literal(path.as_posix())})").fetchall()[0][0]
        lengths = {table.num_rows, int(rows), pl.scan_parquet(path).select(pl.len()).collect().item()}
        if len(lengths) != 1:
            faults.append(f"{path.name}: pyarrow, DuckDB and Polars count {sorted(lengths)} rows")
        return faults
    except (AlmanacError, duckdb.Error, pl.exceptions.PolarsError, OSError) as error:
        return [f"{path.name}: {error}"]


def verify(folder: Path) -> list[str]:
    """Every fault of a release folder, as lines that name the file; an empty list if there is none."""
    faults = _checksum_faults(folder)
    if not (folder / MANIFEST).exists():
        return faults or [f"{folder}: no {MANIFEST}; this is no release"]
    if faults:
        return faults
    manifest = Release(folder).manifest
    hashes = {name: entry["content_hash"] for name, entry in manifest["tables"].items()}
    unknown = sorted(set(hashes) - set(TABLES))
    known = {name: value for name, value in hashes.items() if name in TABLES}
    with in_memory() as connection:
        try:
            reread(folder / "tables", known, connection)
        except ReleaseRefused as refused:
            return refused.failures
        gates = contract_gates(connection, {name: folder / "tables" / f"{name}.parquet" for name in known})
    return [gate.says for gate in gates if not gate.passed] + [f"{name}: no table of this version" for name in unknown]


def _checksum_faults(folder: Path) -> list[str]:
    sums = folder / "SHA256SUMS"
    if not sums.exists():
        return [f"{folder}: no SHA256SUMS; this is no release"]
    faults, listed = [], set()
    for line in sums.read_text(encoding="utf-8").splitlines():
        expected, _, name = line.partition("  ")
        listed.add(name)
        path = folder / name
        if not path.is_file():
            faults.append(f"{name}: missing")
        elif sha256_of(path) != expected:
            faults.append(f"{name}: its bytes are not those that SHA256SUMS names")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [f"{name}: not listed in SHA256SUMS" for name in sorted(found - listed - {"SHA256SUMS"})]
    return faults
