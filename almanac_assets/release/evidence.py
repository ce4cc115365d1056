"""The table `evidence`: the spans that every room gathered, with their words as far as the source lets us quote them."""

from __future__ import annotations

import hashlib

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method

EVIDENCE = Method(
    "release.evidence",
    1,
    "Spans that published values follow from",
    "The earliest place where an alias is written, where a description, a summary's sentence or a takeaway stands, and each "
    "citing sentence, word for word. A text that was rewritten is pointed at and never quoted.",
)
# Sources whose texts may be quoted; facts-only sources are cited by span and hash alone.
QUOTABLE = ("full", "abstract", "excerpt")
REWRITTEN = "rewritten"


def evidence(
    evidence_entities: pl.DataFrame,
    evidence_citations: pl.DataFrame,
    evidence_events: pl.DataFrame,
    documents: pl.DataFrame,
    works: pl.DataFrame,
    citation_contexts: pl.DataFrame,
    sources: pl.DataFrame,
) -> pl.DataFrame:
    """The table `evidence`: each span once, with its words."""
    spans = (
        pl.concat([evidence_entities, evidence_citations, evidence_events]).unique("evidence_id").sort("evidence_id")
    )
    texts = pl.concat(
        [
            _document_texts(spans, documents, sources),
            _work_texts(spans, works),
            _sentences(spans, citation_contexts),
        ]
    )
    told = spans.join(texts, on=["subject_table", "subject_id", "field"], maintain_order="left")
    told = told.with_columns(words=pl.col("whole").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
    hashes = [hashlib.sha256(words.encode()).hexdigest()[:32] for words in told["words"]]
    return told.with_columns(
        EVIDENCE.column,
        quote=pl.when("is_quotable").then("words"),
        quote_hash=pl.Series(hashes, dtype=pl.String),
    ).select(TABLES["evidence"].column_names)


def _document_texts(spans: pl.DataFrame, documents: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Title and text of the documents that spans point into; a title may be quoted whatever the text is."""
    asked = documents.join(_subjects(spans, "documents"), left_on="document_id", right_on="subject_id", how="semi")
    known = asked.join(sources.select("source_id", "redistribution"), on="source_id", how="left")
    free = pl.col("redistribution").is_in(QUOTABLE)
    own_words = pl.col("text_basis") == REWRITTEN
    return pl.concat(
        [
            known.select(subject_id="document_id", field=pl.lit("title"), whole="title", is_quotable=free),
            known.select(subject_id="document_id", field=pl.lit("text"), whole="text", is_quotable=free & ~own_words),
        ]
    ).select(pl.lit("documents").alias("subject_table"), "subject_id", "field", "whole", "is_quotable")


def _work_texts(spans: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Title and abstract of works, which hold only what their sources let be published."""
    asked = works.join(_subjects(spans, "works"), left_on="work_id", right_on="subject_id", how="semi")
    return pl.concat(
        [
            asked.select(subject_id="work_id", field=pl.lit(field), whole=field, is_quotable=pl.lit(True))
            for field in ("title", "abstract")
        ]
    ).select(pl.lit("works").alias("subject_table"), "subject_id", "field", "whole", "is_quotable")


def _sentences(spans: pl.DataFrame, contexts: pl.DataFrame) -> pl.DataFrame:
    asked = contexts.join(
        _subjects(spans, "citation_contexts"), left_on="context_id", right_on="subject_id", how="semi"
    )
    return asked.select(
        pl.lit("citation_contexts").alias("subject_table"),
        subject_id="context_id",
        field=pl.lit("sentence"),
        whole="sentence",
        is_quotable=pl.col("text_basis") != REWRITTEN,
    )


def _subjects(spans: pl.DataFrame, table: str) -> pl.DataFrame:
    return spans.filter(pl.col("subject_table") == table).select("subject_id").unique()
