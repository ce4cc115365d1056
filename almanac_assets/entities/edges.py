"""Where a name may begin and end in running text: the rules of the edges, one place for all matchers.

An edge is open when the name stands free ("with LoRA,"), shut when it is part of another word ("GPT-4" in "GPT-4o"),
and glued when a dash ties it to something that may be a name of its own ("CNN-LSTM"): glued names count only when both
sides are methods.
"""

from __future__ import annotations

import re

OPEN, SHUT, GLUED = 0, 1, 2

# Words before a dash that leave the name what it is: "non-LoRA", "post-GPT era".
_NEUTRAL_BEFORE = frozenset(
    [
        "anti",
        "classic",
        "classical",
        "conventional",
        "existing",
        "fine",
        "large",
        "low",
        "multi",
        "naive",
        "non",
        "original",
        "our",
        "plain",
        "post",
        "pre",
        "pure",
        "recent",
        "regular",
        "simple",
        "single",
        "small",
        "standard",
        "stock",
        "traditional",
        "tuned",
        "the",
        "vanilla",
        "vs",
        "hybrid",
        "based",
        "only",
        "plus",
        "zero-shot",
        "few-shot",
        "pretrained",
        "pre-trained",
        "of",
        "and",
        "to",
        "than",
        "over",
        "using",
        "trained",
        "frozen",
        "open",
    ]
)
# What is tied behind a name without making another name of it: "LoRA-Based", "GPT-4-level", "CLIP-like".
_NEUTRAL_AFTER = re.compile(
    r"(?:[a-z]{2,}ed|[a-z]{3,}ing|aware|free|driven|like|style|styled|level|centric|specific|agnostic|oriented|friendly"
    r"|only|scale|class|type|family|series|compatible|powered|native|equivalent|inspired|trained|tuned|generated)s?",
    re.IGNORECASE,
)
# Lower-case words that makers tie behind a name for another product of theirs.
_OTHER_PRODUCT = frozenset(
    [
        "lite",
        "mini",
        "tiny",
        "small",
        "medium",
        "large",
        "huge",
        "plus",
        "pro",
        "next",
        "bench",
        "zero",
        "base",
        "nano",
        "micro",
        "max",
        "net",
        "eval",
        "hard",
        "live",
        "verified",
        "lora",
        "former",
        "qa",
        "vl",
        "it",
        "hf",
        "xl",
        "plain",
        "lang",
    ]
)
_WORD_BEFORE = re.compile(r"([^\W_]+)-$")
_WORD_AFTER = re.compile(r"-([^\W_]*)")
LONGEST_WORD = 24


def left_edge(text: str, start: int) -> int:
    """OPEN, SHUT or GLUED for a name that begins at start."""
    if start == 0:
        return OPEN
    before = text[start - 1]
    if before.isalnum() or before == "_":
        return SHUT
    if before in ".@#":
        return SHUT if start > 1 and text[start - 2].isalnum() and before != "#" else OPEN
    if before != "-":
        return OPEN
    word = _WORD_BEFORE.search(text, max(0, start - LONGEST_WORD), start)
    if word is None:
        return OPEN
    return OPEN if word[1] in _NEUTRAL_BEFORE or word[1].lower() in ("non", "post", "pre", "anti") else GLUED


def right_edge(text: str, end: int) -> int:
    """OPEN, SHUT or GLUED for a name that ends before end."""
    if end >= len(text):
        return OPEN
    after = text[end]
    if after.isalnum() or after in "_^*":
        return SHUT
    following = text[end + 1] if end + 1 < len(text) else " "
    if after == "+":
        return OPEN if following.isalnum() else SHUT
    if after == ".":
        return SHUT if following.isdigit() or following.islower() else OPEN
    if after == "@":
        return SHUT
    if after != "-":
        return OPEN
    word = _WORD_AFTER.match(text, end)
    tied = word[1] if word else ""
    if not tied:
        return OPEN
    if tied.islower() and tied.isalpha() and len(tied) > 1:
        return GLUED if tied in _OTHER_PRODUCT else OPEN
    return OPEN if _NEUTRAL_AFTER.fullmatch(tied) else GLUED


def with_plural(text: str, end: int) -> int:
    """The end behind a plural s ("LLaMAs"), or the end as it was."""
    if end < len(text) and text[end] == "s" and (end + 1 >= len(text) or not text[end + 1].isalnum()):
        return end + 1
    return end
