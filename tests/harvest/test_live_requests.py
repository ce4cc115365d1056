"""What each adapter asks for, answer by answer; no network is touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from almanac_assets import settings
from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.harvest.fetch_errors import FetchFailed, SourceSaidNo
from almanac_assets.harvest.pull_addresses import addresses, days
from almanac_assets.harvest.pull_citations import citations, works_by_doi
from almanac_assets.harvest.pull_oai import harvest
from almanac_assets.harvest.pull_plan import AddressPull, CitationsPull, DailyPull, OaiPull, WorksPull, load_plan
from almanac_assets.harvest.pull_script import Done, Script
from almanac_assets.harvest.sources import Sources, SourcesBroken, load_sources

TODAY = date(2026, 6, 24)
OAI = "https://oaipmh.arxiv.org/oai"
Body = bytes | FetchFailed


def played(script: Script, answer: Callable[[str], Body]) -> tuple[list[str], Done]:
    """The addresses that a script asks for, each answered by `answer`, and what it ends with."""
    asked: list[str] = []
    try:
        request: Request = next(script)
        while True:
            asked.append(request.url)
            body = answer(request.url)
            if isinstance(body, FetchFailed):
                request = script.throw(body)
            else:
                moment = datetime(2026, 6, 24, 6, tzinfo=UTC)
                request = script.send(Answer(request.url, request.url, moment, 200, body))
    except StopIteration as end:
        return asked, end.value


def oai(inner: str, day: str = "2026-06-24") -> bytes:
    return (
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{day}T05:59:00Z</responseDate>'
        f'<request verb="ListRecords">{OAI}</request>{inner}</OAI-PMH>'
    ).encode()


def listed(token: str | None = None) -> bytes:
    ended = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    return oai(f"<ListRecords><record/>{ended}</ListRecords>")


def error(code: str) -> bytes:
    return oai(f"<error code='{code}'>told</error>")


def in_order(*bodies: Body) -> Callable[[str], Body]:
    left = list(bodies)
    return lambda url: left.pop(0)


def harvested(
    *bodies: Body, marks: Mapping[str, str] | None = None, sets: tuple[str, ...] = ()
) -> tuple[list[str], Done]:
    pull = OaiPull(how="oai", sets=sets, first_days=7, overlap_days=2, most_pages=5)
    return played(harvest(pull, OAI, marks or {}, TODAY), in_order(*bodies))


def test_a_first_harvest_goes_back_some_days() -> None:
    """And marks the day up to which it is whole, by the server's clock."""
    asked, done = harvested(listed())
    assert asked == [f"{OAI}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-06-17"]
    assert done.marks == {"all": "2026-06-24"} and not done.failures


def test_the_next_begins_before_the_last_ended() -> None:
    """Each set has its own mark; one that lies in the future, or is no day, is not believed."""
    marks = {"cs:cs:CL": "2026-06-20", "cs:cs:LG": "2099-01-01", "cs:cs:AI": "soon"}
    asked, _ = harvested(listed(), listed(), listed(), marks=marks, sets=tuple(marks))
    assert [url.split("&from=")[1] for url in asked] == [
        "2026-06-18&set=cs:cs:CL",
        "2026-06-22&set=cs:cs:LG",
        "2026-06-17&set=cs:cs:AI",
    ]


def test_tokens_are_opaque_and_encoded_once_more() -> None:
    """Nothing but the verb goes with them; an empty one ends the list."""
    asked, done = harvested(listed("verb%3DListRecords%26skip%3D60"), listed("a b&amp;c"), listed(""))
    assert asked[1:] == [
        f"{OAI}?verb=ListRecords&resumptionToken=verb%253DListRecords%2526skip%253D60",
        f"{OAI}?verb=ListRecords&resumptionToken=a%20b%26c",
    ]
    assert done.marks == {"all": "2026-06-24"}


def test_a_quiet_window_is_a_success() -> None:
    """The mark moves."""
    _, done = harvested(error("noRecordsMatch"))
    assert done.marks == {"all": "2026-06-24"} and not done.failures


