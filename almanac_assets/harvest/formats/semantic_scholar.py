"""Read answers of the Semantic Scholar Graph API: pages of citations and references, papers, batches and searches.

Source: https://api.semanticscholar.org/api-docs/graph. A page of citations does not name the paper it is about; that stands
in the address alone. Intents of a row are a set and not parallel to its contexts: only `contextsWithIntent` pairs them.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from almanac_assets.contract.lists import S2_INTENTS
from almanac_assets.harvest.formats.collect_works import WorkCollector
from almanac_assets.harvest.formats.json_bytes import at, count_at, objects, text_at, year_at
from almanac_assets.harvest.formats.values import clean_text, read_identity
from almanac_assets.harvest.records import Facts, Parsed, Work
from almanac_assets.harvest.work_ids import work_ids

FORMAT = "semantic_scholar"
NESTED_LIMIT = 1000  # rows of a list inside a paper; more are left out without a word
CITING, CITED = "citingPaper", "citedPaper"

_SUBJECT = re.compile(r"/paper/(?P<id>[^?#]+?)/(?:citations|references)(?:[?#]|$)")


def read_semantic_scholar(value: Any, url: str | None = None, notes: tuple[str, ...] = ()) -> Parsed:
    """The works, edges, contexts and counts of an answer; `url` is the address that it was asked from.

    A null in a batch is a paper that is not known, and nothing is missing then. Rows without title are rejected.
    """
    collector = WorkCollector()
    rows = value if isinstance(value, list) else at(value, "data")
    if isinstance(rows, list):
        linked = [side for side in (CITING, CITED) if any(side in row for _, row in objects(rows))]
        if linked:
            _read_links(rows, linked[0], subject_ids(url), url, collector)
        elif rows and not any(text_at(row, "title") for _, row in objects(rows)) and any(rows):
            collector.reject(None, None, "missing_title", f"expected titles, found none in {len(rows)} papers")
        else:
            for ordinal, row in objects(rows):
                _read_paper(ordinal, row, collector)
    else:
        notes += _read_whole(value, collector)
    total = count_at(value, "total")
    more = [name for name in ("next", "token") if at(value, name) is not None]
    facts = Facts(
        FORMAT,
        claimed_url=url,
        stated_total=total,
        resumption_token=str(at(value, more[0])) if more else None,
        is_last_page=not more if isinstance(at(value, "data"), list) else None,
        notes=notes,
    )
    return collector.parsed(facts)


def subject_ids(url: str | None) -> tuple[str, ...]:
    """The ids of the paper that a page of citations or references is about, from its address; empty if it names none.

    A 40-digit paperId is no id of anybody else and names nothing here.
    """
    found = _SUBJECT.search(url or "")
    named = unquote(found["id"]) if found else ""
    scheme, colon, rest = named.partition(":")
    match scheme.lower() if colon else "":
        case "arxiv":
            return work_ids(arxiv_id=rest)
        case "corpusid":
            return work_ids(s2_corpus_id=int(rest)) if re.fullmatch(r"[0-9]{1,15}", rest) else ()
        case "acl":
            return work_ids(acl_id=rest)
        case "doi" | "url":
            return work_ids(arxiv_id=rest) or work_ids(doi=rest)
    return work_ids(doi=named) if read_identity(named) is None else work_ids(arxiv_id=named)


def _read_links(
    rows: list[Any], side: str, subject: tuple[str, ...], url: str | None, collector: WorkCollector
) -> None:
    """The rows of a page: on its `side` the other paper, which cites the page's own paper or is cited by it."""
    linked = 0
    for ordinal, row in objects(rows):
        paper = at(row, side)
        ids = _read_paper(ordinal, paper if isinstance(paper, dict) else {}, collector)
        if not ids:
            continue
        linked += 1
        if not subject:
            continue
        pair = (ids[0], subject[0]) if side == CITING else (subject[0], ids[0])
        influential = at(row, "isInfluential")
        edge = collector.edge(
            ordinal, *pair, _intents(at(row, "intents")), influential if isinstance(influential, bool) else None
        )
        if edge is not None:
            author, year = (_first_author(paper), year_at(paper, "year")) if side == CITED else (None, None)
            collector.contexts(edge, ordinal, _contexts(row), first_author=author, year=year)
    if linked and not subject:
        found = f"expected the id of the paper in the address, found {url or 'no address'}: {linked} citations not kept"
        collector.reject(None, None, "missing_id", found)


