"""From documents and names to events."""

from almanac_assets.defs.flow.products import REDIRECTS, private, table
from almanac_assets.documents import tables
from almanac_assets.events import importance, stories, summary
from almanac_assets.release.ids import STORIES, stories_before
from almanac_assets.store.steps import Step
from almanac_assets.text.spans import SPANS

KNOWN_STORIES_MADE = private(
    "_known_stories", STORIES, ("document_id", "event_id"), "events", "Events that earlier releases told documents in."
)
SUMMARIES_MADE = private(
    "_summaries", summary.CHOSEN, ("content_hash", "position"), "events", "Sentences chosen for summaries, per content."
)
EVENT_SPANS_MADE = private("_evidence_events", SPANS, ("evidence_id",), "events", "Spans that summaries follow from.")
EVENT_REDIRECTS_MADE = private(
    "_event_redirects", REDIRECTS, ("from_id",), "events", "Ids of events that other events took over."
)


_TOLD_IN = ("event_id", "document_id", "role")
_STORY_INPUT = (
    "document_id",
    "source_id",
    "kind",
    "title",
    "text",
    "doi",
    "arxiv_id",
    "version",
    "published_at",
    "first_seen_at",
)
_EVENT_INPUT = (
    "document_id",
    "source_id",
    "kind",
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
    Step((KNOWN_STORIES_MADE,), stories_before, {"_as_of": ("as_of",)}, given=("previous",)),
    Step(
        (table("event_documents"),),
        stories.event_documents,
        {"documents": _STORY_INPUT, "_newest": ("document_id", "authors", "links"), "_known_stories": tuple(STORIES)},
    ),
    Step(
        (EVENT_REDIRECTS_MADE,),
        stories.event_redirects,
        {"_known_stories": tuple(STORIES), "event_documents": ("event_id", "document_id"), "_as_of": ("as_of",)},
    ),
    Step(
        (SUMMARIES_MADE,),
        summary.chosen_sentences,
        {"_texts": tuple(tables.TEXTS)},
        shape="each_part",
        partitioned=("_texts",),
    ),
    Step(
        (table("summary_sentences"), EVENT_SPANS_MADE),
        summary.summary_sentences,
        {
            "_summaries": tuple(summary.CHOSEN),
            "documents": ("document_id", "content_hash", "text"),
            "event_documents": _TOLD_IN,
        },
    ),
    Step(
        (table("event_entities"),),
        stories.event_entities,
        {"mentions": ("mention_id", "document_id", "field", "start", "entity_id"), "event_documents": _TOLD_IN},
    ),
    Step(
        (table("importance_parts"),),
        importance.importance_parts,
        {
            "documents": ("document_id", "source_id", "text", "is_withdrawn"),
            "event_documents": _TOLD_IN,
            "event_entities": ("event_id", "entity_id", "salience"),
            "document_categories": ("document_id", "position", "category"),
            "_registry": (*_NAMES, "description_document_id"),
            "sources": ("source_id", "short_name", "publisher", "standing"),
            "_read_observations": ("subject", "measure", "value", "observed_at", "fetched_at"),
        },
        given=("constants",),
    ),
    Step(
        (table("events"),),
        stories.events,
        {
            "documents": _EVENT_INPUT,
            "event_documents": _TOLD_IN,
            "event_entities": ("event_id", "entity_id"),
            "summary_sentences": ("event_id", "position", "sentence"),
            "importance_parts": ("event_id", "points"),
            "sources": ("source_id", "short_name"),
        },
        given=("constants",),
    ),
)
