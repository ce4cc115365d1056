"""Making a release visible: everything written and re-read aside, one rename, and the pointer last.

A reader sees the old state or the new one, whatever moment the builder is stopped at. A build that holds what an existing
release holds makes none.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.dictionary import columns_rows, tables_rows
from almanac_assets.errors import ReleaseRefused
from almanac_assets.release import describe
from almanac_assets.release.canonical import row_hashes
from almanac_assets.release.diff import Current, changes
from almanac_assets.release.gates import Gate, contract_gates, movement_gates
from almanac_assets.release.history import record_history
from almanac_assets.release.manifest import manifest_page, table_entry, with_checks
from almanac_assets.release.releases import LATEST, MANIFEST, Release, Releases
from almanac_assets.release.verify import reread
from almanac_assets.store.content import column_hashes, table_hash
from almanac_assets.store.files import flush_file, flush_folder, require_space, sha256_of, write_text, writing
from almanac_assets.store.lake import Kept
from almanac_assets.store.tables import PUBLISHED_LEVEL, conform, read_frame, write_table

STAGING = ".staging-"
# Made here, from all the others.
LAST_TABLES = ("changes", "record_history", "tables", "columns")
# Of those, the ones that depend on the release before or on the files of this one.
OF_THE_RELEASE = ("changes", "record_history", "tables")
# Tables whose rows say where their text is from.
TEXT_TABLES = ("citation_contexts", "documents")
# Measured on the sample: with hashes, changes, history and descriptions a release takes 2.3 times the lake's tables.
SPACE_FACTOR = 3


@dataclass(frozen=True)
class Inputs:
    """What a release is made of: the current lake tables, the time they stand for, and what pins them."""

    kept: Mapping[str, Kept]
    as_of: datetime
    code_versions: Mapping[str, str]
    pins: Mapping[str, str]  # fingerprints of the ledger and the shipped files
    accepted: Mapping[str, str] = field(default_factory=dict)  # gate -> reason for letting it pass


@dataclass(frozen=True)
class Staged(Mapping[str, pl.DataFrame]):
    """The tables of a stage by name, each read when asked for and then forgotten: all at once would fill the memory."""

    folder: Path

    def __getitem__(self, name: str) -> pl.DataFrame:
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise KeyError(name)
        return read_frame(path)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self.folder.glob("*.parquet")))

    def __len__(self) -> int:
        return len(list(self.folder.glob("*.parquet")))


@dataclass(frozen=True)
class Published:
    """A release, and whether this build made it or found it."""

    release: Release
    is_new: bool
    gates: list[Gate]


def publish(inputs: Inputs, releases: Releases, connection: duckdb.DuckDBPyConnection) -> Published:
    """Stage, check, compare, and make visible; ReleaseRefused leaves everything as it was."""
    _sweep(releases.folder)
    same = _same_release(inputs, releases)
    if same:
        _point_to_newest(releases)
        return Published(same, False, [])
    previous = releases.before(inputs.as_of)
    name = releases.next_name(inputs.as_of)
    with writing(f"release {name} in {releases.folder}"):
        releases.folder.mkdir(parents=True, exist_ok=True)
        require_space(releases.folder, SPACE_FACTOR * _bytes(inputs))
        stage = releases.folder / f"{STAGING}{name}-{os.getpid()}"
        stage.mkdir()
        try:
            gates = _fill(stage, name, inputs, previous, connection)
            _flush(stage)
            stage.rename(releases.folder / name)
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        flush_folder(releases.folder)
    _point_to_newest(releases)
    return Published(Release(releases.folder / name), True, gates)


def _same_release(inputs: Inputs, releases: Releases) -> Release | None:
    """An existing release with the same as_of and the same values in every table but those that describe it."""
    hashes = {name: kept.content_hash for name, kept in inputs.kept.items()}
    # A reworded or extended contract is news: it comes out in a release of its own.
    hashes["columns"] = table_hash(column_hashes(conform(columns_rows(TABLES), TABLES["columns"])))
    for release in releases.all():
        stated = release.manifest["tables"]
        if (
            release.as_of == inputs.as_of
            and {n: t["content_hash"] for n, t in stated.items() if n not in OF_THE_RELEASE} == hashes
        ):
            return release
    return None


def _bytes(inputs: Inputs) -> int:
    return sum(part.path.stat().st_size for kept in inputs.kept.values() for part in kept.parts.values())


def _fill(
    stage: Path, name: str, inputs: Inputs, previous: Release | None, connection: duckdb.DuckDBPyConnection
) -> list[Gate]:
    """Write every file of the release into the stage and require its gates."""
    (stage / "tables").mkdir()
    frames = Staged(stage / "tables")
    files: dict[str, dict[str, Any]] = {}
    for table, kept in inputs.kept.items():
        (part,) = kept.parts.values()
        shutil.copyfile(part.path, stage / "tables" / f"{table}.parquet")
        files[table] = _file_facts(stage, table, part.content_hash, part.rows)
    files["columns"] = _write_last(stage, "columns", columns_rows(TABLES))
    hashes = {table: _write_hashes(stage, table, frames[table]) for table in frames}
    current = Current(frames, hashes, inputs.code_versions)
    found = changes(current, previous)
    movement = movement_gates(current, previous, found)
    _require(name, movement, inputs.accepted)
    history = record_history(frames, previous.table("record_history") if previous else None, inputs.as_of)
    for table, frame in (("changes", found), ("record_history", history)):
        files[table] = _write_last(stage, table, frame)
    files["tables"] = _write_last(stage, "tables", tables_rows(TABLES, files))
    for table in OF_THE_RELEASE:
        _write_hashes(stage, table, frames[table])
    gates = contract_gates(connection, {table: stage / "tables" / f"{table}.parquet" for table in TABLES})
    _require(name, gates, {})
    reread(stage / "tables", {table: facts["content_hash"] for table, facts in files.items()}, connection)
    _describe(stage, name, inputs, previous, files, frames, [*gates, *movement])
    return [*gates, *movement]


def _require(name: str, gates: list[Gate], accepted: Mapping[str, str]) -> None:
    failed = [f"{gate.name} ({gate.says})" for gate in gates if not gate.passed and gate.name not in accepted]
    if failed:
        raise ReleaseRefused(name, failed)


def _write_last(stage: Path, table: str, frame: pl.DataFrame) -> dict[str, Any]:
    contract = TABLES[table]
    path = stage / "tables" / f"{table}.parquet"
    written = write_table(path, conform(frame, contract), level=PUBLISHED_LEVEL, key=contract.key)
    return _file_facts(stage, table, written.content_hash, written.rows)


def _file_facts(stage: Path, table: str, content_hash: str, rows: int) -> dict[str, Any]:
    path = stage / "tables" / f"{table}.parquet"
    return {"rows": rows, "bytes": path.stat().st_size, "sha256": sha256_of(path), "content_hash": content_hash}


def _write_hashes(stage: Path, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    contract = TABLES[table]
    hashed = frame.select(contract.key).with_columns(row_hashes(frame, contract.column_names))
    path = stage / "hashes" / f"{table}.parquet"
    write_table(path, hashed.to_arrow().combine_chunks(), level=PUBLISHED_LEVEL, key=contract.key)
    return hashed


def _describe(
    stage: Path,
    name: str,
    inputs: Inputs,
    previous: Release | None,
    files: Mapping[str, Mapping[str, Any]],
    frames: Mapping[str, pl.DataFrame],
    gates: list[Gate],
) -> None:
    as_of = inputs.as_of.astimezone(UTC).isoformat().replace("+00:00", "Z")
    failed = {gate.name for gate in gates if not gate.passed}
    accepted = {gate: reason for gate, reason in inputs.accepted.items() if gate in failed}
    write_text(stage / "views.sql", describe.views_sql(TABLES))
    write_text(stage / "datapackage.json", describe.datapackage(name, as_of, TABLES, files))
    write_text(stage / "croissant.json", describe.croissant(name, as_of, TABLES, files))
    write_text(stage / "README.md", describe.card(name, as_of, TABLES, files, frames["sources"], _rewritten(frames)))
    before = previous.name if previous else None
    write_text(stage / "CHANGES.md", describe.changes_page(name, before, frames["changes"], accepted))
    entries = {
        table: table_entry(contract, frames[table], files[table]) | {"code_version": inputs.code_versions.get(table)}
        for table, contract in TABLES.items()
    }
    entries = with_checks(entries, gates, frames["changes"])
    write_text(stage / MANIFEST, manifest_page(name, as_of, previous, inputs.pins, accepted, gates, entries))
    write_text(stage / "SHA256SUMS", describe.checksums(stage))


def _rewritten(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Rows per table whose text is in our own words."""
    counts = ((name, frames[name].filter(pl.col("text_basis") == "rewritten").height) for name in TEXT_TABLES)
    return dict(counts)


def _flush(stage: Path) -> None:
    for path in sorted(stage.rglob("*")):
        if path.is_file():
            flush_file(path)
    for folder in (stage / "tables", stage / "hashes", stage):
        flush_folder(folder)


def _point_to_newest(releases: Releases) -> None:
    """Let latest.json name the greatest (as_of, number); it never moves back."""
    newest = releases.all()[-1]
    pointer = {"release": newest.name, "manifest_sha256": newest.manifest_sha256}
    text = json.dumps(pointer, sort_keys=True) + "\n"
    path = releases.folder / LATEST
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def _sweep(folder: Path) -> None:
    """Remove what killed builds left: the caller's lock on this folder says that no other build is at work in it."""
    for stage in folder.glob(f"{STAGING}*"):
        shutil.rmtree(stage, ignore_errors=True)
    for stump in folder.glob(f".{LATEST}.*"):
        stump.unlink(missing_ok=True)
