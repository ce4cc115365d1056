"""From texts to names: mentions, the registry of entities, their aliases, relations and ids."""

import polars as pl

from almanac_assets.defs.flow.products import columns_of, private, table
from almanac_assets.entities import external_ids, judgements, lifecycles, published, redirects, relations
from almanac_assets.entities.aliases import ALIASES_SCHEMA, entity_aliases
from almanac_assets.entities.corrections import CORRECTIONS, corrections
from almanac_assets.entities.found import FOUND_SCHEMA, found_mentions
from almanac_assets.entities.registry import REGISTRY_SCHEMA, registry
from almanac_assets.release.ids import IDS, ids_before
from almanac_assets.store.steps import Step
from almanac_assets.text.spans import SPANS

FOUND_MADE = private(
    "_found",
    pl.Schema(FOUND_SCHEMA),
    ("content_hash", "field", "start", "end", "type"),
    "entities",
    "Names found per content.",
)
KNOWN_MADE = private("_known_ids", IDS, ("type", "normal_form"), "entities", "Ids given by earlier releases.")
CORRECTIONS_MADE = private(
    "_corrections", CORRECTIONS, ("ordinal",), "entities", "Reviewed corrections in force, by name."
)
REGISTRY_MADE = private(
    "_registry", pl.Schema(REGISTRY_SCHEMA), ("entity_id",), "entities", "Entities before their counts are known."
)
ALIASES_MADE = private(
    "_aliases", pl.Schema(ALIASES_SCHEMA), ("entity_id", "alias"), "entities", "Aliases with the span of each."
)
LIFECYCLES_MADE = private(
    "_lifecycles",
    pl.Schema(lifecycles.LIFECYCLES_SCHEMA),
    ("entity_id",),
    "entities",
    "States of things, with the words that say so.",
)
RELATIONS_MADE = private(
    "_relations",
    pl.Schema(relations.RELATIONS_SCHEMA),
    ("entity_id", "relation", "other_entity_id"),
    "entities",
    "Relations with the span of each.",
)
JUDGEMENTS_MADE = private(
    "_judgements",
    pl.Schema(judgements.JUDGEMENTS_SCHEMA),
    ("left", "right"),
    "entities",
    "Verdicts with the span of each.",
)
REDIRECTS_MADE = private(
    "_entity_redirects",
    redirects.ENTITY_REDIRECTS,
    ("kind", "from_id"),
    "entities",
    "Where ids and names of entities went.",
)
SPANS_MADE = private("_evidence_entities", SPANS, ("evidence_id",), "entities", "Spans that names follow from.")

_FOUND, _REGISTRY, _ALIASES = tuple(FOUND_SCHEMA), tuple(REGISTRY_SCHEMA), tuple(ALIASES_SCHEMA)
_KNOWN = ("type", "normal_form", "entity_id", "slug")

STEPS: tuple[Step, ...] = (
    Step(
        (FOUND_MADE,),
        found_mentions,
        {"_texts": ("content_hash", "title", "text", "language")},
        given=("gazetteer",),
        shape="each_part",
        partitioned=("_texts",),
    ),
    Step((KNOWN_MADE,), ids_before, {"_as_of": ("as_of",)}, given=("previous",)),
    Step(
        (CORRECTIONS_MADE,),
        corrections,
        {"_found": ("type", "normal_form"), "_known_ids": _KNOWN, "_as_of": ("as_of",)},
        given=("gazetteer", "overrides"),
    ),
    Step(
        (REGISTRY_MADE,),
        registry,
        {
            "_found": _FOUND,
            "documents": ("document_id", "content_hash", "first_seen_at"),
            "_known_ids": _KNOWN,
            "_corrections": tuple(CORRECTIONS),
        },
        given=("gazetteer",),
    ),
    Step(
        (table("mentions"),),
        published.mentions,
        {
            "_found": _FOUND,
            "documents": ("document_id", "content_hash"),
            "_registry": _REGISTRY,
            "_corrections": tuple(CORRECTIONS),
        },
        given=("gazetteer",),
    ),
    Step(
        (ALIASES_MADE,),
        entity_aliases,
        {
            "mentions": columns_of("mentions"),
            "_registry": _REGISTRY,
            "documents": ("document_id", "first_seen_at"),
        },
    ),
    Step((table("entity_aliases"),), published.entity_aliases, {"_aliases": _ALIASES}),
    Step(
        (LIFECYCLES_MADE,),
        lifecycles.lifecycles,
        {
            "_registry": ("entity_id", "description_document_id"),
            "mentions": ("document_id", "field", "start", "end", "entity_id"),
            "documents": ("document_id", "text"),
        },
    ),
    Step(
        (RELATIONS_MADE,),
        relations.relations,
        {
            "_registry": _REGISTRY,
            "mentions": ("document_id", "field", "start", "end", "type", "entity_id"),
            "_aliases": _ALIASES,
            "documents": ("document_id", "title", "text", "first_seen_at"),
        },
        given=("gazetteer",),
    ),
    Step((table("entity_relations"),), relations.entity_relations, {"_relations": tuple(relations.RELATIONS_SCHEMA)}),
    Step(
        (JUDGEMENTS_MADE,),
        judgements.judgements,
        {
            "_registry": _REGISTRY,
            "mentions": ("document_id", "field", "start", "surface", "entity_id"),
            "documents": ("document_id", "text"),
            "_corrections": tuple(CORRECTIONS),
        },
        given=("gazetteer",),
    ),
    Step(
        (table("entity_judgements"),),
        judgements.entity_judgements,
        {"_judgements": tuple(judgements.JUDGEMENTS_SCHEMA)},
    ),
    Step(
        (table("entity_external_ids"),),
        external_ids.entity_external_ids,
        {
            "_registry": _REGISTRY,
            "_aliases": ("entity_id", "alias"),
            "_newest": ("document_id", "links", "comment"),
            "documents": ("document_id", "source_id", "text"),
            "sources": ("source_id", "name", "kind", "publisher", "homepage"),
        },
        given=("gazetteer",),
    ),
    Step(
        (REDIRECTS_MADE,),
        redirects.entity_redirects,
        {
            "_corrections": tuple(CORRECTIONS),
            "_registry": _REGISTRY,
            "_known_ids": tuple(IDS),
            "_aliases": ("entity_id", "normal_form"),
            "_as_of": ("as_of",),
        },
    ),
    Step(
        (SPANS_MADE,),
        published.evidence_entities,
        {
            "_aliases": _ALIASES,
            "_registry": _REGISTRY,
            "_lifecycles": tuple(lifecycles.LIFECYCLES_SCHEMA),
            "_relations": tuple(relations.RELATIONS_SCHEMA),
            "_judgements": tuple(judgements.JUDGEMENTS_SCHEMA),
        },
    ),
    Step(
        (table("entities"),),
        published.entities,
        {
            "_registry": _REGISTRY,
            "mentions": ("document_id", "entity_id"),
            "documents": ("document_id", "first_seen_at", "published_at"),
            "event_entities": ("event_id", "entity_id"),
            "_aliases": ("entity_id", "alias"),
            "_lifecycles": tuple(lifecycles.LIFECYCLES_SCHEMA),
            "_as_of": ("as_of",),
        },
    ),
)
