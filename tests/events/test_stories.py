"""Which documents are one event, what it is called, and who takes part."""

from __future__ import annotations

from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.contract import TABLES
from almanac_assets.events import stories
from almanac_assets.events.identity import event_id
from almanac_assets.events.importance import importance_parts
from tests.events.rows import (
    SEEN,
    SOURCES,
    WHEN,
    categories,
    constants,
    document,
    documents,
    event_entities,
    mention,
    mentions,
    named,
    registry,
)


def events(*papers: dict[str, Any], entities: pl.DataFrame | None = None) -> list[dict[str, Any]]:
    """The table `events` of these papers."""
    table, named_in = documents(*papers), event_entities() if entities is None else entities
    parts = importance_parts(table, named_in, categories(), registry(), SOURCES, constants())
    made = stories.events(table, named_in, parts, SOURCES, constants())
    assert made.schema == TABLES["events"].polars_schema
    return made.rows(named=True)


def test_the_id_follows_from_the_opening_document_alone() -> None:
    """A new title, text or version keeps it."""
    (first,), (second,) = events(document()), events(document(title="Probes, revised", version=2, text=None))
    assert first["event_id"] == second["event_id"] == event_id("arxiv:1")
    assert event_id("arxiv:1") != event_id("arxiv:2")


def test_each_document_is_the_lead_of_its_event() -> None:
    """A revision is the same document, so one event rests on one document; the reason tells of the versions."""
    made = stories.event_documents(documents(document(), document("arxiv:2", version=3)))
    assert made.schema == TABLES["event_documents"].polars_schema
    assert made.select("document_id", "role", "rule").rows() == [
        ("arxiv:1", "lead", "same_id"),
        ("arxiv:2", "lead", "same_id"),
    ]
    assert made["reason"].to_list() == ["the only document of this work", "versions up to 3 of one document"]


def test_an_event_occurs_when_its_lead_was_published() -> None:
    """Never on the day we saw it; without a date it has none."""
    (known,), (unknown,) = events(document()), events(document(published_at=None, day=None))
    assert (known["occurred_at"], known["first_seen_at"]) == (WHEN, SEEN)
    assert (unknown["occurred_at"], unknown["day"]) == (None, None)


def test_a_withdrawn_lead_makes_a_withdrawn_event() -> None:
    """It stays in the table, with its status and fewer points."""
    (stands,), (gone,) = events(document()), events(document(is_withdrawn=True))
    assert (stands["record_status"], gone["record_status"]) == ("active", "withdrawn")
    assert gone["importance_score"] == stands["importance_score"] - 4
    assert gone["importance"] == 1


def test_an_event_counts_its_entities() -> None:
    """Zero where none is named."""
    both = events(document(), document("arxiv:2"), entities=event_entities(named("a"), named("b")))
    assert [row["entity_count"] for row in both] == [2, 0]


def test_a_summary_is_the_first_two_sentences_word_for_word() -> None:
    """Null exactly where there is no text, and its basis says so."""
    (made,) = events(document())
    assert (made["summary"], made["summary_basis"]) == ("We show things. They hold.", "abstract_lead")
    (made,) = events(document(text="One sentence only"))
    assert made["summary"] == "One sentence only"
    (made,) = events(document(text=None))
    assert (made["summary"], made["summary_basis"]) == (None, "none")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Probes: What They Find", "probes-what-they-find"),
        ("Über Größe & Maß", "uber-groe-ma"),
        ("  --- GPT-4o (mini) ---  ", "gpt-4o-mini"),
        ("100 % of k-sparse probes", "100-of-k-sparse-probes"),
        ("大型语言模型", ""),
    ],
)
def test_a_slug_has_small_letters_digits_and_single_hyphens(title: str, slug: str) -> None:
    """Accents fall off their letters; what has no Latin letter gives nothing."""
    assert stories.slug(title) == slug


def test_a_long_slug_is_cut_between_words() -> None:
    """At most 72 characters and the digits; a single word of that length is cut where it must be."""
    (cut,) = stories.slugs(pl.Series(["word " * 40]), pl.Series(["ev-0123456789abcdef"]))
    assert cut == "word-" * 14 + "012345"
    (cut,) = stories.slugs(pl.Series(["a" * 100]), pl.Series(["ev-0123456789abcdef"]))
    assert cut == "a" * 72 + "-012345"


def test_equal_titles_have_slugs_of_their_own() -> None:
    """By the digits of the event; a title of other letters has all of them."""
    made = [row["slug"] for row in events(document(), document("arxiv:2"))]
    assert made[0] != made[1]
    assert all(slug.startswith("probes-") for slug in made)
    (foreign,) = events(document(title="大型语言模型"))
    assert foreign["slug"] == event_id("arxiv:1").removeprefix("ev-")


@given(title=st.text(min_size=1, max_size=120))
def test_any_title_gives_a_slug_that_keeps_the_contract(title: str) -> None:
    """Never empty, never a hyphen at either end."""
    (slug,) = stories.slugs(pl.Series([title]), pl.Series(["ev-0123456789abcdef"]))
    assert slug.strip("-") == slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in slug
    assert len(slug) <= stories.SLUG_LENGTH + 7


def entities_of(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The table `event_entities`, by entity."""
    made = stories.event_entities(mentions(*rows))
    assert made.schema == TABLES["event_entities"].polars_schema
    return {row["entity_id"]: row for row in made.iter_rows(named=True)}


def test_a_name_in_the_headline_is_more_salient_than_one_in_the_text() -> None:
    """Early is more than late, often more than once."""
    made = entities_of(
        mention("headline", "title", 10),
        mention("early", start=0),
        mention("late", start=900),
        *(mention("often", start=900 + n) for n in range(3)),
    )
    salience = {name: row["salience"] for name, row in made.items()}
    assert salience["headline"] > salience["early"] > salience["often"] > salience["late"]
    assert [name for name, row in made.items() if row["in_headline"]] == ["headline"]


def test_the_first_mention_is_that_in_the_title() -> None:
    """Title before text, then by place; all are counted."""
    made = entities_of(mention("a", start=5), mention("a", "title", 30), mention("a", start=2))["a"]
    assert (made["first_mention_id"], made["mention_count"]) == ("m-a-title-30", 3)
    assert entities_of(mention("a", start=5), mention("a", start=2))["a"]["first_mention_id"] == "m-a-text-2"


def test_a_mention_without_entity_takes_no_part() -> None:
    """What could not be linked names nobody."""
    assert entities_of(mention(None)) == {}


@given(
    spots=st.lists(
        st.tuples(st.sampled_from(["title", "text"]), st.integers(0, 5000)), min_size=1, max_size=12, unique=True
    ),
    seed=st.randoms(use_true_random=False),
)
def test_salience_lies_between_0_and_1_whatever_the_order(spots: list[tuple[str, int]], seed: Random) -> None:
    """It depends on the mentions, not on their order."""
    rows = [mention("a", field, start) for field, start in spots]
    made = entities_of(*rows)
    seed.shuffle(rows)
    assert entities_of(*rows) == made
    assert 0 < made["a"]["salience"] <= 1
