"""The flow: which function makes which tables, from which columns. A new table is one new line here."""

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.documents import clock, identity, parse, quarantine, tables
from almanac_assets.entities import published
from almanac_assets.entities.aliases import ALIASES_SCHEMA, entity_aliases
from almanac_assets.entities.found import FOUND_SCHEMA, found_mentions
from almanac_assets.entities.registry import REGISTRY_SCHEMA, registry
from almanac_assets.events import importance, stories
from almanac_assets.harvest import coverage, health
from almanac_assets.harvest.ledger import FETCHES, fetches_by_part
from almanac_assets.relatedness import list_notes, similar_papers
from almanac_assets.release import methods
from almanac_assets.release.ids import IDS, ids_before
from almanac_assets.store.lake import Product
from almanac_assets.store.steps import Step
from almanac_assets.text import tables as text_tables
from almanac_assets.text import vectors

SPANS = pl.Schema(
    {
        "subject_id": pl.String(),
        "field": pl.String(),
        "start": pl.Int32(),
        "end": pl.Int32(),
        "evidence_id": pl.String(),
    }
)


def private(name: str, schema: pl.Schema, key: tuple[str, ...], group: str, says: str) -> Product:
    return Product(name, schema, key, says, group)


def table(name: str) -> Product:
    return Product.published(TABLES[name])


_RECORD_KEY = ("document_id", "payload_sha256", "fetched_at", "source_id", "ordinal")
FETCHES_MADE = private(
    "_fetches", FETCHES, ("fetched_at", "source_id", "payload_sha256"), "harvest", "The fetch ledger, cut into parts."
)
RECORDS_MADE = (
    private("_records", parse.PARSED_RECORDS, _RECORD_KEY, "harvest", "Every record of every payload, as plain text."),
    private(
        "_rejects", parse.PARSED_REJECTS, ("payload_sha256", "locator"), "harvest", "Records that could not be read."
    ),
    private("_payload_facts", parse.PAYLOAD_FACTS, ("payload_sha256", "fetched_at"), "harvest", "What payloads state."),
)
NEWEST_MADE = private("_newest", identity.NEWEST, ("document_id",), "documents", "The newest state of each document.")
TEXTS_MADE = private("_texts", tables.TEXTS, ("content_hash",), "text", "Each distinct content once.")
VECTORS_MADE = private("_vectors", vectors.VECTORS, ("content_hash",), "text", "A vector per content.")
FOUND_MADE = private(
    "_found",
    pl.Schema(FOUND_SCHEMA),
    ("content_hash", "field", "start", "end", "type"),
    "entities",
    "Names found per content.",
)
AS_OF_MADE = private("_as_of", clock.AS_OF, ("as_of",), "documents", "The time that the release stands for.")
KNOWN_MADE = private("_known_ids", IDS, ("type", "normal_form"), "entities", "Ids given by the release before.")
REGISTRY_MADE = private(
    "_registry",
    pl.Schema(REGISTRY_SCHEMA),
    ("entity_id",),
    "entities",
    "Entities before their counts are known.",
)
ALIASES_MADE = private(
    "_aliases", pl.Schema(ALIASES_SCHEMA), ("entity_id", "alias"), "entities", "Aliases with the span of each."
)
SPANS_MADE = private("_evidence_entities", SPANS, ("evidence_id",), "entities", "Spans that names follow from.")


_ALL_RECORDS = tuple(parse.PARSED_RECORDS)
_EVENT_INPUT = (
    "document_id",
    "source_id",
    "title",
    "text",
    "url",
    "published_at",
    "day",
    "first_seen_at",
    "updated_at",
    "is_withdrawn",
    "is_backfill",
)
_NAMES = ("entity_id", "name", "type", "normal_form")

