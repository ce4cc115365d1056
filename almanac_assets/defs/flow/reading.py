"""From the ledger to documents, their texts and vectors."""

from almanac_assets.defs.flow.products import private, table
from almanac_assets.documents import clock, identity, parse, quarantine, tables
from almanac_assets.harvest import coverage, health
from almanac_assets.harvest.attempts import ATTEMPTS, attempts_frame
from almanac_assets.harvest.ledger import FETCHES, fetches_by_part
from almanac_assets.store.steps import Step
from almanac_assets.text import tables as text_tables
from almanac_assets.text import vectors

_READ_KEY = ("payload_sha256", "fetched_at", "source_id", "ordinal")
_RECORD_KEY = ("document_id", "payload_sha256", "fetched_at", "source_id", "ordinal")
FETCHES_MADE = private(
    "_fetches", FETCHES, ("fetched_at", "source_id", "payload_sha256"), "harvest", "The fetch ledger, cut into parts."
)
ATTEMPTS_MADE = private(
    "_attempts",
    ATTEMPTS,
    ("source_id", "pulled_at"),
    "harvest",
    "Every pull of a source, also those without an answer.",
)
RECORDS_MADE = (
    private("_records", parse.PARSED_RECORDS, _RECORD_KEY, "harvest", "Every record of every payload, as plain text."),
    private(
        "_rejects", parse.PARSED_REJECTS, ("payload_sha256", "locator"), "harvest", "Records that could not be read."
    ),
    private("_payload_facts", parse.PAYLOAD_FACTS, ("payload_sha256", "fetched_at"), "harvest", "What payloads state."),
    private("_read_works", parse.READ_WORKS, _READ_KEY, "citations", "Works as citation indexes state them."),
    private("_read_edges", parse.READ_EDGES, _READ_KEY, "citations", "Who cites whom, as indexes state it."),
    private(
        "_read_contexts", parse.READ_CONTEXTS, (*_READ_KEY, "position"), "citations", "Sentences that cite, as read."
    ),
    private("_read_observations", parse.READ_OBSERVATIONS, (*_READ_KEY, "measure"), "harvest", "Counts that change."),
)
NEWEST_MADE = private("_newest", identity.NEWEST, ("document_id",), "documents", "The newest state of each document.")
TEXTS_MADE = private("_texts", tables.TEXTS, ("content_hash",), "text", "Each distinct content once.")
VECTORS_MADE = private("_vectors", vectors.VECTORS, ("content_hash",), "text", "A vector per content.")
AS_OF_MADE = private("_as_of", clock.AS_OF, ("as_of",), "documents", "The time that the release stands for.")
_ALL_RECORDS = tuple(parse.PARSED_RECORDS)

STEPS: tuple[Step, ...] = (
    Step((table("sources"),), health.sources_table, given=("sources",)),
    Step((FETCHES_MADE,), fetches_by_part, given=("ledger",), shape="split"),
    Step((ATTEMPTS_MADE,), attempts_frame, given=("attempts",)),
    Step(
        RECORDS_MADE,
        parse.parsed_part,
        {
            "_fetches": (
                "payload_sha256",
                "source_id",
                "url",
                "fetched_at",
                "http_status",
                "text_basis",
                "is_bulk",
                "first_row",
                "rows",
            )
        },
        given=("payloads", "sources"),
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
            "_records": ("document_id", "version", "content_hash", "source_id", "payload_sha256", "fetched_at"),
            "_attempts": tuple(ATTEMPTS),
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
    Step(
        (table("document_categories"),),
        tables.document_categories,
        {"_newest": ("document_id", "categories", "category_scheme")},
    ),
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
)
