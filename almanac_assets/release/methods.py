"""Every rule of the release in one list: the table `methods`."""

from __future__ import annotations

import json

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.documents.identity import METHOD as IDENTITY
from almanac_assets.documents.quarantine import METHOD as QUARANTINE
from almanac_assets.entities.published import EVIDENCE, MENTIONS, REGISTRY
from almanac_assets.events.importance import IMPORTANCE
from almanac_assets.events.stories import ENTITIES, STORIES
from almanac_assets.harvest.coverage import COVERAGE
from almanac_assets.harvest.health import HEALTH
from almanac_assets.relatedness.list_notes import NOTES
from almanac_assets.relatedness.similar_papers import SIMILAR
from almanac_assets.release.diff import CHANGES
from almanac_assets.release.history import HISTORY
from almanac_assets.text.tables import VECTORS

METHODS: tuple[Method, ...] = (
    HEALTH,
    COVERAGE,
    IDENTITY,
    QUARANTINE,
    VECTORS,
    MENTIONS,
    REGISTRY,
    EVIDENCE,
    STORIES,
    ENTITIES,
    IMPORTANCE,
    SIMILAR,
    NOTES,
    CHANGES,
    HISTORY,
)


def methods() -> pl.DataFrame:
    """The table `methods`."""
    rows = [
        {
            "method": method.id,
            "title": method.title,
            "description": method.description,
            "parameters": json.dumps(dict(method.parameters), sort_keys=True, separators=(",", ":")),
            "model_sha256": method.model_sha256,
            "training_data": method.training_data,
            "licence": method.licence,
        }
        for method in METHODS
    ]
    return pl.DataFrame(rows, schema=TABLES["methods"].polars_schema)
