"""Listed names in one text: Aho-Corasick automata over all surfaces, then the rules of case, edges and families."""

from __future__ import annotations

from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from almanac_assets.entities.edges import GLUED, OPEN, SHUT, left_edge, right_edge, with_plural
from almanac_assets.entities.families import family_end
from almanac_assets.entities.folding import lowered, plain, unified
from almanac_assets.entities.gazetteer import Entry, Gazetteer

# How a surface was matched, from the surest to the least sure; found.py holds a measured confidence for each.
EXACT, FOLDED, EXTENDED = "exact", "folded", "extended"
# Types whose names never take a plural s.
NO_PLURAL = frozenset({"organization", "venue", "person", "field", "software"})
# Words of these types are written with a dash or a space at the writer's pleasure.
DASH_OR_SPACE = frozenset({"task", "method", "metric", "field"})


@dataclass(frozen=True, slots=True)
class Hit:
    """One listed name in one text: its span, the entry it belongs to, how it was matched, and its normal surface.

    `canonical` is the surface with a listed alias replaced by the preferred name, ready for `normal_form`; `ambiguous`
    says that this surface alone does not tell the entry (names of several words always do).
    """

    start: int
    end: int
    entry: Entry
    how: str
    canonical: str
    ambiguous: bool
    glued_left: bool
    glued_right: bool


@dataclass(frozen=True, slots=True)
class _Owner:
    """One surface of one entry, as an automaton holds it; `strict` when its case must be the listed one."""

    entry: Entry
    surface: str
    strict: bool
    ambiguous: bool


class Matcher:
    """Finds every listed name in a text; built once per gazetteer and used for any number of texts."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        exact: dict[str, list[_Owner]] = {}
        folded: dict[str, list[_Owner]] = {}
        for entry in gazetteer.entries:
            for surface in entry.surfaces:
                _add_surface(exact, folded, entry, surface)
        self._exact_owners, self._folded_owners = list(exact.values()), list(folded.values())
        self._exact = AhoCorasick(list(exact), matchkind=MatchKind.Standard)
        self._folded = AhoCorasick(list(folded), matchkind=MatchKind.Standard)

    def hits(self, text: str) -> list[list[Hit]]:
        """The readings of each name in reading order, spans never overlapping: the longest name wins.

        A name listed for several things has several readings of one span, the surest way and the first listed first.
        """
        seen = unified(text)
        found: list[Hit] = []
        for automaton, owners, how, reading in (
            (self._exact, self._exact_owners, EXACT, seen),
            (self._folded, self._folded_owners, FOLDED, lowered(seen)),
        ):
            for number, start, end in automaton.find_matches_as_indexes(reading, overlapping=True):
                # Most raw matches lie inside a word: they are thrown out before anything costlier looks at them.
                if start and seen[start - 1].isalnum():
                    continue
                for owner in owners[number]:
                    hit = _hit(seen, start, end, owner, how)
                    if hit is not None:
                        found.append(hit)
        return _longest(found)


def is_short_form(surface: str) -> bool:
    """Whether a surface is read case by case whatever its row says: one word with two capitals (NER, mIoU)."""
    return " " not in surface and "-" not in surface and sum(letter.isupper() for letter in surface) > 1


def _add_surface(exact: dict[str, list[_Owner]], folded: dict[str, list[_Owner]], entry: Entry, surface: str) -> None:
    typed = plain(surface)
    spellings = {typed: None}
    if entry.type in DASH_OR_SPACE and " " in typed.replace("-", " "):
        spellings |= {typed.replace("-", " "): None, typed.replace(" ", "-"): None}
    owner = _Owner(
        entry,
        surface,
        strict=entry.exact or is_short_form(typed),
        ambiguous=entry.ambiguous and " " not in typed,
    )
    for spelling in spellings:
        if owner.strict:
            exact.setdefault(spelling, []).append(owner)
        if not owner.strict or entry.family:
            folded.setdefault(lowered(spelling), []).append(owner)
        if not owner.strict and spelling.endswith("y"):
            folded.setdefault(lowered(spelling[:-1] + "ies"), []).append(owner)


def _hit(text: str, start: int, end: int, owner: _Owner, how: str) -> Hit | None:
    """The hit of a surface at this place, or null when its edges or its case forbid it."""
    entry = owner.entry
    after = text[end : end + 1]
    if not entry.family and after.isalnum() and after != "s":
        return None
    left = left_edge(text, start)
    if left == SHUT or (left == GLUED and entry.family) or (after == "-" and _is_prefix(owner)):
        return None
    far = family_end(text, end) if entry.family else -1
    if how == FOLDED and owner.strict:
        # A family in a case that is not listed counts only with a version or size tied to it: "qwen2.5-7b".
        if (
            far <= end
            or after == " "
            or left != OPEN
            or text[start:end] == owner.surface
            or not _has_digit(text, end, far)
        ):
            return None
    elif far <= end:
        far = with_plural(text, end) if entry.type not in NO_PLURAL else end
        if entry.family and far == end and right_edge(text, end) != OPEN:
            return None
    extended = entry.family and far > end and not (far == end + 1 and text[end] == "s")
    right = OPEN if extended else right_edge(text, far)
    if right == SHUT:
        return None
    return Hit(
        start,
        far,
        entry,
        EXTENDED if extended else how,
        entry.name + text[end:far] if extended else entry.name,
        owner.ambiguous and not extended,
        left == GLUED,
        right == GLUED,
    )


def _is_prefix(owner: _Owner) -> bool:
    """Whether the name before a dash is more often a common prefix: "Meta-learning" names no company."""
    return owner.ambiguous and owner.entry.type == "organization"


def _has_digit(text: str, start: int, end: int) -> bool:
    return any(letter.isdigit() for letter in text[start:end])


def _longest(found: list[Hit]) -> list[list[Hit]]:
    """Drop glued hits without a partner, then what lies inside or across a longer hit."""
    starts = {hit.start for hit in found if hit.entry.type == "method"}
    ends = {hit.end for hit in found if hit.entry.type == "method"}
    free = [
        hit
        for hit in found
        if not (hit.glued_left or hit.glued_right)
        or (
            hit.entry.type == "method"
            and (not hit.glued_left or hit.start - 1 in ends)
            and (not hit.glued_right or hit.end + 1 in starts)
        )
    ]
    free.sort(key=lambda hit: (hit.start, -hit.end, hit.how))
    kept: list[list[Hit]] = []
    for hit in free:
        last = kept[-1][0] if kept else None
        if last is None or hit.start >= last.end:
            kept.append([hit])
        elif hit.end - hit.start > last.end - last.start:
            kept[-1] = [hit]
        elif (hit.start, hit.end) == (last.start, last.end) and hit.entry is not last.entry:
            kept[-1].append(hit)
    return kept
