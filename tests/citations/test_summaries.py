"""What a work is to those who cite it, with the numbers that this rests on."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.intervals import wilson
from almanac_assets.citations.summaries import SUPPORT_LIMIT, citation_summaries
from almanac_assets.citations.uses import main_uses
from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import POLARITIES, ROLES
from tests.citations.rows import citation, citations, context, contexts, work, works


def many(**roles: int) -> list[tuple[str, str]]:
    """(citing work, role) for so many works of each role."""
    return [(f"s2:{role}{number}", role) for role, count in roles.items() for number in range(count)]


def summary(*sentences: dict[str, Any], found: int = 0, **of_citing: Any) -> dict[str, Any]:
    """The row of arxiv:1, cited in these sentences and by `found` more works."""
    citing = sorted({row["citing_work_id"] for row in sentences} | {f"s2:more{number}" for number in range(found)})
    made = citation_summaries(
        citations(*(citation(id_) for id_ in citing)),
        contexts(*sentences),
        works(*(work(id_, **of_citing) for id_ in ["arxiv:1", *citing])),
    )
    assert made.schema == TABLES["citation_summaries"].polars_schema
    (row,) = made.rows(named=True)
    return row


def by_roles(found: int = 0, **roles: int) -> dict[str, Any]:
    return summary(*(context(citing, role) for citing, role in many(**roles)), found=found)


def test_the_main_role_is_that_of_most_sentences() -> None:
    """Unclear sentences have no vote; ties go to the surer role, then to the order of the list."""
    uses = main_uses(
        contexts(
            *(context("s2:1", number=number) for number in range(3)),
            context("s2:1", "compares", number=3),
            context("s2:2", "compares", number=0),
            context("s2:2", "uses_data", number=1, role_confidence=0.9),
            context("s2:3", "uses_data", number=0),
            context("s2:3", "background", number=1),
            context("s2:4"),
        )
    )
    assert dict(uses.select("citing_work_id", "main_role").iter_rows()) == {
        "s2:1": "compares",
        "s2:2": "uses_data",
        "s2:3": "background",
        "s2:4": "unclear",
    }


def test_the_main_polarity_is_the_strongest_stance() -> None:
    """One dispute outweighs any number of neutral sentences, and neutral outweighs unclear."""
    stances = ["unclear", "neutral", "supports", "qualifies", "disputes"]
    for at, strongest in enumerate(stances):
        told = [context("s2:1", polarity=stance, number=number) for number, stance in enumerate(stances[: at + 1])]
        assert main_uses(contexts(*told))["main_polarity"].to_list() == [strongest]


def test_below_the_support_limit_there_is_no_class() -> None:
    """Unclear works do not help."""
    row = by_roles(uses_method=SUPPORT_LIMIT - 1, unclear=20)
    assert (row["hub_class"], row["hub_sentence"], row["classified_works"]) == ("unclassified", None, 9)
    assert by_roles(uses_method=SUPPORT_LIMIT)["hub_class"] == "tool_reference"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({"uses_method": 20, "uses_software_or_model": 21, "background": 17}, "tool_reference"),
        ({"uses_data": 30, "background": 10}, "data_reference"),
        ({"compares": 30, "background": 20}, "baseline"),
        ({"extends": 15, "motivation": 10, "background": 25}, "foundation"),
        ({"background": 40, "compares": 10}, "background_reference"),
        ({"background": 10, "compares": 10, "uses_data": 10}, "mixed"),
        # 6 of 10 is a share of 60 %, but its interval begins at 31 %.
        ({"uses_method": 6, "background": 4}, "mixed"),
    ],
)
def test_the_class_rests_on_the_lower_end_of_the_interval(roles: dict[str, int], expected: str) -> None:
    """The first rule that holds wins."""
    assert by_roles(**roles)["hub_class"] == expected


def test_the_sentence_carries_denominator_interval_and_what_was_left_out() -> None:
    """So that nobody has to take the class on trust."""
    sentences = [context(citing, role) for citing, role in many(uses_method=41, background=17, unclear=23)]
    sentences += [context("s2:uses_method0", "uses_method", number=number) for number in range(1, 63)]
    assert summary(*sentences)["hub_sentence"] == (
        "Tool reference: 41 of 58 classified citing works (71 %, 95 % interval 58 to 81 %) use it as a method, library or "
        "model; 23 further citing works are unclear (143 contexts in all)."
    )
    assert by_roles(background=10, compares=10, uses_data=10, unclear=1)["hub_sentence"] == (
        "Mixed: no use prevails beyond doubt; as the largest group, 10 of 30 classified citing works (33 %, 95 % interval 19 to 51 %) use "
        "it as a dataset or benchmark; 1 further citing work is unclear (31 contexts in all)."
    )


def test_the_counts_add_up() -> None:
    """Found, with a sentence, linked to documents, classified and unclear."""
    sentences = [context("s2:1", "compares"), context("s2:1", number=1), context("s2:2")]
    row = summary(*sentences, found=2, document_id="arxiv:9", year=2024)
    assert (row["citing_found"], row["citing_linked"], row["citing_with_context"], row["contexts"]) == (4, 4, 2, 3)
    assert (row["classified_works"], row["unclear_works"]) == (1, 1)
    assert (row["first_citation_year"], row["last_citation_year"], row["support_limit"]) == (2024, 2024, 10)


@pytest.mark.parametrize(
    ("found", "tier"),
    [(1, "rare"), (2, "rare"), (3, "emerging"), (20, "established"), (100, "hub"), (1000, "landmark")],
)
def test_tiers_go_by_citing_works_found(found: int, tier: str) -> None:
    """With or without a sentence."""
    assert by_roles(found=found)["tier"] == tier


def test_contested_needs_a_share_beyond_chance_and_five_who_dispute() -> None:
    """Works without a known stance do not count; the reason says how many of how many."""

    def of(disputes: int, qualifies: int, neutral: int, unclear: int = 50) -> dict[str, Any]:
        stances = {"disputes": disputes, "qualifies": qualifies, "neutral": neutral, "unclear": unclear}
        return summary(*(context(citing, polarity=stance) for citing, stance in many(**stances)))

    row = of(6, 4, 30)
    assert row["is_contested"] and row["contested_reason"] == (
        "10 of 40 citing works with a known stance (25 %, 95 % interval 14 to 40 %) dispute or qualify it; 6 of them dispute it"
    )
    assert not of(4, 20, 30)["is_contested"]
    quiet = of(6, 0, 60)
    assert not quiet["is_contested"] and quiet["contested_reason"] is None


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_the_interval_holds_the_share_and_shrinks(count: int, of: int) -> None:
    """Wilson's interval lies within 0 and 1, and ten times as many of ten times as many are told more exactly."""
    count = min(count, of)
    frame = pl.DataFrame({"count": [count, 10 * count], "of": [of, 10 * of]})
    low, high = wilson(pl.col("count"), pl.col("of"))
    (few_low, few_high), (many_low, many_high) = frame.select(low.alias("low"), high.alias("high")).rows()
    share = round(count / of, 6)
    assert 0 <= few_low <= share <= few_high <= 1
    assert many_high - many_low < few_high - few_low


def test_the_interval_is_the_published_one() -> None:
    """1 of 10 gives 1.8 to 40.4 %; of nothing there is none."""
    low, high = wilson(pl.col("count"), pl.col("of"))
    frame = pl.DataFrame({"count": [1, 0], "of": [10, 0]}).select(low.alias("low"), high.alias("high"))
    assert frame.rows() == [(0.017876, 0.404150), (None, None)]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(ROLES), st.sampled_from(POLARITIES)), min_size=1, max_size=20)
)
def test_unclear_is_the_main_role_only_of_works_that_are_unclear_throughout(told: list[tuple[int, str, str]]) -> None:
    """And classified and unclear works are all that have a sentence."""
    sentences = [
        context(f"s2:{citing}", role, stance, number=number) for number, (citing, role, stance) in enumerate(told)
    ]
    uses = main_uses(contexts(*sentences))
    for citing, main in uses.select("citing_work_id", "main_role").iter_rows():
        own = {role for number, role, _ in told if f"s2:{number}" == citing}
        assert main in own and (main == "unclear") == (own == {"unclear"})
    row = summary(*sentences)
    assert row["classified_works"] + row["unclear_works"] == row["citing_with_context"] == uses.height
    assert row["contexts"] == len(sentences)
