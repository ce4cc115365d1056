"""Every closed list of the release: the values such a column may hold; docs/lists.md says what each one means."""

from __future__ import annotations

# sources and pulls
SOURCE_KINDS = ("preprint_server", "lab_blog", "aggregator", "citation_index", "registry", "bulk_file")
ACCESS = ("api", "feed", "bulk", "recorded")
REDISTRIBUTION = ("full", "abstract", "excerpt", "facts_only")
OUTCOMES = ("new", "not_modified", "empty", "stale", "refused", "error")
EXPECTED_NEWS = ("announcement_day", "no_announcement", "unscheduled")
COVERAGE_BASIS = ("announcement", "response_total", "calendar", "history", "unknown")
COVERAGE_STATUS = ("complete", "short", "excess", "unknown")
QUARANTINE_REASONS = (
    "not_xml",
    "not_json",
    "truncated",
    "too_large",
    "wrong_type",
    "missing_id",
    "missing_title",
    "bad_date",
    "bad_encoding",
    "duplicate_id",
    "protocol_error",
    "schema_changed",
    "forbidden_markup",
    "doctype_refused",
    "too_deep",
    "encoding_undecodable",
    "content_coding",
    "empty_body",
    "wrong_namespace",
    "not_an_article",
    "date_out_of_range",
    "secret_masked",
)

# documents
DOCUMENT_KINDS = ("preprint", "post", "paper", "dataset_card", "release_note")
TEXT_BASIS = ("abstract", "full_text", "excerpt", "title_only", "rewritten")
DATE_PRECISION = ("second", "day", "month", "year")
DATE_BASIS = ("stated", "feed", "identifier", "unknown")
CATEGORY_SCHEMES = ("arxiv", "source_tag")

# names
ENTITY_TYPES = (
    "model",
    "organization",
    "dataset",
    "benchmark",
    "method",
    "task",
    "metric",
    "software",
    "person",
    "venue",
    "hardware",
    "field",
)
TEXT_FIELDS = ("title", "text")
FOUND_BY = ("gazetteer", "tagger", "definition", "acronym", "metadata", "override")
UNRESOLVED_REASONS = ("ambiguous", "unknown_name", "generic", "contradiction", "low_confidence")
ALIAS_RULES = (
    "exact",
    "case",
    "punctuation",
    "plural",
    "version_format",
    "size_format",
    "provider_prefix",
    "release_suffix",
    "acronym",
    "external_id",
    "registry",
    "title_definition",
    "context",
    "override",
)
ENTITY_RECORD_STATUS = ("active", "merged", "retired")
ACTIVITY = ("new", "rising", "steady", "quiet")
LIFECYCLE = ("announced", "released", "deprecated", "withdrawn")

# events
EVENT_KINDS = (
    "research",
    "model_release",
    "dataset_release",
    "software_release",
    "product",
    "policy",
    "people_and_funding",
    "evaluation",
    "tutorial",
    "other",
)
EVENT_RECORD_STATUS = ("active", "merged", "withdrawn")
EVENT_DOCUMENT_ROLES = ("lead", "same_work", "revision", "coverage")
EVENT_DOCUMENT_RULES = (
    "same_id",
    "same_doi",
    "links_to",
    "same_title_authors",
    "text_and_entities",
    "override",
)
HEADLINE_BASIS = ("title", "compressed_title", "model_written", "override")
SUMMARY_BASIS = ("extractive", "compressed", "abstract_lead", "model_written", "none")
IMPORTANCE_PARTS = (
    "source_standing",
    "coverage",
    "entity_prominence",
    "novelty",
    "artefacts",
    "early_attention",
    "breadth",
    "correction",
)

# lists and trust
LIST_NAMES = (
    "related_events",
    "similar_papers",
    "similar_entities",
    "event_guides",
    "entity_guides",
    "mentions",
    "summary",
)
EVIDENCE_TABLES = ("documents", "works", "citation_contexts")
EVIDENCE_FIELDS = ("title", "abstract", "text", "comment", "before", "sentence", "after")
CHANGES = ("added", "removed", "changed")
CAUSES = (
    "new_document",
    "revised_document",
    "withdrawn_document",
    "new_citation",
    "new_observation",
    "source_correction",
    "resolution",
    "neighbour",
    "as_of",
    "override",
    "code",
    "model",
    "parameter",
    "schema",
)
HISTORY_TABLES = ("entities", "events", "entity_aliases")
