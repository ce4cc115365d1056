"""Read RSS of any laboratory: 2.0 and its forerunners 0.9x, and the RDF forms 0.90 and 1.0.

Fields are those of the item's own namespace, so that a title inside an extension is not the title. In RDF the items stand
beside the channel, not in it; some RSS feeds put them there too, and both are read.
"""

from __future__ import annotations

from lxml import etree

from almanac_assets.harvest.formats.html_text import NOTHING, Plain, plain_element
from almanac_assets.harvest.formats.oai_metadata import Fields
from almanac_assets.harvest.formats.post_dates import read_stamp
from almanac_assets.harvest.formats.posts import UNLISTED, Feed, Post, read_posts
from almanac_assets.harvest.formats.xml_bytes import full_text, local_name, namespace
from almanac_assets.harvest.records import Facts, Parsed, unusable

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def read_rss_feed(root: etree._Element, source_id: str = UNLISTED, notes: tuple[str, ...] = ()) -> Parsed:
    """The posts of a channel; without a channel the payload is rejected as schema_changed."""
    name = "rdf" if namespace(root) == RDF else "rss"
    channel = next((child for child in root if local_name(child) == "channel"), None)
    if channel is None:
        return unusable(Facts(name, notes=notes), "schema_changed", f"expected a channel in {name}, found none")
    own = Fields(channel, namespace(channel))
    core, atom = Fields(channel, DUBLIN_CORE), Fields(channel, ATOM)
    items = [*own.elements("item"), *(child for child in root if local_name(child) == "item")]
    feed = Feed(
        format=name,
        title=own.text("title"),
        own=self_link(atom.elements("link")),
        home=own.text("link"),
        generator=own.text("generator"),
        stamp=read_stamp(own.text("lastBuildDate") or core.text("date")),
        notes=notes,
        posts=tuple(_post(item) for item in items),
    )
    return read_posts(feed, source_id)


def self_link(links: list[etree._Element]) -> str | None:
    """The address that a feed calls its own."""
    return next((href for link in links if link.get("rel") == "self" and (href := link.get("href"))), None)


def _post(item: etree._Element) -> Post:
    own, core = Fields(item, namespace(item)), Fields(item, DUBLIN_CORE)
    atom = Fields(item, ATOM)
    written = own.text("pubDate") or core.text("date") or atom.text("published")
    guid = next(iter(own.elements("guid")), None)
    identifier = own.text("guid") or item.get(f"{{{RDF}}}about")
    return Post(
        title=_plain(own, "title").text,
        link=own.text("link"),
        guid=identifier,
        guid_is_link=guid is None or guid.get("isPermaLink", "true").strip().lower() == "true",
        base=item.base,
        summary=_plain(own, "description"),
        content=_plain(Fields(item, CONTENT), "encoded"),
        authors=(*core.texts("creator"), *(author for e in own.elements("author") if (author := _author(e)))),
        tags=tuple(own.texts("category") or core.texts("subject")),
        published=read_stamp(written),
        updated=read_stamp(atom.text("updated") or Fields(item, TERMS).text("modified")),
        told_date=written is not None,
    )


def _plain(fields: Fields, name: str) -> Plain:
    """What the first element of this name says that says anything."""
    said = (plain_element(element) for element in fields.elements(name))
    return next((plain for plain in said if plain.text or plain.addresses), NOTHING)


def _author(element: etree._Element) -> str | None:
    """An author's name; Google's feeds write it as a child of the element."""
    named = Fields(element).text("name") if len(element) else full_text(element)
    return " ".join((named or "").split()) or None
