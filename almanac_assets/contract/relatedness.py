"""What is related to what, with the parts of each score and a reason in words."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table, unique

DOCUMENT = "documents.document_id"
ENTITY = "entities.entity_id"
EVENT = "events.event_id"
GUIDE = "guides.guide_id"


def adds_up(*parts: str) -> Rule:
    """The parts of a score add up to it, up to the rounding of each to six decimals."""
    slack = f"{len(parts) * 0.0000005 + 0.0000005:.7f}"
    return Rule("parts_add_up", "the parts add up to the score", f"abs({' + '.join(parts)} - score) > {slack}")


class SimilarPapers(
    Table,
    key=("document_id", "rank"),
    group="relatedness",
    title="Similar papers",
    question="What else should a reader of this paper open, and why?",
    rules=(
        Rule("not_itself", "a paper is not similar to itself", "document_id = other_document_id"),
        adds_up("text_part", "entity_part", "citation_part", "category_part"),
    ),
):
    """Up to ten papers near this one, best first; the list is never padded."""

    document_id = c.text("the paper whose list this is", refers_to=DOCUMENT)
    rank = c.int16("1 is the nearest", low=1, high=10, unit="rank")
    other_document_id = c.text("the similar paper", refers_to=DOCUMENT)
    score = c.score("sum of the four parts")
    text_part = c.score("what nearness of the texts adds")
    entity_part = c.score("what shared entities add, rare ones more")
    citation_part = c.score("what citing each other, or citing the same works, adds; 0 where no citations are known")
    category_part = c.score("what shared categories add")
    reason = c.text("the parts in words, with the shared names")
    method = c.method()


class RelatedEvents(
    Table,
    key=("event_id", "rank"),
    group="relatedness",
    title="Related events",
    question="What else happened that belongs to this, and why?",
    rules=(
        Rule("not_itself", "an event is not related to itself", "event_id = other_event_id"),
        adds_up("text_part", "entity_part", "citation_part", "guide_part", "recency_part"),
    ),
):
    """Up to eight events near this one, best first; the list is never padded."""

    event_id = c.text("the event whose list this is", refers_to=EVENT)
    rank = c.int16("1 is the nearest", low=1, high=8, unit="rank")
    other_event_id = c.text("the related event", refers_to=EVENT)
    score = c.score("sum of the five parts")
    text_part = c.score("what nearness of the texts adds")
    entity_part = c.score("what shared entities add, rare ones more")
    citation_part = c.score("what citing each other, or citing the same works, adds; 0 where no citations are known")
    guide_part = c.score("what a shared guide adds")
    recency_part = c.score("what nearness in time adds: distance between the two occurrences, never to today")
    shared_entity_ids = c.texts("entities that both name, rarest first", refers_to=ENTITY)
    reason = c.text("the parts in words, with the shared names")
    method = c.method()


class EntityCooccurrence(
    Table,
    key=("entity_id", "other_entity_id"),
    group="relatedness",
    title="Entities named together",
    question="What is named together with this, more often than chance would have it?",
    rules=(Rule("not_itself", "an entity is not paired with itself", "entity_id = other_entity_id"),),
):
    """Pairs of entities that the same documents name, in both directions, with how far that is above chance."""

    entity_id = c.text("the entity", refers_to=ENTITY)
    other_entity_id = c.text("the entity named beside it", refers_to=ENTITY)
    documents = c.count("documents that name both", unit="documents", low=1)
    events = c.count("events that name both", unit="events", low=1)
    lift = c.number("documents with both over those expected by chance", unit="ratio", low=0.0)
    npmi = c.number("normalised pointwise mutual information", unit="share", low=-1.0, high=1.0)
    log_likelihood = c.number("log-likelihood ratio of the pair (Dunning 1993), 0 at chance", unit="nats", low=0.0)
    first_together_at = c.time("publication of the earliest document that names both", nullable=True)
    last_together_at = c.time("publication of the latest document that names both", nullable=True)
    evidence_document_ids = c.texts("up to three documents that name both, newest first", refers_to=DOCUMENT)
    method = c.method()


class SimilarEntities(
    Table,
    key=("entity_id", "rank"),
    group="relatedness",
    title="Similar entities",
    question="What else is like this, and why?",
    rules=(
        Rule("not_itself", "an entity is not similar to itself", "entity_id = other_entity_id"),
        adds_up("text_part", "company_part", "name_part", "type_part"),
    ),
):
    """Up to twelve entities like this one, best first; the list is never padded."""

    entity_id = c.text("the entity whose list this is", refers_to=ENTITY)
    rank = c.int16("1 is the nearest", low=1, high=12, unit="rank")
    other_entity_id = c.text("the similar entity", refers_to=ENTITY)
    score = c.score("sum of the four parts")
    text_part = c.score("what nearness of the documents that name them adds")
    company_part = c.score("what shared neighbours add: entities that both are named with")
    name_part = c.score("what a shared family of names adds")
    type_part = c.score("what being of the same type adds")
    reason = c.text("the parts in words, with the shared neighbours")
    method = c.method()


class Guides(
    Table,
    key=("guide_id",),
    group="relatedness",
    title="Guides",
    question="Which subjects run through these events, and in which order should one read them?",
    rules=(unique("slug", "guides"),),
):
    """Subjects that several events share, found in the corpus and named by its own terms."""

    guide_id = c.text("id of the guide", pattern=r"g-[0-9a-f]{16}")
    slug = c.text("title for addresses, unique in the table", pattern=r"[a-z0-9-]+")
    title = c.text("the subject in a few words")
    description = c.text("what its events share, with counts")
    key_terms = c.texts("terms that set its events apart, best first")
    event_count = c.count("events in it", unit="events", low=1)
    entity_count = c.count("entities in it", unit="entities")
    first_event_at = c.time("earliest occurrence of its events", nullable=True)
    last_event_at = c.time("latest occurrence of its events", nullable=True)
    parent_guide_id = c.text("wider guide that holds it", nullable=True, refers_to=GUIDE)
    coherence = c.score("mean nearness of its events to its middle")
    method = c.method()


class EventGuides(
    Table,
    key=("event_id", "rank"),
    group="relatedness",
    title="Guides of events",
    question="Which guides does the event belong to?",
):
    """The guides that an event belongs to, best first."""

    event_id = c.text("the event", refers_to=EVENT)
    rank = c.int16("1 is the best", low=1, high=3, unit="rank")
    guide_id = c.text("the guide", refers_to=GUIDE)
    score = c.score("how well the event fits the guide")
    reading_order = c.int32("place of the event in the guide's reading order", nullable=True, low=1, unit="place")
    reason = c.text("why, with the shared terms")
    method = c.method()


class EntityGuides(
    Table,
    key=("entity_id", "rank"),
    group="relatedness",
    title="Guides of entities",
    question="Which guides does the entity belong to?",
):
    """The guides in which an entity is named more often than elsewhere, best first."""

    entity_id = c.text("the entity", refers_to=ENTITY)
    rank = c.int16("1 is the best", low=1, high=3, unit="rank")
    guide_id = c.text("the guide", refers_to=GUIDE)
    score = c.score(
        "share of the entity's events that the guide holds beyond chance, drawn towards none where they are few"
    )
    reason = c.text("the counts in words")
    method = c.method()


class ListNotes(
    Table,
    key=("subject_id", "list_name"),
    group="relatedness",
    title="Notes on short lists",
    question="Why is this list short or empty?",
):
    """For each list that holds less than its maximum: how many there were to show, and why no more."""

    subject_id = c.text("id of the document, event or entity whose list it is")
    list_name = c.enum("which list", lists.LIST_NAMES)
    shown = c.count("rows in the list", unit="rows")
    eligible = c.count("rows above the threshold", unit="rows")
    threshold = c.number("least score to be listed; null where there is none", nullable=True, unit="score")
    note = c.text("the reason in a sentence")
    method = c.method()
