"""Stance towards a claim of the cited work: evidence on both sides, or none."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.polarity import CONFIDENCE, polarities
from almanac_assets.contract.lists import POLARITIES
from tests.citations.test_roles import contexts

TOLD = [
    # evidence agrees
    ("Our results are consistent with the findings of Brown et al. [1].", "supports"),
    ("In line with Brown et al. [1], we find that wider layers forget less.", "supports"),
    ("Wider layers forgot less, in agreement with earlier reports [1].", "supports"),
    ("These measurements confirm the claim of Brown et al. [1] that depth matters.", "supports"),
    ("This hypothesis was confirmed by Brown et al. [1].", "supports"),
    ("Our findings corroborate Brown et al. [1].", "supports"),
    ("Similar results were reported by Brown et al. [1].", "supports"),
    ("We see a drop at the end of training, as also observed by Brown et al. [1].", "supports"),
    ("Brown et al. [1] saw less forgetting, which is consistent with our results.", "supports"),
    ("These data support Brown et al. [1]'s hypothesis.", "supports"),
    # evidence contradicts
    ("Our results contradict the claim of Brown et al. [1].", "disputes"),
    ("Contrary to Brown et al. [1], we find that depth does not matter.", "disputes"),
    ("These findings are inconsistent with those of Brown et al. [1].", "disputes"),
    ("Our findings are not consistent with earlier reports [1].", "disputes"),
    ("We could not replicate the effect that Brown et al. [1] describe.", "disputes"),
    ("The finding of Brown et al. [1] could not be replicated.", "disputes"),
    ("We challenge the assumption that order is irrelevant [1].", "disputes"),
    ("Our estimates differ from those of Brown et al. [1].", "disputes"),
    ("In contrast to the findings of Brown et al. [1], our results show no drop.", "disputes"),
    ("We found no drop, whereas Brown et al. [1] reported a large one.", "disputes"),
    ("Brown et al. [1] saw a drop, in contrast to our findings.", "disputes"),
    ("While Brown et al. [1] say that order is irrelevant, we find that this is not always the case.", "disputes"),
    # holds in part, or under conditions
    ("The bound of Brown et al. [1] only holds under convexity.", "qualifies"),
    ("Lantern [1] does not generalize to long inputs.", "qualifies"),
    ("Most existing methods are limited to two experts [1].", "qualifies"),
    ("Lantern [1], which relies on strong assumptions, is fast.", "qualifies"),
    ("Our results partially agree with Brown et al. [1].", "qualifies"),
    ("However, Lantern [1] fails to route rare words.", "qualifies"),
    ("We address the limitations of Lantern [1].", "qualifies"),
    ("Whether depth matters remains controversial [1].", "qualifies"),
    ("Studies of depth gave conflicting results [1].", "qualifies"),
]


def polarity(sentence: str, section: str | None = None) -> str:
    return str(polarities(contexts(sentence, section=section))["polarity"][0])


@pytest.mark.parametrize(("sentence", "expected"), TOLD)
def test_a_cue_tells_the_stance(sentence: str, expected: str) -> None:
    """Agreement, contradiction and limits have words of their own; what decided is shown in the sentence's words."""
    found = polarities(contexts(sentence)).row(0, named=True)
    assert found["polarity"] == expected
    assert found["polarity_cue"].lower() in sentence.lower()
    assert 0 < found["polarity_confidence"] < 1


@pytest.mark.parametrize(
    "sentence",
    [
        "We use Lantern [1] in all runs.",
        "We validate our method on the Riverbank dataset [1].",
        "The library Quill [1] supports several back ends.",
        "We verify our results with Lantern [1].",
    ],
)
def test_use_is_never_support(sentence: str) -> None:
    """To run a tool says nothing about its claims."""
    assert polarity(sentence) == "neutral"


