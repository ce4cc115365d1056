"""Gather what one payload says about works: titles, who cites whom, sentences that cite, counts.

The rules that hold for every citation index are applied here, once: a work has a title and an id, no work cites itself,
a context is one readable sentence and stands once in its pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from almanac_assets.harvest.formats.markers import NUMBERED, marker_span
from almanac_assets.harvest.formats.values import clean_text
from almanac_assets.harvest.records import (
    CONTEXTS,
    EDGES,
    OBSERVATIONS,
    WHOLE_PAYLOAD,
    WORKS,
    Context,
    Edge,
    Facts,
    Observation,
    Parsed,
    Record,
    Reject,
    Work,
    records_frame,
    rejects_frame,
    rows_frame,
)

SHORTEST, LONGEST = 20, 1500  # characters of a context that can be a sentence
NUMERIC_SHARE = 0.4  # of the words: from here on it is a row of a table
TABLE_WORDS = 8  # a shorter one is too little to tell a table by
REFERENCE_SIGNS = 2  # marks of a bibliography that one sentence does not have together

_NUMBER = re.compile(r"[-+±]?[\d.,]*\d[\d.,]*%?")
_LISTED = re.compile(NUMBERED)  # marks that name many works hold many numbers
_CELLS = re.compile(r"(?:\t[^\t]*){3}|(?:[|&] ?[-+±]?\d[\d.,]*%? ?){3}")
_REFERENCE = (
    re.compile(r"\barXiv preprint\b|\barXiv:\d{4}\.\d{4,5}", re.IGNORECASE),
    re.compile(r"\bIn Proceedings of\b|\bIn Advances in\b|\bConference on\b[^.]{0,80}, (?:19|20)\d\d\.|\bpp\. ?\d"),
    re.compile(r"\b\d{1,4}\(\d{1,3}\) ?: ?\d+|\bvol\. ?\d|\bdoi ?:|\bhttps?://\S+", re.IGNORECASE),
    re.compile(r"(?:\b[A-Z]\. ?){1,3}[A-Z][\w'-]+, (?:(?:[A-Z]\. ?){1,3}[A-Z][\w'-]+(?:, |,? and )){1,}"),
    re.compile(r"(?:\b[A-Z][\w'-]+, (?:[A-Z]\. ?){1,3}(?:, |,? and |; )){2,}"),
    re.compile(r"^\[?\d{1,3}[\].] +[A-Z][\w'-]+,? (?:[A-Z]\.|and [A-Z])"),
)


class WorkCollector:
    """The works, edges, contexts, counts and rejects of one payload, in its order.

    Ordinals are given by the caller for works and counts, one each; edges are numbered as they come, since one work may
    cite many.
    """

    def __init__(self) -> None:
        self._works: list[Work] = []
        self._edges: list[Edge] = []
        self._contexts: list[Context] = []
        self._observations: list[Observation] = []
        self._rejects: list[Reject] = []
        self._sentences: set[tuple[str, str, str]] = set()
        self._positions: Counter[tuple[str, str]] = Counter()

    def reject(self, ordinal: int | None, name: str | None, reason: str, detail: str) -> None:
        """Put what stands at `ordinal`, called `name` by its source, aside for `reason`."""
        known = f" ({name})" if name else ""
        locator = WHOLE_PAYLOAD if ordinal is None else f"record {ordinal}{known}"
        self._rejects.append(Reject(ordinal, locator, reason, detail))

    def work(self, work: Work, name: str | None) -> bool:
        """Take a work in; False, with a reject, where it has no title or no id."""
        if not work.title:
            self.reject(work.ordinal, name, "missing_title", "expected a title, found none")
        elif not work.ids:
            self.reject(work.ordinal, name, "missing_id", "expected an id or a title in ASCII letters, found neither")
        else:
            self._works.append(work)
            return True
        return False

    def count(self, ordinal: int, subject: str, measure: str, value: int | None) -> None:
        """Take a count in, where there is one."""
        if value is not None:
            self._observations.append(Observation(ordinal, subject, measure, value))

    def edge(
        self, row: int, citing: str, cited: str, intents: tuple[str, ...] = (), influential: bool | None = None
    ) -> int | None:
        """Take in what `row` says, that one work cites another, and return the edge's ordinal; None where they are one."""
        if citing == cited:
            self.reject(row, citing, "duplicate_id", "a work cannot cite itself: both sides have one id")
            return None
        self._edges.append(Edge(len(self._edges), citing, cited, intents, influential))
        return len(self._edges) - 1

    def contexts(
        self,
        ordinal: int,
        row: int,
        found: Sequence[tuple[object, tuple[str, ...]]],
        *,
        first_author: str | None = None,
        year: int | None = None,
    ) -> None:
        """Take in the sentences of the edge `ordinal`, which stands at `row` of the payload, with their intents.

        What is no sentence is rejected; one that repeats an earlier one of the pair is dropped.
        """
        edge = self._edges[ordinal]
        pair = (edge.citing, edge.cited)
        for place, (raw, intents) in enumerate(found):
            sentence = clean_text(raw)
            if fault := not_a_sentence(raw if isinstance(raw, str) else "", sentence or ""):
                locator = f"record {row}, context {place}"
                self._rejects.append(Reject(row, locator, fault[0], f"{fault[1]}: {(sentence or '')[:80]}"))
                continue
            assert sentence is not None
            if (*pair, sentence) in self._sentences:
                continue
            self._sentences.add((*pair, sentence))
            start, end = marker_span(sentence, first_author, year) or (None, None)
            position = self._positions[pair]
            self._positions[pair] += 1
            self._contexts.append(
                Context(ordinal, *pair, position, sentence, marker_start=start, marker_end=end, s2_intents=intents)
            )

    def parsed(self, facts: Facts, records: Sequence[Record] = ()) -> Parsed:
        """All that was gathered, as a read payload with these facts."""
        return Parsed(
            facts,
            records_frame(records),
            rejects_frame(self._rejects),
            rows_frame(self._works, WORKS),
            rows_frame(self._edges, EDGES),
            rows_frame(self._contexts, CONTEXTS),
            rows_frame(self._observations, OBSERVATIONS),
        )


def not_a_sentence(raw: str, sentence: str) -> tuple[str, str] | None:
    """Why a context is no sentence that cites, as reason and words; None where it can be one.

    Indexes cut contexts out of PDF text by machine, so tables and reference lists come along.
    """
    if len(sentence) < SHORTEST:
        return "truncated", f"expected a sentence of at least {SHORTEST} characters"
    if len(sentence) > LONGEST:
        return "too_large", f"expected a sentence of at most {LONGEST} characters, found {len(sentence)}"
    words = _LISTED.sub("", sentence).split()
    numbers = sum(1 for word in words if _NUMBER.fullmatch(word.strip("()")))
    if (len(words) >= TABLE_WORDS and numbers / len(words) > NUMERIC_SHARE) or _CELLS.search(raw):
        return "wrong_type", "expected a sentence, found a row of a table"
    if sum(1 for sign in _REFERENCE if sign.search(sentence)) >= REFERENCE_SIGNS:
        return "wrong_type", "expected a sentence, found an entry of a bibliography"
    return None
