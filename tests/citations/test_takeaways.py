"""One line that says what a citing work found or offers, and the sentence that tells how it uses another."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.takeaways import LONGEST, takeaways, use_sentences


def takeaway(abstract: str | None, title: str | None = "Slow reading") -> dict[str, object]:
    works = pl.DataFrame({"title": [title], "abstract": [abstract]}, schema={"title": pl.String, "abstract": pl.String})
    return takeaways(works).row(0, named=True)


SHORTENED = [
    ("In this paper, we show that slow readers remember twice as much.", "Slow readers remember twice as much."),
    (
        "Extensive experiments on four tasks demonstrate that Heron cuts reading errors by 12%.",
        "Heron cuts reading errors by 12%.",
    ),
    (
        "These findings suggest that some readers are slow and that speed is not a fixed trait.",
        "Some readers are slow and speed is not a fixed trait.",
    ),
    (
        "We show that the recall of Heron and that of Stork differ by 3%.",
        "The recall of Heron and that of Stork differ by 3%.",
    ),
    ("We find that the order of examples changes the answer.", "The order of examples changes the answer."),
    ("To close this gap, we propose Heron, a novel method for reading slowly.", "Heron, a method for reading slowly."),
    (
        "This paper introduces Heron, a benchmark of 300 questions about long texts.",
        "Heron, a benchmark of 300 questions about long texts.",
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), SHORTENED)
def test_the_opening_and_the_praise_are_left_out(sentence: str, expected: str) -> None:
    """What stays are the work's own words in their order."""
    found = takeaway(f"Reading is hard. {sentence} Code is public.")
    assert found["takeaway"] == expected
    assert found["takeaway_basis"] == "compressed"
    assert (found["start"], found["end"]) == (17, 17 + len(sentence))


def test_a_finding_goes_before_an_offer() -> None:
    """What was found tells more than what was built."""
    found = takeaway(
        "We propose a reader of long texts in two steps. We show that two steps halve the number of errors."
    )
    assert found["takeaway"] == "Two steps halve the number of errors."


def test_a_sentence_that_needs_no_change_is_extractive() -> None:
    """It may stand as the abstract has it."""
    found = takeaway("Texts are long. SlowHeron improves recall by 12% over fast readers.")
    assert found["takeaway"] == "SlowHeron improves recall by 12% over fast readers."
    assert found["takeaway_basis"] == "extractive"


@pytest.mark.parametrize(
    "abstract",
    [
        "Reading long texts is a hard problem. Existing readers forget what they read.",
        "We show that it works well in all of the cases.",
        "We show that our method is better than all others on two tasks.",
        "Experiments show that these challenges vanish when texts are short.",
        r"We prove that the rate is \tilde{O}(n^2) for all of the readers.",
        "We propose Heron.",
        "Recent work shows that slow readers remember twice as much as others.",
        "!!!",
    ],
)
def test_none_is_better_than_a_bad_one(abstract: str) -> None:
    """Background, words that point elsewhere, "we", formulas and fragments are no takeaway."""
    assert takeaway(abstract) == {"takeaway": None, "takeaway_basis": "none", "start": None, "end": None}


def test_without_an_abstract_the_title_stands_for_it() -> None:
    """And without both there is none."""
    for abstract in (None, "", "  "):
        assert takeaway(abstract) == {
            "takeaway": "Slow reading",
            "takeaway_basis": "title_only",
            "start": None,
            "end": None,
        }
    assert takeaway(None, title=None)["takeaway_basis"] == "none"


def test_a_long_sentence_loses_its_tail() -> None:
    """Only what adds to the sentence goes; one without such a tail is too long."""
    tail = " ".join(["words"] * 40)
    found = takeaway(f"We show that slow readers remember twice as much, which matters for {tail}.")
    assert found["takeaway"] == "Slow readers remember twice as much."
    assert takeaway(f"We show that slow readers remember {tail}.")["takeaway"] is None


@given(st.text(max_size=300), st.sampled_from(["we show that ", "We propose ", "Results show that ", ""]))
def test_a_takeaway_is_made_of_the_words_of_its_span(text: str, opening: str) -> None:
    """Its words occur in the span in their order, save the case of the first letter and the closing stop."""
    abstract = f"A start. {opening}{text}"
    found = takeaway(abstract)
    if found["takeaway_basis"] in ("compressed", "extractive"):
        said, start, end = found["takeaway"], found["start"], found["end"]
        assert isinstance(said, str) and isinstance(start, int) and isinstance(end, int)
        assert len(said.split()) <= LONGEST
        rest = iter(abstract[start:end].lower().split())
        assert all(any(word.rstrip(" .,;:") in other for other in rest) for word in said.lower().split())


def pair(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Contexts of one citing work: cited work, sentence, role, confidence."""
    schema = {"cited_work_id": pl.String, "sentence": pl.String, "role": pl.String, "role_confidence": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(citing_work_id=pl.lit("a"))


def test_the_use_is_the_clearest_sentence_of_a_pair() -> None:
    """A use goes before a mention, then the surer one, then the shorter; each pair has its own."""
    found = use_sentences(
        pair(
            ("x", "Heron was proposed for long texts in two steps.", "background", 0.92),
            ("x", "We use Heron in all of the runs below.", "uses_method", 0.57),
            ("y", "We compare with Crane and many other readers of long texts.", "compares", 0.8),
            ("y", "We compare with Crane in Table 2.", "compares", 0.8),
        )
    )
    assert found.to_list() == [False, True, False, True]


def test_a_pair_of_unclear_contexts_has_no_use() -> None:
    """Nothing is shown where nothing is told."""
    assert use_sentences(pair(("x", "See also Heron.", "unclear", 0.0))).to_list() == [False]
    assert use_sentences(pair()).to_list() == []
