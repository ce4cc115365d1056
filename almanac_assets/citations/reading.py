"""The citing sentence as seen from the marker: what stands before it, what stands after it, and its own clause.

A cue counts only where it can govern the cited work: "we use A [1], which extends B [2]" uses A and says nothing of the
kind about B. So the sentence is cut at the marker, and the part before it at the last word that opens a new clause.
Other citations become one sign, so that lists of names and numbers do not stand between a verb and its object.
All patterns are linear (no look-around); positions count code points.
"""

from __future__ import annotations

from typing import Final

import polars as pl

OTHER = "¤"  # stands for any other citation

_YEAR: Final = r"(?:19|20)\d\d[a-z]?"
_NUMBERS: Final = r"\[\s?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\s?\]"
_AUTHORS: Final = rf"[(\[][^()\[\]]{{0,300}}?\b{_YEAR}[^()\[\]]{{0,300}}[)\]]"
_PLACEHOLDER: Final = r"#AUTHOR_TAG|_CITE_|[<(\[]\s?citation\s?[>)\]]"
CITATION: Final = rf"(?:{_NUMBERS}|{_AUTHORS}|{_PLACEHOLDER})"

# "Koh et al. [5]" and "Silver & Sutton [39]": the names belong to the marker.
_NAMES_BEFORE: Final = r"(?:\b[A-Z][\w'’-]+,?\s(?:(?:and|&)\s[A-Z][\w'’-]+|et\s+al\.?,?)(?:['’]s?)?)\s*$"
# A citation inside a bracket with others: what the bracket holds beside it is no sentence.
_OPEN_BRACKET: Final = r"[(\[][^()\[\]]*$"
_REST_OF_BRACKET: Final = r"^[^()\[\]]*[)\]]"

# A sentence ends after three letters or a bracket: "et al.", "e.g." and "vs." end none.
_STOP: Final = rf"(?:[a-z0-9]{{3}}|[)\]%{OTHER}])[.?!]\s+"
_LAST_SENTENCE: Final = rf"(?s)^.*{_STOP}([A-Z(\"“].*)$"
_FIRST_SENTENCE: Final = rf"(?s)^(.*?{_STOP})[A-Z(\"“].*$"
# Words that open a clause of their own before the marker, and those that end the marker's clause after it.
_LAST_CLAUSE: Final = (
    r"(?s)^.*(;|,? \b(?:which|while|whereas|although|though|but|because|since|where|whose|who|so that|and then)\b.*"
    r"|, (?:and|so|as) (?:we|they|it|the|this|these)\b.*)$"
)
_FIRST_CLAUSE: Final = r"(?s)^(.*?)(?:;|, (?:which|while|whereas|although|though|but|yet|because|since|where|whose|we|our|and|these|they|it|this)\b)"
_NEAR: Final = r"(?:\S+\s+){0,7}\S*\s*$"


def readings(contexts: pl.DataFrame) -> pl.DataFrame:
    """One row a context, in the same order, with texts that are never null.

    `sentence`: the citing sentence with every citation as one sign; `left`, `right`: what stands before and after the
    marker; `clause`: the part of `left` that belongs to the marker's own clause, `near` its last eight words; `ahead`:
    the rest of that clause after the marker; `own_part`: both. Where no marker is given the first citation of the
    sentence is taken for it; a sentence without any is all `left`. Of several sentences the one with the marker is read.
    """
    text = pl.col("sentence").cast(pl.String).fill_null("")
    opens, ends = pl.col("marker_start").cast(pl.Int64), pl.col("marker_end").cast(pl.Int64)
    given = opens.is_not_null() & ends.is_not_null()
    parts = text.str.extract_groups(rf"(?s)^(.*?){CITATION}(.*)$")
    before = pl.when(given).then(text.str.slice(0, opens)).otherwise(parts.struct[0].fill_null(text))
    beyond = pl.when(given).then(text.str.slice(ends)).otherwise(parts.struct[1].fill_null(""))
    return (
        contexts.select(
            left=before.str.replace(_OPEN_BRACKET, "").str.replace_all(CITATION, OTHER),
            right=beyond.str.replace(_REST_OF_BRACKET, "").str.replace_all(CITATION, OTHER),
        )
        .with_columns(left=_group(_LAST_SENTENCE, "left"), right=_group(_FIRST_SENTENCE, "right"))
        .with_columns(left=pl.concat_str(pl.col("left").str.replace(_NAMES_BEFORE, ""), pl.lit(" ")))
        .with_columns(pl.col("left", "right").str.replace_all(r"\s+", " "))
        .with_columns(clause=_group(_LAST_CLAUSE, "left"), ahead=_group(_FIRST_CLAUSE, "right"))
        .with_columns(
            near=pl.col("clause").str.extract(rf"({_NEAR})").fill_null(""),
            own_part=pl.concat_str("clause", pl.lit(OTHER), "ahead", separator=" "),
            sentence=pl.concat_str("left", pl.lit(OTHER), "right", separator=" "),
        )
    )


def _group(pattern: str, column: str) -> pl.Expr:
    """The first group of the pattern, or the whole text where it does not match."""
    return pl.col(column).str.extract(pattern).fill_null(pl.col(column))


def first_cue(patterns: tuple[tuple[str, str], ...]) -> pl.Expr:
    """The words that the first of the (column, pattern) pairs finds, tidied; null where none does.

    The first group of a pattern is the cue; the sign for other citations is left out of it.
    """
    found = pl.coalesce([pl.col(column).str.extract(pattern) for column, pattern in patterns])
    return found.str.replace_all(OTHER, "").str.replace_all(r"\s+", " ").str.strip_chars(" ,;:.()")
