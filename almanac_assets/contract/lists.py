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
EXTERNAL_ID_SCHEMES = (
    "wikidata",
    "huggingface",
    "github",
    "openalex",
    "ror",
    "orcid",
    "s2",
    "arxiv_category",
    "doi",
    "homepage",
)
EXTERNAL_ID_RULES = ("registry", "metadata", "link_in_text", "exact_name", "override")
RELATIONS = ("member_of", "size_of", "version_of", "tuned_from", "quantised_from", "made_by", "part_of")
RELATION_RULES = ("name_grammar", "registry", "metadata", "stated", "override")
VERDICTS = ("same", "apart", "undecided")
JUDGEMENT_RULES = (*ALIAS_RULES, "version_conflict", "size_conflict", "type_conflict", "digits_differ", "transitive")
JUDGES = ("rule", "model", "override")
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

SENTENCE_BASIS = ("verbatim", "compressed", "templated", "model_written")

# how works are used
WORK_IDENTITY_RULES = (
    "arxiv_id",
    "doi",
    "s2_id",
    "openalex_id",
    "acl_id",
    "openreview_id",
    "title_year_authors",
    "override",
)
CONTEXT_TEXT_BASIS = ("sentence", *TEXT_BASIS)
SECTION_CLASSES = (
    "introduction",
    "related_work",
    "method",
    "experiments",
    "results",
    "discussion",
    "conclusion",
    "appendix",
    "other",
)
ROLES = (
    "background",
    "motivation",
    "uses_method",
    "uses_software_or_model",
    "uses_data",
    "extends",
    "compares",
    "future_work",
    "unclear",
)
POLARITIES = ("supports", "disputes", "qualifies", "neutral", "unclear")
CONTEXT_JUDGES = ("cue", "linear", "agreement", "language_model", "override")
S2_INTENTS = ("background", "methodology", "result")
HUB_CLASSES = (
    "unclassified",
    "tool_reference",
    "data_reference",
    "baseline",
    "foundation",
    "background_reference",
    "mixed",
)
TIERS = ("landmark", "hub", "established", "emerging", "rare")
BREAKDOWN_UNITS = ("work", "context")
BREAKDOWN_DIMENSIONS = ("role", "polarity", "field", "year")
TAKEAWAY_BASIS = ("extractive", "compressed", "model_written", "title_only", "none")
REPRESENTATIVE_REASONS = ("most_cited", "clearest_use", "disputes", "extends", "recent", "distinct_topic")

# lists and trust
REDIRECT_KINDS = ("entity", "event", "document", "work", "guide")
REDIRECT_REASONS = ("merge", "rename", "split", "duplicate", "override")
SPLITS = ("train", "dev", "test")
BETTER = ("higher", "lower")
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
