"""Pairs of entities whose names are near enough to be taken for one another, found by shared keys, never by comparing all.

Every pair gets a verdict by rule: apart where something of the names or of their use tells them apart, else undecided. Nothing
is ever joined here: what is one thing has one entity already, or an override makes it one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

import polars as pl

from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.normal_forms import parent_form
from almanac_assets.entities.relations import grammar_relations

# Types that authors mix: one calls a thing a method, another a framework. Equal names of other types are two things.
NEAR_TYPES = (
    frozenset({"model", "method", "software"}),
    frozenset({"benchmark", "dataset", "task"}),
    frozenset({"method", "task", "field"}),
    frozenset({"method", "metric"}),
    frozenset({"benchmark", "metric"}),
)
# Shorter names are near one another by chance: so many letters or more, and so many without an ending that many share.
LEAST_NEAR, LEAST_OWN = 8, 6
_SHARED_ENDING = re.compile(
    r"(?:bench|benchmark|former|net|eval|agent|agents|llm|gpt|bert|qa|dataset|mark|rag|vla|diff)$"
)
LEAST_FORM = 3
# Relations whose two sides differ by a word behind the name and are mistaken for each other.
WORD_RELATIONS = ("tuned_from", "quantised_from", "member_of")

UNDECIDED = 0.5
# How sure a rule is that the two are apart: judged, since it follows from what the names say of themselves.
CONFIDENCE = {
    "version_conflict": 0.99,
    "size_conflict": 0.99,
    "digits_differ": 0.97,
    "release_suffix": 0.98,
    "type_conflict": 0.9,
    "registry": 0.99,
    "context": 0.9,
    "plural": 0.9,
}
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
# A number with its unit, where it is a size: `8b`, `410m`, not `3base` or `2mini`.
_QUANTITY = re.compile(r"(\d+(?:\.\d+)*)([bmk](?!ase|eta|ini|edium|ath|ax))?")
_THOUSANDS = {"k": 1, "m": 10**3, "b": 10**6}
_IN_WORDS = {"tuned_from": "is tuned from", "quantised_from": "is made smaller from", "member_of": "is one of"}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two entities in order, whether they are told apart, by which rule, and the ground in words."""

    left: str
    right: str
    apart: bool
    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Thing:
    entity_id: str
    kind: str
    form: str
    name: str


def doubts(registry: pl.DataFrame, mentions: pl.DataFrame, gazetteer: Gazetteer) -> list[Doubt]:
    """The doubtful pairs among active entities, one per pair, sorted."""
    lists = _Lists(gazetteer)
    active = registry.filter(record_status="active").sort("entity_id")
    things = [_Thing(*row) for row in active.select("entity_id", "type", "normal_form", "name").iter_rows()]
    company = _company(mentions)
    found = [
        *_by_type(things, company, lists),
        *_by_number(things),
        *_by_word(active),
        *_by_spelling(things, company, lists),
    ]
    first: dict[Pair, Doubt] = {}
    for doubt in found:
        first.setdefault((doubt.left, doubt.right), doubt)
    return [first[pair] for pair in sorted(first)]


class _Company:
    """In which documents entities are named."""

    def __init__(self, documents: Mapping[str, frozenset[str]]) -> None:
        self._documents = documents

    def together(self, one: str, other: str) -> int:
        """How many documents name both."""
        none: frozenset[str] = frozenset()
        return len(self._documents.get(one, none) & self._documents.get(other, none))


def _company(mentions: pl.DataFrame) -> _Company:
    named = mentions.filter(pl.col("entity_id").is_not_null()).select("entity_id", "document_id").unique()
    grouped = named.group_by("entity_id").agg("document_id")
    return _Company({entity_id: frozenset(documents) for entity_id, documents in grouped.iter_rows()})


