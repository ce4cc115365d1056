"""Read Atom 1.0 (RFC 4287) of any laboratory.

`published` is a post's date; feeds that leave it out (the RFC allows it) give the date in `updated`, which then counts as
the date of publication. An author of the feed as a whole is not taken for the author of its posts: in feeds that third
parties make it is theirs.
"""

from __future__ import annotations

from lxml import etree

from almanac_assets.harvest.formats.html_text import NOTHING, Plain, plain_element, plain_words
from almanac_assets.harvest.formats.oai_metadata import Fields
from almanac_assets.harvest.formats.post_dates import read_stamp
from almanac_assets.harvest.formats.posts import UNLISTED, Feed, Post, read_posts
from almanac_assets.harvest.formats.rss import ATOM, self_link
from almanac_assets.harvest.formats.xml_bytes import full_text
from almanac_assets.harvest.records import Parsed

_PLAIN_TYPES = frozenset({"text", "text/plain"})
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})


def read_atom_feed(root: etree._Element, source_id: str = UNLISTED, notes: tuple[str, ...] = ()) -> Parsed:
    """The posts of an Atom feed."""
    own = Fields(root, ATOM)
    links = own.elements("link")
    feed = Feed(
        format="atom",
        title=_text(own, "title").text,
        own=self_link(links),
        home=_page(links) or own.text("id"),
        generator=own.text("generator"),
        stamp=read_stamp(own.text("updated")),
        notes=notes,
        posts=tuple(_post(entry) for entry in own.elements("entry")),
    )
    return read_posts(feed, source_id)


def _post(entry: etree._Element) -> Post:
    own = Fields(entry, ATOM)
    identifier = own.text("id")
    updated = own.text("updated")
    written = own.text("published") or updated
    people = (Fields(author, ATOM).text("name") for author in own.elements("author"))
    labels = ((e.get("label") or e.get("term") or "").strip() for e in own.elements("category"))
    return Post(
        title=_text(own, "title").text,
        link=_page(own.elements("link")),
        guid=identifier,
        guid_is_link=True,
        base=entry.base,
        summary=_text(own, "summary"),
        content=_text(own, "content"),
        authors=tuple(name for name in people if name),
        tags=tuple(label for label in labels if label),
        published=read_stamp(written),
        updated=read_stamp(updated),
        told_date=written is not None,
    )


def _page(links: list[etree._Element]) -> str | None:
    """The page that the element is about: its alternate link, an HTML page before any other form."""
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")]
    pages = [link for link in alternates if link.get("type", "") in _PAGE_TYPES]
    return next((link.get("href") for link in (*pages, *alternates)), None)


def _text(fields: Fields, name: str) -> Plain:
    """A text construct (RFC 4287 section 3.1) by its declared type; content of any other kind says nothing."""
    for element in fields.elements(name):
        kind = element.get("type", "text").strip().lower()
        if kind in _PLAIN_TYPES and not len(element):
            return plain_words(full_text(element))
        if kind in _PLAIN_TYPES or kind in ("html", "xhtml", "text/html", "application/xhtml+xml"):
            return plain_element(element)
    return NOTHING
