"""Read the announcement feeds that arXiv served in RSS 1.0 until January 2024, as archives of old days hold them.

The identifier, the version, the primary category and the kind of announcement stand in brackets behind the title:
`Title. (arXiv:2304.01974v1 [cs.CL])`, with UPDATED or CROSS LISTED behind the category where it is no new paper.
"""

from __future__ import annotations

import re

from lxml import etree

from almanac_assets.harvest.authors import split_authors
from almanac_assets.harvest.formats.arxiv_rss import DUBLIN_CORE, feed_category
from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.html_text import plain_html
from almanac_assets.harvest.formats.oai_metadata import Fields
from almanac_assets.harvest.formats.times import in_utc, midnight, read_iso
from almanac_assets.harvest.formats.values import read_categories, read_identity, withdrawal
from almanac_assets.harvest.formats.xml_bytes import local_name, namespace
from almanac_assets.harvest.records import Facts, Parsed, Record

# The end of a title. Only the last opening bracket is tried, so the cost is linear.
_MARK = re.compile(r"\(arXiv:(\S{1,40}) \[([^\]\s]{1,20})\](?: (UPDATED|CROSS LISTED))?\)")
_KINDS = {None: "new", "CROSS LISTED": "cross", "UPDATED": "replace"}
_CHANNEL = re.compile(r"(\S+) updates on arXiv\.org")


def read_arxiv_rdf(channel: etree._Element, items: list[etree._Element], notes: tuple[str, ...] = ()) -> Parsed:
    """The announcements of one day; the day is that of the channel's date as written."""
    core = Fields(channel, DUBLIN_CORE)
    own = Fields(channel, namespace(channel))
    built = read_iso(core.text("date"))
    named = _CHANNEL.fullmatch(own.text("title") or "")
    url = own.text("link") if feed_category(own.text("link")) else None
    facts = Facts(
        format="rdf",
        answered_at=in_utc(built),
        claimed_url=url,
        category=feed_category(url or f"/rss/{named[1]}" if named else url),
        announced_on=built.date() if built else None,
        notes=notes,
    )
    collector = Collector(facts.answered_at)
    for ordinal, item in enumerate(items):
        _read_item(ordinal, item, facts, collector)
    return collector.parsed(facts)


def _read_item(ordinal: int, item: etree._Element, facts: Facts, collector: Collector) -> None:
    own, core = Fields(item, namespace(item)), Fields(item, DUBLIN_CORE)
    written = own.text("title") or ""
    start = written.rfind("(arXiv:")
    mark = _MARK.fullmatch(written[start:]) if start >= 0 else None
    name = own.text("link")
    identity = read_identity(mark[1] if mark else name)
    if identity is None:
        return collector.reject(ordinal, name, "missing_id", f"expected an arXiv identifier, found {name or 'none'}")
    version = identity.version or 1
    kind = _KINDS[mark[3]] if mark else None
    first_seen = midnight(facts.announced_on) if kind == "new" and version == 1 else None
    moment, precision, basis = published(first_seen, "day", "feed", identity)
    abstract = plain_html(own.text("description")).text
    authors = split_authors(plain_html(", ".join(core.texts("creator"))).text or "")
    reason = withdrawal(None, abstract)
    record = Record(
        ordinal=ordinal,
        document_id=identity.document_id,
        arxiv_id=identity.arxiv_id,
        version=version,
        title=(written[:start].strip().removesuffix(".") if mark else written) or None,
        abstract=abstract,
        authors=tuple(person for person, _ in authors),
        affiliations=tuple(place for _, place in authors),
        categories=read_categories([mark[2]]) if mark else (),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
        announce_type=kind,
        is_withdrawn=reason is not None,
        withdrawn_reason=reason,
    )
    return collector.keep(record, name)


def is_arxiv_rdf(channel: etree._Element) -> bool:
    """Whether an RDF channel is one of arXiv's, by the title that all of them had."""
    titles = (child.text or "" for child in channel if local_name(child) == "title")
    return any(_CHANNEL.fullmatch(title.strip()) for title in titles)
