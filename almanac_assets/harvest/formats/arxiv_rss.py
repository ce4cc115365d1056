"""Read the daily announcement feeds of rss.arxiv.org, in their RSS 2.0 and their Atom form.

Source: https://info.arxiv.org/help/rss.html. A feed holds one day of announcements in US Eastern time. Its dates are
days of announcement and never of submission, so only a new paper's first version takes its date from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from lxml import etree

from almanac_assets.harvest.authors import split_authors
from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.oai_metadata import Fields
from almanac_assets.harvest.formats.times import in_utc, midnight, out_of_range, read_iso, read_rfc822
from almanac_assets.harvest.formats.values import (
    Identity,
    clean_text,
    read_categories,
    read_doi,
    read_identity,
    withdrawal,
)
from almanac_assets.harvest.formats.xml_bytes import local_name, namespace
from almanac_assets.harvest.records import Facts, Parsed, Record, unusable

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
ANNOUNCE_TYPES = frozenset({"new", "cross", "replace", "replace-cross"})
ERROR_TITLE = "Feed error"  # how rss.arxiv.org titles the well-formed answer to a query it refuses
ZONE = "America/New_York"

_HEAD = re.compile(r"^arXiv:\S+ Announce Type: [a-z-]+\s*(?:Abstract:\s*)?")
_QUERY = re.compile(r"/(?:rss|atom)/([A-Za-z+.-]+)")


@dataclass(frozen=True, slots=True)
class _Item:
    """One announcement, its two forms made alike."""

    element: etree._Element
    identifier: str | None
    title: str | None
    text: str | None
    categories: tuple[str, ...]
    announced: datetime | None


def read_rss(root: etree._Element, notes: tuple[str, ...] = ()) -> Parsed:
    """The announcements of an RSS 2.0 channel; a channel that reports an error is rejected as protocol_error."""
    channel = next((child for child in root if local_name(child) == "channel"), None)
    if channel is None:
        return unusable(Facts("arxiv_rss", notes=notes), "schema_changed", "expected a channel in rss, found none")
    top = Fields(channel, "")
    announced = read_rfc822(top.text("pubDate"))
    links = [e.get("href") for e in channel if local_name(e) == "link" and namespace(e) == ATOM]
    url = top.text("link") or next((link for link in links if link), None)
    facts = Facts(
        format="arxiv_rss",
        answered_at=in_utc(read_rfc822(top.text("lastBuildDate")) or announced),
        claimed_url=url,
        category=feed_category(url),
        announced_on=announced.date() if announced else None,
        notes=notes,
    )
    if (top.text("title") or "").startswith(ERROR_TITLE):
        return unusable(facts, "protocol_error", f"{top.text('title')}: {top.text('description') or 'no reason given'}")
    return _read_items([_rss_item(element) for element in top.elements("item")], facts)


def read_atom(root: etree._Element, notes: tuple[str, ...] = ()) -> Parsed:
    """The announcements of an Atom feed; without entries the day follows from the time at which it was built."""
    top = Fields(root, ATOM)
    built = in_utc(read_iso(top.text("updated")))
    links = [e.get("href") for e in top.elements("link") if e.get("rel") == "self"]
    url = next((link for link in links if link), None) or top.text("id")
    items = [_atom_item(element) for element in top.elements("entry")]
    days = [item.announced.date() for item in items if item.announced]
    facts = Facts(
        format="arxiv_atom",
        answered_at=built,
        claimed_url=url,
        category=feed_category(url),
        announced_on=days[0] if days else eastern_day(built),
        notes=notes,
    )
    if (top.text("title") or "").startswith(ERROR_TITLE):
        return unusable(facts, "protocol_error", f"{top.text('title')}: {top.text('subtitle') or 'no reason given'}")
    return _read_items(items, facts)


def feed_category(url: str | None) -> str | None:
    """The query in a feed's address, in arXiv's own spelling: `/rss/cs.cl+stat.ml` is `cs.CL+stat.ML`."""
    found = _QUERY.search(url or "")
    if found is None:
        return None
    parts = []
    for word in found[1].split("+"):
        archive, dot, name = word.partition(".")
        parts.append(archive.lower() + dot + (name.upper() if len(name) == 2 else name.lower()))
    return "+".join(parts)


def eastern_day(moment: datetime | None) -> date | None:
    """The day of a moment in US Eastern time, by the time zone table that Polars carries, not the system's."""
    if moment is None or out_of_range(moment, None):
        return None
    day = pl.Series([moment], dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(ZONE).dt.date()[0]
    return day if isinstance(day, date) else None


def _rss_item(element: etree._Element) -> _Item:
    own = Fields(element, "")
    classes = read_categories(own.texts("category"))
    announced = read_rfc822(own.text("pubDate"))
    return _Item(element, own.text("guid"), own.text("title"), own.text("description"), classes, announced)


def _atom_item(element: etree._Element) -> _Item:
    own = Fields(element, ATOM)
    classes = read_categories(term for e in own.elements("category") if (term := e.get("term")))
    announced = read_iso(own.text("published"))
    return _Item(element, own.text("id"), own.text("title"), own.text("summary"), classes, announced)


def _read_items(items: list[_Item], facts: Facts) -> Parsed:
    collector = Collector(facts.answered_at)
    for ordinal, item in enumerate(items):
        identity = read_identity(item.identifier)
        if identity is None:
            found = item.identifier or "none"
            collector.reject(ordinal, item.identifier, "missing_id", f"expected an arXiv identifier, found {found}")
        else:
            collector.keep(_record(ordinal, item, identity, facts.announced_on), item.identifier)
    return collector.parsed(facts)


def _record(ordinal: int, item: _Item, identity: Identity, announced_on: date | None) -> Record:
    """One announcement as a record; its day is the item's own, else the channel's."""
    special, core = Fields(item.element, ARXIV), Fields(item.element, DUBLIN_CORE)
    told_type = special.text("announce_type")
    announce_type = told_type if told_type in ANNOUNCE_TYPES else None
    version = identity.version or 1
    day = item.announced.date() if item.announced else announced_on
    first_seen = midnight(day) if announce_type == "new" and version == 1 else None
    moment, precision, basis = published(first_seen, "day", "feed", identity)
    abstract = clean_text(_HEAD.sub("", item.text or ""))
    authors = split_authors(", ".join(core.texts("creator")))
    reason = withdrawal(None, abstract)
    return Record(
        ordinal=ordinal,
        document_id=identity.document_id,
        arxiv_id=identity.arxiv_id,
        version=version,
        title=item.title,
        abstract=abstract,
        authors=tuple(name for name, _ in authors),
        affiliations=tuple(place for _, place in authors),
        categories=item.categories,
        journal_ref=special.text("journal_reference"),
        doi=read_doi(special.text("DOI")),
        licence=core.text("rights"),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
        announce_type=announce_type,
        is_withdrawn=reason is not None,
        withdrawn_reason=reason,
    )
