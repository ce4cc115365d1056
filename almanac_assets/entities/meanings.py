"""What a document itself says that a short form stands for: "attack success rate (ASR)".

The pairing follows the idea of Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text"), read strictly: the letters of the short form are the initials of the words before the bracket, small
words skipped.
"""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_WORD = re.compile(r"[A-Za-z0-9]+")
_SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "via", "with"]
)
# A long form rarely has more words than letters in its short form; these allow for the small words between.
SPARE_WORDS = 3
LONGEST_LEAD = 160
# "negative matrix factorization" is the tail of the listed "non-negative matrix factorization": a tail this long is it.
LEAST_TAIL = 12


def meanings(text: str) -> dict[str, str]:
    """Short forms of one text and the words that each stands for, as written; the first definition of each stands."""
    found: dict[str, str] = {}
    for bracket in _BRACKET.finditer(text):
        short = bracket[1]
        if sum(letter.isupper() for letter in short) < 2:
            continue
        lead = text[max(0, bracket.start() - LONGEST_LEAD) : bracket.start()]
        long = _long_form(short.removesuffix("s"), lead)
        if long is not None:
            found.setdefault(short.removesuffix("s"), long)
    return found


def _long_form(short: str, lead: str) -> str | None:
    """The shortest tail of the lead whose initials spell the short form, or null."""
    letters = [letter for letter in short.lower() if letter.isalpha()]
    words = list(_WORD.finditer(lead))
    for count in range(1, min(len(words), len(letters) + SPARE_WORDS) + 1):
        tail = words[-count:]
        initials = [word[0][0].lower() for word in tail if word[0].lower() not in _SMALL]
        if initials == letters:
            return lead[tail[0].start() :].strip()
    return None


def same_words(one: str, other: str) -> bool:
    """Whether two long forms are the same but for case, dashes, plurals, British spelling and words before them."""
    plain, wanted = _plainest(one), _plainest(other)
    return plain.endswith(wanted) or (len(plain) >= LEAST_TAIL and wanted.endswith(plain))


def _plainest(words: str) -> str:
    joined = "".join(_WORD.findall(words.lower()))
    spelled = joined.replace("isation", "ization").replace("modelling", "modeling").replace("labelling", "labeling")
    # Of "machine", "machines", "process" and "processes" only what singular and plural share.
    return spelled.rstrip("es")
