"""Answers of OpenAlex as works, edges and counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.openalex import LAST_POSITION, abstract_of, plain_title
from almanac_assets.harvest.records import Parsed

W = "https://openalex.org/W"


def work(**changes: Any) -> dict[str, Any]:
    """A work of OpenAlex."""
    return {
        "id": f"{W}4389761608",
        "doi": "https://doi.org/10.48550/arXiv.2312.07559",
        "title": "Paper<i>QA</i> &amp; more",
        "publication_year": 2023,
        "primary_location": {
            "landing_page_url": "https://doi.org/10.48550/arxiv.2312.07559",
            "source": {"display_name": "arXiv"},
        },
        "authorships": [{"author": {"display_name": "Ada B."}}, {"author": {}, "raw_author_name": "Carl D."}],
        "topics": [{"field": {"display_name": "Computer Science"}}, {"field": {"display_name": "Computer Science"}}],
        "abstract_inverted_index": {"We": [0], "probe": [1, 4], "and": [2, 5], "then": [3], "stop.": [6]},
        "referenced_works": [f"{W}1", f"{W}2", f"{W}1", "https://openalex.org/A3", None],
        "related_works": [f"{W}9"],
        "cited_by_count": 11,
    } | changes


def read(value: Any) -> Parsed:
    return parse(json.dumps(value).encode(), "openalex", "https://api.openalex.org/works", 200)


def test_a_work_tells_whom_it_cites_and_how_often_it_is_cited() -> None:
    """Works that it cites are named by id alone; related works are a guess and not read."""
    parsed = read(work())
    row = parsed.works.row(0, named=True)
    assert row["ids"][:2] == ["arxiv:2312.07559", "openalex:W4389761608"]
    assert (row["title"], row["year"], row["venue"]) == ("PaperQA & more", 2023, "arXiv")
    assert (row["authors"], row["fields"]) == (["Ada B.", "Carl D."], ["Computer Science"])
    assert row["abstract"] == "We probe and then probe and stop."
    assert parsed.edges.select("citing", "cited").rows() == [
        ("arxiv:2312.07559", "openalex:W1"),
        ("arxiv:2312.07559", "openalex:W2"),
    ]
    assert parsed.observations.rows() == [(0, "arxiv:2312.07559", "cited_by", 11, None)]


def test_a_page_tells_its_size_and_whether_it_is_the_last() -> None:
    """By the cursor; a list asked for by page number has none."""
    parsed = read({"meta": {"count": 30, "next_cursor": "abc"}, "results": [work(), work(id=f"{W}7", doi=None)]})
    facts = parsed.facts
    assert (parsed.works.height, facts.stated_total, facts.resumption_token) == (2, 30, "abc")
    assert facts.is_last_page is False
    assert read({"meta": {"count": 0, "next_cursor": None}, "results": []}).facts.is_last_page is True
    assert read({"meta": {"count": 0}, "results": []}).outcome == "empty"


def test_the_arxiv_id_may_stand_in_a_location() -> None:
    """Where the DOI is that of a journal."""
    places = [{"landing_page_url": None}, {"landing_page_url": "http://arxiv.org/abs/2312.07559"}]
    stated = work(doi="https://doi.org/10.1000/X", primary_location=None, locations=places)
    assert read(stated).works["ids"][0].to_list()[:2] == ["arxiv:2312.07559", "doi:10.1000/x"]


@pytest.mark.parametrize(
    ("index", "abstract"),
    [
        (None, None),
        ({}, None),
        ({"a": [0], "c": [7]}, "a c"),
        ({"a": [0], "b": [0]}, "a"),
        ({"a": [0], "b": [LAST_POSITION + 1], "c": [-1], "d": ["1"], "e": [True], "f": 3}, "a"),
        ({"a": [10**12]}, None),
    ],
)
def test_an_abstract_is_rebuilt_from_places_that_can_be(index: Any, abstract: str | None) -> None:
    """Holes are closed, of two words for one place the first holds, no place reserves memory."""
    assert abstract_of(index) == abstract


def test_titles_lose_elements_and_keep_comparisons() -> None:
    """`a < b` is no element."""
    assert plain_title("On <b>H<sub>2</sub>O</b>") == "On H2O"
    assert plain_title("a < b and c > d") == "a < b and c > d"
    assert plain_title(None) is None


def test_a_work_without_title_is_rejected_alone() -> None:
    """The other one stays."""
    parsed = read({"meta": {}, "results": [work(title=None), work(id=f"{W}7")]})
    assert parsed.rejects.select("ordinal", "reason").rows() == [(0, "missing_title")]
    assert parsed.works["ordinal"].to_list() == [1]


@pytest.mark.parametrize("kind", ["A5023888391", "fields/17", "T10001"])
def test_answers_about_other_things_are_named_and_not_read(kind: str) -> None:
    """Authors, fields, topics."""
    parsed = read({"id": f"https://openalex.org/{kind}", "display_name": "x"})
    assert parsed.rejects.select("reason", "detail").rows() == [
        ("wrong_type", f"an OpenAlex answer about {kind}, which is not read")
    ]
