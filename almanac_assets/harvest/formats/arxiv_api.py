"""Read answers of arXiv's query API: Atom, one entry for each paper.

Source: https://info.arxiv.org/help/api/user-manual.html. `published` is the time of version 1, `updated` that of the version
that the entry is about. Elements are found by name, since their order changed in 2026. The API gives empty pages in the
middle of a long list for minutes; such a page is a failure and not the end.
"""

from __future__ import annotations

from lxml import etree

from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.oai_metadata import Fields
from almanac_assets.harvest.formats.times import in_utc, read_iso
from almanac_assets.harvest.formats.values import clean_text, read_categories, read_doi, read_identity, withdrawal
from almanac_assets.harvest.formats.xml_bytes import local_name, namespace
from almanac_assets.harvest.records import Facts, Parsed, Record, unusable, without_items

FORMAT = "arxiv_api"
ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ERROR_TITLE, ERROR_ID = "Error", "/api/errors"


def is_query_answer(root: etree._Element) -> bool:
    """Whether an Atom feed is an answer of the query API: a list of arXiv's that states how many matches there are."""
    if local_name(root) != "feed" or namespace(root) != ATOM:
        return False
    told = Fields(root, OPENSEARCH).text("totalResults")
    own = Fields(root, ATOM)
    addresses = [own.text("id") or "", *(link.get("href") or "" for link in own.elements("link"))]
    return told is not None and any(
        "//arxiv.org/" in address or "export.arxiv.org/" in address for address in addresses
    )


def read_query_answer(root: etree._Element, notes: tuple[str, ...] = ()) -> Parsed:
    """The records of an answer; protocol_error where it reports one, or is empty before the end of the list."""
    own, search = Fields(root, ATOM), Fields(root, OPENSEARCH)
    entries = own.elements("entry")
    total, start = (_count(search.text(name)) for name in ("totalResults", "startIndex"))
    links = [link.get("href") for link in own.elements("link")]
    reached = (start or 0) + len(entries)
    facts = Facts(
        FORMAT,
        answered_at=in_utc(read_iso(own.text("updated"))),
        claimed_url=next((link for link in links if link), None),
        stated_total=total,
        is_last_page=reached >= total if total is not None else None,
        notes=notes,
    )
    for entry in entries:
        fields = Fields(entry, ATOM)
        if fields.text("title") == ERROR_TITLE and ERROR_ID in (fields.text("id") or ""):
            return unusable(facts, "protocol_error", f"Error: {fields.text('summary') or 'no reason given'}")
    if not entries and total and (start or 0) < total:
        return unusable(facts, "protocol_error", f"empty page before total: {start or 0} of {total} entries came")
    if not entries:
        return without_items(facts)
    collector = Collector(facts.answered_at)
    for ordinal, entry in enumerate(entries):
        _read_entry(ordinal, entry, collector)
    return collector.parsed(facts)


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _read_entry(ordinal: int, entry: etree._Element, collector: Collector) -> None:
    own, special = Fields(entry, ATOM), Fields(entry, ARXIV)
    stated = own.text("id")
    identity = read_identity(stated)
    if identity is None:
        found = f"expected an arXiv identifier, found {stated or 'none'}"
        return collector.reject(ordinal, stated, "missing_id", found)
    version = identity.version or 1
    newest = in_utc(read_iso(own.text("updated")))
    first = in_utc(read_iso(own.text("published")))
    moment, precision, basis = published(first, "second", "stated", identity)
    people = [Fields(author) for author in own.elements("author")]
    named = [
        (name, "; ".join(person.texts("affiliation")) or None) for person in people if (name := person.text("name"))
    ]
    comment, abstract = special.text("comment"), own.text("summary")
    reason = withdrawal(comment, abstract)
    record = Record(
        ordinal=ordinal,
        document_id=identity.document_id,
        arxiv_id=identity.arxiv_id,
        version=version,
        title=own.text("title"),
        abstract=abstract,
        authors=tuple(name for name, _ in named),
        affiliations=tuple(place for _, place in named),
        categories=_categories(special, own),
        comment=comment,
        journal_ref=special.text("journal_ref"),
        doi=read_doi(special.text("doi")),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
        version_at=newest,
        updated_at=newest if version > 1 else None,
        is_withdrawn=reason is not None,
        withdrawn_reason=reason,
    )
    return collector.keep(record, stated)


def _categories(special: Fields, own: Fields) -> tuple[str, ...]:
    """The primary category, then all others."""
    elements = [*special.elements("primary_category"), *own.elements("category")]
    return read_categories(term for element in elements if (term := clean_text(element.get("term"))))
