"""The ledger of ids: what the release before has named, so that the next one names it alike."""

from __future__ import annotations

import polars as pl

from almanac_assets.entities.published import known_ids
from almanac_assets.release.releases import Release

IDS = pl.Schema(dict.fromkeys(("type", "normal_form", "entity_id", "slug"), pl.String()))


def ids_before(as_of: pl.DataFrame, previous: tuple[Release, ...]) -> pl.DataFrame:
    """Ids given by any release before this one's `as_of`, oldest first in `previous`; none for a first release.

    An entity that a release does not name keeps its id for the release that names it again.
    """
    assert all(release.as_of < as_of["as_of"][0] for release in previous)
    given = [known_ids(release.table("entities")) for release in previous]
    return pl.concat([pl.DataFrame(schema=IDS), *given]).unique(
        ["type", "normal_form"], keep="first", maintain_order=True
    )
