"""Tells formulas from prices, and writes exponents, indices, fractions and roots on one line."""

from __future__ import annotations

import re
from typing import Final

_MATH_SIGN: Final = re.compile(r"[\\^_={}<>+|]")
_WORDS: Final = re.compile(r"[A-Za-z]{2,}[\s,;.]+[A-Za-z]{2,}")
# Four plain words in a row are prose even when a sign stands among them; formulas set words inside \text{...} singly.
_PROSE_RUN: Final = re.compile(r"(?:(?<![\\A-Za-z{])[a-z]{2,}[,;]? ){4}")
# "5 million, or ": what lies between the dollars of two prices begins with a digit, has a word, and a blank at an end
# or after a comma.
_LETTERS: Final = re.compile(r"[A-Za-z]{2}")
_PRICE: Final = re.compile(r"\A\s|[,;.]\s|\s\Z")
_ONE_TERM: Final = re.compile(r"-?[^\W_]+(?:\.\d+)?|[*+\-′⊤∗⋆†⊥%]", re.ASCII)
_ORDINAL: Final = frozenset({"st", "nd", "rd", "th"})


def is_formula(content: str, following: str) -> bool:
    """Whether what stands between two dollars is a formula rather than the text between two prices."""
    inner = content.strip()
    if not inner or (following.isdigit() and inner[0].isdigit()):
        return False
    if content[0].isalpha() and not content[-1].isspace():
        return True  # dollars are also used for slanted words; a price begins with a digit, a variable ends at a blank
    if _MATH_SIGN.search(content):
        return not _PROSE_RUN.search(content)
    if _WORDS.search(content):
        return False
    return not (inner[0].isdigit() and _LETTERS.search(content) and _PRICE.search(content))


def script(sign: str, content: str) -> str:
    """An exponent or index: one term follows the sign, more stand in parentheses, `4^{th}` becomes 4th."""
    if not content:
        return ""
    if sign == "^" and content in _ORDINAL:
        return content
    return sign + (content if _ONE_TERM.fullmatch(content) or content.isalnum() else f"({content})")


def term(content: str) -> str:
    """The content of a numerator, denominator or root: in parentheses unless it is one term."""
    content = content.strip()
    return content if content.replace(".", "").isalnum() or not content else f"({content})"
