"""Names that a document itself defines: "NAME: a benchmark for ..." in the title, "we introduce NAME, a ..." in the text.

The type follows from the head noun of the defining phrase; without a head noun that tells the type there is no
definition. What must hold is written as patterns over the text, after the apposition patterns of Hearst (1992, "Automatic
acquisition of hyponyms from large text corpora").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TITLE, TEXT = "title", "text"
LONGEST_PHRASE = 160
# A phrase that is too long ends before its last connective, but says at least this many letters.
LEAST_CUT = 40
# "a novel framework" alone says nothing: with fewer spaces than this the phrase goes on into "that ...".
FEWEST_GAPS = 4
SHORTEST_NAME, LONGEST_NAME = 3, 40
# More words than this before the head noun and the phrase is prose, not a definition.
MOST_WORDS = 9

HEAD_NOUNS: dict[str, str] = {
    **dict.fromkeys(["benchmark", "benchmarks", "leaderboard", "testbed"], "benchmark"),
    **dict.fromkeys(["dataset", "datasets", "corpus", "corpora"], "dataset"),
    **dict.fromkeys(["model", "models", "llm", "llms", "vlm", "mllm", "lmm"], "model"),
    **dict.fromkeys(
        [
            "framework",
            "method",
            "algorithm",
            "approach",
            "architecture",
            "network",
            "technique",
            "strategy",
            "pipeline",
            "module",
            "loss",
            "optimizer",
            "mechanism",
            "paradigm",
            "methodology",
            "scheme",
            "transformer",
            "autoencoder",
            "attack",
            "defense",
            "objective",
            "policy",
        ],
        "method",
    ),
    **dict.fromkeys(
        [
            "library",
            "toolkit",
            "platform",
            "package",
            "toolbox",
            "software",
            "simulator",
            "tool",
            "engine",
            "system",
            "application",
            "app",
        ],
        "software",
    ),
    **dict.fromkeys(["metric", "score"], "metric"),
}
# A model by its words: "a language model framework" is none, "a 7B vision-language model" is.
_NOT_MODEL_BEFORE = frozenset(
    [
        "mathematical",
        "theoretical",
        "probabilistic",
        "generative-process",
        "threat",
        "graphical",
        "cost",
        "reward-free",
        "causal",
        "statistical",
        "conceptual",
        "mixture",
        "formal",
        "topic",
        "computational",
        "world-state",
        "regression",
        "bayesian",
    ]
)
_COLLECTIVE = re.compile(r"^(?:suite|family|series|collection|set|class|pair)$")

_TOKEN = r"(?:[A-Z][A-Za-z0-9]*|[a-z]{1,8}[A-Z][A-Za-z0-9]*|\d+[A-Z][A-Za-z0-9]*)(?:[-.@][A-Za-z0-9]+)*[+*]{0,2}"
_NAME = rf"(?P<name>{_TOKEN}(?: {_TOKEN}){{0,3}})"
_MAKES = (
    r"(?:introduce|present|propose|release|develop|describe|construct|build|create|design|contribute|curate|publish|unveil|"
    r"open-source|offer|devise|formulate|establish|provide)(?:s|d)?"
)
_WE = rf"\b(?:[Ww]e|(?:[Tt]his|[Oo]ur) (?:paper|work|article|study|report))(?: (?:also|then|thus|further|therefore|first|here|hereby|thereby|accordingly|next|have|now))? {_MAKES}"
# A dot inside a number or a name does not end the phrase, nor does a bracket that holds a short form; "mining.We" does.
_PROSE = r"(?:[^.;()]|\.(?=[^\sA-Z])|(?<![a-z])\.(?=[A-Z])|\([A-Za-z][A-Za-z0-9-]{1,11}\)(?= [a-z]))"
_LONG_FORM = r"(?: \((?P<inside>[^()]{2,90})\))?"
_NAME_FIRST = re.compile(
    rf"{_WE} (?:the |our )?{_NAME}{_LONG_FORM}(?:,| --?-?|:| as) (?P<phrase>(?:an?|the|our) {_PROSE}+)"
)
_HEAD_FIRST = re.compile(
    rf"{_WE} (?P<phrase>(?:an?|the|our|two|three) [^.;:,()]{{3,90}}?)"
    rf"(?:,? (?:called|named|termed|dubbed|denoted|coined|titled|entitled|known as|referred to as|which we (?:call|name|term)|we (?:call|name|term))|,| \() ?"
    rf"(?:the )?{_NAME}(?=[\s,.;:)(])"
)
_COPULA = re.compile(rf"(?: \([^()]{{2,90}}\))?(?:,| is| --?-?|:) (?P<phrase>(?:an?|the|our) {_PROSE}+)")
_TITLE_NAME = re.compile(rf"^(?P<name>{_TOKEN})\s*:\s+(?P<phrase>\S.+)$")
# "Benchmarking Language Models", "Can Language Models Reason": what the paper does or asks, not what the name is.
_DOES = re.compile(r"(?:[A-Z]\w+ing|Can|Do|Does|How|When|Why|What|Is|Are|Jailbreak|Teach|Make|Learn|Let|Toward) ")
_PLURAL_HEAD = re.compile(r"^(?!.*\b(?:[Ff]amily|[Ss]uite|[Ss]eries|[Cc]ollection)\b)[^:,]*?\b[Mm]odels\b")
_STOP = re.compile(
    r"\b(?:for|of|to|with|in|on|via|from|by|that|which|towards?|using|through|at|under|as|where|designed|based|built|"
    r"comprising|consisting|containing|covering|capable|able|and|or|is|are|aimed|aiming|tailored|enabling|spanning|"
    r"leveraging|featuring|called|named|termed|dubbed|across|beyond|against|without|when|whose|specifically)\b|[,:;.()?!—–]"
)
_PHRASE_END = re.compile(
    r"[.;:]\s|[.;:]$|, (?:which|that|and|where|with|while|to|designed|we|thus|thereby|enabling)\b| that | which | — "
)
# What goes on after ", and" as a clause of its own, and not as the last thing of a list.
_CLAUSE = re.compile(
    r" (?:we|it|its|then|thus|thereby|hence|which|that|this|these|they|shows?|demonstrates?|propose|introduce|present)\b"
)
_WORD = re.compile(r"[\w-]+")
_CONNECTIVE = (
    "(?:that|which|for|to|of|and|or|with|within|in|on|by|using|from|via|through|under|across|into|while|as|at|over|"
    "between|towards?|without|where|when|e\\.g|i\\.e)"
)
_BORDER = re.compile(rf",? {_CONNECTIVE}\b")
_DANGLING = re.compile(rf"(?:[ ,]+(?:{_CONNECTIVE}\.?|a|an|the|its|their|each|paired|such))+[ ,]*$")
_CAPITALISED = re.compile(r"[A-Z][a-z]+$")
_TWO_SIGNS = re.compile(r"[A-Z].*[A-Z]|\d.*[A-Z]|[A-Z].*\d|[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class Definition:
    """A name, its type, where it stands, and where the phrase stands that says what it is."""

    name: str
    type: str
    field: str
    start: int
    end: int
    phrase_field: str
    phrase_start: int
    phrase_end: int
    phrase: str


def definitions(title: str, text: str, generic: frozenset[str]) -> list[Definition]:
    """The names that one document defines, title first, one per name (the first definition stands).

    `generic` holds what never is a name ("LLM", "AI").
    """
    found = [*_in_title(title, text), *_in_text(text)]
    first: dict[str, Definition] = {}
    for one in found:
        if _is_name(one.name, title, text, generic):
            first.setdefault(one.name, one)
    return list(first.values())


def head_type(phrase: str) -> str | None:
    """The type told by the head noun of "a new large-scale benchmark for ...", or null.

    The head is the last word before the first preposition, relative or comma; of "suite of models" it is "models", and
    "dataset and benchmark" is a benchmark, since the benchmark is the narrower thing.
    """
    stop = _STOP.search(phrase)
    words = re.findall(r"[\w-]+", phrase[: stop.start()] if stop else phrase)
    if not words or len(words) > MOST_WORDS:
        return None
    head = words[-1].lower()
    rest = phrase[stop.end() :] if stop else ""
    if stop and stop[0] == "of" and _COLLECTIVE.match(head):
        return head_type(rest)
    kind = HEAD_NOUNS.get(head)
    if kind == "dataset" and (
        "benchmark" in (word.lower() for word in words[:-1])
        or re.match(r" (?:[\w-]+ )?benchmark\b", rest, re.IGNORECASE)
    ):
        return "benchmark"
    if kind == "model" and any(word.lower() in _NOT_MODEL_BEFORE for word in words[:-1]):
        return None
    return kind


def _in_title(title: str, text: str) -> list[Definition]:
    colon = _TITLE_NAME.match(title)
    if colon is None:
        return []
    name, start = colon["name"], colon.start("name")
    kind = None if _DOES.match(colon["phrase"]) else head_type(colon["phrase"])
    if kind is not None and (kind != "model" or not _PLURAL_HEAD.search(colon["phrase"])):
        at, phrase = colon.start("phrase"), _cut(colon["phrase"])
        return [Definition(name, kind, TITLE, start, start + len(name), TITLE, at, at + len(phrase), phrase)]
    told = _told_in_text(name, text)
    if told is None or (kind := head_type(told["phrase"])) is None:
        return []
    at, phrase = told.start("phrase"), _cut(told["phrase"])
    return [Definition(name, kind, TITLE, start, start + len(name), TEXT, at, at + len(phrase), phrase)]


def _told_in_text(name: str, text: str) -> re.Match[str] | None:
    """The first "NAME is a ..." or "NAME, a ..." of the text."""
    start = text.find(name)
    while start >= 0:
        told = _COPULA.match(text, start + len(name))
        if told is not None and not (start and (text[start - 1].isalnum() or text[start - 1] == "-")):
            return told
        start = text.find(name, start + len(name))
    return None


def _in_text(text: str) -> list[Definition]:
    found = []
    for match in _NAME_FIRST.finditer(text):
        name, start = _short_form(match)
        if (kind := head_type(match["phrase"])) is not None:
            found.append(_text_definition(name, kind, start, match))
    for match in _HEAD_FIRST.finditer(text):
        kind = _last_noun_type(match["phrase"])
        if kind is not None:
            found.append(_text_definition(match["name"], kind, match.start("name"), match))
    return sorted(found, key=lambda one: (one.start, one.end))


def _text_definition(name: str, kind: str, start: int, match: re.Match[str]) -> Definition:
    at, phrase = match.start("phrase"), _cut(match["phrase"])
    return Definition(name, kind, TEXT, start, start + len(name), TEXT, at, at + len(phrase), phrase)


def _short_form(match: re.Match[str]) -> tuple[str, int]:
    """Of "Adaptive Token Pruning (ATP)" the short form, under which the document goes on to speak of it."""
    inside = match["inside"]
    if inside and len(inside) < len(match["name"]) and re.fullmatch(_TOKEN, inside) and _TWO_SIGNS.search(inside):
        return inside, match.start("inside")
    return match["name"], match.start("name")


def _last_noun_type(phrase: str) -> str | None:
    """The type of the noun right before the name: the phrase's head, or the noun that ends it."""
    words = re.findall(r"[\w-]+", phrase)
    if not words or len(words) > MOST_WORDS + 1:
        return None
    return head_type(phrase) if HEAD_NOUNS.get(words[-1].lower()) else None


