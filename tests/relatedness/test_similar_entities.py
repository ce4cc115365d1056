"""What else is like a thing, and why."""

from __future__ import annotations

from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.contract import TABLES
from almanac_assets.relatedness.cooccurrence import entity_cooccurrence
from almanac_assets.relatedness.families import families, family_pairs
from almanac_assets.relatedness.similar_entities import PARTS, WEIGHTS, similar_entities
from tests.relatedness.rows import Corpus

KINDS = {"pythia": "model", "gpt": "model", "olmo": "model", "mmlu": "benchmark", "gsm": "benchmark"}


def entities(*rows: tuple[str, str, str], parents: dict[str, str] | None = None) -> pl.DataFrame:
    """A registry of (entity_id, name, type)."""
    above = parents or {}
    made = [{"entity_id": i, "name": name, "type": kind, "parent_entity_id": above.get(i)} for i, name, kind in rows]
    columns = ("entity_id", "name", "type", "parent_entity_id")
    return pl.DataFrame(made, schema=dict.fromkeys(columns, pl.String))


def registry(**types: str) -> pl.DataFrame:
    return entities(*((name, name.upper(), kind) for name, kind in types.items()))


def like(corpus: Corpus, known: pl.DataFrame) -> pl.DataFrame:
    """The table, with the pairs that follow from the corpus."""
    pairs = entity_cooccurrence(**corpus.tables("documents", "mentions", "event_documents"))
    made = similar_entities(**corpus.tables("mentions", "document_vectors"), entity_cooccurrence=pairs, registry=known)
    assert made.schema == TABLES["similar_entities"].polars_schema
    return made


def of(table: pl.DataFrame, name: str) -> dict[str, dict[str, Any]]:
    """The list of one entity, by the other's id."""
    rows = table.filter(pl.col("entity_id") == name).rows(named=True)
    return {row["other_entity_id"]: row for row in rows}


def test_things_named_in_near_texts_are_alike() -> None:
    """Less what all documents have in common: here the middle lies between the two subjects."""
    corpus = Corpus().add("a", 1, 0, names=("pythia",)).add("b", 1, 0.1, names=("gpt",)).add("c", 0, 1, names=("olmo",))
    found = of(like(corpus, registry(**KINDS)), "pythia")
    assert list(found) == ["gpt"]
    assert found["gpt"]["text_part"] == pytest.approx(WEIGHTS.text, abs=0.01)
    assert found["gpt"]["type_part"] == WEIGHTS.type
    assert found["gpt"]["reason"].startswith("named in texts alike (cosine 0.99)")
    assert found["gpt"]["reason"].endswith("both of the type model")


def test_names_of_one_text_are_not_alike_for_that() -> None:
    """Two things that only ever occur together share texts and company by necessity."""
    corpus = Corpus().add("a", 1, 0, names=("pythia", "gpt")).add("b", 0, 1, names=("olmo",))
    assert like(corpus, registry(**KINDS)).height == 0


def test_company_is_what_both_are_named_with() -> None:
    """The neighbours stand in the reason."""
    corpus = Corpus()
    for number, name in enumerate(("pythia", "pythia", "gpt", "gpt")):
        corpus.add(f"{number}", 1, number / 10, names=(name, "mmlu", "gsm"))
    for number in range(6):
        corpus.add(f"x{number}", 0, 1)
    (row,) = of(like(corpus, registry(**KINDS)), "pythia").values()
    assert row["other_entity_id"] == "gpt"
    assert row["company_part"] == pytest.approx(WEIGHTS.company / 2)
    assert "both named with GSM, MMLU" in row["reason"]


def test_the_family_of_a_name() -> None:
    """By the grammar of model names where there is a parent, else by a name that goes on behind a mark."""
    known = entities(
        ("p", "Pythia", "model"), ("p1", "Pythia-1B", "model"), ("s", "SWE-bench", "benchmark"),
        ("sl", "SWE-bench Lite", "benchmark"), ("sm", "SWE-bench-Multilingual", "benchmark"),
        ("m", "swe-bench tuning", "method"), ("x", "AI", "software"), ("xy", "AI Studio", "software"),
        parents={"p1": "p"},
    )  # fmt: skip
    assert dict(families(known).select("entity_id", "root").iter_rows()) == {
        "p": "p", "p1": "p", "s": "s", "sl": "s", "sm": "s",
    }  # fmt: skip
    close = family_pairs(known).filter((pl.col("entity_id") == "sl") & pl.col("is_close"))
    assert set(close["other_entity_id"].to_list()) == {"s", "sm"}


def test_a_family_counts_less_from_afar() -> None:
    """Parent, child and sibling in full, a cousin by half."""
    rows = [("q", "Qwen"), ("q2", "Qwen2"), ("q3", "Qwen3"), ("q3a", "Qwen3-8B")]
    known = entities(*((i, n, "model") for i, n in rows), parents={"q2": "q", "q3": "q", "q3a": "q3"})
    corpus = Corpus()
    for number, (name, _) in enumerate(rows):
        corpus.add(name, 1, number / 10, names=(name,)).add(f"{name}x", 0, 1)
    parts = {other: row["name_part"] for other, row in of(like(corpus, known), "q3a").items()}
    assert parts == {"q3": WEIGHTS.name, "q": WEIGHTS.name * WEIGHTS.far, "q2": WEIGHTS.name * WEIGHTS.far}


def test_nothing_to_compare() -> None:
    """No names, or one alone."""
    assert like(Corpus(), registry(**KINDS)).height == 0
    assert like(Corpus().add("a", 1, names=("gpt",)), registry(**KINDS)).height == 0


floats = st.floats(-1, 1).map(lambda value: round(value, 2))
documents = st.tuples(
    st.lists(floats, min_size=3, max_size=3), st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=4)
)


@given(made=st.lists(documents, min_size=1, max_size=12), seed=st.randoms(use_true_random=False))
def test_laws_of_similar_entities(made: list[tuple[list[float], list[str]]], seed: Random) -> None:
    """Not itself, each once, parts that add up, ranks without gaps, floor kept, the same for any order of rows."""
    corpus, shuffled = Corpus(), Corpus()
    rows = [(f"{n:02}", *one) for n, one in enumerate(made)]
    mixed = list(rows)
    seed.shuffle(mixed)
    for into, order in ((corpus, rows), (shuffled, mixed)):
        for name, directions, names in order:
            into.add(name, *directions, names=tuple(names))
    found = like(corpus, registry(**KINDS))
    assert found.equals(like(shuffled, registry(**KINDS)))
    assert found.filter(pl.col("entity_id") == pl.col("other_entity_id")).height == 0
    assert not found.select("entity_id", "other_entity_id").is_duplicated().any()
    assert found.select(pl.sum_horizontal(PARTS).round(6)).to_series().equals(found["score"], check_names=False)
    for _, one in found.group_by("entity_id"):
        assert one["rank"].to_list() == list(range(1, one.height + 1))
        assert (one["score"] >= WEIGHTS.floor).all() and one["score"].is_sorted(descending=True)
