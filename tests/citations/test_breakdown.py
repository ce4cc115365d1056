"""Citing works and sentences by role, stance, field and year, each share with what it is a share of."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.breakdown import citation_breakdown
from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import POLARITIES, ROLES
from tests.citations.rows import citation, citations, context, contexts, work, works


def table(
    *sentences: dict[str, Any], citing: tuple[dict[str, Any], ...] = ()
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Rows of arxiv:1 by unit, dimension and label; `citing` are works that cite it, beside those of the sentences."""
    known = {row["work_id"]: row for row in citing}
    known = {row["citing_work_id"]: work(row["citing_work_id"]) for row in sentences} | known
    made = citation_breakdown(
        citations(*(citation(id_) for id_ in sorted(known))),
        contexts(*sentences),
        works(work("arxiv:1"), *known.values()),
    )
    assert made.schema == TABLES["citation_breakdown"].polars_schema
    return {(row["unit"], row["dimension"], row["label"]): row for row in made.rows(named=True)}


def test_works_and_sentences_are_counted_apart() -> None:
    """A work has one main role, its sentences one each; what is unclear is left out and told."""
    rows = table(
        context("s2:1", "compares", "neutral"),
        context("s2:1", "compares", number=1),
        context("s2:1", "background", number=2),
        context("s2:2", "background", number=0),
        context("s2:3"),
    )
    by_work, by_context = rows["work", "role", "compares"], rows["context", "role", "compares"]
    assert (by_work["count"], by_work["of"], by_work["left_out"], by_work["share"]) == (1, 2, 1, 0.5)
    assert (by_context["count"], by_context["of"], by_context["left_out"], by_context["share"]) == (2, 4, 1, 0.5)
    stance = rows["work", "polarity", "neutral"]
    assert (stance["count"], stance["of"], stance["left_out"], stance["share"]) == (1, 1, 2, 1.0)
    assert ("work", "role", "unclear") not in rows


def test_fields_and_years_are_of_all_citing_works() -> None:
    """Also of those without a sentence; a work with two fields counts in both."""
    rows = table(
        context("s2:1"),
        citing=(
            work("s2:1", year=2023, fields=["Computer Science", "Linguistics"]),
            work("s2:2", year=2024, fields=["Linguistics"]),
            work("s2:3"),
        ),
    )
    year, field = rows["work", "year", "2024"], rows["work", "field", "Linguistics"]
    assert (year["count"], year["of"], year["left_out"]) == (1, 2, 1)
    assert (field["count"], field["of"], field["left_out"], field["share"]) == (2, 2, 1, 1.0)
    assert rows["context", "year", "2023"]["of"] == 1


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(ROLES), st.sampled_from(POLARITIES)), min_size=1, max_size=20)
)
def test_every_share_follows_from_its_counts(told: list[tuple[int, str, str]]) -> None:
    """Counts of one dimension add up to its denominator, and with what is left out to all."""
    sentences = [
        context(f"s2:{citing}", role, stance, number=number) for number, (citing, role, stance) in enumerate(told)
    ]
    rows = table(*sentences)
    citing = len({number for number, _, _ in told})
    for (unit, dimension, _), row in rows.items():
        assert row["share"] == round(row["count"] / row["of"], 6)
        assert row["low"] <= row["share"] <= row["high"]
        same = [other["count"] for (u, d, _), other in rows.items() if (u, d) == (unit, dimension)]
        assert sum(same) == row["of"]
        assert row["of"] + row["left_out"] == (citing if unit == "work" else len(told))
