"""Split one string of authors, as arXivRaw and arXiv RSS give it, into names and affiliations.

The form is free text by convention (https://info.arxiv.org/help/prep.html#author): names between commas or "and", an
affiliation in brackets behind a name, or numbers in brackets whose meaning a last, nested list gives:
`A. B. Smith, C. Doe (2) and E. Roe ((1) Univ X, (2) Lab Y)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Author = tuple[str, str | None]  # name, affiliation

LONGEST_NAME = 300  # characters; beyond it a piece is no name in which to look for a collaboration

_SEPARATOR = re.compile(r"(?:\s*[,;:]\s*|\s+(?:and|&)\s+)(?:(?:and|&)\s+)*")
_KEYED_ITEM = re.compile(r"\(\s*([0-9a-z]{1,3})\s*\)")
_KEYS = re.compile(r"[0-9a-z]{1,3}(?:\s*(?:,|;|&|and)\s*[0-9a-z]{1,3})*")
_KEY_BREAK = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_ET_AL = re.compile(r"\bet\.?\s+al\b\.?$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|Jnr|Snr)\.?|II|III|IV|Ph\.?\s?D\.?|M\.?D\.?")
_SPEAKS_FOR = re.compile(
    r"(?:\s|^)(?:on behalf of\s+|for\s+(?=the\s))((?:the\s+)?\S.*\b(?:collaborations?|consortium|team|group))$",
    re.IGNORECASE,
)
_TIE = re.compile(r"(?<!\\)~")


def split_authors(text: str) -> list[Author]:
    """Names in order, each with its affiliation or None.

    `et al.` is dropped; `Jr.` and the like stay with their name; a collaboration is an author of its own. TeX accents
    are kept. Brackets that do not match are no brackets: then the string is cut at every separator.
    """
    line, legend = _take_legend(" ".join(_TIE.sub(" ", text).split()))
    authors: list[Author] = []
    for piece in _pieces(line):
        name, groups = _take_groups(piece)
        name, spoken_for = _take_spoken_for(_ET_AL.sub("", name).strip(" ,;"))
        places = [place for group in groups for place in _places(group, legend)]
        affiliation = "; ".join(dict.fromkeys([*places, *([spoken_for] if name and spoken_for else [])])) or None
        name = name or spoken_for
        if _SUFFIX.fullmatch(name) and authors:
            before, place = authors.pop()
            authors.append((f"{before} {name}", affiliation or place))
        elif any(c.isalpha() for c in name) and name.lower() != "and":
            authors.append((name, affiliation))
    return authors


def _depths(line: str) -> list[int] | None:
    """Bracket depth in front of each character, TeX braces counted too; None where brackets do not match."""
    depths, depth, escaped = [], 0, False
    for c in line:
        depths.append(depth)
        if not escaped:
            depth += (c in "({") - (c in ")}")
        if depth < 0:
            return None
        escaped = c == "\\" and not escaped
    return depths if depth == 0 else None


def _pieces(line: str) -> Iterator[str]:
    """The string cut at commas, semicolons, colons and "and" that stand outside all brackets."""
    depths = _depths(line) if "(" in line or "{" in line else None
    start = 0
    for separator in _SEPARATOR.finditer(line):
        if depths is None or depths[separator.start()] == 0:
            yield line[start : separator.start()]
            start = separator.end()
    yield line[start:]


def _take_groups(piece: str) -> tuple[str, list[str]]:
    """A piece without the bracketed groups at its end, and the groups' contents in order.

    Brackets inside a name (`Xiaoming (Simon) Wang`) belong to the name.
    """
    depths = _depths(piece) if piece.endswith(")") else None
    groups: list[str] = []
    while depths and piece.endswith(")"):
        opening = len(piece) - 1
        while opening > 0 and depths[opening] > 0:
            opening -= 1
        groups.append(piece[opening + 1 : -1].strip())
        piece = piece[:opening].rstrip()
    return piece, groups[::-1]


def _take_legend(line: str) -> tuple[str, dict[str, str]]:
    """The string without a last group of the form `((1) Univ X, (2) Lab Y)`, and that group as a mapping."""
    depths = _depths(line) if line.endswith(")") else None
    if not depths:
        return line, {}
    opening = len(line) - 1
    while opening > 0 and depths[opening] > 0:
        opening -= 1
    group = line[opening + 1 : -1].strip()
    if not _KEYED_ITEM.match(group):
        return line, {}
    found = list(_KEYED_ITEM.finditer(group))
    ends = [item.start() for item in found[1:]] + [len(group)]
    legend = {item[1]: _place(group[item.end() : end]) for item, end in zip(found, ends, strict=True)}
    return line[:opening].rstrip(" ,;"), legend


def _place(text: str) -> str:
    return text.strip(" ,;").removesuffix(" and").rstrip(" ,;")


def _places(group: str, legend: dict[str, str]) -> list[str]:
    """The affiliations a group stands for: those its keys name in the legend, or its own words."""
    if _KEYS.fullmatch(group) and (group[:1].isdigit() or group in legend):
        return [place for key in _KEY_BREAK.split(group) if (place := legend.get(key))]
    return [group] if group else []


def _take_spoken_for(name: str) -> tuple[str, str]:
    """A name without "for the X Collaboration" at its end, and that collaboration."""
    found = _SPEAKS_FOR.search(name) if len(name) <= LONGEST_NAME else None
    return (name[: found.start()].strip(), found[1]) if found else (name, "")
