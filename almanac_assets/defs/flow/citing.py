"""From stated works, edges and sentences to how works are used."""

from almanac_assets.citations import breakdown, citing, contexts, edges, identity, summaries, works
from almanac_assets.defs.flow.products import private, table
from almanac_assets.documents import parse
from almanac_assets.release.ids import KNOWN_WORKS, works_before
from almanac_assets.store.steps import Step
from almanac_assets.text.spans import SPANS

KNOWN_WORKS_MADE = private("_known_works", KNOWN_WORKS, ("work_id",), "citations", "Works of all releases before.")
WORK_IDS_MADE = private("_work_ids", identity.WORK_IDS, ("id",), "citations", "Every id of a work, and whose it is.")
WORK_REDIRECTS_MADE = private(
    "_work_redirects", identity.WORK_REDIRECTS, ("from_id",), "citations", "Works found to be another."
)
TAKEAWAYS_MADE = private(
    "_work_takeaways", citing.WORK_TAKEAWAYS, ("work_id",), "citations", "What each citing work found."
)
CITED_SPANS_MADE = private(
    "_evidence_citations", SPANS, ("evidence_id",), "citations", "Spans that uses of works follow from."
)

_PAIR = ("cited_work_id", "citing_work_id")
STEPS: tuple[Step, ...] = (
    Step((KNOWN_WORKS_MADE,), works_before, {"_as_of": ("as_of",)}, given=("previous",)),
    Step(
        (WORK_IDS_MADE,),
        identity.work_ids,
        {
            "_read_works": ("ids", "title", "year", "authors"),
            "_read_edges": ("citing", "cited"),
            "_read_contexts": ("citing", "cited"),
            "documents": ("document_id", "doi"),
            "_known_works": ("work_id", "same_as", "first_as_of"),
        },
    ),
    Step(
        (WORK_REDIRECTS_MADE,),
        identity.work_redirects,
        {"_work_ids": ("id", "work_id"), "_known_works": ("work_id", "gone_since"), "_as_of": ("as_of",)},
    ),
    Step(
        (table("works"),),
        works.works,
        {
            "_read_works": tuple(parse.READ_WORKS),
            "_work_ids": tuple(identity.WORK_IDS),
            "documents": ("document_id", "doi", "title", "text", "text_basis", "published_at"),
            "sources": ("source_id", "standing", "redistribution"),
        },
    ),
    Step(
        (table("citation_contexts"),),
        contexts.citation_contexts,
        {
            "_read_contexts": tuple(parse.READ_CONTEXTS),
            "_work_ids": ("id", "work_id"),
            "works": ("work_id", "title"),
            "sources": ("source_id", "standing", "redistribution"),
        },
    ),
    Step(
        (table("citations"),),
        edges.citations,
        {
            "_read_edges": tuple(name for name in parse.READ_EDGES if name != "ordinal"),
            "_read_contexts": ("citing", "cited", "source_id", "fetched_at"),
            "_read_works": ("ids", "source_id"),
            "_work_ids": ("id", "work_id"),
            "works": ("work_id",),
            "citation_contexts": _PAIR,
            "sources": ("source_id", "short_name", "kind"),
        },
    ),
    Step(
        (table("citation_summaries"),),
        summaries.citation_summaries,
        {
            "citations": _PAIR,
            "citation_contexts": (*_PAIR, "role", "role_confidence", "polarity"),
            "works": ("work_id", "document_id", "year"),
        },
    ),
    Step(
        (table("citation_breakdown"),),
        breakdown.citation_breakdown,
        {
            "citations": _PAIR,
            "citation_contexts": (*_PAIR, "role", "role_confidence", "polarity"),
            "works": ("work_id", "year", "fields"),
        },
    ),
    Step(
        (TAKEAWAYS_MADE,),
        citing.work_takeaways,
        {"works": ("work_id", "title", "abstract"), "citations": ("citing_work_id",)},
    ),
    Step(
        (table("citing_papers"),),
        citing.citing_papers,
        {
            "citations": (*_PAIR, "first_seen_at"),
            "citation_contexts": (
                *_PAIR,
                "context_id",
                "sentence",
                "role",
                "role_confidence",
                "polarity",
                "evidence_id",
            ),
            "works": ("work_id", "title", "year", "fields"),
            "_work_takeaways": tuple(citing.WORK_TAKEAWAYS),
        },
    ),
    Step(
        (CITED_SPANS_MADE,),
        citing.evidence_citations,
        {"citation_contexts": ("context_id", "sentence"), "_work_takeaways": tuple(citing.WORK_TAKEAWAYS)},
    ),
)
