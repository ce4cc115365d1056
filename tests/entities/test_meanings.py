"""What a document says that its own short forms stand for."""

from __future__ import annotations

import pytest

from almanac_assets.entities.meanings import meanings, same_words


def test_initials_before_a_bracket_are_a_meaning() -> None:
    """Small words are skipped, a plural s is dropped, and the first definition stands."""
    text = (
        "The attack success rate (ASR), area under the curve (AUC), two support vector machines (SVMs), a rate (ASR)."
    )
    assert meanings(text) == {
        "ASR": "attack success rate",
        "AUC": "area under the curve",
        "SVM": "support vector machines",
    }


def test_a_bracket_without_initials_means_nothing() -> None:
    """A remark, a number and a word of one capital are no definition."""
    assert meanings("We win (GPT), by far (2x) and often (Often).") == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Support Vector Machines", "support vector machine", True),
        ("Markov decision processes", "Markov Decision Process", True),
        ("proximal policy optimisation", "Proximal Policy Optimization", True),
        ("negative matrix factorization", "non-negative matrix factorization", True),
        ("improve in-context learning", "in-context learning", True),
        ("test-time scaling", "text-to-speech", False),
        ("video quality assessment", "visual question answering", False),
    ],
)
def test_long_forms_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    """Case, dashes, plurals, spelling and words before do not count; other words do."""
    assert same_words(one, other) is same
