"""Loading a published table as a Polars frame."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from almanac_assets import settings
from almanac_assets.contract import TABLES
from almanac_assets.errors import NameUnknown
from almanac_assets.release.releases import Releases


def load(table: str, release: str = "latest", *, folder: Path | None = None) -> pl.DataFrame:
    """A table of a release, `load("events")` for the newest of the sample; `folder` is what `--out` named.

    Raises NameUnknown, with the names there are, for a table or release that does not exist.
    """
    if table not in TABLES:
        raise NameUnknown("table", table, list(TABLES))
    return Releases((folder or settings.DATA) / "releases").named(release).table(table)
