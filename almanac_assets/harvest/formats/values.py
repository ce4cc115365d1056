"""From the words of an upstream to typed values: text, identifiers, categories, DOIs, withdrawal notes.

Every function is total: what it cannot read gives None or an empty result, never an exception.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Archives that are a category by themselves; all others need a class behind a dot (arXiv category taxonomy, with the
# archives closed since, which old records still carry).
UNDIVIDED_ARCHIVES = frozenset((
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
    "cmp-lg", "comp-gas", "cond-mat", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th",
    "math-ph", "mtrl-th", "nucl-ex", "nucl-th", "patt-sol", "plasm-ph", "q-alg", "quant-ph", "solv-int",
    "supr-con",
))  # fmt: skip
DIVIDED_CATEGORY = r"(?:[a-z]{2,8}|[a-z]{1,8}-[a-z]{2,4})\.(?:[A-Z]{2}|[a-z]{2,8}(?:-[a-z]{2,8}){0,2})"

# A paper announces its own withdrawal in the comments, or at the head of the abstract; both patterns are written for
# Python's and Polars' engines alike.
_PAPER = r"(?:paper|article|manuscript|submission|preprint|abstract|version|work)"
WITHDRAWN_STATED = (
    rf"(?i)^\W*withdraw(?:n|ing)\b|\b{_PAPER}\b[^.;]{{0,40}}\b(?:has been|have been|is|was|being)(?: \w+)? withdrawn\b"
)
WITHDRAWN_ASKED = (
    rf"(?i)\bwithdraw(?:ing)? (?:this|the|our) {_PAPER}\b|\bwithdraw(?: it)? from arxiv\b"
    r"|\b(?:requests?|requested|requesting|applying for) (?:the )?withdrawal\b"
)
WITHDRAWN_HEAD = 160  # characters of the abstract in which a withdrawal is announced, not discussed

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_REPAIR = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F], "")
_REPAIR |= _C1 | dict.fromkeys(range(0xD800, 0xE000), "�")
_CATEGORY = re.compile(DIVIDED_CATEGORY)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_BREAK = re.compile(r"[,;]?\s+|[,;](?=\s*(?:doi:|https?://)?10\.)", re.IGNORECASE)
_WITHDRAWN_STATED, _WITHDRAWN_ASKED = re.compile(WITHDRAWN_STATED), re.compile(WITHDRAWN_ASKED)

_ARXIV_ID = (
    r"(?:oai:arxiv\.org:|arxiv:\s*|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/|10\.48550/arxiv\.)?"
    r"(?:(?P<new>[0-9]{4}\.[0-9]{4,5})|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(?P<number>[0-9]{7}))"
    r"(?:v(?P<version>[1-9][0-9]{0,2}))?"
)
ARXIV_ID = re.compile(_ARXIV_ID, re.IGNORECASE)
ARXIV_ID_COLUMN = f"(?i)^{_ARXIV_ID}$"  # the same for Polars, which finds and does not match
FIRST_NEW_MONTH = date(2007, 4, 1)  # identifiers of the form YYMM.NNNN begin here,
FIRST_LONG_MONTH = date(2015, 1, 1)  # and have five digits from here on


@dataclass(frozen=True, slots=True)
class Identity:
    """An arXiv identifier without version, its version where stated, and the first day of the month it names."""

    arxiv_id: str
    version: int | None
    month: date

    @property
    def document_id(self) -> str:
        """The identity of the document, `arxiv:2606.01234` or `arxiv:hep-th/9901001`."""
        return f"arxiv:{self.arxiv_id}"


def read_identity(text: str | None) -> Identity | None:
    """The identifier in `text`, in any form arXiv writes it (OAI, RSS, URL, DOI, bare), or None.

    The class of an old identifier is dropped (`math.GT/0309136` and `math/0309136` are one paper); a month that cannot
    be, or a number too short or too long for its month, is no identifier.
    """
    found = ARXIV_ID.fullmatch((text or "").strip())
    if found is None:
        return None
    version = int(found["version"]) if found["version"] else None
    digits = found["new"] or found["number"]
    year, month = int(digits[:2]), int(digits[2:4])
    if not 1 <= month <= 12:
        return None
    if found["new"] is None:
        named = date(1900 + year if year > 90 else 2000 + year, month, 1)
        return Identity(f"{found['archive'].lower()}/{digits}", version, named) if named <= FIRST_NEW_MONTH else None
    named = date(2000 + year, month, 1)
    wanted = 10 if named >= FIRST_LONG_MONTH else 9
    return Identity(digits, version, named) if named >= FIRST_NEW_MONTH and len(digits) == wanted else None


def clean_text(text: object) -> str | None:
    """`text` with white space collapsed, control characters gone, in NFC; None where nothing is left.

    LaTeX stays. C1 controls, which are windows-1252 read as Latin-1, become the characters that were meant; lone
    surrogates, which no encoder takes, become U+FFFD.
    """
    if not isinstance(text, str):
        return None
    if _UNWANTED.search(text):
        text = text.translate(_REPAIR)
    text = " ".join(text.split())
    return (text if text.isascii() else unicodedata.normalize("NFC", text)) or None


def windows_1252_controls() -> dict[str, str]:
    """C1 control characters, and what windows-1252 means by the same byte (nothing, for five of them)."""
    return {chr(code): meant for code, meant in _C1.items()}


def is_category(word: str) -> bool:
    """Whether `word` has the form of an arXiv category; ACM and MSC classes have not."""
    return word in UNDIVIDED_ARCHIVES or _CATEGORY.fullmatch(word) is not None


def read_categories(words: Iterable[str]) -> tuple[str, ...]:
    """The arXiv categories among `words`, each once, in the order given (arXiv puts the primary first)."""
    return tuple(dict.fromkeys(word for word in words if is_category(word)))


def read_doi(text: str | None) -> str | None:
    """The first DOI in `text`, in lower case, without `doi:` or a resolver in front."""
    for piece in _DOI_BREAK.split(text or ""):
        found = _DOI.search(piece)
        if found:
            return found[0].rstrip(".,;").lower()
    return None


def withdrawal(comment: str | None, abstract: str | None) -> str | None:
    """The words by which a record says that it is withdrawn, or None if it does not."""
    if comment and (_WITHDRAWN_STATED.search(comment) or _WITHDRAWN_ASKED.search(comment)):
        return comment
    if abstract and _WITHDRAWN_STATED.search(abstract[:WITHDRAWN_HEAD]):
        return abstract[:WITHDRAWN_HEAD]
    return None
