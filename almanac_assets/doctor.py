"""Looks at the installation and the data: each finding with what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from almanac_assets import settings
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.ledger import Ledger
from almanac_assets.release.releases import Releases
from almanac_assets.store.files import require_writable
from almanac_assets.store.workspace import Workspace

# A release of the sample takes some 3 MB, one of 68,069 papers some 200 MB with its lake beside it.
LEAST_FREE = 1 << 30
PACKAGES = ("dagster", "dagster-duckdb", "duckdb", "polars", "pyarrow")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: good or bad, what was found, and what to do if it is bad."""

    what: str
    good: bool
    said: str
    remedy: str = ""


def findings(root: Path) -> Iterator[Finding]:
    """Python, packages, shipped files, free space, rights, ledger, releases."""
    supported = (3, 11) <= sys.version_info < (3, 14)
    remedy = "" if supported else "use Python 3.11, 3.12 or 3.13"
    yield Finding("python", supported, sys.version.split()[0], remedy)
    yield from map(_package, PACKAGES)
    for path in (settings.SOURCES_FILE, settings.GAZETTEER, settings.WORD_TABLE, settings.CONSTANTS, settings.SAMPLE):
        there = path.exists()
        shown = path.relative_to(settings.CHECKOUT).as_posix()
        yield Finding("shipped", there, shown, "" if there else "restore it with git checkout")
    yield _rights(root)
    free = shutil.disk_usage(root if root.exists() else root.parent).free
    yield Finding("free space", free > LEAST_FREE, f"{free / 1e9:.1f} GB", "" if free > LEAST_FREE else "free 1 GB")
    yield from _data(root)


def _package(name: str) -> Finding:
    try:
        return Finding("package", True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return Finding("package", False, f"{name} is missing", "run `make build`")


def _rights(root: Path) -> Finding:
    try:
        require_writable(root)
    except AlmanacError as error:
        return Finding("folder", False, error.what, error.remedy)
    return Finding("folder", True, f"{root} can be written")


def _data(root: Path) -> Iterator[Finding]:
    workspace = Workspace(root)
    try:
        fetches = Ledger(workspace.ledger_file).fetches()
        yield Finding("ledger", True, f"{len(fetches)} fetches")
        releases = Releases(workspace.releases)
        latest = releases.latest()
        named = f"latest {latest.name} of {len(releases.all())}" if latest else "none yet: run `almanac build`"
        yield Finding("releases", True, named)
    except AlmanacError as error:
        yield Finding("data", False, error.what, error.remedy)
