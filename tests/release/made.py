"""Publishing hand-made tables: through the lake, as a build does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.release.publish import Inputs, Published, publish
from almanac_assets.release.queries import in_memory
from almanac_assets.release.releases import Release, Releases
from almanac_assets.store.content import column_hashes, table_hash
from almanac_assets.store.files import locked
from almanac_assets.store.lake import WHOLE, Kept, Lake, Product
from almanac_assets.store.workspace import Workspace

FIRST = datetime(2026, 6, 18, 6, tzinfo=UTC)
SECOND = datetime(2026, 6, 19, 6, tzinfo=UTC)
THIRD = datetime(2026, 6, 20, 6, tzinfo=UTC)
PINS = {"ledger": "0" * 64, "lock": "1" * 64}


def kept(lake: Lake, name: str, frame: pl.DataFrame) -> Kept:
    """The table in the lake, under a stamp of its values."""
    product = Product.published(TABLES[name])
    stamp = table_hash(column_hashes(product.table(frame)))[:32]
    written = lake.find(product, WHOLE, stamp) or lake.keep(product, WHOLE, stamp, frame)
    return lake.point(name, {WHOLE: written})


def inputs(
    root: Path,
    tables: Mapping[str, pl.DataFrame],
    as_of: datetime = FIRST,
    *,
    code: Mapping[str, str] | None = None,
    accepted: Mapping[str, str] | None = None,
) -> Inputs:
    """What a build would hand to `publish`; `code` names tables that were made by other code than version 1."""
    lake = Workspace(root).lake
    versions = dict.fromkeys(TABLES, "code-1") | dict(code or {})
    return Inputs(
        {name: kept(lake, name, frame) for name, frame in tables.items()}, as_of, versions, PINS, accepted or {}
    )


def put(root: Path, tables: Mapping[str, pl.DataFrame], as_of: datetime = FIRST, **options: Any) -> Published:
    """Publish these tables below `root`."""
    made = inputs(root, tables, as_of, **options)
    releases = Releases(Workspace(root).releases)
    with locked(releases.folder), in_memory() as connection:
        return publish(made, releases, connection)


def state(root: Path) -> dict[str, bytes]:
    """Every file below the folder of releases with its bytes, but for the lock."""
    folder = Workspace(root).releases
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def latest(root: Path) -> str:
    """The name in latest.json."""
    name = json.loads((Workspace(root).releases / "latest.json").read_text(encoding="utf-8"))["release"]
    assert isinstance(name, str)
    return name


def causes(release: Release, table: str) -> set[tuple[str, str, str, str]]:
    """(row key, column, change, cause) of a table's changes."""
    changes = release.table("changes").filter(table_name=table)
    return set(changes.select("row_key", "column_name", "change", "cause").iter_rows())
