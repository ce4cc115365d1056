"""What a reader of a paper should open next, and why."""

from __future__ import annotations

from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.relatedness.similar_papers import WEIGHTS
from tests.relatedness.rows import Corpus

PARTS = ("text_part", "entity_part", "citation_part", "category_part")


def test_the_nearest_text_comes_first() -> None:
    """Cosine of the vectors, times the weight of texts."""
    made = Corpus().add("a", 1, 0).add("b", 1, 0.2).add("c", 1, 0.8).add("d", 0, 1).of("a")
    assert [row["other_document_id"] for row in made] == ["arxiv:b", "arxiv:c"]
    assert made[0]["text_part"] == pytest.approx(WEIGHTS.text / np.hypot(1, 0.2), abs=1e-6)


def test_what_is_shared_adds_to_the_score_and_to_the_reason() -> None:
    """Each part in words: texts, names, categories."""
    both = {"names": ("pythia",), "filed": ("cs.CL", "cs.LG")}
    corpus = Corpus({"pythia": "model"}, model__pythia=5).add("a", 1, **both).add("b", 1, **both)
    (row,) = corpus.add("c", 0, 1).of("a")
    assert row["reason"] == "texts alike (cosine 1.0); both name PYTHIA; same categories"
    assert row["text_part"] == WEIGHTS.text
    assert row["category_part"] == WEIGHTS.category
    assert 0 < row["entity_part"] < WEIGHTS.entity
    assert row["citation_part"] == 0


def test_categories_overlap_by_their_share() -> None:
    """One of three in common is a third."""
    (row,) = Corpus().add("a", 1, filed=("cs.CL", "cs.LG")).add("b", 1, filed=("cs.LG", "stat.ML")).of("a")
    assert row["category_part"] == pytest.approx(WEIGHTS.category / 3, abs=1e-6)
    assert row["reason"].endswith("; categories overlap")
    (row,) = Corpus().add("a", 1, filed=("cs.CL",)).add("b", 1, filed=("stat.ML",)).of("a")
    assert (row["category_part"], row["reason"]) == (0, "texts alike (cosine 1.0)")


def test_a_rare_name_counts_more_than_a_common_one() -> None:
    """Even where it is the only name of both: 5 of 1,000 papers name the one, 500 the other."""
    types = {"pythia": "model", "transformer": "method"}
    year = {"model__pythia": 5, "method__transformer": 500}
    rare = Corpus(types, **year).add("a", 1, names=("pythia",)).add("b", 1, names=("pythia",)).of("a")
    common = Corpus(types, **year).add("a", 1, names=("transformer",)).add("b", 1, names=("transformer",)).of("a")
    assert rare[0]["entity_part"] > 3 * common[0]["entity_part"] > 0


def test_the_reason_names_the_rarest_three() -> None:
    """In the order of rarity; a name that only one of them has is not shared."""
    types = dict.fromkeys(("a1", "b2", "c3", "d4", "e5"), "model")
    year = {"model__a1": 500, "model__b2": 50, "model__c3": 5, "model__d4": 400}
    both = ("a1", "b2", "c3", "d4")
    (row,) = Corpus(types, **year).add("a", 1, names=both).add("b", 1, names=(*both, "e5")).of("a")
    assert "both name C3, B2, D4" in row["reason"]


def test_citations_add_to_the_score_and_to_the_reason() -> None:
    """Who cites whom counts in full; works that both cite count by how many of theirs they are."""
    corpus = Corpus().add("a", 1, cites=("b", "w", "v")).add("b", 1).add("c", 1, cites=("w", "v")).add("d", 1)
    of = {row["other_document_id"][6:]: row for row in corpus.of("a")}
    assert of["b"]["citation_part"] == WEIGHTS.citation
    assert of["b"]["reason"].endswith("; cites it")
    assert 0 < of["c"]["citation_part"] < WEIGHTS.citation / 2
    assert of["c"]["reason"].endswith("; both cite the same 2 works")
    assert of["d"]["citation_part"] == 0
    assert corpus.of("b")[0]["reason"].endswith("; cited by it")


def test_one_common_reference_says_little() -> None:
    """Even if it is the only one of both: coupling needs support."""
    one = Corpus().add("a", 1, cites=("w",)).add("b", 1, cites=("w",)).of("a")[0]
    many = tuple("tuvwxyz")
    seven = Corpus().add("a", 1, cites=many).add("b", 1, cites=many).of("a")[0]
    assert one["citation_part"] == pytest.approx(WEIGHTS.citation / 4, abs=1e-6)
    assert seven["citation_part"] == pytest.approx(WEIGHTS.citation * 0.7, abs=1e-6)