def _read_whole(paper: Any, collector: WorkCollector) -> tuple[str, ...]:
    """A single paper with the lists inside it; a note for each list that may have been cut."""
    ids = _read_paper(0, paper, collector)
    notes: list[str] = []
    ordinal = 1
    for name in ("citations", "references"):
        listed = at(paper, name)
        if isinstance(listed, list) and len(listed) >= NESTED_LIMIT:
            notes.append(f"{name} inside a paper end at {NESTED_LIMIT}: there may be more")
        for place, other in objects(listed):
            other_ids = _read_paper(ordinal + place, other, collector)
            if ids and other_ids:
                collector.edge(
                    ordinal + place, *((other_ids[0], ids[0]) if name == "citations" else (ids[0], other_ids[0]))
                )
        ordinal += len(listed) if isinstance(listed, list) else 0
    return tuple(notes)


def _read_paper(ordinal: int, paper: dict[str, Any], collector: WorkCollector) -> tuple[str, ...]:
    """Take a paper in with its count of citations; its ids, none where it was rejected."""
    title, name = text_at(paper, "title"), text_at(paper, "paperId")
    corpus_id = count_at(paper, "corpusId")
    ids = work_ids(
        title=title,
        arxiv_id=text_at(paper, "externalIds", "ArXiv"),
        doi=text_at(paper, "externalIds", "DOI"),
        s2_corpus_id=count_at(paper, "externalIds", "CorpusId") if corpus_id is None else corpus_id,
        acl_id=text_at(paper, "externalIds", "ACL"),
    )
    work = Work(
        ordinal,
        ids,
        title or "",
        abstract=text_at(paper, "abstract"),
        year=year_at(paper, "year"),
        venue=text_at(paper, "venue")
        or text_at(paper, "publicationVenue", "name")
        or text_at(paper, "journal", "name"),
        fields=_fields(paper),
        authors=tuple(name for _, author in objects(at(paper, "authors")) if (name := text_at(author, "name"))),
    )
    if not collector.work(work, name):
        return ()
    collector.count(ordinal, ids[0], "cited_by", count_at(paper, "citationCount"))
    return ids


def _fields(paper: dict[str, Any]) -> tuple[str, ...]:
    """Fields of study, each once: those of the publisher's list, then those that Semantic Scholar gives."""
    listed = at(paper, "fieldsOfStudy")
    stated = [clean_text(name) for name in (listed if isinstance(listed, list) else [])]
    given = [text_at(entry, "category") for _, entry in objects(at(paper, "s2FieldsOfStudy"))]
    return tuple(dict.fromkeys(name for name in (*stated, *given) if name))


def _first_author(paper: Any) -> str | None:
    return next((text_at(author, "name") for _, author in objects(at(paper, "authors"))), None)


def _intents(stated: Any) -> tuple[str, ...]:
    """The intents of the closed list among those stated, each once, in the order of the list."""
    named = {name for name in stated if isinstance(name, str)} if isinstance(stated, list) else set()
    return tuple(name for name in S2_INTENTS if name in named)


def _contexts(row: dict[str, Any]) -> list[tuple[object, tuple[str, ...]]]:
    """The sentences of a row, each with the intents stated for it alone; those without any come last."""
    paired = [
        (at(pair, "context"), _intents(at(pair, "intents"))) for _, pair in objects(at(row, "contextsWithIntent"))
    ]
    listed = at(row, "contexts")
    known = {sentence for sentence, _ in paired if isinstance(sentence, str)}
    alone = [
        text for text in (listed if isinstance(listed, list) else []) if not isinstance(text, str) or text not in known
    ]
    return [*paired, *((text, ()) for text in alone)]
