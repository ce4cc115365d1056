"""Every rule of the release in one list: the table `methods`."""

from __future__ import annotations

import json

import polars as pl

from almanac_assets.citations.citing import TAKEAWAYS
from almanac_assets.citations.contexts import CONTEXTS
from almanac_assets.citations.summaries import SUMMARIES
from almanac_assets.citations.works import WORKS
from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.documents.identity import METHOD as IDENTITY
from almanac_assets.documents.quarantine import METHOD as QUARANTINE
from almanac_assets.entities.external_ids import EXTERNAL_IDS
from almanac_assets.entities.judgements import JUDGEMENTS
from almanac_assets.entities.published import MENTIONS, REGISTRY
from almanac_assets.entities.relations import RELATIONS
from almanac_assets.events.importance import IMPORTANCE
from almanac_assets.events.stories import ENTITIES, STORIES
from almanac_assets.events.summary import SUMMARY
from almanac_assets.harvest.coverage import COVERAGE
from almanac_assets.harvest.health import HEALTH
from almanac_assets.relatedness.cooccurrence import TOGETHER
from almanac_assets.relatedness.guides import GUIDES
from almanac_assets.relatedness.list_notes import NOTES
from almanac_assets.relatedness.related_events import RELATED
from almanac_assets.relatedness.similar_entities import LIKE
from almanac_assets.relatedness.similar_papers import SIMILAR
from almanac_assets.release.diff import CHANGES
from almanac_assets.release.evidence import EVIDENCE
from almanac_assets.release.history import HISTORY
from almanac_assets.release.redirects import REDIRECTS
from almanac_assets.text.tables import VECTORS

METHODS: tuple[Method, ...] = (
    HEALTH,
    COVERAGE,
    IDENTITY,
    QUARANTINE,
    VECTORS,
    MENTIONS,
    REGISTRY,
    EXTERNAL_IDS,
    RELATIONS,
    JUDGEMENTS,
    WORKS,
    CONTEXTS,
    SUMMARIES,
    TAKEAWAYS,
    STORIES,
    ENTITIES,
    SUMMARY,
    IMPORTANCE,
    SIMILAR,
    RELATED,
    TOGETHER,
    LIKE,
    GUIDES,
    NOTES,
    EVIDENCE,
    REDIRECTS,
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
