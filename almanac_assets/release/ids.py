"""The ledger of ids: what the release before has named, so that the next one names it alike."""

from __future__ import annotations

import polars as pl

from almanac_assets.entities.published import known_ids
from almanac_assets.release.releases import Release

IDS = pl.Schema(dict.fromkeys(("type", "normal_form", "entity_id", "slug"), pl.String()))


def ids_before(as_of: pl.DataFrame, previous: Release | None) -> pl.DataFrame:
    """Ids given by the release before this one's `as_of`; none for a first release."""
    if previous is None:
        return pl.DataFrame(schema=IDS)
    assert previous.as_of < as_of["as_of"][0]
    return known_ids(previous.table("entities"))