STEPS: tuple[Step, ...] = (
    Step((table("sources"),), health.sources_table, given=("sources",)),
    Step((FETCHES_MADE,), fetches_by_part, given=("ledger",), shape="split"),
    Step(
        RECORDS_MADE,
        parse.parsed_part,
        {"_fetches": ("payload_sha256", "source_id", "fetched_at", "is_bulk", "first_row", "rows")},
        given=("payloads",),
        shape="each_part",
        partitioned=("_fetches",),
    ),
    Step(
        (table("payloads"),),
        health.payloads,
        {"_fetches": tuple(FETCHES), "_payload_facts": ("payload_sha256", "fetched_at", "items")},
    ),
    Step(
        (table("feed_health"),),
        health.feed_health,
        {
            "_fetches": ("payload_sha256", "bytes", "http_status"),
            "_payload_facts": (
                "payload_sha256",
                "source_id",
                "fetched_at",
                "items",
                "outcome",
                "announced_on",
                "message",
            ),
            "_records": ("document_id", "version", "source_id", "payload_sha256", "fetched_at"),
        },
    ),
    Step(
        (table("coverage"),),
        coverage.coverage,
        {
            "_fetches": ("payload_sha256", "is_bulk", "rows"),
            "_payload_facts": tuple(parse.PAYLOAD_FACTS),
            "_records": ("document_id", "payload_sha256", "seen_at"),
        },
    ),
    Step((table("quarantine"),), quarantine.quarantine, {"_rejects": tuple(parse.PARSED_REJECTS)}),
    Step((AS_OF_MADE,), clock.as_of, {"_fetches": ("fetched_at",), "_records": ("seen_at",)}),
    Step((NEWEST_MADE,), identity.newest, {"_records": _ALL_RECORDS}),
    Step((table("documents"),), tables.documents, {"_newest": tuple(identity.NEWEST)}, given=("sources",)),
    Step((table("document_versions"),), tables.document_versions, {"_records": _ALL_RECORDS}),
    Step(
        (table("document_authors"),), tables.document_authors, {"_newest": ("document_id", "authors", "affiliations")}
    ),
    Step((table("document_categories"),), tables.document_categories, {"_newest": ("document_id", "categories")}),
    Step(
        (TEXTS_MADE,),
        tables.texts_by_part,
        {"_records": ("content_hash", "title", "text", "language", "fetched_at")},
        shape="split",
        partitioned=("_records",),
    ),
    Step(
        (VECTORS_MADE,),
        vectors.document_vectors,
        {"_texts": ("content_hash", "title", "text")},
        given=("table",),
        shape="each_part",
        partitioned=("_texts",),
    ),
    Step(
        (table("document_vectors"),),
        text_tables.document_vectors,
        {"documents": ("document_id", "content_hash"), "_vectors": tuple(vectors.VECTORS)},
    ),
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
        (REGISTRY_MADE,),
        registry,
        {
            "_found": tuple(FOUND_SCHEMA),
            "documents": ("document_id", "content_hash", "first_seen_at"),
            "_known_ids": tuple(IDS),
        },
        given=("gazetteer",),
    ),
    Step(
        (table("mentions"),),
        published.mentions,
        {
            "_found": tuple(FOUND_SCHEMA),
            "documents": ("document_id", "content_hash"),
            "_registry": tuple(REGISTRY_SCHEMA),
        },
        given=("gazetteer",),
    ),
    Step(
        (ALIASES_MADE,),
        entity_aliases,
        {
            "mentions": tuple(name for name in TABLES["mentions"].column_names if name != "method"),
            "_registry": tuple(REGISTRY_SCHEMA),
            "documents": ("document_id", "first_seen_at"),
        },
    ),
    Step((table("entity_aliases"),), published.entity_aliases, {"_aliases": tuple(ALIASES_SCHEMA)}),
    Step(
        (SPANS_MADE,),
        published.evidence_entities,
        {"_aliases": tuple(ALIASES_SCHEMA), "_registry": tuple(REGISTRY_SCHEMA)},
    ),
    Step((table("event_documents"),), stories.event_documents, {"documents": ("document_id", "version")}),
    Step(
        (table("event_entities"),),
        stories.event_entities,
        {"mentions": ("mention_id", "document_id", "field", "start", "entity_id")},
    ),
    Step(
        (table("importance_parts"),),
        importance.importance_parts,
        {
            "documents": ("document_id", "source_id", "text", "is_withdrawn"),
            "event_entities": ("event_id", "entity_id", "salience"),
            "document_categories": ("document_id", "position", "category"),
            "_registry": (*_NAMES, "description_document_id"),
            "sources": ("source_id", "short_name", "standing"),
        },
        given=("constants",),
    ),
    Step(
        (table("events"),),
        stories.events,
        {
            "documents": _EVENT_INPUT,
            "event_entities": ("event_id", "entity_id"),
            "importance_parts": ("event_id", "points"),
            "sources": ("source_id", "short_name"),
        },
        given=("constants",),
    ),
    Step(
        (table("entities"),),
        published.entities,
        {
            "_registry": tuple(REGISTRY_SCHEMA),
            "mentions": ("document_id", "entity_id"),
            "documents": ("document_id", "first_seen_at", "published_at"),
            "event_entities": ("event_id", "entity_id"),
            "_aliases": ("entity_id", "alias"),
            "_as_of": ("as_of",),
        },
    ),
    Step(
        (table("evidence"),),
        published.evidence,
        {
            "_evidence_entities": tuple(SPANS),
            "documents": ("document_id", "title", "text", "source_id"),
            "sources": ("source_id", "redistribution"),
        },
    ),
    Step(
        (table("similar_papers"),),
        similar_papers.similar_papers,
        {
            "document_vectors": ("document_id", "vector", "scale"),
            "document_categories": ("document_id", "category"),
            "event_entities": ("event_id", "entity_id"),
            "event_documents": ("event_id", "document_id"),
            "_registry": _NAMES,
        },
        given=("constants",),
    ),
    Step(
        (table("list_notes"),),
        list_notes.list_notes,
        {
            "documents": ("document_id", "text", "language"),
            "similar_papers": ("document_id", "rank"),
            "mentions": ("document_id",),
        },
    ),
    Step((table("methods"),), methods.methods),
)

PRODUCTS: dict[str, Product] = {product.name: product for step in STEPS for product in step.products}
SCHEMAS: dict[str, pl.Schema] = {name: product.schema for name, product in PRODUCTS.items()}
MADE_BY: dict[str, Step] = {product.name: step for step in STEPS for product in step.products}
