"""How works are used: works, who cites whom, the sentences that cite, and what they come to."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table

WORK = "works.work_id"
EVIDENCE = "evidence.evidence_id"
CITED = "the cited work"
CITING = "the work that cites it"


class Works(
    Table,
    key=("work_id",),
    group="citations",
    title="Works",
    question="Which works cite or are cited, and which of them are documents here?",
    primary_source="payloads",
):
    """Works that a citation index or bulk file names, one row per work however many ids it has."""

    work_id = c.text(
        "first known of arXiv id, DOI, Semantic Scholar, OpenAlex, ACL, OpenReview id, else a hash of the title; then fixed",
        pattern=r"(arxiv|doi|s2|openalex|acl|openreview|title):\S+",
    )
    document_id = c.text("the same work among the documents", nullable=True, refers_to="documents.document_id")
    title = c.text("title as plain text")
    abstract = c.text("abstract as plain text, where its source lets it be published", nullable=True)
    year = c.int16("year of publication", nullable=True, low=1500, high=2100, unit="year")
    venue = c.text("venue as stated", nullable=True)
    fields = c.texts("fields of study as stated")
    authors_text = c.text("authors as stated, in order, joined by commas", nullable=True)
    same_as = c.texts("other ids of the work")
    identity_rule = c.enum("by which id its statements were found to be one work", lists.WORK_IDENTITY_RULES)
    method = c.method()


class Citations(
    Table,
    key=("cited_work_id", "citing_work_id"),
    group="citations",
    title="Citations",
    question="Who cites whom, and who says so?",
    primary_source="payloads",
    rules=(Rule("not_itself", "a work does not cite itself", "cited_work_id = citing_work_id"),),
):
    """Each pair of citing and cited work once, with the sources that report it."""

    cited_work_id = c.text(CITED, refers_to=WORK)
    citing_work_id = c.text(CITING, refers_to=WORK)
    sources = c.texts("sources that report the pair", refers_to="sources.source_id")
    s2_intents = c.texts("intents that Semantic Scholar states for the pair", allowed=lists.S2_INTENTS)
    s2_is_influential = c.flag_or_null("Semantic Scholar calls the citation influential; null where it says nothing")
    context_count = c.count("sentences known in which it is cited", unit="contexts")
    first_seen_at = c.time("when Almanac first saw the pair")
    disagreement = c.text("where sources disagree on the pair, in words", nullable=True)
    method = c.method()


class CitationContexts(
    Table,
    key=("context_id",),
    group="citations",
    title="Citing sentences",
    question="What does this sentence do with the work it cites?",
    primary_source="payloads",
    rules=(
        Rule(
            "unclear_has_no_roles",
            "roles is empty exactly when role is unclear",
            "(role = 'unclear') <> (len(roles) = 0)",
        ),
        Rule("marker_in_order", "the marker's end lies behind its start", "marker_end <= marker_start"),
    ),
):
    """Sentences in which one work cites another, with role and polarity by cue rules; unclear where nothing decides."""

    context_id = c.text("id of the context", pattern=r"c-[0-9a-f]{16}")
    cited_work_id = c.text(CITED, refers_to=WORK)
    citing_work_id = c.text(CITING, refers_to=WORK)
    sentence = c.text("the citing sentence")
    text_basis = c.enum("what the sentence is: the citing work's own, or rewritten", lists.CONTEXT_TEXT_BASIS)
    before = c.text("text before the sentence", nullable=True)
    after = c.text("text after the sentence", nullable=True)
    marker_start = c.int32("begin of the citation mark in the sentence", nullable=True, low=0, unit="code points")
    marker_end = c.int32("end of the citation mark, excluded", nullable=True, low=1, unit="code points")
    scope_start = c.int32("begin of the part that speaks of the cited work", nullable=True, low=0, unit="code points")
    scope_end = c.int32("end of that part, excluded", nullable=True, low=1, unit="code points")
    section = c.text("heading of the section as printed", nullable=True)
    section_class = c.enum("kind of section", lists.SECTION_CLASSES, nullable=True)
    role = c.enum("what the sentence does with the cited work, above all", lists.ROLES)
    roles = c.texts("all roles that have a cue, the primary first; empty when unclear", allowed=lists.ROLES)
    role_confidence = c.score(
        "share of such decisions that were right on labelled sets or on rows read, smoothed; 0 when unclear"
    )
    polarity = c.enum("stance towards a claim of the cited work", lists.POLARITIES)
    polarity_confidence = c.score("share of such decisions that were found right by reading, smoothed; 0 when unclear")
    decided_by = c.enum("who decided", lists.CONTEXT_JUDGES)
    s2_intents = c.texts("intents that Semantic Scholar states for the sentence", allowed=lists.S2_INTENTS)
    evidence_id = c.text("the sentence as a span", refers_to=EVIDENCE)
    method = c.method()


class CitationSummaries(
    Table,
    key=("work_id",),
    group="citations",
    title="Summaries of citations",
    question="What is this work used for, by how many of those who cite it?",
    rules=(
        Rule(
            "sentence_if_classified",
            "hub_sentence is null exactly when the work is unclassified",
            "(hub_sentence IS NULL) <> (hub_class = 'unclassified')",
        ),
        Rule(
            "works_add_up",
            "classified and unclear works are the works with a context",
            "classified_works + unclear_works <> citing_with_context",
        ),
        Rule(
            "contested_says_why",
            "contested_reason is given for contested works only",
            "is_contested <> (contested_reason IS NOT NULL)",
        ),
    ),
):
    """One row per cited work: what its citing works use it for, with the numbers that the class rests on."""

    work_id = c.text(CITED, refers_to=WORK)
    citing_found = c.count("citing works found", unit="works")
    citing_linked = c.count("of these, works that are documents here", unit="works")
    citing_with_context = c.count("of these, works with a citing sentence", unit="works")
    contexts = c.count("citing sentences", unit="contexts")
    classified_works = c.count("citing works whose main role is not unclear", unit="works")
    unclear_works = c.count("citing works with sentences whose main role is unclear", unit="works")
    support_limit = c.count("classified works needed before the work is classified", unit="works")
    hub_class = c.enum("what the work is to those who cite it", lists.HUB_CLASSES)
    hub_sentence = c.text(
        "the class in a sentence, with denominator and interval; null when unclassified", nullable=True
    )
    tier = c.enum("how many cite it", lists.TIERS)
    is_contested = c.flag("citing works dispute or qualify it beyond chance")
    contested_reason = c.text("the counts in words", nullable=True)
    first_citation_year = c.int16("year of the earliest citing work", nullable=True, low=1500, high=2100, unit="year")
    last_citation_year = c.int16("year of the latest citing work", nullable=True, low=1500, high=2100, unit="year")
    method = c.method()


class CitationBreakdown(
    Table,
    key=("work_id", "unit", "dimension", "label"),
    group="citations",
    title="Breakdowns of citations",
    question="Which share of its citing works uses it so, of how many?",
    rules=(
        Rule("share_of_count", "share is count over of", 'abs("count" / "of" - share) > 0.000001'),
        Rule("interval_holds_share", "low <= share <= high", "share < low - 0.0000005 OR share > high + 0.0000005"),
    ),
):
    """Counts of citing works and sentences by role, polarity, field and year, each with its denominator and interval."""

    work_id = c.text(CITED, refers_to=WORK)
    unit = c.enum("what is counted", lists.BREAKDOWN_UNITS)
    dimension = c.enum("what the labels are: roles, stances, fields or years", lists.BREAKDOWN_DIMENSIONS)
    label = c.text("the role, polarity, field or year")
    count = c.count("works or contexts with this label", unit="works or contexts")
    of = c.count("the denominator: works or contexts with a label", unit="works or contexts", low=1)
    left_out = c.count("works or contexts without a label, not in the denominator", unit="works or contexts")
    share = c.score("count over of")
    low = c.score("lower end of the 95 % Wilson interval")
    high = c.score("upper end of the 95 % Wilson interval")
    method = c.method()


class CitingPapers(
    Table,
    key=("cited_work_id", "citing_work_id"),
    group="citations",
    title="Citing papers",
    question="What did each citing paper find, and how does it use this work?",
    rules=(
        Rule(
            "takeaway_as_its_basis",
            "takeaway is null exactly when its basis is none",
            "(takeaway IS NULL) <> (takeaway_basis = 'none')",
        ),
        Rule(
            "representative_has_rank",
            "rank and reason are given for representative papers only",
            "is_representative <> (representative_rank IS NOT NULL) OR is_representative <> (representative_reason IS NOT NULL)",
        ),
    ),
):
    """One row per citing paper of each cited work: its takeaway and the sentence that tells best how it uses the work."""

    cited_work_id = c.text(CITED, refers_to=WORK)
    citing_work_id = c.text(CITING, refers_to=WORK)
    title = c.text("title of the citing work")
    year = c.int16("year of the citing work", nullable=True, low=1500, high=2100, unit="year")
    takeaway = c.text("what the citing work found or offers, in its own terms, at most 40 words", nullable=True)
    takeaway_basis = c.enum("how the takeaway was made", lists.TAKEAWAY_BASIS)
    takeaway_evidence_id = c.text("where the takeaway stands", nullable=True, refers_to=EVIDENCE)
    use_sentence = c.text("the sentence that tells best how it uses the cited work", nullable=True)
    use_evidence_id = c.text("that sentence as a span", nullable=True, refers_to=EVIDENCE)
    main_role = c.enum("role of most of its sentences, ties by confidence; unclear where none is decided", lists.ROLES)
    main_polarity = c.enum("its strongest stance", lists.POLARITIES)
    is_representative = c.flag("one of the few that show how the work is used")
    representative_rank = c.int16("1 is shown first", nullable=True, low=1, unit="rank")
    representative_reason = c.enum("why it is shown", lists.REPRESENTATIVE_REASONS, nullable=True)
    method = c.method()
