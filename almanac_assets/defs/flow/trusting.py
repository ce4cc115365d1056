"""How far to trust it: evidence, redirects, methods and their measured quality."""

from almanac_assets.defs.flow.products import REDIRECTS, table
from almanac_assets.evaluation.quality import quality
from almanac_assets.release.evidence import evidence
from almanac_assets.release.methods import methods
from almanac_assets.release.redirects import redirects
from almanac_assets.store.steps import Step
from almanac_assets.text.spans import SPANS

_SPANS, _REDIRECTS = tuple(SPANS), tuple(REDIRECTS)

STEPS: tuple[Step, ...] = (
    Step(
        (table("evidence"),),
        evidence,
        {
            "_evidence_entities": _SPANS,
            "_evidence_citations": _SPANS,
            "_evidence_events": _SPANS,
            "documents": ("document_id", "title", "text", "text_basis", "source_id"),
            "works": ("work_id", "title", "abstract"),
            "citation_contexts": ("context_id", "sentence", "text_basis"),
            "sources": ("source_id", "redistribution"),
        },
    ),
    Step(
        (table("redirects"),),
        redirects,
        {
            "_entity_redirects": _REDIRECTS,
            "_event_redirects": _REDIRECTS,
            "_guide_redirects": _REDIRECTS,
            "_work_redirects": _REDIRECTS,
            "_registry": ("entity_id", "record_status"),
            "events": ("event_id",),
            "works": ("work_id",),
            "guides": ("guide_id",),
            "_as_of": ("as_of",),
        },
        given=("previous",),
    ),
    Step((table("methods"),), methods),
    Step((table("quality"),), quality, {"methods": ("method",)}, given=("quality_figures",)),
)
