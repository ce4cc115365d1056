"""Read answers of OpenAlex about works: one work, or a page of a list.

Source: https://docs.openalex.org/api-entities/works/work-object. Edges come from `referenced_works`; `related_works` are
OpenAlex's own guess and are not read. The works that are cited are named by id alone, so they get no row of their own.
"""

from __future__ import annotations

import html
import re
from typing import Any

from almanac_assets.harvest.formats.collect_works import WorkCollector
from almanac_assets.harvest.formats.json_bytes import at, count_at, objects, text_at, year_at
from almanac_assets.harvest.formats.values import clean_text, read_identity
from almanac_assets.harvest.records import Facts, Parsed, Work
from almanac_assets.harvest.work_ids import work_ids

FORMAT = "openalex"
LAST_POSITION = 20_000  # of a word: an abstract as long as a whole paper; a larger one is a fault, not an abstract

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def read_openalex(value: Any, url: str | None = None, notes: tuple[str, ...] = ()) -> Parsed:
    """The works of an answer, whom they cite and how often they are cited; `url` is the address that was asked."""
    collector = WorkCollector()
    results = at(value, "results")
    listed = results if isinstance(results, list) else [value]
    for ordinal, work in objects(listed):
        _read_work(ordinal, work, collector)
    cursor = text_at(value, "meta", "next_cursor")
    pages = isinstance(at(value, "meta"), dict) and "next_cursor" in at(value, "meta")
    facts = Facts(
        FORMAT,
        claimed_url=url,
        stated_total=count_at(value, "meta", "count"),
        resumption_token=cursor,
        is_last_page=cursor is None if pages else None,
        notes=notes,
    )
    return collector.parsed(facts)


def abstract_of(index: Any) -> str | None:
    """The abstract from words and their places, in the order of the places; of two words for one place the first holds.

    Holes are closed; places that are no whole number from 0 to LAST_POSITION are passed over.
    """
    words: dict[int, str] = {}
    for word, places in index.items() if isinstance(index, dict) else ():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and not isinstance(place, bool) and 0 <= place <= LAST_POSITION:
                words.setdefault(place, word)
    return clean_text(" ".join(words[place] for place in sorted(words)))


def plain_title(stated: str | None) -> str | None:
    """A title without HTML elements and entities."""
    return clean_text(html.unescape(_TAG.sub("", stated or "")))


def _read_work(ordinal: int, stated: dict[str, Any], collector: WorkCollector) -> None:
    title = plain_title(text_at(stated, "title") or text_at(stated, "display_name"))
    name = text_at(stated, "id") or text_at(stated, "doi")
    ids = work_ids(
        title=title, doi=text_at(stated, "doi"), openalex_id=text_at(stated, "id"), arxiv_id=_arxiv_id(stated)
    )
    authors = (
        text_at(entry, "author", "display_name") or text_at(entry, "raw_author_name")
        for _, entry in objects(at(stated, "authorships"))
    )
    topics = (text_at(topic, "field", "display_name") for _, topic in objects(at(stated, "topics")))
    work = Work(
        ordinal,
        ids,
        title or "",
        abstract=abstract_of(at(stated, "abstract_inverted_index")),
        year=year_at(stated, "publication_year"),
        venue=text_at(stated, "primary_location", "source", "display_name"),
        fields=tuple(dict.fromkeys(field for field in topics if field)),
        authors=tuple(author for author in authors if author),
    )
    if not collector.work(work, name):
        return
    referenced = at(stated, "referenced_works")
    cited = (
        work_ids(openalex_id=known)
        for known in (referenced if isinstance(referenced, list) else [])
        if isinstance(known, str)
    )
    for other in dict.fromkeys(found[0] for found in cited if found):
        if other not in ids:
            collector.edge(ordinal, ids[0], other)
    collector.count(ordinal, ids[0], "cited_by", count_at(stated, "cited_by_count"))


def _arxiv_id(stated: dict[str, Any]) -> str | None:
    """The arXiv id that a place of the work names, where its DOI is not arXiv's own."""
    places = [at(stated, "primary_location"), *(place for _, place in objects(at(stated, "locations")))]
    pages = (text_at(place, "landing_page_url") for place in places)
    return next((found.arxiv_id for page in pages if (found := read_identity(page))), None)
