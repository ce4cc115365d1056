"""Cuts plain text into sentences, as spans of code points.

Every run of closing punctuation is asked whether a sentence ends there: by what stands before the stop (an
abbreviation, an initial, the number of a list) and by whether what follows can begin a sentence. No model is needed,
so the spans are the same everywhere; the work is proportional to the length of the text.
"""

from __future__ import annotations

import re
from typing import Final

Span = tuple[int, int]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Compared in lower case and without stops, so that "i.e" and "ie" are one entry.
_NEVER_LAST: Final = _words("eg ie cf vs viz resp approx ca incl wrt et avg cp aka abbr")
# As written: "ms." in small letters is a unit.
_TITLES: Final = _words("Dr Mr Mrs Ms Prof St")
# Followed by a number, a label or a bracket they belong to it; otherwise they are words ("in 5 sec. The").
_NUMBERED: Final = _words(
    "fig figs eq eqs eqn eqns sec secs sect ch chap tab tabs ref refs alg thm def lem prop cor app appx vol no nos p pp"
)
# They end a sentence only where the next word is one that begins sentences.
_OFTEN_INSIDE: Final = _words(
    "al inc ltd co corp dept univ am pm us uk eu usa jr sr phd msc bsc ed eds phys rev lett proc conf"
)
_STARTERS: Final = _words(
    """
    A Across Additionally After All Also Although Among An And Are As At Based Because Before Besides Between Both But
    By Can Code Compared Consequently Crucially Current Currently Despite Do Does During Each Empirical Empirically
    Evaluated Existing Experimental Experiments Extensive Finally First For From Further Furthermore Given Hence Here
    How However I If Importantly In Inspired Instead Is It Its Lastly Many Meanwhile Moreover Most Motivated
    Nevertheless Next Nonetheless Notably On Or Our Over Overall Recent Recently Results Second Several Since So Some
    Specifically Such That The Their Then Theoretically There Therefore These They Third This Those Though Through Thus
    To Together Under Unlike Using We What When Where Whereas While Why With Within Without Yet You Your
    """
)

_STOP: Final = re.compile(r"""[.!?…。！？]+(?:["'”’»)\]}]|\[\d{1,3}(?:[,–-] ?\d{1,3}){0,5}\])*""")
_OPENING: Final = "\"'“‘«([{¿¡*"
_LABEL: Final = re.compile(r"[(\[§#]|[A-Z]?\d|[B-HJ-Z](?![\w'])|[AI](?![\w'])(?! [a-z])|[IVX]{2,}\b")
_FIRST_WORD: Final = re.compile(r"\w+(?:['’-]\w+)*")
# vLLM, mT5, wav2vec, x_t: a name that is written with a small letter even where a sentence begins.
_SMALL_NAME: Final = re.compile(r"[a-z]+[-_]?[A-Z0-9_]")
_INITIALS: Final = re.compile(r"(?:[A-Za-z]{1,2}\.)*[A-Z]|(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}")
# (ii), (b), iv): the points of a list inside a paragraph.
_POINT: Final = re.compile(r"(?:[ivx]{1,4}|[a-z])\)")
_STOPS: Final = ".!?…"
_FAR_EAST: Final = "。！？"
# 24 characters hold the longest abbreviation with its bracket; further back nothing matters.
_LOOK_BACK: Final = 24
_LIST_NUMBER: Final = 2  # digits: "12. Then" at the beginning of a sentence counts the points of a list


def sentences(text: str) -> list[Span]:
    """Half-open spans [start, end) of the sentences of `text`, in order and apart; blanks between them belong to none.

    Every character that is not white space lies in exactly one span. A text without closing punctuation is one
    sentence, a blank text has none.
    """
    spans: list[Span] = []
    begin = _skip_blank(text, 0)
    for stop in _STOP.finditer(text):
        end = stop.end()
        if stop.start() >= begin and _ends(text, begin, stop.start(), end):
            spans.append((begin, end))
            begin = _skip_blank(text, end)
    if begin < len(text):
        spans.append((begin, len(text.rstrip())))
    return spans


def lead(text: str, count: int) -> Span | None:
    """The span from the beginning of the first sentence to the end of the one numbered `count`; null for a blank text."""
    spans = sentences(text)[:count]
    return (spans[0][0], spans[-1][1]) if spans else None


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _ends(text: str, begin: int, start: int, end: int) -> bool:
    """Whether the sentence that began at `begin` ends with the stop at text[start:end]."""
    following = text[end : end + 1]
    if not following or text[start] in _FAR_EAST:
        return True
    if not following.isspace():
        return _runs_on(text, start, end)
    position = _skip_blank(text, end)
    if position == len(text):
        return True
    while position < len(text) - 1 and text[position] in _OPENING:
        position += 1
    if not _can_begin(text, position):
        return False
    if text[start] != "." or text[start + 1] in _STOPS:
        return True  # question and exclamation marks and dots in a row are no part of an abbreviation
    return not _is_abbreviation(text, begin, start, end)


def _runs_on(text: str, start: int, end: int) -> bool:
    """A stop without a blank after it: "in practice.We show". Only a word that begins sentences tells it from a name."""
    before = text[start - 1 : start]
    return (before.islower() or before in {"%", ")", "]"}) and _starts(text, end)


def _can_begin(text: str, position: int) -> bool:
    """Whether a sentence can begin here: not with a small Latin letter, unless the word is a name like vLLM or counts points."""
    letter = text[position]
    if not letter.islower() or "\u0370" <= letter <= "\u03ff":
        return True
    return (_SMALL_NAME.match(text, position) or _POINT.match(text, position)) is not None


def _is_abbreviation(text: str, begin: int, start: int, end: int) -> bool:
    """Whether the single full stop at `start` shortens the word before it, so that the sentence goes on."""
    before = text[max(begin, start - _LOOK_BACK) : start].rsplit(None, 1)[-1:]
    word = before[0].lstrip(_OPENING + "–—-/~") if before else ""
    key = word.replace(".", "").lower()
    position = _skip_blank(text, end)
    if text[start - 1 : start].isspace():
        return not _starts(text, position)  # a dot between blanks separates keywords
    if key in _NEVER_LAST or word in _TITLES:
        return True
    if key in _NUMBERED:
        return _LABEL.match(text, position) is not None
    if word.isdecimal():
        return len(word) <= _LIST_NUMBER and start - len(word) == begin
    if key in _OFTEN_INSIDE or _INITIALS.fullmatch(word):
        return not _starts(text, position)
    return False


def _starts(text: str, position: int) -> bool:
    following = _FIRST_WORD.match(text, position)
    return following is not None and following.group() in _STARTERS