class _Lists:
    """What the reviewed lists know as things of their own."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._forms = frozenset((entry.type, entry.form) for entry in gazetteer.entries)

    def root(self, thing: _Thing) -> str | None:
        """The listed name that this one is or is made of, or null."""
        form: str | None = thing.form
        while form is not None and (thing.kind, form) not in self._forms:
            form = parent_form(form, thing.kind)
        return form

    def keep_apart(self, one: _Thing, other: _Thing) -> bool:
        """Whether both are listed, each as a thing of its own or under one."""
        roots = (one.kind, self.root(one)), (other.kind, self.root(other))
        return roots[0] != roots[1] and None not in (roots[0][1], roots[1][1])


def _doubt(one: _Thing, other: _Thing, *, apart: bool, rule: str, detail: str) -> Doubt:
    left, right = sorted((one.entity_id, other.entity_id))
    return Doubt(left, right, apart, rule, detail)


def _by_type(things: list[_Thing], company: _Company, lists: _Lists) -> Iterator[Doubt]:
    """One name, two types: apart where the types are far, both are listed, or one document names both."""
    for block in _blocks(things, lambda thing: thing.form if len(thing.form) >= LEAST_FORM else None):
        for one, other in combinations(block, 2):
            near = any({one.kind, other.kind} <= types for types in NEAR_TYPES)
            together = company.together(one.entity_id, other.entity_id)
            said = f"one name, two types: {one.kind} and {other.kind}"
            if near and not together and not lists.keep_apart(one, other):
                yield _doubt(one, other, apart=False, rule="type_conflict", detail=said)
            else:
                yield _doubt(one, other, apart=True, rule="type_conflict", detail=said + _in_documents(together))


def _in_documents(together: int) -> str:
    return "" if not together else f"; {together} document{'s name' if together > 1 else ' names'} both"


def _by_number(things: list[_Thing]) -> Iterator[Doubt]:
    """Names that differ in one number alone, each with the next greater one of its block."""

    def key(thing: _Thing) -> str | None:
        shape = _QUANTITY.sub(lambda number: "#b" if number[2] else "#", thing.form)
        return f"{thing.kind}\n{shape}" if shape != thing.form and shape.strip("#b-.") else None

    for block in _blocks(things, key):
        for one, other in pairwise(sorted(block, key=lambda thing: (_quantities(thing.form), thing.form))):
            pairs = zip(_quantities(one.form), _quantities(other.form), strict=True)
            differing = [here.is_size for here, there in pairs if here != there]
            if len(differing) != 1:
                continue
            rule = "digits_differ" if one.kind != "model" else "size_conflict" if differing[0] else "version_conflict"
            yield _doubt(one, other, apart=True, rule=rule, detail=f"{one.name} and {other.name} differ in a number")


class _Quantity(NamedTuple):
    """A number of a name as it sorts: a size in thousands, or the parts of a version."""

    value: tuple[float, ...]
    is_size: bool


def _quantities(form: str) -> list[_Quantity]:
    found = []
    for number in _QUANTITY.finditer(form):
        parts = tuple(float(part) for part in number[1].split("."))
        size = (float(number[1]) * _THOUSANDS[number[2]],) if number[2] and len(parts) <= 2 else None
        found.append(_Quantity(size or parts, bool(number[2])))
    return found


def _numbers(form: str) -> list[str]:
    return _NUMBER.findall(form)


def _by_word(active: pl.DataFrame) -> Iterator[Doubt]:
    """A model and the one that its name stands on but for one word: -Instruct, -GGUF, -mini."""
    kin = grammar_relations(active).filter(pl.col("relation").is_in(WORD_RELATIONS))
    forms = dict(active.select("entity_id", "normal_form").iter_rows())
    names = dict(active.select("entity_id", "name").iter_rows())
    for entity_id, relation, parent in kin.select("entity_id", "relation", "other_entity_id").iter_rows():
        if parent_form(forms[entity_id], "model") == forms[parent]:
            left, right = sorted((entity_id, parent))
            said = f"{names[entity_id]} {_IN_WORDS[relation]} {names[parent]}"
            yield Doubt(left, right, True, "release_suffix", said)


def _by_spelling(things: list[_Thing], company: _Company, lists: _Lists) -> Iterator[Doubt]:
    """Long names of one type that differ by one letter and no digit: apart where one document names both, or both are listed."""
    keyed: dict[str, list[_Thing]] = {}
    for thing in things:
        if len(thing.form) >= LEAST_NEAR and len(_SHARED_ENDING.sub("", thing.form)) >= LEAST_OWN:
            for key in {thing.form, *(thing.form[:at] + thing.form[at + 1 :] for at in range(len(thing.form)))}:
                keyed.setdefault(f"{thing.kind}\n{key}", []).append(thing)
    seen: set[Pair] = set()
    for block in (block for block in keyed.values() if len(block) > 1):
        for one, other in combinations(sorted(block, key=lambda thing: thing.entity_id), 2):
            pair = one.entity_id, other.entity_id
            if pair in seen or _numbers(one.form) != _numbers(other.form) or one.form == other.form:
                continue
            seen.add(pair)
            yield _spelling_doubt(one, other, company.together(*pair), lists)


def _spelling_doubt(one: _Thing, other: _Thing, together: int, lists: _Lists) -> Doubt:
    if lists.keep_apart(one, other):
        said = f"{one.name} and {other.name} are listed as two things"
        return _doubt(one, other, apart=True, rule="registry", detail=said)
    short, long = sorted((one.form, other.form), key=len)
    is_plural = long == f"{short}s" and short[-1].isalpha()
    said = f"{one.name} and {other.name} differ by {'a plural' if is_plural else 'a letter'}{_in_documents(together)}"
    return _doubt(one, other, apart=together > 0, rule="plural" if is_plural else "context", detail=said)


def _blocks(things: list[_Thing], key_of: Callable[[_Thing], str | None]) -> Iterator[list[_Thing]]:
    blocks: dict[str, list[_Thing]] = {}
    for thing in things:
        key = key_of(thing)
        if key is not None:
            blocks.setdefault(key, []).append(thing)
    return (block for block in blocks.values() if len(block) > 1)
