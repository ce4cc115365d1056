"""Which documents are one event, what it is called, and who takes part."""

from __future__ import annotations

from datetime import timedelta
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
from almanac_assets.events.slugs import SLUG_LENGTH, slugs
from almanac_assets.events.slugs import slug as slug_words
from almanac_assets.events.summary import chosen_sentences, summary_sentences
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
    newest,
    post,
    registry,
    told,
    upvotes,
)


def events(*papers: dict[str, Any], entities: pl.DataFrame | None = None) -> list[dict[str, Any]]:
    """The table `events` of these papers."""
    table, named_in = documents(*papers), event_entities() if entities is None else entities
    of = told(table)
    parts = importance_parts(table, of, named_in, categories(), registry(), SOURCES, upvotes(), constants())
    chosen = chosen_sentences(table.select("content_hash", "title", "text", "language"))
    summaries = summary_sentences(chosen, table, of)["summary_sentences"]
    made = stories.events(table, of, named_in, summaries, parts, SOURCES, constants())
    assert made.schema == TABLES["events"].polars_schema
    return made.rows(named=True)


def test_the_id_follows_from_the_opening_document_alone() -> None:
    """A new title, text or version keeps it."""
    (first,), (second,) = events(document()), events(document(title="Probes, revised", version=2, text=None))
    assert first["event_id"] == second["event_id"] == event_id("arxiv:1")
    assert event_id("arxiv:1") != event_id("arxiv:2")


def test_each_document_is_the_lead_of_its_event() -> None:
    """A revision is the same document, so one event rests on one document; the reason tells of the versions."""
    made = told(documents(document(), document("arxiv:2", version=3)))
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


def test_the_summary_is_its_sentences() -> None:
    """Null exactly where there is no text, and its basis says so."""
    (made,) = events(document(text="One sentence only"))
    assert (made["summary"], made["summary_basis"]) == ("One sentence only", "extractive")
    (made,) = events(document(text=None))
    assert (made["summary"], made["summary_basis"]) == (None, "none")


def test_a_post_about_a_paper_is_part_of_its_event() -> None:
    """The paper leads, whatever was seen first; a post of another title covers it, one of the same title is a copy."""
    table = documents(
        document("arxiv:1706.03762"), post(), post("x:2", title="Something on attention", source_id="other-blog")
    )
    link = ["https://arxiv.org/abs/1706.03762v3"]
    made = told(table, n1=link, n2=link).sort("document_id")
    assert made["event_id"].n_unique() == 1
    assert made.select("document_id", "role", "rule").rows() == [
        ("arxiv:1706.03762", "lead", "same_id"),
        ("lab-blog:1", "same_work", "links_to"),
        ("x:2", "coverage", "links_to"),
    ]


def test_a_post_that_links_to_several_papers_is_about_none_of_them() -> None:
    """It stays an event of its own."""
    table = documents(document("arxiv:1706.03762"), document("arxiv:2005.14165"), post(title="Reading list"))
    made = told(table, n1=["https://arxiv.org/abs/1706.03762", "https://arxiv.org/pdf/2005.14165.pdf"])
    assert made["event_id"].n_unique() == 3


def test_a_paper_without_text_leaves_the_lead_to_a_post_that_has_one() -> None:
    """A lead must tell something."""
    table = documents(document("arxiv:1706.03762", text=None), post())
    made = told(table, n1=["https://arxiv.org/abs/1706.03762"])
    assert made.filter(role="lead")["document_id"].to_list() == ["lab-blog:1"]


def test_two_papers_with_one_title_stay_two() -> None:
    """Ids of their own veto; a post of that title goes to one of them and does not bind them together."""
    title = "Scaling laws for neural language models"
    table = documents(document("arxiv:1", title=title), document("arxiv:2", title=title), post(title=title))
    made = told(table)
    assert made["event_id"].n_unique() == 2
    assert told(documents(document("arxiv:1", title=title), post(title=title)))["event_id"].n_unique() == 1
    assert told(documents(post(title=title), post("lab-blog:2", title=title)))["event_id"].n_unique() == 2


def test_an_event_keeps_its_id_when_its_lead_changes() -> None:
    """A post opened the story; the paper that leads it later has the post's event, and its own id leads there."""
    link = ["https://arxiv.org/abs/1706.03762"]
    alone = told(documents(post()))
    later = documents(document("arxiv:1706.03762", first_seen_at=SEEN + timedelta(days=3)), post())
    known = alone.select("document_id", "event_id")
    made = stories.event_documents(later, newest(later, n1=link), known)
    assert set(made["event_id"]) == set(alone["event_id"]) == {event_id("lab-blog:1")}


def test_two_events_that_become_one_leave_a_redirect() -> None:
    """The id of the later one leads to the id of the earlier one."""
    link = ["https://arxiv.org/abs/1706.03762"]
    table = documents(document("arxiv:1706.03762"), post(first_seen_at=SEEN + timedelta(days=3)))
    known = told(table).select("document_id", "event_id")
    made = stories.event_documents(table, newest(table, n1=link), known)
    gone = stories.event_redirects(known, made, pl.DataFrame({"as_of": [SEEN]})).row(0, named=True)
    assert (gone["from_id"], gone["to_ids"], gone["reason"]) == (
        event_id("lab-blog:1"),
        [event_id("arxiv:1706.03762")],
        "merge",
    )


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Introducing Gemma 9", None, "model_release"),
        ("Optimizing your LLM in production", None, "tutorial"),
        ("Scaling laws for neural language models", None, "research"),
        ("Announcing our Series B", None, "people_and_funding"),
        ("An open dataset", "We are releasing a dataset of questions.", "other"),
        ("Releasing an open dataset of questions", None, "dataset_release"),
        ("A walk in the park", None, "other"),
    ],
)
def test_a_post_is_what_its_headline_says(title: str, text: str | None, kind: str) -> None:
    """What says nothing is other; a paper is research whatever its title."""
    assert events(post(title=title, text=text))[0]["kind"] == kind
    assert events(document(title=title))[0]["kind"] == "research"


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
    assert slug_words(title) == slug


def test_a_long_slug_is_cut_between_words() -> None:
    """At most 72 characters and the digits; a single word of that length is cut where it must be."""
    (cut,) = slugs(pl.Series(["word " * 40]), pl.Series(["ev-0123456789abcdef"]))
    assert cut == "word-" * 14 + "012345"
    (cut,) = slugs(pl.Series(["a" * 100]), pl.Series(["ev-0123456789abcdef"]))
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
    (slug,) = slugs(pl.Series([title]), pl.Series(["ev-0123456789abcdef"]))
    assert slug.strip("-") == slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in slug
    assert len(slug) <= SLUG_LENGTH + 7


def entities_of(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The table `event_entities`, by entity."""
    made = stories.event_entities(mentions(*rows), told(documents(document())))
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
