"""Where ids of earlier releases lead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.release.redirects import redirects
from almanac_assets.release.releases import Release

EARLY, LATE = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC)
SCHEMA = TABLES["redirects"].polars_schema
STATED = pl.Schema({name: kind for name, kind in SCHEMA.items() if name != "method"})


def stated(*rows: tuple[str, str, str], since: datetime = LATE) -> pl.DataFrame:
    """What a room says: kind, from, to."""
    cells = [(kind, one, [other], "merge", "is the same", since) for kind, one, other in rows]
    return pl.DataFrame(cells, schema=STATED, orient="row")


def before(table: pl.DataFrame) -> tuple[Release, ...]:
    """A release before this one with these redirects."""
    told = table.with_columns(method=pl.lit("release.redirects@1")).select(list(SCHEMA))
    release = SimpleNamespace(
        as_of=EARLY, folder=Path(), manifest={"tables": {"redirects": {}}}, table=lambda name: told
    )
    return (cast(Release, release),)


def made(entities: pl.DataFrame, previous: tuple[Release, ...] = (), **alive: list[str]) -> pl.DataFrame:
    nothing = stated()

    def ids(name: str) -> Any:
        return pl.Series(name, alive.get(name, []), dtype=pl.String).to_frame()

    registry = ids("entity_id").with_columns(record_status=pl.lit("active"))
    as_of = pl.DataFrame({"as_of": [LATE]})
    args = (entities, nothing, nothing, nothing, registry, ids("event_id"), ids("work_id"), ids("guide_id"))
    return redirects(*args, as_of, previous)


def test_a_redirect_keeps_the_time_at_which_it_was_first_told() -> None:
    """Though the room tells it anew in each release."""
    old = stated(("entity", "a", "b"), since=EARLY)
    assert made(stated(("entity", "a", "b")), before(old))["since"].to_list() == [EARLY]


def test_what_no_room_tells_any_more_still_leads_on() -> None:
    """A reader who kept an old id finds its thing."""
    old = stated(("event", "ev-1", "ev-2"), since=EARLY)
    assert made(stated(), before(old))["from_id"].to_list() == ["ev-1"]


def test_an_id_that_lives_again_leads_nowhere_else() -> None:
    """A merge that was taken back leaves no redirect, whatever kind of record it is."""
    old = stated(("entity", "a", "b"), ("event", "ev-1", "ev-2"), ("work", "doi:1", "arxiv:1"), since=EARLY)
    assert made(stated(), before(old), entity_id=["a"], event_id=["ev-1"], work_id=["doi:1"]).is_empty()
