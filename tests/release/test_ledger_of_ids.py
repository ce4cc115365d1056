"""The ledger of ids: what all earlier releases have named, and since when a release lacks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import polars as pl

from almanac_assets.release.ids import IDS, ids_before
from almanac_assets.release.releases import Release

DAYS = [datetime(2026, 6, day, tzinfo=UTC) for day in range(1, 6)]


@dataclass(frozen=True)
class Published:
    """As much of a release as the ledger reads: names with their status."""

    as_of: datetime
    rows: tuple[tuple[str, str], ...]

    def table(self, name: str) -> pl.DataFrame:
        assert name == "entities"
        return pl.DataFrame(
            [("model", one, f"{one}-01234567", one, status) for one, status in self.rows],
            schema=["type", "normal_form", "entity_id", "slug", "record_status"],
            orient="row",
        )


def ledger(*releases: tuple[tuple[str, str], ...]) -> dict[str, datetime | None]:
    """`gone_since` by name before the release of the day after these."""
    previous = tuple(cast(Release, Published(day, rows)) for day, rows in zip(DAYS, releases, strict=False))
    table = ids_before(pl.DataFrame({"as_of": [DAYS[-1]]}), previous)
    assert table.schema == IDS
    return dict(table.select("normal_form", "gone_since").iter_rows())


def test_a_first_release_knows_nothing() -> None:
    """No release before, no ids."""
    assert ledger() == {}


def test_an_id_is_known_for_ever_and_its_going_is_dated_once() -> None:
    """The first release without it dates its going, whatever comes after; what comes back is not gone."""
    active = (("foo", "active"), ("bar", "active"), ("new", "active"))
    without = (("foo", "active"),)
    assert ledger(active, without, without) == {"foo": None, "bar": DAYS[1], "new": DAYS[1]}
    assert ledger(active, without, active)["bar"] is None


def test_a_merged_record_is_gone() -> None:
    """Its row stays, its id leads elsewhere."""
    assert ledger((("foo", "active"),), (("foo", "merged"),)) == {"foo": DAYS[1]}
