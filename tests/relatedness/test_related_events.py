"""What else happened that belongs to an event, and why."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.relatedness.related_events import PARTS, WEIGHTS
from almanac_assets.text.vectors import WordTable, document_vectors
from tests.relatedness.rows import Corpus

MODEL = Path(__file__).parents[2] / "data" / "models" / "static_words"


def test_each_part_adds_up_and_is_told() -> None:
    """Texts, names, a citation, a guide and the days between."""
    corpus = Corpus({"pythia": "model"}, model__pythia=5)
    corpus.add("a", 1, names=("pythia",), cites=("b",)).add("b", 1, names=("pythia",), day=30).add("c", 0, 1)
    (row,) = corpus.guide("g1", "a", "b").related_to("a")
    assert row["text_part"] == WEIGHTS.text
    assert 0 < row["entity_part"] < WEIGHTS.entity
    assert row["citation_part"] == WEIGHTS.citation
    assert 0 < row["guide_part"] < WEIGHTS.guide
    assert row["recency_part"] == pytest.approx(WEIGHTS.recency / 2)
    assert row["shared_entity_ids"] == ["pythia"]
    assert row["reason"] == (
        "texts alike (cosine 1.0); both name PYTHIA; cites it; both in the guide “Guide g1”; 30 days apart"
    )


def test_time_counts_between_the_two_and_never_from_today() -> None:
    """Halved every 30 days; without a date nothing is added and nothing said."""
    corpus = Corpus().add("a", 1).add("b", 1, day=0).add("c", 1, day=-60).add("d", 1, day=None)
    parts = {row["other"]: row["recency_part"] for row in corpus.related_to("a")}
    assert parts == {"b": WEIGHTS.recency, "c": WEIGHTS.recency / 4, "d": 0}
    assert {row["other"]: row["reason"].split("; ")[1:] for row in corpus.related_to("a")} == {
        "b": ["within a day"], "c": ["60 days apart"], "d": [],
    }  # fmt: skip


def test_a_small_guide_says_more_than_one_of_everything() -> None:
    """By the logarithm of its size; of several shared guides the smallest counts."""
    corpus = Corpus().add("a", 1).add("b", 1).add("c", 0, 1).add("d", 0, 1)
    corpus.guide("small", "a", "b").guide("all", "a", "b", "c", "d")
    (row,) = corpus.related_to("a")
    assert row["guide_part"] == pytest.approx(WEIGHTS.guide / 2)
    assert "Guide small" in row["reason"]


def test_the_documents_of_one_event_are_one() -> None:
    """A copy stands for its event, whichever document is nearer, and is never listed beside its own."""
    corpus = Corpus().add("a", 1, 0).add("a2", 1, 0, told_in="a").add("b", 0.7, 0.7).add("b2", 1, 0.1, told_in="b")
    (row,) = corpus.related_to("a")
    assert (row["other"], row["text_part"]) == ("b", pytest.approx(WEIGHTS.text / (1 + 0.1**2) ** 0.5, abs=1e-6))
    assert len(corpus.related_to("b")) == 1


def test_events_of_no_words_or_no_corpus() -> None:
    """Nothing to compare, nothing listed."""
    assert Corpus().related().height == 0
    assert Corpus().add("a", 1).related().height == 0
    assert Corpus().add("a").add("b").add("c", 1).related().height == 0


def test_lexical_false_friends_rank_low() -> None:
    """“Consistent” in statistics of phylogenetic trees is not “consistent” of circuits in language models."""
    titles = {
        "circuits": "LLM Circuit Analyses Are Consistent Across Training and Scale",
        "phases": "Language Model Behavioral Phases are Consistent Across Architecture, Training Data, and Scale",
        "prompts": "Finding Highly Interpretable Prompt-Specific Circuits in Language Models",
        "trees": "Weighted Statistical Binning: enabling statistically consistent genome-scale phylogenetic analyses",
        "layers": "Survey proposes four-layer architecture for token-operations-oriented LLM inference optimization",
    }
    texts = pl.DataFrame({"content_hash": list(titles), "title": list(titles.values()), "text": [None] * len(titles)})
    made = document_vectors(texts.cast({"text": pl.String}), WordTable.load(MODEL))
    corpus = Corpus()
    for name, components, scale in made.select("content_hash", "vector", "scale").iter_rows():
        corpus.add(name, 1)
        corpus.frames["document_vectors"][-1] |= {"vector": components, "scale": scale}
    near = corpus.neighbours.filter(pl.col("document_id") == "arxiv:circuits")["other_document_id"].to_list()
    assert near[:2] == ["arxiv:prompts", "arxiv:phases"]
    assert "arxiv:trees" not in near
    assert [row["other"] for row in corpus.related_to("circuits")] == ["prompts"]


floats = st.floats(-1, 1).map(lambda value: round(value, 2))
events = st.tuples(
    st.lists(floats, min_size=3, max_size=3),
    st.lists(st.sampled_from(["pythia", "gpt"]), unique=True, max_size=2),
    st.lists(st.sampled_from(["00", "01", "w"]), unique=True, max_size=2),
    st.one_of(st.none(), st.integers(-400, 0)),
)


@given(made=st.lists(events, min_size=2, max_size=12), seed=st.randoms(use_true_random=False))
def test_laws_of_related_events(made: list[tuple[list[float], list[str], list[str], int | None]], seed: Random) -> None:
    """Not itself, each once, parts that add up, ranks without gaps, best first, floor kept, the same for any order."""
    types, year = {"pythia": "model", "gpt": "model"}, {"model__pythia": 5, "model__gpt": 100}
    corpus, shuffled = Corpus(types, **year), Corpus(types, **year)
    rows = [(f"{n:02}", *event) for n, event in enumerate(made)]
    mixed = list(rows)
    seed.shuffle(mixed)
    for into, order in ((corpus, rows), (shuffled, mixed)):
        for name, directions, names, cites, day in order:
            others = tuple(work for work in cites if work != name)
            into.add(name, *directions, names=tuple(names), cites=others, day=day)
    related = corpus.related()
    assert related.equals(shuffled.related())
    assert related.filter(pl.col("event_id") == pl.col("other_event_id")).height == 0
    assert not related.select("event_id", "other_event_id").is_duplicated().any()
    assert related.select(pl.sum_horizontal(PARTS).round(6)).to_series().equals(related["score"], check_names=False)
    assert ((related["shared_entity_ids"].list.len() > 0) == (related["entity_part"] > 0)).all()
    for _, one in related.group_by("event_id"):
        assert one["rank"].to_list() == list(range(1, one.height + 1))
        assert one["score"].is_sorted(descending=True)
        assert (one["score"] >= WEIGHTS.floor).all() and one.height <= WEIGHTS.shown