def test_an_expired_token_begins_the_window_again_once() -> None:
    """What comes twice is merged later; a list that expires again is left for the next pull, its mark where it was."""
    asked, done = harvested(listed("t"), error("badResumptionToken"), listed("u"), listed(""))
    assert asked[2] == asked[0] and done.marks == {"all": "2026-06-24"}
    asked, done = harvested(listed("t"), error("badResumptionToken"), listed("u"), error("badResumptionToken"))
    assert len(asked) == 4 and done.marks == {}
    assert "expires before it is read" in str(done.failures[0])


def test_tokens_that_lead_round_in_a_circle_end_the_window() -> None:
    """At once for the same one, and after a round for others."""
    for tokens in (("t", "t"), ("t", "u", "t")):
        asked, done = harvested(*map(listed, tokens))
        assert len(asked) == len(tokens) and done.marks == {}
        assert "in a circle" in str(done.failures[0])


def test_an_endless_list_ends_at_a_number_of_pages() -> None:
    """The message says where to raise it."""
    _, done = harvested(*(listed(f"t{number}") for number in range(9)))
    assert "most_pages" in str(done.failures[0])


def test_a_set_that_fails_keeps_no_other_from_being_asked() -> None:
    """Its own mark stays."""
    asked, done = harvested(error("badArgument"), listed(), sets=("cs:cs:XX", "cs:cs:CL"))
    assert len(asked) == 2 and done.marks == {"cs:cs:CL": "2026-06-24"}
    assert "badArgument" in str(done.failures[0]) and "cs:cs:XX" in str(done.failures[0])


@pytest.mark.parametrize("body", [b"<rss/>", oai(""), oai("<Identify/>"), b"<a><b></a>"])
def test_what_is_no_list_moves_no_mark(body: bytes) -> None:
    """Not an empty harvest."""
    _, done = harvested(body)
    assert done.marks == {} and len(done.failures) == 1


def test_days_are_asked_for_one_by_one() -> None:
    """A day without a list loses no other."""
    pull = DailyPull(how="daily", days=3)
    failed = SourceSaidNo("x", "status 404", status=404)
    asked, done = played(days(pull, "https://hub.example/api", TODAY), in_order(b"[]", failed, b"[]"))
    assert [url.split("=")[1] for url in asked] == ["2026-06-22", "2026-06-23", "2026-06-24"]
    assert done.failures == [failed]


def test_single_addresses_stand_for_themselves() -> None:
    """As the plan writes them."""
    pull = AddressPull(how="addresses", expects="xml", addresses=("https://a.example/1", "https://a.example/2"))
    asked, _ = played(addresses(pull), in_order(FetchFailed("x", "no"), b"<a/>"))
    assert asked == list(pull.addresses)


S2 = "https://api.semanticscholar.org/graph/v1"


def cited(works: tuple[str, ...], *bodies: Body) -> tuple[list[str], Done]:
    return played(citations(CitationsPull(how="citations"), S2, works, None), in_order(*bodies))


def page(**stated: object) -> bytes:
    return json.dumps({"offset": 0, "data": []} | stated).encode()


def test_citations_are_read_to_the_last_page() -> None:
    """The last one names no next; ids are written as the index writes them."""
    asked, done = cited(("arxiv:2304.01373", "acl:P02-1040", "openalex:W1"), page(next=100), page(), page())
    assert [url.split("/paper/")[1].split("?")[0] for url in asked] == ["ARXIV:2304.01373/citations"] * 2 + [
        "ACL:P02-1040/citations"
    ]
    assert asked[1].endswith("&offset=100&limit=100") and not done.failures


def test_a_work_that_is_not_known_loses_no_other() -> None:
    """It is a note and no failure; other faults are failures."""
    not_found, busy = SourceSaidNo("x", "status 404", status=404), FetchFailed("x", "no")
    asked, done = cited(("arxiv:1", "arxiv:2", "arxiv:3"), not_found, busy, page())
    assert len(asked) == 3 and done.failures == [busy]
    assert done.notes == ["arxiv:1 is not known there"]


