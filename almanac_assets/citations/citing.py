"""The table `citing_papers`: what each citing paper found, and the sentence that tells best how it uses the cited work."""

from __future__ import annotations

import polars as pl

from almanac_assets.citations.contexts import spans_of_contexts
from almanac_assets.citations.representatives import PLACES, SHOWN, TOPIC_SHARED_MOST, TURNS, representatives
from almanac_assets.citations.takeaways import takeaways, use_sentences
from almanac_assets.citations.uses import PAIR, UNCLEAR, main_uses
from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.text.spans import SPANS, evidence_ids, span_rows

TAKEAWAYS = Method(
    "citations.takeaways",
    2,
    "Takeaways and uses of citing papers",
    "The takeaway is the sentence of the citing work's abstract that tells best what it found or offers, shortened by "
    "leaving words out; a finding of others is none; without an abstract, the title. The use is its clearest sentence about the cited work. Papers are "
    "representative for a stated reason: each reason has its places, and the clearest uses fill what is left.",
    {
        "shown": SHOWN,
        "places": [list(place) for place in PLACES],
        "turns": list(TURNS),
        "topic_shared_most": TOPIC_SHARED_MOST,
    },
)
WORK_TAKEAWAYS = pl.Schema(
    {
        "work_id": pl.String(),
        "takeaway": pl.String(),
        "takeaway_basis": pl.String(),
        "field": pl.String(),
        "start": pl.Int32(),
        "end": pl.Int32(),
    }
)
_SPAN = {"subject_id": "work_id", "field": "field", "start": "start", "end": "end"}


def work_takeaways(works: pl.DataFrame, citations: pl.DataFrame) -> pl.DataFrame:
    """Each citing work with its takeaway and the span of its own words that this follows from, if there is one."""
    citing = works.join(citations.select(work_id="citing_work_id"), on="work_id", how="semi").sort("work_id")
    made = pl.concat([citing, takeaways(citing.select("title", "abstract"))], how="horizontal")
    is_title = pl.col("takeaway_basis") == "title_only"
    has_span = is_title | pl.col("start").is_not_null()
    return made.select(
        "work_id",
        "takeaway",
        "takeaway_basis",
        field=pl.when(is_title).then(pl.lit("title")).when(has_span).then(pl.lit("abstract")),
        start=pl.when(is_title).then(0).otherwise("start"),
        end=pl.when(is_title).then(pl.col("title").str.len_chars()).otherwise("end"),
    ).cast(WORK_TAKEAWAYS)


def evidence_citations(citation_contexts: pl.DataFrame, work_takeaways: pl.DataFrame) -> pl.DataFrame:
    """The spans that the tables of how works are used follow from: citing sentences, and places of takeaways."""
    told = work_takeaways.drop_nulls("field").select(**_SPAN)
    spans = [span_rows(spans_of_contexts(citation_contexts), "citation_contexts"), span_rows(told, "works")]
    return pl.concat(spans).cast(SPANS)


def citing_papers(
    citations: pl.DataFrame, citation_contexts: pl.DataFrame, works: pl.DataFrame, work_takeaways: pl.DataFrame
) -> pl.DataFrame:
    """The table `citing_papers`: a row for each pair of `citations`."""
    spans = work_takeaways.select(subject_id=pl.when(pl.col("field").is_not_null()).then("work_id"), **_SPAN_REST)
    told = work_takeaways.with_columns(takeaway_evidence_id=evidence_ids(spans, "works"))
    cited_by = citations.group_by(citing_work_id="cited_work_id").agg(cited_by=pl.len())
    papers = (
        citations.join(works.select("title", "year", "fields", citing_work_id="work_id"), on="citing_work_id")
        .join(told.rename({"work_id": "citing_work_id"}).drop("field", "start", "end"), on="citing_work_id", how="left")
        .join(main_uses(citation_contexts), on=PAIR, how="left")
        .join(_uses(citation_contexts), on=PAIR, how="left")
        .join(cited_by, on="citing_work_id", how="left")
        .with_columns(
            TAKEAWAYS.column,
            pl.col("main_role", "main_polarity").fill_null(UNCLEAR),
            pl.col("cited_by", "role_confidence").fill_null(0),
            takeaway_basis=pl.col("takeaway_basis").fill_null("none"),
        )
    )
    # A paper of which nothing can be told is no example of anything.
    telling = papers.filter(pl.col("takeaway").is_not_null() | pl.col("use_sentence").is_not_null())
    return (
        papers.join(representatives(telling), on=PAIR, how="left")
        .with_columns(is_representative=pl.col("representative_rank").is_not_null())
        .select(TABLES["citing_papers"].column_names)
        .sort(PAIR)
    )


_SPAN_REST = {name: column for name, column in _SPAN.items() if name != "subject_id"}


def _uses(citation_contexts: pl.DataFrame) -> pl.DataFrame:
    """Per pair the sentence that tells best how the cited work is used, where one does."""
    chosen = citation_contexts.sort("context_id")
    return chosen.filter(use_sentences(chosen)).select(*PAIR, use_sentence="sentence", use_evidence_id="evidence_id")