def test_a_cited_paper_is_compared_though_its_text_is_not_near() -> None:
    """With 50 papers of the same words between them it would not be among the nearest 40."""
    corpus = Corpus().add("a", 1, 0, cites=("z",)).add("z", 0.5, 0.8)
    for number in range(50):
        corpus.add(f"m{number:02}", 1, 0.1)
    assert "arxiv:z" not in corpus.neighbours.filter(pl.col("document_id") == "arxiv:a")["other_document_id"].to_list()
    assert "arxiv:a" in [row["other_document_id"] for row in corpus.of("z")]


def test_posts_are_no_papers() -> None:
    """They neither have such a list nor stand in one."""
    corpus = Corpus().add("a", 1).add("b", 1, kind="post").add("c", 1, kind="paper")
    assert [row["other_document_id"] for row in corpus.of("a")] == ["arxiv:c"]
    assert corpus.of("b") == []


def test_nothing_below_the_floor_is_listed() -> None:
    """A list is never padded: 0.60 x cosine 0.49 lies below 0.30, 0.60 x 0.6 above."""
    corpus = Corpus().add("a", 1, 0).add("b", 0.49, np.sqrt(1 - 0.49**2)).add("c", 0.6, 0.8)
    assert [row["other_document_id"] for row in corpus.of("a")] == ["arxiv:c"]
    assert (corpus.lists()["score"] >= WEIGHTS.floor).all()


def test_at_most_ten_are_listed_and_ties_go_by_id() -> None:
    """Ranks have no gaps; of equals the smaller id comes first, in whatever order they arrived."""
    corpus = Corpus()
    for name in reversed("abcdefghijklmn"):
        corpus.add(name, 1)
    made = corpus.of("a")
    assert [row["rank"] for row in made] == list(range(1, 11))
    assert [row["other_document_id"] for row in made] == [f"arxiv:{name}" for name in "bcdefghijk"]


def test_corpora_of_one_two_and_no_documents() -> None:
    """Nothing to list, or just the other one."""
    assert Corpus().lists().height == 0
    assert Corpus().add("a", 1).lists().height == 0
    made = Corpus().add("a", 1).add("b", 1).lists()
    assert made.select("document_id", "other_document_id").rows() == [("arxiv:a", "arxiv:b"), ("arxiv:b", "arxiv:a")]


def test_a_text_of_unknown_words_is_near_nothing() -> None:
    """A zero vector has no direction; shared names and categories alone stay below the floor."""
    both = {"names": ("pythia",), "filed": ("cs.CL",)}
    corpus = Corpus({"pythia": "model"}, model__pythia=5).add("a", **both).add("b", **both).add("c", 1, **both)
    assert corpus.lists().height == 0


floats = st.floats(-1, 1).map(lambda value: round(value, 2))
papers = st.tuples(
    st.lists(floats, min_size=3, max_size=3),
    st.lists(st.sampled_from(["pythia", "gpt", "parsing"]), unique=True, max_size=3),
    st.lists(st.sampled_from(["cs.CL", "cs.LG", "cs.AI"]), unique=True, max_size=3),
)


@settings(deadline=None, max_examples=40)
@given(made=st.lists(papers, min_size=2, max_size=14), seed=st.randoms(use_true_random=False))
def test_laws_of_every_list(made: list[tuple[list[float], list[str], list[str]]], seed: Random) -> None:
    """Not itself, each once, parts that add up after rounding, ranks without gaps, best first, the same for any order."""
    types = {"pythia": "model", "gpt": "model", "parsing": "task"}
    year = {"model__pythia": 5, "model__gpt": 100, "task__parsing": 300}
    corpus, shuffled = Corpus(types, **year), Corpus(types, **year)
    rows = [(f"{n:02}", *paper) for n, paper in enumerate(made)]
    mixed = list(rows)
    seed.shuffle(mixed)
    for into, order in ((corpus, rows), (shuffled, mixed)):
        for name, directions, names, filed in order:
            into.add(name, *directions, names=tuple(names), filed=tuple(filed))
    lists = corpus.lists()
    assert lists.equals(shuffled.lists())
    assert lists.filter(pl.col("document_id") == pl.col("other_document_id")).height == 0
    assert not lists.select("document_id", "other_document_id").is_duplicated().any()
    total = lists.select(pl.sum_horizontal(PARTS).round(6)).to_series()
    assert total.equals(lists["score"], check_names=False)
    for _, one in lists.group_by("document_id"):
        assert one["rank"].to_list() == list(range(1, one.height + 1))
        assert one["score"].is_sorted(descending=True)
        assert (one["score"] >= WEIGHTS.floor).all()
    for name in (*PARTS, "score"):
        assert lists[name].is_between(0, 1).all()
    told = lists["reason"].str.contains("both name").to_list()
    assert told == (lists["entity_part"] > 0).to_list()
