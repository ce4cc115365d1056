"""Where a sentence marks a citation: `[4]`, `[4, 7]`, `(Biderman et al., 2023)`, `Biderman et al. (2023)`.

The patterns need no look-around, so Python's and Polars' engines read them alike; sentences are at most 1,500 characters
long (collect_works), so that an engine that goes back does not have far to go.
"""

from __future__ import annotations

import re

import polars as pl

YEAR = r"(?:1[89]|20)[0-9][0-9][a-z]?"
NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+"
PARTICLES = r"(?:(?:[Vv][ao]n|[Dd]er?|[Ll]a|[Ee]l) ){0,2}"
NAMES = rf"{PARTICLES}{NAME}(?:(?:, {NAME})*,? (?:and|&) {PARTICLES}{NAME}| et\.? al\.?)?"
NARRATIVE = rf"{NAMES},? ?[(\[]{YEAR}(?:[,;] ?{YEAR})*[)\]]"
BRACKETED = rf"[(\[](?:[a-z][a-z.,]* )*{NAMES}[,;]? ?{YEAR}[^()\[\]]*[)\]]"
NUMBERED = r"\[[0-9]{1,3}(?: ?[,;–-] ?[0-9]{1,3})*\]"
MARKER = rf"(?:{NARRATIVE}|{BRACKETED}|{NUMBERED})"

_MARKER = re.compile(MARKER)


def marker_span(sentence: str, first_author: str | None = None, year: int | None = None) -> tuple[int, int] | None:
    """Begin and end, in code points, of the mark that stands for the cited work.

    Known where the first author's family name and the year stand together in the sentence once, or where it has one mark
    only (which may name other works too); None where several could be meant, or none is found.
    """
    family = (first_author or "").split()[-1:]
    if family and year:
        named = re.compile(rf"\b{re.escape(family[0])}\b[^()\[\];]{{0,60}}?(?:[(\[]{year}[a-z]?[)\]]|{year}[a-z]?)")
        hits = list(named.finditer(sentence))
        if len(hits) == 1:
            return hits[0].span()
    marks = list(_MARKER.finditer(sentence))
    return marks[0].span() if len(marks) == 1 else None


def only_marker(sentence: pl.Expr) -> pl.Expr:
    """The text of the one mark of each sentence; null where there is none, or more than one."""
    return pl.when(sentence.str.count_matches(MARKER) == 1).then(sentence.str.extract(f"({MARKER})", 1))


def span_columns(sentence: pl.Expr, marker: pl.Expr) -> list[pl.Expr]:
    """marker_start and marker_end: where the printed mark stands in the sentence, in code points.

    Null where it does not stand there exactly once.
    """
    once = sentence.str.count_matches(marker, literal=True) == 1
    start = pl.when(once).then(sentence.str.splitn(marker, 2).struct.field("field_0").str.len_chars().cast(pl.Int32))
    return [start.alias("marker_start"), (start + marker.str.len_chars().cast(pl.Int32)).alias("marker_end")]
