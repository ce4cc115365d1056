"""Who and what is named: mentions with their spans, entities, and the names that belong to them."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table, unique

ENTITY = "entities.entity_id"
EVIDENCE = "evidence.evidence_id"


class Mentions(
    Table,
    key=("mention_id",),
    group="entities",
    title="Mentions",
    question="Where exactly is this name written?",
    rules=(
        Rule("span_not_empty", "end lies behind start", '"end" <= start'),
        Rule("span_is_surface", "the span is as long as the surface", 'length(surface) <> "end" - start'),
        Rule(
            "linked_or_told_why",
            "a mention has an entity or a reason why not",
            "(entity_id IS NULL) = (unresolved_reason IS NULL)",
        ),
        Rule(
            "link_has_rule",
            "a link has its rule and confidence",
            "(entity_id IS NULL) <> (link_rule IS NULL) OR (entity_id IS NULL) <> (link_confidence IS NULL)",
        ),
    ),
):
    """Each place in a title or text where something of the twelve types is named."""

    mention_id = c.text("id of the mention", pattern=r"m-[0-9a-f]{16}")
    document_id = c.text("document that names it", refers_to="documents.document_id")
    field = c.enum("field of the document", lists.TEXT_FIELDS)
    start = c.int32("begin of the span in the field, included", low=0, unit="code points")
    end = c.int32("end of the span in the field, excluded", low=1, unit="code points")
    surface = c.text("the words as written")
    type = c.enum("what sort of thing is named", lists.ENTITY_TYPES)
    found_by = c.enum("how the mention was found", lists.FOUND_BY)
    confidence = c.score("share of mentions found this way that are right, by hand-read samples")
    entity_id = c.text("entity named; null where it cannot be told", nullable=True, refers_to=ENTITY)
    link_confidence = c.score("confidence of the link", nullable=True)
    link_rule = c.enum("why the surface belongs to the entity", lists.ALIAS_RULES, nullable=True)
    unresolved_reason = c.enum("why there is no entity", lists.UNRESOLVED_REASONS, nullable=True)
    candidates = c.texts("entities it may be, best first", refers_to=ENTITY)
    method = c.method()


class Entities(
    Table,
    key=("entity_id",),
    group="entities",
    title="Entities",
    question="Which models, labs, datasets, methods ... are there, and how much is written about them?",
    rules=(
        Rule("seen_in_order", "first_seen_at is not after last_seen_at", "first_seen_at > last_seen_at"),
        Rule(
            "description_has_evidence",
            "a description has its evidence",
            "(description IS NULL) <> (description_evidence_id IS NULL)",
        ),
        Rule(
            "lifecycle_has_evidence",
            "a lifecycle has its evidence",
            "(lifecycle IS NULL) <> (lifecycle_evidence_id IS NULL)",
        ),
        unique("slug", "entities"),
        Rule("not_own_parent", "no entity is its own parent", "parent_entity_id = entity_id"),
    ),
):
    """One row per thing that is named, with its counts; ids are never changed or reused."""

    entity_id = c.text("slug at birth and eight hex digits", pattern=r"[a-z0-9-]+-[0-9a-f]{8}")
    slug = c.text("name for addresses, unique in the table", pattern=r"[a-z0-9-]+")
    name = c.text("preferred name")
    type = c.enum("what sort of thing it is", lists.ENTITY_TYPES)
    normal_form = c.text("typed normal form that founded the entity: with the type, what its id is made of and kept by")
    record_status = c.enum("state of this record", lists.ENTITY_RECORD_STATUS)
    activity = c.enum("how much was published about it lately, counted back from the release's as_of", lists.ACTIVITY)
    lifecycle = c.enum("state of the thing itself, where a text states it", lists.LIFECYCLE, nullable=True)
    lifecycle_evidence_id = c.text("where the lifecycle is stated", nullable=True, refers_to=EVIDENCE)
    description = c.text("what it is, in the words of a document", nullable=True)
    description_evidence_id = c.text("where the description stands", nullable=True, refers_to=EVIDENCE)
    parent_entity_id = c.text(
        "suite, size series or base model it belongs to, by the grammar of names", nullable=True, refers_to=ENTITY
    )
    first_seen_at = c.time("first time Almanac saw a document that names it")
    last_seen_at = c.time("last time Almanac saw a new document that names it")
    first_published_at = c.time("publication of the earliest document that names it", nullable=True)
    document_count = c.count("documents that name it", unit="documents")
    event_count = c.count("events that name it", unit="events")
    mention_count = c.count("linked mentions", unit="mentions")
    alias_count = c.count("distinct surfaces", unit="names")
    method = c.method()


class EntityAliases(
    Table,
    key=("entity_id", "alias"),
    group="entities",
    title="Aliases",
    question="Under which names does it go, and how do we know?",
):
    """Each way an entity is written, with the rule that ties it to the entity and the first place where it stands."""

    entity_id = c.text("the entity", refers_to=ENTITY)
    alias = c.text("the name as written")
    normal_form = c.text("typed normal form of the alias")
    is_preferred = c.flag("the entity's preferred name")
    rule = c.enum("how we know that it belongs", lists.ALIAS_RULES)
    confidence = c.score("confidence that it belongs")
    is_ambiguous = c.flag("the same words name other things too")
    mention_count = c.count("linked mentions written so", unit="mentions")
    first_seen_at = c.time("first time Almanac saw it written so")
    evidence_id = c.text("first place where it is written so", nullable=True, refers_to=EVIDENCE)
    method = c.method()


class EntityExternalIds(
    Table,
    key=("entity_id", "scheme", "value"),
    group="entities",
    title="Ids of entities elsewhere",
    question="What is this thing called in other registries?",
):
    """The ids under which other registries know an entity, with how we know that they mean the same."""

    entity_id = c.text("the entity", refers_to=ENTITY)
    scheme = c.enum("whose id it is", lists.EXTERNAL_ID_SCHEMES)
    value = c.text("the id as that registry writes it")
    url = c.url("page of the id", nullable=True)
    rule = c.enum("how we know that it means this entity", lists.EXTERNAL_ID_RULES)
    source_id = c.text("source that states it, where one does", nullable=True, refers_to="sources.source_id")
    method = c.method()


class EntityRelations(
    Table,
    key=("entity_id", "relation", "other_entity_id"),
    group="entities",
    title="Relations of entities",
    question="To which suite, base model or maker does this thing belong?",
    rules=(Rule("not_itself", "an entity is not related to itself", "entity_id = other_entity_id"),),
):
    """Suites, sizes, versions, tuned and quantised models, and makers; the row reads: entity relation other."""

    entity_id = c.text("the entity", refers_to=ENTITY)
    relation = c.enum("how it is related", lists.RELATIONS)
    other_entity_id = c.text("the entity it is related to", refers_to=ENTITY)
    rule = c.enum("how we know", lists.RELATION_RULES)
    confidence = c.score("confidence of the rule")
    evidence_id = c.text("where it is stated, if a text states it", nullable=True, refers_to=EVIDENCE)
    method = c.method()


class EntityJudgements(
    Table,
    key=("left", "right"),
    group="entities",
    title="Judgements on doubtful pairs",
    question="Are these two names one thing, and who says so?",
    rules=(Rule("in_order", "left stands before right", '"left" >= "right"'),),
):
    """Pairs of entities or names that could be taken for one another, with the verdict and its ground."""

    left = c.text("entity id or surface form, the smaller of the two")
    right = c.text("entity id or surface form, the greater of the two")
    verdict = c.enum("same, apart or undecided", lists.VERDICTS)
    rule = c.enum("the ground of the verdict", lists.JUDGEMENT_RULES)
    confidence = c.score("confidence of the rule")
    decided_by = c.enum("who decided", lists.JUDGES)
    evidence_ids = c.texts("spans that speak for it", refers_to=EVIDENCE)
    detail = c.text("the ground in words", nullable=True)
    method = c.method()
