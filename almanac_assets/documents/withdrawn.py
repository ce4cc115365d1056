"""Finds the papers that their own authors, or the archive, withdrew, with the reason as it was written.

arXiv keeps a withdrawn paper: its newest version has no text and the comment says why, sometimes the abstract does.
A comment may also speak of a withdrawal from somewhere else ("withdrawn from a conference") while the paper stands, and
an abstract may be about withdrawals; neither counts.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_THING: Final = (
    r"(?:(?:this|the|our|current|present|original|entire|above|following|said)\s+){0,3}(?:arxiv\s+)?"
    r"(?:papers?|manuscripts?|articles?|submissions?|preprints?|works?|versions?|drafts?|e-?prints?|reports?)"
)
_IS: Final = r"(?:is|was|are|were|has\s+been|have\s+been|had\s+been|is\s+being|will\s+be|must\s+be|should\s+be)"
_AUTHOR: Final = r"(?:we|i|(?:the\s+)?(?:(?:submitting|corresponding|first)\s+)?authors?)"
# The words between an author and the verb: "have decided to", "would therefore like to", "voluntarily requested to".
_MEANS_TO: Final = (
    r"(?:(?:have|has|had|are|am|is|would|will|should|must|do|hereby|therefore|voluntarily|temporarily|kindly|politely|"
    r"formally|now|like|wish|need|want|decided?|chosen|choose|agreed?|request(?:ed|s)?|ask(?:ed|s)?|applying|apply|"
    r"prefers?|intend|be|to|and|for|that)\s+){0,6}"
)
# What can be left without the paper itself being gone: a conference, a journal, a track.
_ELSEWHERE: Final = re.compile(
    r"\bwithdr(?:awn|ew|awing|aw|awal)(?:\s+by\s+the\s+authors?)?(?:\s+(?!(?:due|because|as|since|to|in|for|owing|pending)\b)\w+){0,3}\s+"
    r"(?:from|before|at)\s+(?!(?:the\s+)?(?:arxiv|request)\b|this\b|public|further)\w+"
    r"|\bwithdrawn\s+(?!arxiv)\w+\s+submission\b|\bwithdrawn\s+submission\b|\blater\s+withdrawn\b",
    re.IGNORECASE,
)

_SAYS_SO: Final = "|".join(
    (
        rf"{_THING}(?:\s+\([^()]{{0,40}}\))?\s+{_IS}\s+(?:\w+ly\s+)?(?:withdrawn|retracted)\b",
        rf"\b{_AUTHOR}\s+{_MEANS_TO}(?:withdraw(?:ing|s|n|al)?|withdrew|retract(?:ing|ed|s)?)\b",
        rf"\b(?:withdraw|retract)\s+{_THING}\b",
        rf"\bwithdrawal\s+of\s+{_THING}\b",
        r"\b(?:decid\w+|request\w*|wish\w*|want|like|need|ask\w*|prefers?|ha[sd]|have)\s+to\s+withdraw\b",
        r"\bapplying\s+for\s+withdrawal\b",
        r"(?:^|[.;:]\s+)(?:(?:temporarily|paper|preprint|submission)\s+)?(?:withdrawn|withdrawing|retracted)\b(?:\s+\w+){0,3}?\s*(?:$|[.:;,(]|\s(?:due|because|"
        r"by|as|since|owing|pending|for|to|until|in\s+order|on\s+request|at\s+the\s+request|temporarily)\b)",
    )
)
_COMMENT: Final = re.compile(_SAYS_SO, re.IGNORECASE)
# An abstract counts only when it opens with the notice: later sentences are about the subject of the paper.
_ABSTRACT: Final = re.compile(
    r"\W*(?:arxiv\s+admin\s+note:\s*)?"
    rf"(?:{_THING}\s+{_IS}\s+(?:\w+ly\s+)?(?:withdrawn|retracted)\b"
    r"|(?:paper\s+)?(?:withdrawn|retracted)\s*(?:$|[.:;,(]|\s(?:due|because|by)\b))",
    re.IGNORECASE,
)
# Texts without these letters are not looked at more closely.
_CANDIDATE: Final = r"(?i)withdr|retract"


def withdrawn_reasons(comments: pl.Series, abstracts: pl.Series) -> pl.Series:
    """The notice of withdrawal of each paper, null where it stands: the comment that says so, else the abstract.

    Both columns have one row a paper and may hold nulls. The whole comment is given, as written, since the reason may
    stand before or after the words that withdraw.
    """
    texts = pl.DataFrame({"comment": comments, "abstract": abstracts}).cast(pl.String).with_row_index("row")
    asked = texts.filter(pl.any_horizontal(pl.col("comment", "abstract").str.contains(_CANDIDATE).fill_null(False)))
    found = {row: withdrawn_reason(comment, abstract) for row, comment, abstract in asked.iter_rows()}
    reasons = pl.DataFrame(
        {"row": list(found), "reason": list(found.values())}, schema={"row": pl.UInt32, "reason": pl.String}
    )
    return texts.join(reasons, on="row", how="left", maintain_order="left")["reason"].alias("withdrawn_reason")


def withdrawn_reason(comment: str | None, abstract: str | None) -> str | None:
    """The comment or the abstract that says that this paper was withdrawn, or null when none does."""
    said, opening = (comment or "").strip(), (abstract or "").strip()
    if _COMMENT.search(said) and not _ELSEWHERE.search(said):
        return said
    return opening if _ABSTRACT.match(opening) else None
