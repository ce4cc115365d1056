"""One sentence that says what a citing work found or offers, and the context that tells best how it uses the cited one.

The takeaway follows from one sentence of the abstract by leaving words out, their order kept: the opening that speaks of
the paper ("In this paper, we show that"), words of praise, and a tail that would make it too long. What still speaks of
"we", points to another sentence ("it", "these challenges") or praises without saying what was found is no takeaway:
none is better than a bad one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from almanac_assets.text.sentences import sentences

LONGEST: Final = 40  # words
SHORTEST: Final = 6  # words: fewer say nothing that the title does not
TAKEAWAYS_SCHEMA: Final = pl.Schema(
    {
        "takeaway": pl.String(),
        "takeaway_basis": pl.String(),
        "start": pl.Int32(),
        "end": pl.Int32(),
    }
)

# Points of each sign, chosen by reading the lines made of 100 abstracts of machine-learning papers; a finding outweighs an offer, and what
# is said with a name or a number outweighs what is not.
_POINTS: Final = {"finding": 5.0, "offer": 4.0, "claim": 3.0, "name": 1.0, "number": 1.0, "title": 1.5, "short": 0.5}
_VAGUE_COST: Final = 3.0
_PROPOSED_COST: Final = 2.5
_OTHERS_COST: Final = 3.0
_HEAD: Final = 4  # words in which a name of the title is looked for
_SHORT: Final = 28  # words
_LEAST_POINTS: Final = 3.0

# What may stand before "we": one phrase up to a comma.
_LEAD: Final = r"(?:[A-Z][^,.;]{0,140},\s+)?(?:(?:and|thus|hence|therefore|here|so|then)\s+)?"
_ADVERBS: Final = (
    r"(?:(?:also|further|then|first|finally|additionally|theoretically|empirically|formally|rigorously|thus|therefore|hence|next|now"
    r"|instead|systematically|here|again)\s+)*"
)
_SAY: Final = (
    r"(?:show|showed|demonstrate|demonstrated|prove|proved|find|found|observe|observed|argue|establish|reveal|revealed|discover"
    r"|discovered|conclude|confirm|verify|report|identify|uncover|illustrate)"
)
_SAYS: Final = (
    r"(?:shows?|showed|demonstrates?|demonstrated|proves?|finds?|found|reveals?|revealed|indicates?|indicated|suggests?|suggested"
    r"|confirms?|confirmed|establishes|validates?|illustrates?|verify|verifies)"
)
_MAKE: Final = r"(?:propose|introduce|present|develop|design|release|build|construct|formulate|devise|describe|contribute|establish|derive|create)"
_REPORTS: Final = (
    r"(?:results?|experiments?|evaluations?|findings?|analys[ie]s|studies|study|investigations?|observations?|simulations?|theory"
    r"|benchmarks?|ablations?|work|paper|evidence)"
)

_FINDING: Final = re.compile(
    rf"(?:{_LEAD}we\s+{_ADVERBS}{_SAY}(?:,\s[^,]{{1,60}},)?\s+that,?\s+"
    rf"|(?:[A-Z][\w-]*,\s+)?(?:(?:our|these|this|the|extensive|comprehensive|experimental|empirical|theoretical|both|such|further"
    rf"|numerical|thorough|rigorous|results?)\s+|[\w-]+\s+(?:and\s+)?){{0,4}}"
    rf"{_REPORTS}(?:\s+(?:on|in|across|over|with|of|from|using|conducted|including|under|for)\s[^.;]{{1,140}}?)?\s+(?:also\s+|further\s+"
    rf"|consistently\s+|clearly\s+)*{_SAYS}\s+that,?\s+)",
    re.IGNORECASE,
)
_OFFER: Final = re.compile(
    rf"(?:{_LEAD}we\s+{_ADVERBS}{_MAKE}\s+|(?:in\s+this\s+\w+,\s+)?this\s+(?:paper|work|study|article)\s+{_ADVERBS}{_MAKE}(?:s|es)?\s+)",
    re.IGNORECASE,
)
# A sentence about something named, with a verb of effect: "LPO improves ...".
_CLAIM: Final = re.compile(
    r"(?:(?:Empirically|Notably|Moreover|Furthermore|Additionally|Specifically|Experimentally|Overall|Importantly),\s+)?"
    r"(?=(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+[A-Z]\w*)\S*\s+(?:\w+ly\s+)?(?:outperforms?|achieves?|improves?|reduces?|attains?"
    r"|surpass(?:es)?|yields?|enables?|provides?|offers?|delivers?|accelerates?|generali[sz]es?|requires?|uses?|leverages?|combines?"
    r"|introduces?|consists?|learns?|integrates?|employs?|supports?|matches|exceeds|scales|retains|maintains)\b)"
)
_PRAISE: Final = re.compile(
    r"\b(?:novel|simple (?:yet|but|and) (?:highly )?effective|powerful|remarkabl[ey]|impressive(?:ly)?|groundbreaking|surprisingly"
    r"|interestingly|notably|significantly|substantially"
    r"|dramatically|pioneering|elegant|consistently|considerably|greatly|effectively|successfully|crucially|importantly|strikingly)\s+",
    re.IGNORECASE,
)
_AN: Final = re.compile(r"\b(a|an)\s+$", re.IGNORECASE)
_TAIL: Final = re.compile(
    r",\s+(?=(?:which|enabling|while|thereby|thus|leading|including|making|allowing|achieving|demonstrating|without|offering|providing"
    r"|highlighting|paving|suggesting|yielding"
    r"|resulting|outperforming|ensuring|establishing|even|often|especially|particularly|with|and|but|as|where|whereas|although|despite"
    r"|such)\b)|\s+(?=and\s+(?:show|demonstrate|prove|thereby)\b)|;\s+|\s+[—–]\s*",
)
_SELF: Final = re.compile(
    r"\b(?:we|our|ours|us|i|my|those|such (?!as\b)|this (?:paper|work|study|article|scenario|setting|case|task|context|approach|method"
    r"|framework|problem|gap|issue|challenge|end)"
    r"|these (?:\w+ )?(?:results|findings|challenges|issues|insights|limitations|problems))\b",
    re.IGNORECASE,
)
_DANGLING: Final = re.compile(
    r"(?:it|its|they|their|this|these|those|such|he|she|that|both|each|neither|either|there|here|the (?:former|latter|resulting|same"
    r"|above|two|method|approach|framework|model|algorithm|system|results?|proposed)"
    r"|for|when|under|by|in|with|on|if|using|while|although|even)\b",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(
    r"\b(?:the )?proposed (?:method|approach|framework|model|algorithm|system|solution|strategy|\w+)\b", re.IGNORECASE
)
_VAGUE: Final = re.compile(
    r"\b(?:effectiveness|superior(?:ity)?|promising|efficacy|insights?|strong performance|state-of-the-art|sota|competitive"
    r"|consistent improvements?|outstanding|excellent|excels?|gap|unified perspective|advantages?)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?:^|[\s(])(?:[A-Z][a-z]*[A-Z0-9][\w-]*|[A-Z]{2,}[\w-]*)")
_NUMBER: Final = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|×|x\b|times|points|fold)|\d[\d,.]*[KMB]?\+?\s+(?:\w+\s+){0,2}(?:tasks|datasets|languages|models|examples"
    r"|samples|images|videos|questions|problems|papers|hours)"
)
# A name that is written with a small letter keeps it: vLLM, mvOU-OTFM.
_SMALL_NAME: Final = re.compile(r"[a-z]{1,4}[-_]?[A-Z0-9]")
# What others did or do is not what this work found.
_OTHERS: Final = re.compile(
    r"(?:traditional|existing|current|conventional|prior|previous|most|many|recent|standard|widely)\b", re.IGNORECASE
)
# "Recent work shows that ..." tells the finding of others, not of this work.
_FOUND_BY_OTHERS: Final = re.compile(
    rf"(?:recent|prior|previous|existing|earlier|past)\s+(?:[\w-]+\s+){{0,2}}{_REPORTS}\b", re.IGNORECASE
)
# The "that" of a second clause, of which the first has lost its own; "and that of" points to a noun.
_AND_THAT: Final = re.compile(
    r"(,?\s+(?:and|but))\s+that\s+(?!(?:of|in|for|from|on|at|to|with|by|between|is|are|was|were|can|does|has)\b)"
)
# A second thing that the sentence goes on to tell of the authors.
_AND_THEY: Final = re.compile(
    r",?\s+and\s+(?:(?:then|further|also)\s+)?(?:propose|introduce|present|develop|design|show|demonstrate|prove|provide|evaluate"
    r"|analy[sz]e|use|study|validate|apply|derive|establish|discuss|release)\b.*$"
)
# Mark-up, links and lists are nothing that a plain line can show.
_UNPLAIN: Final = re.compile(r"[\\$*{}^]|https?:|_\{|\(\d\)|\(i\)|\?$|\bal\.$")


@dataclass(frozen=True)
class _Candidate:
    points: float
    text: str
    basis: str
    start: int
    end: int


def takeaways(works: pl.DataFrame) -> pl.DataFrame:
    """`takeaway`, `takeaway_basis`, `start`, `end` of each work (`title`, `abstract`), in the same order.

    `extractive` is a sentence of the abstract as it stands, `compressed` one with words left out; start and end are the
    span of that whole sentence in the abstract, in code points. Without an abstract the title stands for it
    (`title_only`); an abstract in which no sentence qualifies gives null and `none`.
    """
    rows = [_takeaway(title, abstract) for title, abstract in works.select("title", "abstract").iter_rows()]
    return pl.DataFrame(rows, schema=TAKEAWAYS_SCHEMA, orient="row")


def _takeaway(title: str | None, abstract: str | None) -> tuple[str | None, str, int | None, int | None]:
    if not (abstract or "").strip():
        text = (title or "").strip()
        return (text, "title_only", None, None) if text else (None, "none", None, None)
    best: _Candidate | None = None
    for start, end in sentences(abstract or ""):
        candidate = _candidate((abstract or "")[start:end], start, end, _words(title or ""))
        if candidate and (best is None or candidate.points > best.points):
            best = candidate
    return (best.text, best.basis, best.start, best.end) if best else (None, "none", None, None)


def _words(text: str) -> frozenset[str]:
    """The words of a text that can name something, in small letters."""
    return frozenset(word.lower() for word in re.findall(r"\w[\w-]{3,}", text))


def _candidate(sentence: str, start: int, end: int, title: frozenset[str]) -> _Candidate | None:
    """The sentence as a takeaway with its points; null where it cannot be one."""
    for kind, opening in (("finding", _FINDING), ("offer", _OFFER), ("claim", _CLAIM)):
        found = opening.match(sentence)
        if found is None:
            continue
        if kind == "finding" and _FOUND_BY_OTHERS.match(sentence):
            return None
        said = sentence[found.end() :]
        if kind == "finding":
            said = _AND_THAT.sub(r"\1 ", said)
        text = _shortened(_unpraised(_AND_THEY.sub("", said) if kind == "offer" else said))
        if text is None or _SELF.search(text) or _DANGLING.match(text) or _UNPLAIN.search(text):
            return None
        points = _points(kind, text, title)
        basis = "extractive" if text == sentence else "compressed"
        return _Candidate(points, text, basis, start, end) if points >= _LEAST_POINTS else None
    return None


def _points(kind: str, text: str, title: frozenset[str]) -> float:
    points = _POINTS[kind]
    points += _POINTS["name"] * (_NAME.search(text) is not None) + _POINTS["number"] * (
        _NUMBER.search(text) is not None
    )
    points += _POINTS["short"] * (len(text.split()) <= _SHORT)
    points += _POINTS["title"] * bool(_words(" ".join(text.split()[:_HEAD])) & title)
    costs = (
        (_VAGUE_COST, _VAGUE.search(text)),
        (_PROPOSED_COST, _PROPOSED.search(text)),
        (_OTHERS_COST, _OTHERS.match(text)),
    )
    return points - sum(cost for cost, sign in costs if sign)


def _unpraised(text: str) -> str:
    """The text without words of praise, where the article before them still fits what follows or may go too."""
    kept, at = "", 0
    for praise in _PRAISE.finditer(text):
        before = kept + text[at : praise.start()]
        article = _AN.search(before)
        vowel = text[praise.end() : praise.end() + 1].lower() in "aeiou"
        if article is None or (article.group(1).lower() == "an") == vowel:
            kept, at = before, praise.end()
        elif not before[: article.start()].strip() or before[: article.start()].rstrip().endswith(","):
            kept, at = before[: article.start()], praise.end()  # "a novel actor" at the head of a phrase: "actor"
    return kept + text[at:]


def _shortened(text: str) -> str | None:
    """The text as one sentence of at most LONGEST words: tails that only add to it are left out, the last one first."""
    text = text.strip()
    while len(text.split()) > LONGEST:
        tails = [tail.start() for tail in _TAIL.finditer(text)]
        if not tails:
            return None
        text = text[: tails[-1]]
    text = text.rstrip(" .,;:") + "."
    if len(text.split()) < SHORTEST or text.count("(") != text.count(")"):
        return None
    return text if _SMALL_NAME.match(text) else text[0].upper() + text[1:]


def use_sentences(contexts: pl.DataFrame) -> pl.Series:
    """Of the contexts of each pair the one that tells best how the citing work uses the cited one.

    Needs `citing_work_id`, `cited_work_id`, `sentence`, `role` and `role_confidence`; gives true for at most one context
    of a pair, in the order of the rows. A role that is not background goes before background, then the greater
    confidence, then the sentence that names nothing else beside it: the shorter one of at least six words; then the
    first. A pair of which all contexts are unclear has none.
    """
    words = pl.col("sentence").str.count_matches(r"\S+")
    rank = [
        (pl.col("role") == "background"),
        -pl.col("role_confidence"),
        (words < SHORTEST),
        words,
        pl.col("row"),
    ]
    chosen = (
        contexts.select("citing_work_id", "cited_work_id", "sentence", "role", "role_confidence")
        .with_row_index("row")
        .filter(pl.col("role") != "unclear")
        .sort(rank)
        .unique(["citing_work_id", "cited_work_id"], keep="first", maintain_order=True)
    )
    return pl.int_range(contexts.height, eager=True).is_in(chosen["row"].cast(pl.Int64).implode()).alias("is_use")
