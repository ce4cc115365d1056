"""Headings to kinds of sections: by their words first, by their place only where no word tells."""

from __future__ import annotations

import polars as pl
import pytest

from almanac_assets.citations.sections import section_classes

KINDS = [
    ("1 Introduction", "introduction"),
    ("I. INTRODUCTION", "introduction"),
    ("Background and Related Work", "related_work"),
    ("2.3 Prior work on pruning", "related_work"),
    ("3 Methodology", "method"),
    ("3.1 Preliminaries", "method"),
    ("3 Problem setup", "method"),
    ("4.1 Experimental Setup", "experiments"),
    ("5.2 Datasets", "experiments"),
    ("4 Experimental results", "results"),
    ("4.2 Main Results", "results"),
    ("6 Results and Discussion", "results"),
    ("7 Limitations and future work", "discussion"),
    ("8 Conclusion", "conclusion"),
    ("Conclusions and future directions", "conclusion"),
    ("3.4 B*-trees for floor plans", "other"),
    ("A unified view of attention", "other"),
]


@pytest.mark.parametrize(("heading", "kind"), KINDS)
def test_the_words_of_a_heading_tell_its_kind(heading: str, kind: str) -> None:
    """Numbers, case and mark-up around the words do not matter."""
    assert section_classes(pl.Series([heading])).to_list() == [kind]
    assert section_classes(pl.Series([f"## {heading.upper()}."])).to_list() in ([kind], ["appendix"])


def test_what_a_section_does_goes_before_where_it_stands() -> None:
    """Related work in an appendix is related work; a lettered heading that tells nothing more is an appendix."""
    headings = pl.Series(
        ["A Extended related work", "B.2 Training details", "C Proof of Theorem 2", "Appendix D", "E Lemmas"]
    )
    assert section_classes(headings).to_list() == ["related_work", "experiments", "appendix", "appendix", "appendix"]


def test_no_heading_has_no_kind() -> None:
    """Null and blank headings give null, also where the whole column is null."""
    assert section_classes(pl.Series([None, "", "  ", "1 Introduction"])).to_list() == [
        None,
        None,
        None,
        "introduction",
    ]
    assert section_classes(pl.Series([None, None])).to_list() == [None, None]
    assert section_classes(pl.Series([], dtype=pl.String)).to_list() == []
