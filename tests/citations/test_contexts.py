"""Citing sentences: which are shown, as what, and where the citation mark stands in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.contexts import citation_contexts, spans_of_contexts
from almanac_assets.contract import TABLES
from almanac_assets.documents.clean import EXCERPT
from almanac_assets.text.spans import evidence_ids, span_rows
from tests.citations.rows import published_ids, read_contexts, said, source, sources, work, works

IDS = published_ids("arxiv:1", "arxiv:2", "arxiv:3")
WORKS = works(*(work(id_) for id_ in IDS["id"]))


def table(*sentences: dict[str, Any], **terms: Any) -> list[dict[str, Any]]:
    """The table `citation_contexts` of these sentences, from a source with these terms and one that has better standing."""
    known = sources(source(**terms), source("better", standing=0.9))
    made = citation_contexts(read_contexts(*sentences), IDS, WORKS, known)
    assert made.schema == TABLES["citation_contexts"].polars_schema
    assert made["evidence_id"].equals(evidence_ids(spans_of_contexts(made), "citation_contexts"))
    assert set(made["evidence_id"]) == set(span_rows(spans_of_contexts(made), "citation_contexts")["evidence_id"])
    return made.rows(named=True)


def test_a_sentence_from_two_sources_stands_once() -> None:
    """As the source of better standing writes it; intents are joined, and the section comes from who knows it."""
    (row,) = table(
        said("arxiv:2", "arxiv:1", "We use Pythia [4].", section="3 Method", s2_intents=["methodology"]),
        said("arxiv:2", "arxiv:1", "we use pythia [4]", source_id="better", s2_intents=["background"]),
    )
    assert (row["sentence"], row["section"]) == ("we use pythia [4]", "3 Method")
    assert row["s2_intents"] == ["background", "methodology"]


def test_the_same_words_of_other_works_are_other_contexts() -> None:
    """The id takes both works and the sentence."""
    rows = table(said("arxiv:2", "arxiv:1"), said("arxiv:3", "arxiv:1"), said("arxiv:2", "arxiv:3"))
    assert len({row["context_id"] for row in rows}) == 3
    assert table(said("arxiv:2", "arxiv:2")) == []


def test_the_mark_moves_with_the_plain_text() -> None:
    """It is found again as the same one of its occurrences; where that is not certain there is none."""
    raw = "As in [4], \\emph{we}   use [4] too."
    (row,) = table(said("arxiv:2", "arxiv:1", raw, marker_start=27, marker_end=30))
    assert row["sentence"] == "As in [4], we use [4] too."
    assert row["sentence"][row["marker_start"] : row["marker_end"]] == "[4]"
    assert row["marker_start"] == 18
    (lost,) = table(said("arxiv:2", "arxiv:1", "See X and \\textbf{X} there.", marker_start=10, marker_end=20))
    assert lost["sentence"] == "See X and X there."
    assert lost["marker_start"] is None and lost["marker_end"] is None


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 3), (9, 4), (3, 900), (None, 3), (3, None)])
def test_a_span_that_is_none_is_dropped(start: int | None, end: int | None) -> None:
    """The sentence is kept."""
    (row,) = table(said("arxiv:2", "arxiv:1", marker_start=start, marker_end=end))
    assert row["marker_start"] is None and row["marker_end"] is None


def test_a_source_of_facts_shows_no_sentence_but_one_in_our_own_words() -> None:
    """Rewritten sentences are not the source's."""
    own = said("arxiv:2", "arxiv:1", "They run their tests on Pythia [4].", text_basis="rewritten")
    rows = table(said("arxiv:2", "arxiv:1"), own, redistribution="facts_only")
    assert [row["text_basis"] for row in rows] == ["rewritten"]
    assert table(said("arxiv:2", "arxiv:1", source_id="unheard")) == []


def test_an_excerpt_ends_between_words() -> None:
    """A mark beyond its end is gone, and so is what stood around the sentence."""
    long = "word " * 100 + "[4]"
    (row,) = table(
        said("arxiv:2", "arxiv:1", long, before="b", marker_start=500, marker_end=503), redistribution="excerpt"
    )
    assert len(row["sentence"]) == EXCERPT - 1 and row["sentence"].endswith("word")
    assert (row["marker_start"], row["marker_end"], row["before"]) == (None, None, None)
    assert row["text_basis"] == "excerpt"
    (glued,) = table(said("arxiv:2", "arxiv:1", "x" * 400), redistribution="excerpt")
    assert len(glued["sentence"]) == EXCERPT


def test_a_sentence_without_a_sign_is_none() -> None:
    """Blanks alone are left out."""
    assert table(said("arxiv:2", "arxiv:1", " \u200b ")) == []


def test_every_sentence_is_judged() -> None:
    """Roles are empty exactly where the role is unclear, and nothing has a scope yet."""
    rows = table(said("arxiv:2", "arxiv:1"), said("arxiv:3", "arxiv:1", "See the rest [4]."))
    assert all((row["role"] == "unclear") == (row["roles"] == []) for row in rows)
    assert all(row["decided_by"] == "cue" and row["scope_start"] is None for row in rows)


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_text_gives_spans_inside_of_it(text: str, start: int, end: int) -> None:
    """Whatever a payload holds."""
    for row in table(said("arxiv:2", "arxiv:1", text, marker_start=start, marker_end=end)):
        assert row["sentence"].strip()
        if row["marker_start"] is not None:
            assert 0 <= row["marker_start"] < row["marker_end"] <= len(row["sentence"])
