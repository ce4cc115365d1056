"""Withdrawals: said of this paper by its authors or the archive, not of something else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from almanac_assets.documents.withdrawn import withdrawn_reason, withdrawn_reasons

GONE = [
    "This paper has been withdrawn by the author due to an error in Lemma 2",
    "Withdrawn: error in Table 2",
    "withdrawn",
    "Paper withdrawn",
    "12 pages; withdrawn by the authors",
    "The paper was withdrawn from arXiv since its data were wrong",
    "arXiv admin note: This article has been withdrawn by arXiv administrators due to a dispute over authorship",
    "The submission is withdrawn at the request of all authors",
    "We have decided to withdraw this manuscript until the proofs are checked",
    "Errors were found. We would therefore like to withdraw the paper",
    "The results are wrong, and the authors request withdrawal rather than replacement",
    "The authors are withdrawing this version to redo the experiments",
    "It is out of date, so I am applying for withdrawal",
    "Found a gap and decided to withdraw from arxiv",
    "Withdrawing temporarily to settle authorship",
    "The paper is withdrawn after an internal review found leaks from the test part",
    "Withdrawn to correct errors from the first version",
    "This preprint has been retracted by its authors",
]
STANDS = [
    "withdrawn from ICLR submission",
    "Withdrawn from ICLR 2026",
    "This submission was withdrawn from NeurIPS 2025",
    "Submitted to ICLR 2026, later withdrawn",
    "Withdrawn submission at ICLR 2026",
    "Accepted to a workshop (withdrawn before presentation for lack of travel funds)",
    "v2: restores the first version; later additions are retracted pending an audit",
    "Accepted at ACL 2026, 12 pages",
    "Replaces a withdrawn paper",
    "",
]


@pytest.mark.parametrize("comment", GONE)
def test_a_comment_that_says_so_is_the_reason(comment: str) -> None:
    """The whole comment is given, since the reason may stand before or after."""
    assert withdrawn_reason(f" {comment} ", "We study models.") == comment


@pytest.mark.parametrize("comment", STANDS)
def test_a_withdrawal_from_elsewhere_is_none(comment: str) -> None:
    """A paper left a conference, or another version is spoken of: this one stands."""
    assert withdrawn_reason(comment, None) is None


@pytest.mark.parametrize(
    ("abstract", "is_notice"),
    [
        ("This paper has been withdrawn by the authors because of a flaw in the proof.", True),
        ("Withdrawn due to overlap with an earlier work.", True),
        ("Drugs that have been withdrawn from the market are a test for retrieval. Models miss them.", False),
        ("We detect retracted articles. The paper was withdrawn in 3% of the cases.", False),
        ("Withdrawn and anxious users write differently.", False),
    ],
)
def test_an_abstract_counts_only_when_it_opens_with_the_notice(abstract: str, is_notice: bool) -> None:
    """Abstracts about withdrawals are no withdrawals."""
    assert (withdrawn_reason(None, abstract) == abstract) is is_notice


def test_the_columns_give_one_reason_a_row() -> None:
    """The comment goes before the abstract; nulls and papers that stand give null."""
    comments = pl.Series(["Withdrawn: flaw", None, None, "12 pages"], dtype=pl.String)
    abstracts = pl.Series(["Withdrawn due to a flaw.", "Withdrawn due to a flaw.", None, "We study models."])
    found = withdrawn_reasons(comments, abstracts)
    assert found.to_list() == ["Withdrawn: flaw", "Withdrawn due to a flaw.", None, None]
    assert found.dtype == pl.String


def test_columns_without_any_text_give_nulls() -> None:
    """A feed without comments has a column of nulls, perhaps without a type."""
    assert withdrawn_reasons(pl.Series([None]), pl.Series([None])).to_list() == [None]


@pytest.mark.shared
def test_recorded_comments_are_told_apart(shared: Path) -> None:
    """Read by eye: of 34 comments that speak of withdrawing all but one mean the paper; no abstract does."""
    papers = pl.read_parquet(shared / "corpus" / "arxiv_ai_recent.parquet", columns=["id", "comment", "abstract"])
    found = papers.with_columns(withdrawn_reasons(papers["comment"], papers["abstract"])).drop_nulls("withdrawn_reason")
    speak = papers.filter(pl.col("comment").str.contains("(?i)withdr"))
    assert sorted(set(speak["id"]) - set(found["id"])) == ["2510.08779"]
    assert found.filter(pl.col("comment").is_null()).height == 0
