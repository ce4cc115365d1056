"""The ledger of ids: what releases before have named, so that the next one names it alike."""

from __future__ import annotations

import polars as pl

from almanac_assets.entities.published import known_ids
from almanac_assets.relatedness.guide_ids import known_guides
from almanac_assets.release.releases import Release

IDS = pl.Schema(
    dict.fromkeys(("type", "normal_form", "entity_id", "slug"), pl.String()) | {"gone_since": pl.Datetime("us", "UTC")}
)
KNOWN_WORKS = pl.Schema(
    {
        "work_id": pl.String(),
        "same_as": pl.List(pl.String()),
        "first_as_of": pl.Datetime("us", "UTC"),
        "gone_since": pl.Datetime("us", "UTC"),
    }
)


def ids_before(as_of: pl.DataFrame, previous: tuple[Release, ...]) -> pl.DataFrame:
    """Ids given by any release before this one's `as_of`, oldest first in `previous`; none for a first release.

    An entity that a release does not name keeps its id for the release that names it again; `gone_since` is the as_of of the
    first release without it as an active record, null where the newest of them has it.
    """
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    if not previous:
        return pl.DataFrame(schema=IDS)
    times = {at: release.as_of for at, release in enumerate(previous)}
    given = pl.concat(
        [
            known_ids(release.table("entities")).with_columns(at=pl.lit(at, dtype=pl.Int32))
            for at, release in enumerate(previous)
        ]
    )
    lasted = given.group_by("entity_id").agg(last_at=pl.col("at").filter("is_active").max())
    gone_since = (pl.col("last_at") + 1).replace_strict(times, default=None, return_dtype=IDS["gone_since"])
    return (
        given.unique(["type", "normal_form"], keep="first", maintain_order=True)
        .join(lasted, on="entity_id", maintain_order="left")
        .with_columns(gone_since=gone_since)
        .select(list(IDS))
    )


STORIES = pl.Schema({"document_id": pl.String(), "event_id": pl.String()})


def stories_before(as_of: pl.DataFrame, previous: tuple[Release, ...]) -> pl.DataFrame:
    """In which events earlier releases told each document, the oldest release first, each pair once."""
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    told = [release.table("event_documents", list(STORIES)) for release in previous]
    return pl.concat([pl.DataFrame(schema=STORIES), *told]).unique(keep="last", maintain_order=True)


def works_before(as_of: pl.DataFrame, previous: tuple[Release, ...]) -> pl.DataFrame:
    """Works of any release before this one's `as_of`, once each, with all ids that they ever had beside their own.

    `first_as_of` is that of the first release with the work, `gone_since` that of the first release that no longer has
    it; null for the works of the newest one. Releases made before there were works tell nothing.
    """
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    telling = [release for release in previous if release.table_path("works").exists()]
    columns = ["work_id", "same_as"]
    told = [
        release.table("works", columns).with_columns(pl.lit(at, dtype=pl.Int32).alias("at"))
        for at, release in enumerate(telling)
    ]
    if not told:
        return pl.DataFrame(schema=KNOWN_WORKS)
    times = {at: release.as_of for at, release in enumerate(telling)}
    time = KNOWN_WORKS["first_as_of"]
    works = (
        pl.concat(told)
        .group_by("work_id")
        .agg(
            pl.col("same_as").list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
            first_as_of=pl.col("at").min().replace_strict(times, return_dtype=time),
            gone_since=(pl.col("at").max() + 1).replace_strict(times, default=None, return_dtype=time),
        )
    )
    return works.sort("work_id").select(list(KNOWN_WORKS))


def guides_before(as_of: pl.DataFrame, previous: tuple[Release, ...]) -> pl.DataFrame:
    """Guides of any release before this one's `as_of`, with the events that they last held."""
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    telling = [release for release in previous if release.table_path("guides").exists()]
    return known_guides([(one.as_of, one.table("guides"), one.table("event_guides")) for one in telling])
