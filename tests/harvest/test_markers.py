"""Where a sentence marks a citation, by both engines."""

from __future__ import annotations

import polars as pl
import pytest

from almanac_assets.harvest.formats.markers import marker_span, only_marker, span_columns

ONE = [
    ("We use Pythia [4] throughout.", "[4]"),
    ("As shown before [12, 15-17], it works.", "[12, 15-17]"),
    ("We use Pythia (Biderman et al., 2023) here.", "(Biderman et al., 2023)"),
    ("As Biderman et al. (2023) show, it works.", "Biderman et al. (2023)"),
    ("Many did (see Hu and Liu, 2004a; Turney, 2002).", "(see Hu and Liu, 2004a; Turney, 2002)"),
    ("Tagging by TnT (Brants,2000) is fast.", "(Brants,2000)"),
    ("We follow Lopez (2007) in that.", "Lopez (2007)"),
    ("Parsers [Charniak and Johnson 2001] are used.", "[Charniak and Johnson 2001]"),
    ("Selon Hervé (2001), non.", "Hervé (2001)"),
]
NONE = [
    "We train for 3 days (released in 2023) on a cluster.",
    "A sentence without any mark.",
    "See [1] and [2] for details.",
    "Both Lopez (2007) and Chiang (2005) did.",
]


@pytest.mark.parametrize(("sentence", "mark"), ONE)
def test_the_only_mark_of_a_sentence_is_found(sentence: str, mark: str) -> None:
    """Numbered, in brackets, or as part of the sentence."""
    span = marker_span(sentence)
    assert span is not None and sentence[slice(*span)] == mark


@pytest.mark.parametrize("sentence", NONE)
def test_no_mark_or_several_give_no_span(sentence: str) -> None:
    """A year in brackets is no mark; which of several is meant is not guessed."""
    assert marker_span(sentence) is None


def test_author_and_year_choose_among_several() -> None:
    """Only where they stand together once."""
    sentence = "Pythia (Biderman et al., 2023) and GPT-2 (Radford et al., 2019; Brown et al., 2020) are used."
    for author, year, mark in [
        ("Stella Biderman", 2023, "Biderman et al., 2023"),
        ("Tom B. Brown", 2020, "Brown et al., 2020"),
    ]:
        span = marker_span(sentence, author, year)
        assert span is not None and sentence[slice(*span)] == mark
    assert marker_span(sentence, "Stella Biderman", 2022) is None
    assert marker_span("Biderman (2023) and again Biderman (2023).", "S. Biderman", 2023) is None


def test_both_engines_find_the_same_marks() -> None:
    """Polars for files, Python for payloads."""
    sentences = [sentence for sentence, _ in ONE] + NONE
    found = pl.DataFrame({"s": sentences}).select(only_marker(pl.col("s")))["s"].to_list()
    spans = [marker_span(sentence) for sentence in sentences]
    assert found == [s[slice(*span)] if span else None for s, span in zip(sentences, spans, strict=True)]


def test_a_printed_mark_is_placed_in_code_points() -> None:
    """Where it stands exactly once; otherwise not at all."""
    frame = pl.DataFrame(
        {"s": ["Żółw [4] żyje.", "[4] and [4]", "none here", "x [5]"], "m": ["[4]", "[4]", "[4]", None]},
    )
    spans = frame.select(span_columns(pl.col("s"), pl.col("m"))).rows()
    assert spans == [(5, 8), (None, None), (None, None), (None, None)]
