"""The text as the matchers see it: same length, so that every span fits the original."""

from __future__ import annotations

import re

# Dashes and spaces that authors' tools put where the keyboard's would stand; each is one code point for another.
_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("\u00a0\u2007\u2009\u202f\t\n\r", " "), "’": "'", "‘": "'"}
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|org|io|ai|net|edu)/\S*|\b[\w.]+@[\w-]+\.[a-z]{2,}")


def plain(text: str) -> str:
    """Dashes, spaces and apostrophes in their plain form; the length is unchanged."""
    return text.translate(_ALIKE)


def unified(text: str) -> str:
    """The plain form of `plain`, and web addresses blanked; the length is unchanged."""
    plain_text = plain(text)
    if "/" not in plain_text and "@" not in plain_text:
        return plain_text
    return _ADDRESS.sub(lambda address: " " * len(address[0]), plain_text)


def lowered(text: str) -> str:
    """Lower case without a change of length: a letter whose lower case is two letters stays as it is."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
