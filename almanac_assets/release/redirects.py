"""The table `redirects`: where ids and names of earlier releases lead now."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.release.releases import Release

REDIRECTS = Method(
    "release.redirects",
    1,
    "Where ids of earlier releases lead",
    "Each room says which of its ids were merged, split or renamed, and why; an id that a release once redirected stays in the "
    "table as long as it does not stand for a record of its own again, from the time at which it was first redirected.",
)


def redirects(
    entity_redirects: pl.DataFrame,
    event_redirects: pl.DataFrame,
    guide_redirects: pl.DataFrame,
    work_redirects: pl.DataFrame,
    registry: pl.DataFrame,
    events: pl.DataFrame,
    works: pl.DataFrame,
    guides: pl.DataFrame,
    as_of: pl.DataFrame,
    previous: tuple[Release, ...],
) -> pl.DataFrame:
    """The table `redirects`: those that the rooms state, then those of the release before that nothing revoked.

    Revoked is what stands for a record of its own again, such as an entity whose merge was taken back.
    """
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    columns = TABLES["redirects"].column_names
    rooms = (entity_redirects, event_redirects, guide_redirects, work_redirects)
    stated = pl.concat([room.with_columns(REDIRECTS.column).select(columns) for room in rooms])
    before = previous[-1].table("redirects") if previous and "redirects" in previous[-1].manifest["tables"] else None
    if before is None:
        return stated
    key = ["kind", "from_id"]
    first = before.select(*key, first_since="since")
    still = stated.join(first, on=key, how="left").with_columns(since=pl.min_horizontal("since", "first_since"))
    active = registry.filter(pl.col("record_status") == "active")
    records = (active["entity_id"], events["event_id"], works["work_id"], guides["guide_id"])
    alive = pl.concat([ids.cast(pl.String).rename("from_id") for ids in records]).to_frame()
    kept = before.join(stated, on=key, how="anti").join(alive, on="from_id", how="anti").select(columns)
    return pl.concat([still.select(columns), kept])
