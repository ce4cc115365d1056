"""What each citing paper found, how it uses the cited work, and which papers are shown first."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.citing import WORK_TAKEAWAYS, citing_papers, evidence_citations, work_takeaways
from almanac_assets.citations.representatives import CHOSEN, PLACES, SHOWN, TURNS, representatives
from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import POLARITIES, REPRESENTATIVE_REASONS, ROLES
from almanac_assets.text.spans import SPANS
from tests.citations.rows import SEEN, citation, citations, context, contexts, work, works

FINDING = "We show that probes with two layers find syntax in all 12 languages."
ABSTRACT = f"Probes are used widely. {FINDING}"


def tables(*sentences: dict[str, Any], citing: tuple[dict[str, Any], ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `citing_papers` and `_evidence_citations` of works that cite arxiv:1."""
    pairs, known = citations(*(citation(row["work_id"]) for row in citing)), works(work("arxiv:1"), *citing)
    told = work_takeaways(known, pairs)
    assert told.schema == WORK_TAKEAWAYS
    made = citing_papers(pairs, contexts(*sentences), known, told)
    spans = evidence_citations(contexts(*sentences), told)
    assert made.schema == TABLES["citing_papers"].polars_schema and spans.schema == SPANS
    return made, spans


def test_the_takeaway_stands_in_the_abstract() -> None:
    """Its evidence is the span of the sentence that it follows from."""
    made, spans = tables(citing=(work("s2:1", abstract=ABSTRACT),))
    (row,), (span,) = made.rows(named=True), spans.rows(named=True)
    assert row["takeaway_basis"] == "compressed" and "probes" in row["takeaway"].lower()
    assert (span["subject_table"], span["subject_id"], span["field"]) == ("works", "s2:1", "abstract")
    assert ABSTRACT[span["start"] : span["end"]] == FINDING
    assert row["takeaway_evidence_id"] == span["evidence_id"]


def test_without_an_abstract_the_title_is_the_takeaway() -> None:
    """With the title as its evidence."""
    made, spans = tables(citing=(work("s2:1", title="Probing classifiers"),))
    (row,), (span,) = made.rows(named=True), spans.rows(named=True)
    assert (row["takeaway"], row["takeaway_basis"]) == ("Probing classifiers", "title_only")
    assert (span["field"], span["start"], span["end"]) == ("title", 0, 19)


def test_none_is_better_than_a_bad_takeaway() -> None:
    """An abstract that says nothing of a finding gives null, and no evidence."""
    (row,) = tables(citing=(work("s2:1", abstract="It is so."),))[0].rows(named=True)
    assert (row["takeaway"], row["takeaway_basis"], row["takeaway_evidence_id"]) == (None, "none", None)


def test_the_use_sentence_points_to_its_context() -> None:
    """A pair without a clear sentence has none, and one without any sentence is unclear."""
    sentences = (context("s2:1"), context("s2:1", "compares", "disputes", number=1), context("s2:2"))
    made, spans = tables(*sentences, citing=(work("s2:1"), work("s2:2"), work("s2:3")))
    first, second, third = made.rows(named=True)
    assert (first["use_sentence"], first["use_evidence_id"]) == ("Sentence 1 of s2:1.", "e-s2:1-1")
    assert (first["main_role"], first["main_polarity"]) == ("compares", "disputes")
    assert second["use_sentence"] is None and second["main_role"] == "unclear"
    assert (third["main_role"], third["main_polarity"]) == ("unclear", "unclear")
    assert spans.filter(subject_table="citation_contexts").height == 3


def candidate(number: int, **changes: Any) -> dict[str, Any]:
    """A citing paper of arxiv:1 about a topic of its own, for `representatives`."""
    row: dict[str, Any] = {
        "cited_work_id": "arxiv:1",
        "citing_work_id": f"s2:{number:02}",
        "title": "Same words for all of them",
    }
    row |= {"year": 2024, "fields": [], "first_seen_at": SEEN, "cited_by": 0, "main_role": "unclear"}
    return row | {"main_polarity": "neutral", "role_confidence": 0.0} | changes


def chosen(*papers: dict[str, Any]) -> list[tuple[str, int, str]]:
    schema = {name: TABLES["works"].polars_schema[name] for name in ("title", "year", "fields")}
    made = representatives(pl.DataFrame(list(papers), schema_overrides=schema))
    assert made.schema == CHOSEN
    return made.drop("cited_work_id").sort("representative_rank").rows()


def test_papers_are_shown_in_turns_for_a_stated_reason() -> None:
    """The rarer reason goes first where a paper has two; one that has none is not shown."""
    made = chosen(
        candidate(1, main_role="extends", role_confidence=0.8, main_polarity="disputes"),
        candidate(2, main_role="extends", role_confidence=0.8),
        candidate(3, main_role="uses_data", role_confidence=0.7, cited_by=9),
        candidate(4, cited_by=4),
        candidate(5, year=2026),
        candidate(6, title="Wholly different matters elsewhere"),
        candidate(7),
    )
    assert made == [
        ("s2:03", 1, "clearest_use"),
        ("s2:04", 2, "most_cited"),
        ("s2:02", 3, "extends"),
        ("s2:01", 4, "disputes"),
        ("s2:05", 5, "recent"),
        ("s2:06", 6, "distinct_topic"),
    ]


def test_the_clearest_of_each_use_goes_before_the_second_of_any() -> None:
    """So that the few show the ways in which the work is used."""
    surest = [candidate(number, main_role="uses_data", role_confidence=0.9) for number in range(3)]
    made = chosen(*surest, candidate(9, main_role="compares", role_confidence=0.6))
    assert [work_id for work_id, _, _ in made] == ["s2:00", "s2:09", "s2:01", "s2:02"]


def test_nothing_is_recent_where_all_are_of_one_year() -> None:
    """Nor where the year is unknown; what was seen later counts as more recent."""
    assert chosen(candidate(1), candidate(2)) == []
    later = candidate(2, first_seen_at=SEEN + timedelta(days=1))
    assert chosen(candidate(1), later) == [("s2:02", 1, "recent")]


def test_an_older_paper_is_not_recent_in_place_of_the_newest() -> None:
    """Where the newest is shown for another reason, none is shown as the newest."""
    made = chosen(
        candidate(1, year=2026, main_role="uses_data", role_confidence=0.9), candidate(2, year=2025), candidate(3)
    )
    assert made == [("s2:01", 1, "clearest_use")]


def test_every_reason_has_a_turn() -> None:
    """The closed list, the places and the turns name the same reasons."""
    assert set(TURNS) == {reason for reason, _ in PLACES} == set(REPRESENTATIVE_REASONS)


@given(
    st.lists(
        st.builds(
            lambda role, stance, cited_by, year: {
                "main_role": role,
                "role_confidence": 0.0 if role == "unclear" else 0.8,
                "main_polarity": stance,
                "cited_by": cited_by,
                "year": year,
            },
            st.sampled_from(ROLES),
            st.sampled_from(POLARITIES),
            st.integers(0, 3),
            st.sampled_from([None, 2020, 2024]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(),
)
def test_ranks_have_no_gaps_and_order_does_not_matter(rows: list[dict[str, Any]], seed: int) -> None:
    """At most SHOWN, each paper once."""
    papers = [candidate(number, **row) for number, row in enumerate(rows)]
    made = chosen(*papers)
    assert [rank for _, rank, _ in made] == list(range(1, len(made) + 1))
    assert len(made) <= SHOWN and len({work_id for work_id, _, _ in made}) == len(made)
    assert chosen(*Random(seed).sample(papers, len(papers))) == made
