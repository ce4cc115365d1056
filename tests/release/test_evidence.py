"""The table `evidence`: the words of spans, as far as sources let them be quoted."""

from __future__ import annotations

import hashlib

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.release.evidence import evidence
from almanac_assets.text.spans import SPANS, evidence_ids, span_rows

DOCUMENTS = pl.DataFrame(
    [
        ("d1", "A title", "We release FooSet.", "abstract", "free"),
        ("d2", "A title", "Our own words.", "rewritten", "free"),
        ("d3", "A title", "Their words.", "abstract", "closed"),
    ],
    schema=["document_id", "title", "text", "text_basis", "source_id"],
    orient="row",
)
SOURCES = pl.DataFrame({"source_id": ["free", "closed"], "redistribution": ["abstract", "facts_only"]})
WORKS = pl.DataFrame({"work_id": ["arxiv:1"], "title": ["A work"], "abstract": ["What it does."]})
CONTEXTS = pl.DataFrame(
    {"context_id": ["c1", "c2"], "sentence": ["They use it.", "We said so."], "text_basis": ["sentence", "rewritten"]}
)


def spans(*rows: tuple[str, str, int, int], table: str = "documents") -> pl.DataFrame:
    return span_rows(pl.DataFrame(rows, schema=["subject_id", "field", "start", "end"], orient="row"), table)


def told(
    entities: pl.DataFrame, citations: pl.DataFrame | None = None, events: pl.DataFrame | None = None
) -> pl.DataFrame:
    none = pl.DataFrame(schema=SPANS)
    made = evidence(
        entities,
        none if citations is None else citations,
        none if events is None else events,
        DOCUMENTS,
        WORKS,
        CONTEXTS,
        SOURCES,
    )
    assert made.columns == TABLES["evidence"].column_names
    return made


def test_a_span_is_told_with_its_words_and_their_hash() -> None:
    """The hash is of the words themselves."""
    row = told(spans(("d1", "text", 3, 17))).row(0, named=True)
    assert row["quote"] == "release FooSet"
    assert row["quote_hash"] == hashlib.sha256(b"release FooSet").hexdigest()[:32]


def test_a_closed_source_and_rewritten_words_are_pointed_at_and_not_quoted() -> None:
    """The hash still tells whether the words are there; a true title may be quoted."""
    made = told(spans(("d2", "text", 0, 3), ("d2", "title", 0, 1), ("d3", "text", 0, 5)))
    quotes = {(subject, field): quote for subject, field, quote in made.select("subject_id", "field", "quote").rows()}
    assert quotes == {("d2", "text"): None, ("d2", "title"): "A", ("d3", "text"): None}
    assert made["quote_hash"].null_count() == 0


def test_the_same_span_of_two_rooms_is_one_row() -> None:
    """Ids follow from the place alone."""
    same = spans(("d1", "text", 0, 2))
    assert told(same, events=same).height == 1
    assert same["evidence_id"].to_list() == evidence_ids(same).to_list()


def test_works_and_citing_sentences_are_told_too() -> None:
    """A span may stand in an abstract of a work or in a citing sentence, unless that was rewritten."""
    citations = pl.concat(
        [
            spans(("arxiv:1", "abstract", 0, 4), table="works"),
            spans(("c1", "sentence", 0, 4), ("c2", "sentence", 0, 2), table="citation_contexts"),
        ]
    )
    made = told(spans(("d1", "title", 0, 1)), citations)
    quotes = dict(made.filter(pl.col("subject_table") != "documents").select("subject_id", "quote").rows())
    assert quotes == {"arxiv:1": "What", "c1": "They", "c2": None}


def test_spans_without_a_subject_say_nothing() -> None:
    """A value without evidence has no span, and its id is null."""
    rows = pl.DataFrame(
        {"subject_id": [None, "d1"], "field": ["text", "text"], "start": [0, 0], "end": [1, 1]},
        schema_overrides={"subject_id": pl.String},
    )
    assert span_rows(rows)["subject_id"].to_list() == ["d1"]
    assert evidence_ids(rows).null_count() == 1