@pytest.mark.parametrize("following", [0, -5, "100", True, {}])
def test_offsets_only_grow(following: object) -> None:
    """Anything else would ask for ever."""
    asked, done = cited(("arxiv:1",), page(next=following))
    assert len(asked) == 1 and len(done.failures) == 1


def test_more_citing_works_than_can_be_had_are_told() -> None:
    """Cut short, and not taken for whole."""
    bodies = [page(next=100 * number) for number in range(1, 101)]
    asked, done = cited(("arxiv:1",), *bodies)
    assert len(asked) == 99 and "more citing works than can be had" in done.notes[0]


@pytest.mark.parametrize("body", [b'{"message": "Forbidden"}', b'{"error": "x"}', b"[1]", b"[" * 100_000, b"<html>"])
def test_an_error_in_the_dress_of_an_answer_is_told(body: bytes) -> None:
    """Status 200 or not."""
    _, done = cited(("arxiv:1",), body)
    assert len(done.failures) == 1


def indexed(works: tuple[str, ...], *bodies: Body) -> tuple[list[str], Done]:
    return played(
        works_by_doi(WorksPull(how="works"), "https://api.openalex.org/works", works, None), in_order(*bodies)
    )


def test_works_are_asked_for_by_their_dois_in_lists() -> None:
    """A cursor is followed to its end; a work without a DOI is left out."""
    more = json.dumps({"meta": {"next_cursor": "a/b="}, "results": [{}]}).encode()
    last = json.dumps({"meta": {"next_cursor": None}, "results": []}).encode()
    asked, done = indexed(("arxiv:2304.01373", "acl:P02-1040", "doi:10.1/x"), more, last)
    filtered = "https://api.openalex.org/works?filter=doi:10.48550/arxiv.2304.01373|10.1/x&per-page=100"
    assert asked == [f"{filtered}&cursor=*", f"{filtered}&cursor=a%2Fb%3D"] and not done.failures
    assert len(indexed(tuple(f"doi:10.1/{n}" for n in range(120)), last, last, last)[0]) == 3


def test_a_cursor_that_comes_again_ends_the_list() -> None:
    """And other lists are asked for all the same."""
    again = json.dumps({"meta": {"next_cursor": "c"}, "results": [{}]}).encode()
    asked, done = indexed(("arxiv:1",), again, again)
    assert len(asked) == 2 and "in a circle" in str(done.failures[0])


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)


def test_the_shipped_plan_asks_sources_that_exist(sources: Sources) -> None:
    """Each has an address and an upstream, and the groups of hosts keep arXiv's terms."""
    plan = load_plan(settings.PULLS_FILE, sources)
    asked = {source.id for pull in plan.pulls for source in plan.sources_of(pull, sources)}
    assert {"arxiv-oai", "arxiv-cs.CL", "openai-news", "hf-daily-papers", "semantic-scholar", "openalex"} <= asked
    arxiv = next(rule for rule in plan.host_rules if rule.covers("oaipmh.arxiv.org"))
    assert arxiv.pause >= 3 and arxiv.covers("rss.arxiv.org") and arxiv.covers("export.arxiv.org")
    assert {"arxiv_oai", "arxiv_listings", "lab_feeds"} <= set(plan.upstreams(sources))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pulls: [{how: fly}]", "pulls.0"),
        ("pulls: [{how: feed}]", "at least one source"),
        ("pulls: [{how: feed, sources: [anthropic-news]}]", "an endpoint"),
        ("pulls: [{how: oai, sources: [arxiv-oai], first_days: -1}]", "first_days"),
        ("pulls: [{how: citations, sources: [semantic-scholar], works: [2304.01373]}]", "works.0"),
        ("pulls: [{how: feed, sources: [openai-news], speed: 9}]", "speed"),
        ("pulls: [", "YAML"),
        ("- a", "a mapping"),
    ],
)
def test_a_plan_that_is_wrong_names_the_place(tmp_path: Path, sources: Sources, written: str, said: str) -> None:
    """Before anything is asked."""
    file = tmp_path / "pulls.yaml"
    file.write_text(written)
    with pytest.raises(SourcesBroken) as told:
        load_plan(file, sources)
    assert "pulls.yaml" in str(told.value) and said in str(told.value)
