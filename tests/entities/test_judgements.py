"""The ledger of doubtful pairs: which pairs are looked at, and what is said of them."""

from __future__ import annotations

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.entities import Gazetteer
from almanac_assets.entities.judgements import JUDGEMENTS_SCHEMA, entity_judgements

from .corrected import built

Pairs = tuple[tuple[str, str], ...]


def judged(gazetteer: Gazetteer, *pairs: tuple[str, str]) -> dict[frozenset[str], tuple[str, str]]:
    """(verdict, rule) by the two names."""
    made = built(gazetteer, pairs)
    table = made.judgements
    assert dict(table.schema) == JUDGEMENTS_SCHEMA
    assert (table["left"] < table["right"]).all() and not table.select("left", "right").is_duplicated().any()
    assert entity_judgements(table).columns == TABLES["entity_judgements"].column_names
    names = dict(made.registry.select("entity_id", "name").iter_rows())
    return {
        frozenset((names.get(left, left), names.get(right, right))): (verdict, rule)
        for left, right, verdict, rule in table.select("left", "right", "verdict", "rule").iter_rows()
    }


@pytest.mark.parametrize(
    ("text", "one", "other", "rule"),
    [
        ("GPT-4 and GPT-5", "GPT-4", "GPT-5", "version_conflict"),
        ("Pythia-410M and Pythia-1.4B", "Pythia-410M", "Pythia-1.4B", "size_conflict"),
        ("Qwen-7B-base and Qwen-8B-base", "Qwen-7B-base", "Qwen-8B-base", "size_conflict"),
        ("Llama-3-8B and Llama-3-8B-Instruct", "Llama-3-8B", "Llama-3-8B-Instruct", "release_suffix"),
    ],
)
def test_what_names_say_tells_apart(gazetteer: Gazetteer, text: str, one: str, other: str, rule: str) -> None:
    """A version, a size, a word behind the name."""
    assert judged(gazetteer, ("x", text)) == {frozenset((one, other)): ("apart", rule)}


def test_only_neighbours_in_number_are_paired(gazetteer: Gazetteer) -> None:
    """Three versions make two pairs, and names that differ in two numbers are not mistaken for each other."""
    assert set(judged(gazetteer, ("x", "GPT-3, GPT-4, GPT-5"))) == {
        frozenset(("GPT-3", "GPT-4")),
        frozenset(("GPT-4", "GPT-5")),
    }
    assert judged(gazetteer, ("x", "Llama-2-7B and Llama-3-8B")) == {}


def test_digits_of_other_things_differ(gazetteer: Gazetteer) -> None:
    """FooBench 1 and 2 are two benchmarks, and nobody calls the number a version."""
    pairs = (("FooBench1: a benchmark for x", "y"), ("FooBench2: a benchmark for x", "y"))
    assert judged(gazetteer, *pairs) == {frozenset(("FooBench1", "FooBench2")): ("apart", "digits_differ")}


def test_one_name_of_two_types(gazetteer: Gazetteer) -> None:
    """Far types are two things; near ones cannot be told, unless one document names both."""
    far = (("FooWorld: a framework for x", "y"), ("FooWorld: a dataset for x", "y"))
    table = built(gazetteer, far).judgements
    assert table.select("verdict", "rule").rows() == [("apart", "type_conflict")]
    near = (("FooWorld: a framework for x", "y"), ("FooWorld: a library for x", "y"))
    assert built(gazetteer, near).judgements["verdict"].to_list() == ["undecided"]


def test_one_letter_is_undecided_until_a_document_names_both(gazetteer: Gazetteer) -> None:
    """Likeness joins nothing; short names and shared endings are alike by chance."""
    apart = (("FooWorldNet: a framework for x", "y"), ("FooWarldNet: a framework for x", "y"))
    pair = frozenset(("FooWorldNet", "FooWarldNet"))
    assert judged(gazetteer, *apart) == {pair: ("undecided", "context")}
    together = (*apart[:1], ("FooWarldNet: a framework for x", "We introduce FooWorldNet, a framework for y."))
    assert judged(gazetteer, *together)[pair][0] in ("apart", "undecided")
    chance = (("AbcBench: a benchmark for x", "y"), ("AbdBench: a benchmark for x", "y"))
    assert judged(gazetteer, *chance) == {}


def test_a_long_form_in_the_defining_document_is_the_same_thing(gazetteer: Gazetteer) -> None:
    """With the words as evidence; a long form of two things is undecided."""
    pair = ("ATP: a framework for x", "Adaptive Token Pruning (ATP) is good.")
    made = built(gazetteer, (pair,))
    row = made.judgements.row(0, named=True)
    assert (row["verdict"], row["rule"], row["decided_by"]) == ("same", "acronym", "rule")
    assert pair[1][row["evidence_start"] : row["evidence_end"]] == "Adaptive Token Pruning (ATP)"
    other = ("ATPs: a dataset for x", "Adaptive Token Pruning (ATPs) is good.")
    assert set(built(gazetteer, (pair, other)).judgements.filter(rule="acronym")["verdict"]) == {"undecided"}


def test_a_long_form_with_an_entity_of_its_own_is_undecided(gazetteer: Gazetteer) -> None:
    """Nothing is joined behind the tables' back."""
    pairs = (
        ("QAX: a framework for x", "Quick Answer Xtraction (QAX) is good."),
        ("Question", "We introduce QuickAnswerXtraction, a framework for y."),
    )
    table = built(gazetteer, pairs).judgements.filter(rule="acronym")
    assert table["verdict"].to_list() == ["undecided"]


def test_the_order_of_documents_does_not_matter(gazetteer: Gazetteer) -> None:
    """The same table from the same texts, whatever came first."""
    pairs: Pairs = (("FooWorldNet: a framework", "GPT-4"), ("FooWarldNet: a framework", "GPT-5 and GPT-4o"))
    one, other = built(gazetteer, pairs).judgements, built(gazetteer, pairs[::-1]).judgements
    key = ["left", "right", "verdict", "rule"]
    assert one.select(key).equals(other.select(key))
    assert isinstance(one, pl.DataFrame)
