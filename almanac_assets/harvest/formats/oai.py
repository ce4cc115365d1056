"""Read answers of an OAI-PMH 2.0 server: pages of records, single records, deleted headers, protocol errors.

Source: the protocol (http://www.openarchives.org/OAI/openarchivesprotocol.html, sections 3 and 4) and arXiv's formats.
Elements are found by local name, since recorded arXiv pages of 2016 leave out the namespace of the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode

from lxml import etree

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.authors import Author
from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.oai_metadata import (
    OLD_SERVER,
    Dates,
    Fields,
    arxiv_dates,
    dublin_core_authors,
    dublin_core_dates,
    dublin_core_texts,
    raw_authors,
    raw_dates,
    set_categories,
    structured_authors,
)
from almanac_assets.harvest.formats.times import in_utc, read_day, read_iso
from almanac_assets.harvest.formats.values import (
    Identity,
    clean_text,
    read_categories,
    read_doi,
    read_identity,
    withdrawal,
)
from almanac_assets.harvest.formats.xml_bytes import full_text, local_name, namespace
from almanac_assets.harvest.records import Facts, Parsed, Record, unusable, without_items

FORMAT = "oai"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
LISTS = ("ListRecords", "ListIdentifiers", "ListSets")
RECORD_VERBS = ("ListRecords", "GetRecord")
VERBS = (*LISTS, "GetRecord", "Identify", "ListMetadataFormats")
_COUNT = re.compile(r"[0-9]{1,12}")
NOTHING_FOUND = "noRecordsMatch"  # the normal answer for a quiet window


@dataclass(frozen=True, slots=True)
class _ByForm:
    """The parts of a record in which the metadata formats differ."""

    authors: list[Author]
    dates: Dates
    abstract: str | None
    comment: str | None


def read_oai(root: etree._Element, notes: tuple[str, ...] = ()) -> Parsed:
    """The records of an OAI-PMH answer, or of a lone `record` element as some recordings keep it.

    An answer without records that is none by its verb (Identify, ListSets, ...) is empty, as is noRecordsMatch; any
    other error code rejects the payload as protocol_error.
    """
    if local_name(root) == "record":
        return _read_records([root], Facts(FORMAT, notes=notes))
    if namespace(root) != NAMESPACE:
        return unusable(Facts(FORMAT), "wrong_namespace", f"expected {NAMESPACE}, found '{namespace(root)}'")
    parts = {local_name(child): child for child in root}
    facts = read_facts(parts, notes)
    errors = [child for child in root if local_name(child) == "error"]
    failures = [e for e in errors if e.get("code") != NOTHING_FOUND]
    if failures:
        told = "; ".join(f"{e.get('code')}: {clean_text(full_text(e)) or ''}" for e in failures)
        return unusable(facts, "protocol_error", told)
    verb = next((name for name in VERBS if name in parts), None)
    if errors or (verb is not None and verb not in RECORD_VERBS):
        return without_items(facts)
    if verb is None:
        return unusable(facts, "protocol_error", f"expected a verb or an error, found {', '.join(parts) or 'nothing'}")
    return _read_records([e for e in parts[verb] if local_name(e) == "record"], facts)


def read_facts(parts: dict[str, etree._Element], notes: tuple[str, ...]) -> Facts:
    """What the envelope tells: when it was answered, what was asked, and whether more pages follow."""
    request, stamp = parts.get("request"), parts.get("responseDate")
    asked = {str(name): str(value) for name, value in request.attrib.items()} if request is not None else {}
    base = clean_text(full_text(request)) if request is not None else None
    window = _token_arguments(asked.get("resumptionToken", "")) | asked
    errors = [code for child in parts.values() if local_name(child) == "error" and (code := child.get("code"))]
    verb = next((name for name in VERBS if name in parts), None)
    token = next((e for e in parts[verb] if local_name(e) == "resumptionToken"), None) if verb in LISTS else None
    total = token.get("completeListSize", "") if token is not None else ""
    next_page = clean_text(full_text(token)) if token is not None else None
    return Facts(
        format=FORMAT,
        answered_at=in_utc(read_iso(full_text(stamp))) if stamp is not None else None,
        claimed_url=f"{base}?{urlencode(asked, safe=':')}" if base and asked else base,
        oai_verb=verb or asked.get("verb"),
        window_from=read_day(window.get("from")),
        window_until=read_day(window.get("until")),
        stated_total=int(total) if _COUNT.fullmatch(total) else None,
        resumption_token=next_page,
        is_last_page=next_page is None if verb in LISTS else None,
        error_code=errors[0] if errors else None,
        notes=notes,
    )


def _token_arguments(token: str) -> dict[str, str]:
    """The arguments that arXiv's readable tokens carry; a token of another form tells nothing."""
    return {name: values[0] for name, values in parse_qs(unquote(token)).items()}