def _cut(phrase: str) -> str:
    """The phrase up to the end of what it says of the thing, at most LONGEST_PHRASE letters, at a word's end."""
    end = next((one for one in _PHRASE_END.finditer(phrase) if _is_end(phrase, one)), None)
    short = phrase[: end.start()] if end else phrase
    if len(short) > LONGEST_PHRASE:
        borders = [one.start() for one in _BORDER.finditer(short, 0, LONGEST_PHRASE) if one.start() >= LEAST_CUT]
        short = short[: borders[-1]] if borders else short[:LONGEST_PHRASE].rsplit(" ", 1)[0]
    return _DANGLING.sub("", short).rstrip(" ,;:-–—(")


def _is_end(phrase: str, border: re.Match[str]) -> bool:
    """Whether enough is said before the border, and the border does not fall into a list: "Code, Sketching, and Editing"."""
    before = phrase[: border.start()]
    in_list = border[0] == ", and" and ", " in before and not _CLAUSE.match(phrase, border.end())
    return before.count(" ") >= FEWEST_GAPS and not in_list


def _is_name(name: str, title: str, text: str, generic: frozenset[str]) -> bool:
    """Whether it looks like a name: capitals or digits inside, or a capitalised word used as a name again."""
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or name in generic:
        return False
    words = name.split()
    if len(words) > 1:
        return any(_TWO_SIGNS.search(word) for word in words) and not any(word in generic for word in words)
    if _TWO_SIGNS.search(name):
        return True
    if not _CAPITALISED.match(name):
        return False
    words_used = _WORD.findall(f"{title} {text}")
    lower = name.lower()
    return words_used.count(name) > 1 and lower not in words_used and f"{lower}s" not in words_used
