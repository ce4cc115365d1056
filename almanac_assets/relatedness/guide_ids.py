"""Ids of guides over releases: a guide keeps the id of the known one with which it shares most of its events."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from almanac_assets.contract import TABLES

LEAST_SHARED = 0.3  # Jaccard overlap of events from which a group is the guide that was known before
LEADS_ON = 0.3  # share of a vanished guide's remaining events from which it leads to the guide that holds them
KNOWN_GUIDES = pl.Schema(
    {
        "guide_id": pl.String(),
        "slug": pl.String(),
        "event_ids": pl.List(pl.String()),
        "gone_since": pl.Datetime(
            "us", "UTC"
        ),  # as_of of the first release that no longer had it; null if the newest has it
    }
)
GUIDE_REDIRECTS = TABLES["redirects"].stated_schema


def known_guides(held: Sequence[tuple[datetime, pl.DataFrame, pl.DataFrame]]) -> pl.DataFrame:
    """Every guide of earlier releases as it was last published, in KNOWN_GUIDES, sorted by id.

    `held` has as_of, guides and event_guides of each earlier release, the oldest first.
    """
    last: dict[str, tuple[str, str, list[str], datetime | None]] = {}
    for as_of, guides, event_guides in held:
        present = set(guides["guide_id"].to_list())
        for guide_id, row in last.items():
            if guide_id not in present and row[3] is None:
                last[guide_id] = (*row[:3], as_of)
        events = event_guides.sort("event_id").group_by("guide_id", maintain_order=True).agg("event_id")
        of = dict(events.iter_rows())
        for guide_id, slug in guides.select("guide_id", "slug").iter_rows():
            last[guide_id] = (guide_id, slug, of.get(guide_id, []), None)
    return pl.DataFrame([last[guide_id] for guide_id in sorted(last)], schema=KNOWN_GUIDES, orient="row")


def guide_ids(members: pl.DataFrame, medoids: dict[int, str], known: pl.DataFrame) -> dict[int, str]:
    """The id of each group: a known one with enough common events, the largest overlap first, else one of its medoid.

    `members` has group and event_id; `medoids` has the event nearest to the middle of each group.
    """
    overlaps = shared_events(members, known).with_columns(
        jaccard=(pl.col("shared") / (pl.col("size") + pl.col("known_size") - pl.col("shared"))).round(6)
    )
    order = overlaps.filter(pl.col("jaccard") > LEAST_SHARED).sort(
        pl.col("jaccard").neg(), pl.col("shared").cast(pl.Int64).neg(), "guide_id", "group"
    )
    ids: dict[int, str] = {}
    used = set(known["guide_id"].to_list())
    given: set[str] = set()
    for group, guide_id in order.select("group", "guide_id").iter_rows():
        if group not in ids and guide_id not in given:
            ids[group] = guide_id
            given.add(guide_id)
    for group in sorted(set(medoids) - set(ids)):
        ids[group] = _free_id(medoids[group], used)
        used.add(ids[group])
    return ids


def shared_events(members: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """group, guide_id, shared, size, known_size of each group and known guide with a common event."""
    before = known.select("guide_id", event_id="event_ids").explode("event_id").drop_nulls()
    sizes = before.group_by("guide_id").agg(known_size=pl.len())
    return (
        members.select("group", "event_id")
        .join(before, on="event_id")
        .group_by("group", "guide_id")
        .agg(shared=pl.len())
        .join(members.group_by("group").agg(size=pl.len()), on="group")
        .join(sizes, on="guide_id")
        .sort("guide_id", "group")
    )


def guide_redirects(members: pl.DataFrame, ids: dict[int, str], known: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Where known guides lead that are no more, in GUIDE_REDIRECTS; one whose events are in no guide leads nowhere.

    A guide leads to those that hold at least three tenths of its events that are in any guide, else to the one with most.
    """
    gone = known.filter(~pl.col("guide_id").is_in(sorted(ids.values())))
    since = {guide_id: at or as_of for guide_id, at in gone.select("guide_id", "gone_since").iter_rows()}
    rows = []
    for (guide_id,), into in shared_events(members, gone).group_by("guide_id", maintain_order=True):
        ordered = into.sort(pl.col("shared").cast(pl.Int64).neg(), "group")
        counts = dict(ordered.select("group", "shared").iter_rows())
        most = sum(counts.values())
        heirs = [group for group, count in counts.items() if count >= LEADS_ON * most] or [next(iter(counts))]
        told = " and ".join(f"{counts[group]} in {ids[group]}" for group in heirs)
        detail = f"events when it was last published: {into['known_size'][0]}; of these now {told}"
        reason = "merge" if len(heirs) == 1 else "split"
        rows.append(("guide", guide_id, [ids[group] for group in heirs], reason, detail, since[str(guide_id)]))
    return pl.DataFrame(rows, schema=GUIDE_REDIRECTS, orient="row")


def _free_id(medoid: str, used: set[str]) -> str:
    """`g-` and 16 hex digits of the event in the middle at birth; a second guide of the same event counts on."""
    number = 0
    while True:
        made = "g-" + hashlib.sha256(f"{medoid}\0{number}".encode()).hexdigest()[:16]
        if made not in used:
            return made
        number += 1