def _read_records(elements: list[etree._Element], facts: Facts) -> Parsed:
    collector = Collector(facts.answered_at)
    created_is_first = OLD_SERVER in (facts.claimed_url or "")
    for ordinal, element in enumerate(elements):
        _read_record(ordinal, element, collector, created_is_first=created_is_first)
    return collector.parsed(facts)


def _read_record(ordinal: int, element: etree._Element, collector: Collector, *, created_is_first: bool) -> None:
    parts = {local_name(child): child for child in element}
    header = Fields(parts["header"]) if "header" in parts else Fields(element)
    name = header.text("identifier")
    metadata = next(_metadata(parts), None)
    fields = Fields(metadata) if metadata is not None else None
    identity = _identity(name, fields)
    if identity is None:
        return collector.reject(ordinal, name, "missing_id", f"expected an arXiv identifier, found {name or 'none'}")
    if "header" in parts and parts["header"].get("status") == "deleted":
        changed = read_day(header.text("datestamp"))
        tombstone = Record(ordinal, identity.document_id, identity.arxiv_id, datestamp=changed, is_deleted=True)
        return collector.keep(tombstone, name)
    if metadata is None or fields is None:
        return collector.reject(ordinal, name, "protocol_error", "expected metadata in a record that is not deleted")
    try:
        read = _by_form(local_name(metadata), fields, identity, created_is_first=created_is_first)
    except FeedBroken as broken:
        return collector.reject(ordinal, name, broken.reason, broken.detail)
    return collector.keep(_record(ordinal, identity, header, fields, read), name)


def _record(ordinal: int, identity: Identity, header: Fields, fields: Fields, read: _ByForm) -> Record:
    """One live record: what all formats name alike, and what `read` found in this one."""
    dates = read.dates
    moment, precision, basis = published(dates.published, dates.precision, "stated", identity)
    told = withdrawal(read.comment, read.abstract)
    stated = read_categories((fields.text("categories") or "").split())
    return Record(
        ordinal=ordinal,
        document_id=identity.document_id,
        arxiv_id=identity.arxiv_id,
        version=dates.version,
        title=fields.text("title"),
        abstract=read.abstract,
        authors=tuple(person for person, _ in read.authors),
        affiliations=tuple(place for _, place in read.authors),
        categories=stated or set_categories(header.texts("setSpec")),
        comment=read.comment,
        journal_ref=fields.text("journal-ref"),
        doi=_doi(fields),
        licence=fields.text("license"),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
        version_at=dates.version_at,
        updated_at=dates.updated_at,
        datestamp=read_day(header.text("datestamp")),
        is_withdrawn=dates.files_withdrawn or told is not None,
        withdrawn_reason=told or (read.comment if dates.files_withdrawn else None),
    )


def _metadata(parts: dict[str, etree._Element]) -> Iterator[etree._Element]:
    return (child for child in parts.get("metadata", ()) if local_name(child))


def _identity(name: str | None, fields: Fields | None) -> Identity | None:
    """The arXiv identifier of a record: that of its header, else of its metadata."""
    candidates = [name, *(fields.texts("id") + fields.texts("identifier") if fields else [])]
    return next((found for text in candidates if (found := read_identity(text))), None)


def _by_form(form: str, fields: Fields, identity: Identity, *, created_is_first: bool) -> _ByForm:
    """What the metadata formats tell in different ways; FeedBroken for a format not known."""
    if form == "arXivRaw":
        return _ByForm(raw_authors(fields), raw_dates(fields), fields.text("abstract"), fields.text("comments"))
    if form == "arXiv":
        dates = arxiv_dates(fields, identity, created_is_first=created_is_first)
        return _ByForm(structured_authors(fields), dates, fields.text("abstract"), fields.text("comments"))
    if form == "dc":
        return _ByForm(dublin_core_authors(fields), dublin_core_dates(fields), *dublin_core_texts(fields))
    raise FeedBroken("schema_changed", f"expected arXivRaw, arXiv or oai_dc metadata, found {form or 'none'}")


def _doi(fields: Fields) -> str | None:
    """The DOI of a record: its own field, or an oai_dc identifier that begins with `doi:`."""
    named = (text for text in fields.texts("identifier") if text.lower().startswith("doi:"))
    return read_doi(fields.text("doi") or next(named, None))
