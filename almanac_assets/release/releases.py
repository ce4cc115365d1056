"""The folder of releases: which there are, which is the newest, and which came before a given time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.errors import NameUnknown, StoreDamaged
from almanac_assets.store.files import sha256_of
from almanac_assets.store.tables import read_frame

NAME = re.compile(r"([0-9]{4})\.([1-9]|1[0-2])\.([1-9][0-9]*)")
LATEST = "latest.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Release:
    """A published release on disk; nothing in its folder ever changes."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        try:
            manifest: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            return manifest
        except (OSError, ValueError) as error:
            raise StoreDamaged(
                f"{self.folder / MANIFEST} cannot be read: {error}",
                remedy="restore the release, or build again elsewhere",
            ) from error

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.manifest["as_of"])

    @property
    def number(self) -> tuple[int, int, int]:
        year, month, number = self.name.split(".")
        return int(year), int(month), int(number)

    @cached_property
    def manifest_sha256(self) -> str:
        return sha256_of(self.folder / MANIFEST)

    def table_path(self, name: str) -> Path:
        return self.folder / "tables" / f"{name}.parquet"

    def table(self, name: str, columns: list[str] | None = None) -> pl.DataFrame:
        return read_frame(self.table_path(name), columns)

    def hashes(self, name: str) -> pl.DataFrame | None:
        """Key columns and row hash of a table; None if this release does not have the table."""
        path = self.folder / "hashes" / f"{name}.parquet"
        return read_frame(path) if path.exists() else None


class Releases:
    """All releases below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Release]:
        """Every release, oldest first by (as_of, number)."""
        if not self.folder.is_dir():
            return []
        found = [Release(path) for path in self.folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name)]
        return sorted(found, key=lambda release: (release.as_of, release.number))

    def latest(self) -> Release | None:
        """The release that latest.json names; StoreDamaged if that is not the one it was written for."""
        pointer = self.folder / LATEST
        if not pointer.exists():
            return None
        remedy = "delete it; the next build writes it anew"
        try:
            stated = json.loads(pointer.read_text(encoding="utf-8"))
            name, expected = stated["release"], stated["manifest_sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(f"{pointer} cannot be read: {error}", remedy=remedy) from error
        if not isinstance(name, str) or not NAME.fullmatch(name) or not (self.folder / name / MANIFEST).is_file():
            raise StoreDamaged(f"{pointer} names the release {name!r}, which is not there", remedy=remedy)
        release = Release(self.folder / name)
        if release.manifest_sha256 != expected:
            found = f"the manifest of {name} is not the one that {pointer} was written for"
            raise StoreDamaged(found, remedy=f"run `almanac verify {name}`")
        return release

    def named(self, name: str) -> Release:
        """The release of that name, or 'latest'."""
        found = self.latest() if name == "latest" else None
        if name != "latest" and NAME.fullmatch(name) and (self.folder / name).is_dir():
            found = Release(self.folder / name)
        if found is None:
            raise NameUnknown("release", name, ["latest", *(release.name for release in self.all())])
        return found

    def before(self, as_of: datetime) -> Release | None:
        """The newest release with an earlier as_of: the predecessor of one made as of then."""
        earlier = [release for release in self.all() if release.as_of < as_of]
        return earlier[-1] if earlier else None

    def next_name(self, as_of: datetime) -> str:
        """`YYYY.M.N` with the number after the greatest one used in the UTC month of `as_of`."""
        month = as_of.astimezone(UTC)
        used = [release.number[2] for release in self.all() if release.number[:2] == (month.year, month.month)]
        return f"{month.year}.{month.month}.{max(used, default=0) + 1}"
