"""Which reader a JSON payload gets, and what becomes of all others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.records import CONTEXTS, EDGES, OBSERVATIONS, RECORDS, REJECTS, WORKS

from . import test_daily_papers, test_openalex, test_semantic_scholar
from .payloads import snapshot_line


def read_format(value: Any) -> str:
    return parse(json.dumps(value).encode()).facts.format


def test_the_keys_tell_the_form() -> None:
    """Never the address, which a file does not have."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}
    assert read_format(feed) == "json_feed"
    assert read_format([test_daily_papers.entry()]) == "hf_daily_papers"
    assert read_format(test_semantic_scholar.page(test_semantic_scholar.citation())) == "semantic_scholar"
    assert read_format([None, test_semantic_scholar.paper()]) == "semantic_scholar"
    assert read_format(test_openalex.work()) == "openalex"
    assert parse(snapshot_line()).facts.format == "snapshot"


def test_a_pretty_printed_answer_is_one_value_and_not_lines() -> None:
    """Also where its second line looks like a line of its own."""
    for indent in (1, 2):
        body = json.dumps({"meta": {}, "results": [test_openalex.work()]}, indent=indent).encode()
        assert parse(body).works.height == 1
    body = b'{"data": [\n' + json.dumps(test_semantic_scholar.paper()).encode() + b"\n]}"
    assert parse(body).works.height == 1


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"status": "ok", "message-type": "work", "message": {"DOI": "10.1/x"}}, "a Crossref answer"),
        ({"doi": "10.1/x", "doi_url": "https://doi.org/10.1/x", "oa_locations": []}, "an Unpaywall answer"),
        ([{"oci": "1-2", "citing": "doi:1", "cited": "doi:2"}], "an OpenCitations answer"),
        ({"total": 1, "data": [{"authorId": "1", "name": "A"}]}, "an answer of Semantic Scholar about authors"),
        (["2022-05-10", "2022-05-17"], "an answer of Semantic Scholar about datasets"),
        ({"recommendedPapers": [{"paperId": "x"}]}, "recommendations of Semantic Scholar"),
    ],
)
def test_answers_that_are_not_read_are_named(value: Any, name: str) -> None:
    """One clear reject each."""
    parsed = parse(json.dumps(value).encode())
    assert parsed.rejects.select("locator", "reason", "detail").rows() == [
        ("whole payload", "wrong_type", f"{name}, which is not read")
    ]


def test_anything_else_is_refused_with_its_keys() -> None:
    """So that a new form can be told from a broken one."""
    parsed = parse(b'{"papers": [], "took": 3}')
    assert parsed.rejects.select("reason", "detail").rows() == [
        ("schema_changed", "expected an answer of a known API, found an object with papers, took")
    ]


@pytest.mark.parametrize("status", [301, 404, 429, 500])
def test_of_an_answer_with_another_status_nothing_is_kept(status: int) -> None:
    """However well it reads; its reason is that of the form where the form refuses it, too."""
    body = json.dumps(test_openalex.work()).encode()
    parsed = parse(body, status=status)
    assert (parsed.outcome, parsed.rejects["reason"].to_list()) == ("error", ["protocol_error"])
    assert f"status 200, found {status}" in parsed.rejects["detail"][0]
    assert parse(b"<!doctype html><p>gone", status=status).rejects["reason"].to_list() == ["wrong_type"]


KEYS = (
    "paper", "id", "title", "authors", "name", "data", "citingPaper", "citedPaper", "paperId", "externalIds", "contexts",
    "contextsWithIntent", "context", "intents", "citations", "results", "meta", "next_cursor", "doi", "open_access",
    "abstract_inverted_index", "referenced_works", "authorships", "topics", "field", "version", "items", "error", "message",
    "publishedAt", "upvotes", "corpusId", "year", "citationCount",
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        ["2606.01234", "https://openalex.org/W1", "2026-06-01T00:00:00Z", "A title", "jsonfeed.org/version/1"]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
URLS = st.sampled_from([None, "", test_semantic_scholar.PAGE, "https://huggingface.co/api/daily_papers"])


@settings(max_examples=300, deadline=None)
@given(VALUES, URLS)
def test_any_value_under_known_keys_gives_frames_of_the_schemas(value: Any, url: str | None) -> None:
    """A field may hold anything; nothing raises, and ordinals name each work once."""
    parsed = parse(json.dumps(value).encode(), "x", url)
    for frame, schema in (
        (parsed.records, RECORDS),
        (parsed.rejects, REJECTS),
        (parsed.works, WORKS),
        (parsed.edges, EDGES),
        (parsed.contexts, CONTEXTS),
        (parsed.observations, OBSERVATIONS),
    ):
        assert frame.schema == schema
    assert parsed.works["ordinal"].is_unique().all() and parsed.edges["ordinal"].is_unique().all()
    assert all(parsed.works["ids"].list.len() > 0)


GOOD_BODIES = [
    json.dumps(test_semantic_scholar.page(test_semantic_scholar.citation())).encode(),
    json.dumps([test_daily_papers.entry()]).encode(),
    json.dumps(test_openalex.work()).encode(),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD_BODIES), st.integers(0, 900), st.integers(0, 40), st.binary(max_size=12))
def test_damaged_answers_are_read_or_refused(body: bytes, start: int, length: int, put: bytes) -> None:
    """A piece cut out, another put in."""
    parsed = parse(body[:start] + put + body[start + length :], "x", test_semantic_scholar.PAGE)
    assert parsed.outcome in ("new", "empty", "error")