@pytest.mark.parametrize(
    "sentence",
    ["Lantern [1] is a powerful and elegant router.", "The seminal work of Brown et al. [1] achieved great success."],
)
def test_praise_is_no_support(sentence: str) -> None:
    """Support takes evidence."""
    assert polarity(sentence) == "neutral"


@pytest.mark.parametrize(
    "sentence",
    [
        "In contrast to Lantern [1], we use two experts.",
        "Unlike Lantern [1], our router needs no labels.",
        "Contrary to Lantern [1], which is trained twice, ours is trained once.",
        "Consistent with Brown et al. [1], we set the rate to 0.1.",
        "This choice is consistent with the protocol of Brown et al. [1].",
        "In line with prior work [1], we evaluate on three sets.",
    ],
)
def test_a_choice_is_no_stance(sentence: str) -> None:
    """To do as others do, or otherwise, is neither agreement nor dispute."""
    assert polarity(sentence) == "neutral"


@pytest.mark.parametrize(
    "sentence",
    [
        "Knowledge conflicts arise where a model contradicts its input [1].",
        "Samplers draw an image consistent with a rough sketch [1].",
        "Our results do not contradict the claim of Brown et al. [1].",
        "These include, but are not limited to, Lantern [1].",
        "Recent studies challenge this view [1].",
        "",
        "No citation stands here.",
    ],
)
def test_false_friends_are_neutral(sentence: str) -> None:
    """The same words about other things, taken back, or said by the cited work of a third one."""
    found = polarities(contexts(sentence)).row(0, named=True)
    assert found["polarity"] == "neutral"
    assert found["polarity_cue"] is None
    assert found["polarity_confidence"] == CONFIDENCE["neutral"]


def test_cues_that_conflict_leave_it_unclear() -> None:
    """Where one marker is agreed with and limited, nothing is decided."""
    found = polarities(contexts("This is in line with the claim of Brown et al. [1], which only holds for trees."))
    assert found["polarity"].to_list() == ["unclear"]
    assert found["polarity_confidence"].to_list() == [0.0]


def test_a_cue_counts_only_for_the_marker_it_governs() -> None:
    """Agreement with one work and dispute with the other stand in one sentence."""
    sentence = "Our results agree with {}, but they contradict {}."
    assert polarity(sentence.format("[1]", "[2]")) == "supports"
    assert polarity("Our results agree with [2], whereas these findings contradict the claim of [1].") == "disputes"


def test_a_like_finding_counts_only_where_findings_are_weighed() -> None:
    """In related work, one cited work is likened to another."""
    sentence = "Similar results were reported by Brown et al. [1]."
    assert polarity(sentence, section="5 Discussion") == "supports"
    assert polarity(sentence, section="2 Related work") == "neutral"


def test_no_rows_give_no_rows() -> None:
    """The columns are there all the same."""
    found = polarities(contexts())
    assert found.height == 0
    assert found.columns == ["polarity", "polarity_confidence", "polarity_cue"]


WORDS = st.sampled_from(
    [
        "we",
        "our results",
        "find",
        "consistent with",
        "contradict",
        "the claim of",
        "[1]",
        "unlike",
        "not",
        "only holds",
        "but",
    ]
)


@given(st.lists(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=12).map(" ".join)), max_size=5))
def test_any_text_has_a_value_and_keeps_its_place(sentences: list[str]) -> None:
    """Every value is of the closed list, and each row is read by itself."""
    together = polarities(contexts(*sentences))
    assert set(together["polarity"]) <= set(POLARITIES)
    assert together["polarity_confidence"].is_between(0, 1).all()
    alone = [polarities(contexts(sentence)).row(0) for sentence in sentences]
    assert together.rows() == alone


def test_the_neighbours_do_not_decide() -> None:
    """What stands before and after is not asked."""
    asked = contexts("We use Lantern [1].").with_columns(before=pl.lit("Our results contradict [1]."))
    assert polarities(asked)["polarity"].to_list() == ["neutral"]
