"""What happened: events, the documents they rest on, who takes part, and why they matter."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table, unique

EVENT = "events.event_id"
DOCUMENT = "documents.document_id"


class Events(
    Table,
    key=("event_id",),
    group="events",
    title="Events",
    question="What happened, when, and how much does it matter?",
    rules=(
        Rule(
            "summary_as_its_basis",
            "summary is null exactly when summary_basis is none",
            "(summary IS NULL) <> (summary_basis = 'none')",
        ),
        Rule(
            "day_of_occurred",
            "day is the UTC day of occurred_at",
            "day IS DISTINCT FROM (occurred_at AT TIME ZONE 'UTC')::DATE",
        ),
        unique("slug", "events"),
    ),
):
    """One row per thing that happened, with every document that tells it joined: revisions, copies, coverage."""

    event_id = c.text("id made of the document that opened the story", pattern=r"ev-[0-9a-f]{16}")
    slug = c.text("headline for addresses, unique in the table", pattern=r"[a-z0-9-]+")
    kind = c.enum("what sort of event it is", lists.EVENT_KINDS)
    headline = c.text("the headline, plain text")
    headline_basis = c.enum("where the headline comes from", lists.HEADLINE_BASIS)
    summary = c.text("what it is about in the document's own sentences; null if there is no text", nullable=True)
    summary_basis = c.enum("how the summary was made", lists.SUMMARY_BASIS)
    importance = c.int8("1 (noise) to 10 (everyone will know it this week)", low=1, high=10, unit="level")
    importance_score = c.number("sum of the importance parts", unit="points")
    lead_document_id = c.text("document that tells it best", refers_to=DOCUMENT)
    source_id = c.text("source of the lead", refers_to="sources.source_id")
    source_label = c.text("short name of that source, as in 'arXiv · cs.LG'")
    url = c.url("page of the lead document")
    occurred_at = c.time("publication of the lead, never the day we saw it", nullable=True)
    day = c.date("UTC day of occurred_at", nullable=True)
    first_seen_at = c.time("when Almanac first saw it")
    updated_at = c.time("when a document of it was last revised", nullable=True)
    document_count = c.count("documents it rests on", unit="documents", low=1)
    entity_count = c.count("entities named", unit="entities")
    record_status = c.enum("state of this record", lists.EVENT_RECORD_STATUS)
    is_backfill = c.flag("published more than 30 days before it was first seen")
    method = c.method()


class EventDocuments(
    Table,
    key=("event_id", "document_id"),
    group="events",
    title="Documents of events",
    question="On which documents does the event rest, and why do they belong together?",
):
    """The documents of each event with the rule that put them there."""

    event_id = c.text("the event", refers_to=EVENT)
    document_id = c.text("the document", refers_to=DOCUMENT)
    role = c.enum("what the document is to the event", lists.EVENT_DOCUMENT_ROLES)
    rule = c.enum("why it belongs to the event", lists.EVENT_DOCUMENT_RULES)
    confidence = c.score("confidence of the rule; null where identity is certain", nullable=True)
    reason = c.text("the rule in a sentence")
    method = c.method()


class EventEntities(
    Table,
    key=("event_id", "entity_id"),
    group="events",
    title="Entities of events",
    question="Who and what is part of the event?",
):
    """The entities that an event's documents name, with how prominently."""

    event_id = c.text("the event", refers_to=EVENT)
    entity_id = c.text("the entity", refers_to="entities.entity_id")
    salience = c.score("how central the entity is: headline, first place and number of mentions")
    in_headline = c.flag("named in the headline")
    mention_count = c.count("linked mentions in the event's documents", unit="mentions", low=1)
    first_mention_id = c.text("earliest mention, title before text", refers_to="mentions.mention_id")
    method = c.method()


class SummarySentences(
    Table,
    key=("event_id", "position"),
    group="events",
    title="Sentences of summaries",
    question="Where does each sentence of the summary stand?",
):
    """The sentences of each event's summary in order, with the spans of the documents that they are taken from."""

    event_id = c.text("the event", refers_to=EVENT)
    position = c.int16("1 is the first sentence", low=1, high=4, unit="position")
    sentence = c.text("the sentence as it stands in the summary")
    basis = c.enum("how it follows from its evidence", lists.SENTENCE_BASIS)
    evidence_ids = c.texts("spans that it is taken from", refers_to="evidence.evidence_id")
    method = c.method()


class ImportanceParts(
    Table,
    key=("event_id", "part"),
    group="events",
    title="Parts of importance",
    question="Why does the event have this importance?",
):
    """What each signal adds to an event's importance; the points of an event add up to its importance_score."""

    event_id = c.text("the event", refers_to=EVENT)
    part = c.enum("the signal", lists.IMPORTANCE_PARTS)
    value = c.number("the raw signal, in the unit that the reason names", unit="signal")
    points = c.number("what it adds to importance_score", unit="points")
    reason = c.text("the signal in a sentence")
    method = c.method()
