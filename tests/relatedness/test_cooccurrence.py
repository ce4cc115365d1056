"""What is named together, and how far above chance."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.contract import TABLES
from almanac_assets.relatedness.cooccurrence import LIMITS, entity_cooccurrence


def together(*documents: str, order: Random | None = None) -> pl.DataFrame:
    """The table for documents 0, 1, ... of one day each, given as the letters of the entities that they name."""
    rows = [
        {"document_id": f"d{n}", "published_at": datetime(2026, 6, n + 1, tzinfo=UTC)} for n in range(len(documents))
    ]
    named = [{"document_id": f"d{n}", "entity_id": name} for n, names in enumerate(documents) for name in names]
    told = [{"event_id": f"e{n}", "document_id": f"d{n}"} for n in range(len(documents))]
    for frame in (rows, named, told):
        if order is not None:
            order.shuffle(frame)
    made = entity_cooccurrence(_frame("documents", rows), _frame("mentions", named), _frame("event_documents", told))
    assert made.schema == TABLES["entity_cooccurrence"].polars_schema
    return made


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLES[name].polars_schema, orient="row")


def pairs(table: pl.DataFrame) -> set[str]:
    """The pairs as two letters each."""
    return {left + right for left, right in table.select("entity_id", "other_entity_id").iter_rows()}


def test_counts_dates_and_evidence_of_a_pair() -> None:
    """In both directions, the newest documents first."""
    made = together("ab", "ab", "ab", "ab", "c", "d")
    assert pairs(made) == {"ab", "ba"}
    row = made.row(0, named=True)
    assert (row["documents"], row["events"]) == (4, 4)
    assert (row["first_together_at"].day, row["last_together_at"].day) == (1, 4)
    assert row["evidence_document_ids"] == ["d3", "d2", "d1"]


def test_measures_against_chance() -> None:
    """Of eight documents two name both, four the one and two the other: chance would have one."""
    row = together("ab", "ab", "a", "a", "x", "x", "y", "y").filter(pl.col("entity_id") == "a").row(0, named=True)
    assert row["lift"] == 2
    assert row["npmi"] == pytest.approx(math.log(2) / math.log(4), abs=1e-6)
    cells = 2 * math.log(2 * 8 / (4 * 2)) + 2 * math.log(2 * 8 / (4 * 6)) + 4 * math.log(4 * 8 / (4 * 6))
    assert row["log_likelihood"] == pytest.approx(2 * cells, abs=1e-6)


def test_what_is_named_together_less_than_by_chance_is_not_listed() -> None:
    """Two names that nearly every document has."""
    assert "ab" not in pairs(together("ab", "ab", "a", "a", "a", "b", "b", "b"))


def test_one_document_counts_only_where_there_is_no_pair_of_two() -> None:
    """c and d have nothing else; a has b, so ac stands because of c, and ae not at all."""
    made = pairs(together("ab", "abc", "ef", "ef", "ae", "x", "y", "z", "v", "w"))
    assert {"ab", "ba", "ac", "ca", "bc", "cb", "ef", "fe"} == made


def test_an_entity_shows_at_most_five_pairs_of_one_document() -> None:
    """Where one text names very many, each of them shows the first five."""
    made = together("abcdefghijklmnopqrstuvwxyz", "1")
    assert made.height < 26 * 25
    shown = made.group_by("entity_id").len()["len"]
    assert shown.min() is not None and int(str(shown.min())) >= LIMITS.anecdotes


def test_a_document_counts_a_name_once() -> None:
    """Ten mentions are one document, and copies of a document are one event."""
    documents = _frame("documents", [{"document_id": "d1"}, {"document_id": "d2"}])
    mentions = _frame("mentions", [{"document_id": d, "entity_id": e} for d in ("d1", "d2") for e in "aabbb"])
    told = _frame("event_documents", [{"event_id": "e", "document_id": d} for d in ("d1", "d2")])
    row = entity_cooccurrence(documents, mentions, told).row(0, named=True)
    assert (row["documents"], row["events"], row["first_together_at"]) == (2, 1, None)


def test_no_names_no_pairs() -> None:
    """Empty tables, and documents that name one thing each."""
    assert together().height == 0
    assert together("a", "b").height == 0


@given(
    documents=st.lists(st.sets(st.sampled_from("abcdef")).map(lambda names: "".join(sorted(names))), max_size=12),
    seed=st.randoms(use_true_random=False),
)
def test_laws_of_pairs(documents: list[str], seed: Random) -> None:
    """Symmetric with equal measures, within their bounds, evidence that names both, the same for any order."""
    made = together(*documents)
    assert made.equals(together(*documents, order=seed))
    measures = [name for name in made.columns if name not in ("entity_id", "other_entity_id")]
    turned = made.select(
        pl.col("other_entity_id").alias("entity_id"), pl.col("entity_id").alias("other_entity_id"), *measures
    )
    key = ["entity_id", "other_entity_id"]
    assert made.sort(key).equals(turned.sort(key))
    assert made["npmi"].is_between(-1, 1).all() and (made["lift"] >= 1).all() and (made["log_likelihood"] >= 0).all()
    for row in made.iter_rows(named=True):
        both = [
            f"d{n}" for n, names in enumerate(documents) if {row["entity_id"], row["other_entity_id"]} <= set(names)
        ]
        assert row["documents"] == len(both)
        assert row["evidence_document_ids"] == both[::-1][:3]
