"""The requests of an OAI-PMH harvest: one window per set, page by page, until the list ends.

Source: OAI-PMH 2.0, section 3.5 (flow control), and arXiv's own notes: a window begins with the day of the last whole
harvest, less an overlap, and has no end; the list is alive while it is read, so records come twice and none may be lost.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.harvest.fetch_errors import FetchFailed, SourceSaidNo
from almanac_assets.harvest.formats.oai import NOTHING_FOUND, read_facts
from almanac_assets.harvest.formats.times import read_day
from almanac_assets.harvest.formats.xml_bytes import local_name, read_tree, refuse_unreadable
from almanac_assets.harvest.pull_plan import OaiPull
from almanac_assets.harvest.pull_script import Done, Script
from almanac_assets.harvest.records import Facts

EVERYTHING = "all"  # the name of the window that asks for no set
EXPIRED = "badResumptionToken"
RESTARTS = 1  # a list that expires twice within one pull is left for the next


def harvest(pull: OaiPull, endpoint: str, marks: Mapping[str, str], today: date) -> Script:
    """Ask for every set; a set that fails leaves its mark where it was and keeps none of the others from being asked."""
    done = Done()
    for name in pull.sets or (EVERYTHING,):
        begin = window_begin(marks.get(name), pull, today)
        try:
            reached = yield from _window(pull, endpoint, name, begin)
        except FetchFailed as failure:
            done.failures.append(failure)
            continue
        done.marks[name] = reached.isoformat()
    return done


def window_begin(mark: str | None, pull: OaiPull, today: date) -> date:
    """The day from which changes are asked for: never after today, whatever a mark says."""
    reached = read_day(mark)
    if reached is None:
        return today - timedelta(days=pull.first_days)
    return min(reached, today) - timedelta(days=pull.overlap_days)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page tells of the list that it belongs to."""

    facts: Facts
    answered: date


def _window(pull: OaiPull, endpoint: str, name: str, begin: date) -> Generator[Request, Answer, date]:
    """All pages of one window; returns the day up to which it is whole, by the server's clock."""
    for _ in range(RESTARTS + 1):
        arguments = f"verb=ListRecords&metadataPrefix=arXivRaw&from={begin.isoformat()}"
        first = f"{endpoint}?{arguments}" + ("" if name == EVERYTHING else f"&set={quote(name, safe=':')}")
        reached = yield from _pages(pull, endpoint, first)
        if reached is not None:
            return reached
    raise SourceSaidNo(first, f"{EXPIRED} again: the list expires before it is read")


def _pages(pull: OaiPull, endpoint: str, first: str) -> Generator[Request, Answer, date | None]:
    """The pages of one list; None if its token expired. Raises FetchFailed for any other fault of the list."""
    url, used, reached = first, set[str](), None
    for _ in range(pull.most_pages):
        answer = yield Request(url, "xml", pull.caps, pull.seconds)
        page = _read(url, answer)
        # The first answer counts: what changes while the others are read may be missing from them.
        reached = reached or page.answered
        if page.facts.error_code == EXPIRED and used:
            return None
        if page.facts.error_code not in (None, NOTHING_FOUND):
            raise SourceSaidNo(url, f"the server answered {page.facts.error_code}", status=answer.http_status)
        token = page.facts.resumption_token
        if page.facts.error_code or not token:
            return reached
        if token in used:
            raise FetchFailed(url, "the resumption token leads round in a circle")
        used.add(token)
        # The token is opaque and may be percent-encoded already: it is encoded once more, whatever it holds.
        url = f"{endpoint}?verb=ListRecords&resumptionToken={quote(token, safe='')}"
    raise FetchFailed(first, f"more than {pull.most_pages} pages", remedy="raise most_pages in data/pulls.yaml")


def _read(url: str, answer: Answer) -> _Page:
    """The envelope of a page; FetchFailed where the answer is none."""
    try:
        root, notes = read_tree(refuse_unreadable(answer.body or b""))
    except FeedBroken as broken:
        raise FetchFailed(url, f"no OAI-PMH answer: {broken.detail}") from None
    if local_name(root) != "OAI-PMH":
        raise FetchFailed(url, f"expected OAI-PMH, found the element {local_name(root)}")
    facts = read_facts({local_name(child): child for child in root}, notes)
    is_list = facts.oai_verb == "ListRecords" and facts.is_last_page is not None
    if facts.error_code is None and not is_list:
        raise FetchFailed(url, "expected records or an error, found neither")
    return _Page(facts, (facts.answered_at or answer.fetched_at).date())
