"""Where ids and names of entities went: merged, split, renamed, or taken up as a spelling of another entity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.entities.corrections import Key, final_name, leads_of

ENTITY_REDIRECTS = TABLES["redirects"].stated_schema
KEY = ["type", "normal_form"]
_Row = tuple[str, str, list[str], str, str, datetime]


def entity_redirects(
    corrections: pl.DataFrame,
    registry: pl.DataFrame,
    known_ids: pl.DataFrame,
    aliases: pl.DataFrame,
    as_of: pl.DataFrame,
) -> pl.DataFrame:
    """Redirects of what earlier releases published, in ENTITY_REDIRECTS, sorted by from_id.

    `known_ids` has `gone_since`, the as_of of the first release that lacked the id; null where the newest had it. An id that
    no document names any more leads nowhere and has no row: it waits for the release that names its thing again.
    """
    view = _View(corrections, registry, known_ids)
    rows = [*_merged(view, corrections), *_split(view, corrections), *_renamed(view, corrections)]
    rows += _taken_up(view, aliases, as_of["as_of"][0])
    return (
        pl.DataFrame(rows, schema=ENTITY_REDIRECTS, orient="row")
        .unique("from_id", keep="first", maintain_order=True)
        .sort("from_id")
    )


class _View:
    """What was published, and what stands now."""

    def __init__(self, corrections: pl.DataFrame, registry: pl.DataFrame, known_ids: pl.DataFrame) -> None:
        active = registry.filter(record_status="active")
        self.leads = leads_of(corrections)
        self.known = known_ids.sort(*KEY)
        self.published = {(kind, form): one for kind, form, one in self.known.select(*KEY, "entity_id").iter_rows()}
        self.now = {(kind, form): one for kind, form, one in active.select(*KEY, "entity_id").iter_rows()}
        self.names = dict(active.select("entity_id", "name").iter_rows())
        self.slugs = dict(active.select("entity_id", "slug").iter_rows())

    def standing(self, key: Key) -> str | None:
        """The entity that a name means now."""
        return self.now.get(final_name(key, self.leads))


def _merged(view: _View, corrections: pl.DataFrame) -> Iterator[_Row]:
    led = corrections.filter(pl.col("action").is_in(("merge", "set_type")))
    for kind, form, reason, since in led.select(*KEY, "reason", "since").iter_rows():
        before, now = view.published.get((kind, form)), view.standing((kind, form))
        if before is not None and now is not None and before != now and before not in view.names:
            yield "entity", before, [now], "merge", f"is {view.names[now]}: {reason}", since


def _split(view: _View, corrections: pl.DataFrame) -> Iterator[_Row]:
    parts = corrections.filter(action="split").group_by(*KEY, "reason", "since", maintain_order=True)
    for (kind, form, reason, since), rows in parts:
        key = str(kind), str(form)
        before = view.published.get(key)
        into = [view.standing((to, name)) for to, name in rows.select("to_type", "to_normal_form").iter_rows()]
        ends = dict.fromkeys(one for one in (view.standing(key), *into) if one is not None)
        if before is not None and set(ends) - {before}:
            assert isinstance(since, datetime)
            told = " and ".join(view.names[one] for one in ends)
            yield "entity", before, list(ends), "split", f"was {told}: {reason}", since


def _renamed(view: _View, corrections: pl.DataFrame) -> Iterator[_Row]:
    """The slug that was made of the old name: id and slug stay, and who has the old name finds what it is called now."""
    renames = corrections.filter(action="rename").select(*KEY, "reason", "since")
    for kind, form, reason, since in renames.iter_rows():
        entity_id = view.standing((kind, form))
        if entity_id is not None and entity_id in view.published.values():
            yield (
                "entity",
                view.slugs[entity_id],
                [entity_id],
                "rename",
                f"is now called {view.names[entity_id]}: {reason}",
                since,
            )


def _taken_up(view: _View, aliases: pl.DataFrame, as_of: datetime) -> Iterator[_Row]:
    """Ids without a record whose name is now a spelling of other entities, as after a change of the lists."""
    standing = set(view.names)
    gone = view.known.filter(~pl.col("entity_id").is_in(sorted(standing)))
    types = pl.DataFrame(
        [(one, kind) for (kind, _), one in view.now.items()],
        schema={"entity_id": pl.String, "type": pl.String},
        orient="row",
    )
    bearers = aliases.select("entity_id", "normal_form").join(types, on="entity_id").unique()
    owned = gone.join(bearers.rename({"entity_id": "owner"}), on=KEY).sort("entity_id", "owner")
    for entity_id, since, owners in (
        owned.group_by("entity_id", maintain_order=True).agg(pl.col("gone_since").first(), "owner").iter_rows()
    ):
        told = " and ".join(view.names[one] for one in owners)
        reason = "merge" if len(owners) == 1 else "split"
        yield "entity", entity_id, owners, reason, f"its name is now one of {told}", since or as_of
