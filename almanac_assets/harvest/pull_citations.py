"""The requests to citation indexes: pages of who cites a work, and the records of works by their DOIs.

Sources: the Semantic Scholar Graph API (pages by offset, of which fewer than 10,000 rows can be had) and OpenAlex (pages by
cursor). A key, where there is one, goes with the request as the index wants it and into no address that is written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote

from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.harvest.fetch_errors import FetchFailed, SourceSaidNo
from almanac_assets.harvest.pull_plan import CitationsPull, WorksPull
from almanac_assets.harvest.pull_script import Done, Script
from almanac_assets.harvest.redaction import Secret

FIELDS = "contexts,contextsWithIntent,intents,isInfluential,title,abstract,year,venue,corpusId,externalIds,authors"
SCHEMES = {"arxiv": "ARXIV", "doi": "DOI", "acl": "ACL", "s2": "CorpusId"}  # ours and Semantic Scholar's
FEWER_THAN = 10_000  # rows of one work that the API gives, offset and limit together
DOIS_AT_ONCE = 50  # OpenAlex takes up to 100 values in one filter
NOT_FOUND = 404
ARXIV_DOI = "10.48550/arxiv."
FIRST_CURSOR = "*"
# By source: the variable of the environment with its key, and how the key is sent.
KEYS: dict[str, tuple[str, str, Literal["header", "query"]]] = {
    "semantic-scholar": ("ALMANAC_S2_KEY", "x-api-key", "header"),
    "openalex": ("ALMANAC_OPENALEX_KEY", "api_key", "query"),
}
MOST_PAGES = 1000  # of one cursor; a list of 50 works has one or two


def citations(pull: CitationsPull, endpoint: str, works: tuple[str, ...], secret: Secret | None) -> Script:
    """All pages for each work; a work that the index does not know, or that fails, loses no other."""
    done = Done()
    for work in works:
        scheme, _, rest = work.partition(":")
        if scheme not in SCHEMES:
            continue
        base = f"{endpoint}/paper/{SCHEMES[scheme]}:{quote(rest, safe='/:.()-')}/citations?fields={FIELDS}"
        try:
            yield from _pages(pull, base, work, secret, done)
        except FetchFailed as failure:
            if failure.status == NOT_FOUND:
                done.notes.append(f"{work} is not known there")
            else:
                done.failures.append(failure)
    return done


def _pages(pull: CitationsPull, base: str, work: str, secret: Secret | None, done: Done) -> Script:
    offset = 0
    while offset + pull.page_size < FEWER_THAN:
        url = f"{base}&offset={offset}&limit={pull.page_size}"
        answer = yield Request(url, "json", pull.caps, pull.seconds, secret)
        following = _value(url, answer).get("next")
        if following is None:
            return done
        if not isinstance(following, int) or isinstance(following, bool) or following <= offset:
            raise FetchFailed(url, f"expected a next offset above {offset}, found {str(following)[:40]}")
        offset = following
    done.notes.append(f"{work} has more citing works than can be had: {offset} were asked for")
    return done


def works_by_doi(pull: WorksPull, endpoint: str, works: tuple[str, ...], secret: Secret | None) -> Script:
    """The records of the works that have a DOI, in lists of at most DOIS_AT_ONCE, each to the end of its cursor."""
    done = Done()
    for batch in _batches([doi for work in works if (doi := _doi(work))]):
        base = f"{endpoint}?filter=doi:{quote('|'.join(batch), safe='|/:.()-')}&per-page={pull.page_size}"
        try:
            yield from _cursor(pull, base, secret)
        except FetchFailed as failure:
            done.failures.append(failure)
    return done


def _cursor(pull: WorksPull, base: str, secret: Secret | None) -> Script:
    cursor, used = FIRST_CURSOR, set[str]()
    for _ in range(MOST_PAGES):
        used.add(cursor)
        url = f"{base}&cursor={quote(cursor, safe='*')}"
        answer = yield Request(url, "json", pull.caps, pull.seconds, secret)
        value = _value(url, answer)
        meta, results = value.get("meta"), value.get("results")
        following = meta.get("next_cursor") if isinstance(meta, dict) else None
        if following is None or not results:
            return Done()
        if not isinstance(following, str) or following in used:
            raise FetchFailed(url, "the cursor leads round in a circle")
        cursor = following
    raise FetchFailed(base, f"more than {MOST_PAGES} pages")


def _value(url: str, answer: Answer) -> dict[str, Any]:
    """The answer as a JSON object; SourceSaidNo for an error in the dress of an answer."""
    try:
        value = json.loads(answer.body or b"")
    except (ValueError, RecursionError):
        raise FetchFailed(url, "expected JSON, found something else") from None
    if not isinstance(value, dict):
        raise FetchFailed(url, "expected a JSON object")
    told = value.get("error") or value.get("message")
    if told and "data" not in value and "results" not in value:
        raise SourceSaidNo(url, f"the index answered: {str(told)[:160]}")
    return value


def _doi(work: str) -> str | None:
    """The DOI of a work, arXiv's own for a paper of arXiv."""
    scheme, _, rest = work.partition(":")
    return {"doi": rest, "arxiv": f"{ARXIV_DOI}{rest}"}.get(scheme)


def _batches(values: list[str]) -> Iterator[list[str]]:
    return (values[first : first + DOIS_AT_ONCE] for first in range(0, len(values), DOIS_AT_ONCE))
