"""From texts, names, citations and events to what is near what."""

from almanac_assets.defs.flow.products import private, table
from almanac_assets.relatedness import (
    cooccurrence,
    guide_ids,
    guides,
    list_notes,
    near,
    related_events,
    similar_entities,
    similar_papers,
)
from almanac_assets.release.ids import guides_before
from almanac_assets.store.steps import Step

NEAR_MADE = private(
    "_neighbours",
    near.NEIGHBOURS,
    ("document_id", "other_document_id"),
    "relatedness",
    "The nearest texts of each document.",
)
KNOWN_GUIDES_MADE = private(
    "_known_guides",
    guide_ids.KNOWN_GUIDES,
    ("guide_id",),
    "relatedness",
    "Guides of earlier releases with their events.",
)
GUIDE_REDIRECTS_MADE = private(
    "_guide_redirects",
    guide_ids.GUIDE_REDIRECTS,
    ("from_id",),
    "relatedness",
    "Guides that are no more, and where they lead.",
)

_VECTORS = ("document_id", "vector", "scale")
_NEAR = tuple(near.NEIGHBOURS)
_CITED = {"works": ("work_id", "document_id"), "citations": ("cited_work_id", "citing_work_id")}
_NAMES = ("entity_id", "name", "type", "normal_form")

STEPS: tuple[Step, ...] = (
    Step((NEAR_MADE,), near.nearest_documents, {"document_vectors": _VECTORS}),
    Step(
        (table("similar_papers"),),
        similar_papers.similar_papers,
        {
            "documents": ("document_id", "kind"),
            "document_vectors": _VECTORS,
            "_neighbours": _NEAR,
            "document_categories": ("document_id", "category"),
            "mentions": ("document_id", "entity_id"),
            "_registry": _NAMES,
        }
        | _CITED,
        given=("constants",),
    ),
    Step(
        (table("entity_cooccurrence"),),
        cooccurrence.entity_cooccurrence,
        {
            "documents": ("document_id", "published_at"),
            "mentions": ("document_id", "entity_id"),
            "event_documents": ("event_id", "document_id"),
        },
    ),
    Step(
        (table("similar_entities"),),
        similar_entities.similar_entities,
        {
            "mentions": ("document_id", "entity_id"),
            "document_vectors": _VECTORS,
            "entity_cooccurrence": ("entity_id", "other_entity_id", "npmi"),
            "_registry": ("entity_id", "name", "type", "parent_entity_id"),
        },
    ),
    Step((KNOWN_GUIDES_MADE,), guides_before, {"_as_of": ("as_of",)}, given=("previous",)),
    Step(
        (table("guides"), table("event_guides"), table("entity_guides"), GUIDE_REDIRECTS_MADE),
        guides.guides,
        {
            "events": ("event_id", "lead_document_id", "occurred_at", "importance"),
            "event_entities": ("event_id", "entity_id"),
            "documents": ("document_id", "title", "text"),
            "document_vectors": _VECTORS,
            "_neighbours": _NEAR,
            "_registry": ("entity_id", "name"),
            "_known_guides": tuple(guide_ids.KNOWN_GUIDES),
            "_as_of": ("as_of",),
        },
    ),
    Step(
        (table("related_events"),),
        related_events.related_events,
        {
            "events": ("event_id", "lead_document_id", "occurred_at"),
            "event_documents": ("event_id", "document_id"),
            "event_entities": ("event_id", "entity_id"),
            "document_vectors": _VECTORS,
            "_neighbours": _NEAR,
            "_registry": _NAMES,
            "guides": ("guide_id", "title", "event_count"),
            "event_guides": ("event_id", "guide_id"),
        }
        | _CITED,
        given=("constants",),
    ),
    Step(
        (table("list_notes"),),
        list_notes.list_notes,
        {
            "documents": ("document_id", "kind", "text", "language"),
            "events": ("event_id", "summary_basis"),
            "entities": ("entity_id", "event_count"),
            "mentions": ("document_id",),
            "similar_papers": ("document_id",),
            "related_events": ("event_id",),
            "similar_entities": ("entity_id",),
            "event_guides": ("event_id",),
            "entity_guides": ("entity_id",),
        },
    ),
)
