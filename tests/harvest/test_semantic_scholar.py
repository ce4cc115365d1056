"""Answers of Semantic Scholar as works, edges, contexts and counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.semantic_scholar import subject_ids
from almanac_assets.harvest.records import Parsed

HOST = "https://api.semanticscholar.org/graph/v1/paper/"
PAGE = HOST + "ARXIV:2304.01373/citations?fields=title,contexts&offset=0"
SENTENCE = "We run all our experiments on Pythia models [4]."


def paper(**changes: Any) -> dict[str, Any]:
    """A paper with many fields."""
    return {
        "paperId": "a" * 40,
        "corpusId": 257921893,
        "externalIds": {"ArXiv": "2401.00001", "DOI": "10.48550/arXiv.2401.00001", "ACL": "2024.acl-long.1"},
        "title": "Probing  probes",
        "abstract": None,
        "year": 2024,
        "venue": "",
        "publicationVenue": {"name": "ACL"},
        "fieldsOfStudy": ["Computer Science"],
        "s2FieldsOfStudy": [{"category": "Computer Science"}, {"category": "Linguistics"}],
        "authors": [{"authorId": None, "name": "Ada B."}, {"authorId": "1", "name": None}],
        "citationCount": 7,
    } | changes


def citation(**changes: Any) -> dict[str, Any]:
    """A row of a page of citations."""
    return {
        "contexts": [SENTENCE],
        "intents": ["methodology", "background"],
        "isInfluential": True,
        "contextsWithIntent": [{"context": SENTENCE, "intents": ["methodology"]}],
        "citingPaper": paper(),
    } | changes


def read(value: Any, url: str | None = PAGE) -> Parsed:
    return parse(json.dumps(value).encode(), "semantic-scholar", url, 200)


def page(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"offset": 0, "data": list(rows)} | more


def test_a_page_of_citations_tells_who_cites_the_paper_of_the_address() -> None:
    """The page itself does not name that paper."""
    parsed = read(page(citation(), next=100))
    ids = ["arxiv:2401.00001", "s2:257921893", "acl:2024.acl-long.1"]
    work = parsed.works.row(0, named=True)
    assert work["ids"][:3] == ids and work["ids"][3].startswith("title:")
    assert (work["title"], work["year"], work["venue"], work["authors"]) == ("Probing probes", 2024, "ACL", ["Ada B."])
    assert work["fields"] == ["Computer Science", "Linguistics"]
    assert parsed.edges.rows() == [
        (0, "arxiv:2401.00001", "arxiv:2304.01373", ["background", "methodology"], True),
    ]
    context = parsed.contexts.row(0, named=True)
    assert (context["sentence"], context["position"], context["s2_intents"]) == (SENTENCE, 0, ["methodology"])
    assert SENTENCE[context["marker_start"] : context["marker_end"]] == "[4]"
    assert parsed.observations.rows() == [(0, "arxiv:2401.00001", "cited_by", 7, None)]
    assert (parsed.facts.is_last_page, parsed.facts.resumption_token) == (False, "100")


def test_the_last_page_has_no_next() -> None:
    """An empty one is empty, and no fault."""
    assert read(page(citation())).facts.is_last_page is True
    assert read(page()).outcome == "empty"


def test_intents_of_the_row_are_no_intents_of_its_contexts() -> None:
    """Only pairs tell what a sentence does."""
    parsed = read(page(citation(contextsWithIntent=None)))
    assert parsed.contexts["s2_intents"].to_list() == [[]]
    assert parsed.edges["s2_intents"].to_list() == [["background", "methodology"]]


def test_a_page_of_references_tells_whom_the_paper_cites() -> None:
    """There first author and year of the cited work choose among several marks."""
    sentence = "Others (Roe et al., 2020) came before probes (B. et al., 2024) did."
    other = paper(authors=[{"name": "Carl Roe"}], year=2020)
    row = {"contexts": [sentence], "intents": [], "isInfluential": False, "citedPaper": other}
    parsed = read(page(row), HOST + "CorpusID:14514057/references")
    assert parsed.edges.rows() == [(0, "s2:14514057", "arxiv:2401.00001", [], False)]
    start, end = parsed.contexts.select("marker_start", "marker_end").row(0)
    assert sentence[start:end] == "Roe et al., 2020"


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("ARXIV:2304.01373", ("arxiv:2304.01373",)),
        ("arXiv:2304.01373v2", ("arxiv:2304.01373",)),
        ("CorpusID:14514057", ("s2:14514057",)),
        ("DOI:10.48550/arXiv.2304.01373", ("arxiv:2304.01373",)),
        ("DOI%3A10.1093%2Fmind%2Flix.236.433", ("doi:10.1093/mind/lix.236.433",)),
        ("10.2139/ssrn.2250500", ("doi:10.2139/ssrn.2250500",)),
        ("ACL:W12-3903", ("acl:W12-3903",)),
        ("URL:https://arxiv.org/abs/2304.01373", ("arxiv:2304.01373",)),
        ("a" * 40, ()),
        ("MAG:112218234", ()),
        ("CorpusID:x", ()),
    ],
)
def test_the_address_names_the_paper_in_many_ways(named: str, ids: tuple[str, ...]) -> None:
    """A 40-digit paperId names it for nobody else."""
    assert subject_ids(f"{HOST}{named}/citations?fields=title") == ids


@pytest.mark.parametrize("url", [None, HOST + "a" * 40 + "/citations", HOST + "search?query=x"])
def test_without_the_cited_paper_works_are_kept_and_edges_are_not(url: str | None) -> None:
    """The reject says how many were lost, and what was expected."""
    parsed = read(page(citation(), citation(citingPaper=paper(corpusId=1, externalIds=None))), url)
    assert (parsed.works.height, parsed.edges.height, parsed.contexts.height) == (2, 0, 0)
    assert parsed.rejects["reason"].to_list() == ["missing_id"]
    assert "2 citations not kept" in parsed.rejects["detail"][0]


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ("too short [4]", "truncated"),
        ("long " * 400, "too_large"),
        ("BLEU 27.3 38.1 41.0 12.2 Transformer 28.4 41.8 99.0 [4]", "wrong_type"),
        ("Model of ours [4] | 27.3 | 38.1 | 41.0 | in words", "wrong_type"),
        (
            "S. Biderman, H. Schoelkopf, and Q. Anthony. Pythia: a suite. In Proceedings of ICML, pp. 2397-2430, 2023.",
            "wrong_type",
        ),
    ],
)
def test_a_context_that_is_no_sentence_is_rejected_alone(context: str, reason: str) -> None:
    """The edge and the other sentences stay; the locator tells which context it was."""
    parsed = read(page(citation(contexts=[context, SENTENCE], contextsWithIntent=[])))
    assert parsed.contexts["sentence"].to_list() == [SENTENCE]
    assert parsed.rejects.select("locator", "reason").rows() == [("record 0, context 0", reason)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Vision models [3, 4, 20, 21, 22, 23, 24, 29, 30, 32, 33, 34, 35, 38] commonly follow it.",
        "Its posterior p ( x | x t ) is p ( x | x t , N ) p ( N | x t ) as in [25].",
        "With 3 seeds, 5 folds and 10 runs we reach 27.3 BLEU against 28.4 of Pythia [4].",
    ],
)
def test_a_sentence_may_hold_numbers_and_bars(sentence: str) -> None:
    """Marks that name many works, formulas and figures make no table."""
    assert read(page(citation(contexts=[sentence]))).contexts["sentence"].to_list()[-1] == sentence


def test_repeated_contexts_of_a_pair_are_kept_once() -> None:
    """Also where the citing work stands twice on the page; positions go on."""
    other = "They are small models, as Pythia [9] is."
    parsed = read(page(citation(contexts=[SENTENCE, SENTENCE]), citation(contexts=[other, SENTENCE])))
    assert parsed.contexts.select("position", "sentence").rows() == [(0, SENTENCE), (1, other)]
    assert (parsed.edges.height, parsed.rejects.height) == (2, 0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (citation(citingPaper=paper(title=None)), "missing_title"),
        (citation(citingPaper=None), "missing_title"),
        (citation(citingPaper=paper(title="证据", corpusId=None, externalIds={})), "missing_id"),
        (citation(citingPaper=paper(externalIds={"ArXiv": "2304.01373"})), "duplicate_id"),
    ],
)
def test_a_bad_row_loses_itself_only(row: Any, reason: str) -> None:
    """A work has a title and an id, and does not cite itself."""
    parsed = read(page(row, citation()))
    assert parsed.edges["citing"].to_list() == ["arxiv:2401.00001"]
    assert parsed.rejects.select("ordinal", "reason").rows() == [(0, reason)]


def test_a_batch_holds_null_for_the_unknown() -> None:
    """Places stay those of the answer."""
    parsed = read([None, paper(), None], HOST + "batch")
    assert parsed.works["ordinal"].to_list() == [1]
    assert parsed.rejects.is_empty()


def test_a_paper_with_its_lists_tells_both_directions() -> None:
    """A list of 1,000 may have been cut, which a note says."""
    cites = [paper(corpusId=number, externalIds={}, title=f"Paper {number}") for number in range(1000)]
    parsed = read(paper(citations=cites, references=[paper(corpusId=5000, externalIds={}, title="Old")]), None)
    assert (parsed.works.height, parsed.edges.height) == (1002, 1001)
    assert parsed.edges.row(0)[1:3] == ("s2:0", "arxiv:2401.00001")
    assert parsed.edges.row(1000)[1:3] == ("arxiv:2401.00001", "s2:5000")
    assert parsed.facts.notes == ("citations inside a paper end at 1000: there may be more",)
    assert parsed.works["ordinal"].n_unique() == 1002


def test_papers_asked_for_without_titles_are_one_reject() -> None:
    """Only paperId and what was asked for come."""
    parsed = read(page({"paperId": "x", "citationCount": 3}, {"paperId": "y", "citationCount": 2}), None)
    assert parsed.rejects.select("ordinal", "reason").rows() == [(None, "missing_title")]


@pytest.mark.parametrize("body", [{"error": "Paper with id 0 not found"}, {"message": "Forbidden"}])
def test_both_envelopes_of_failure_are_told(body: Any) -> None:
    """Whatever the status says."""
    parsed = read(body)
    assert parsed.rejects["reason"].to_list() == ["protocol_error"]
