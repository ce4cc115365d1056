"""Small feeds of laboratories for the tests, put together from parts that a test can change."""

from __future__ import annotations

import hashlib
from typing import Any
from xml.sax.saxutils import escape

from almanac_assets.harvest.formats import parse

HOME = "https://lab.example/blog/"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def item(
    link: str | None = "https://lab.example/blog/probes/",
    *,
    title: str | None = "On probes",
    guid: str | None = None,
    date: str | None = "Wed, 24 Jun 2026 09:30:00 GMT",
    text: str | None = "We show things.",
    more: str = "",
) -> str:
    """An item of RSS; a part given as None is left out."""
    parts = {"title": title, "link": link, "guid": guid, "pubDate": date, "description": text}
    inner = "".join(f"<{name}>{escape(said)}</{name}>" for name, said in parts.items() if said is not None)
    return f"<item>{inner}{more}</item>"


def lab_rss(
    *items: str,
    title: str = "Lab blog",
    link: str = HOME,
    built: str | None = "Thu, 25 Jun 2026 06:00:00 GMT",
    head: str = '<atom:link rel="self" href="https://lab.example/blog/feed.xml"/>',
) -> bytes:
    """A channel of RSS 2.0."""
    stamp = f"<lastBuildDate>{built}</lastBuildDate>" if built else ""
    channel = f"<title>{title}</title><link>{link}</link><description>x</description>{stamp}{head}"
    return f'<rss version="2.0" {NAMESPACES}><channel>{channel}{"".join(items)}</channel></rss>'.encode()


def lab_atom(*entries: str, updated: str = "2026-06-25T06:00:00Z") -> bytes:
    """An Atom feed."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:lab.example</id><title>Lab blog</title>'
        f'<updated>{updated}</updated><link rel="self" href="https://lab.example/atom.xml"/>'
        f'<link href="https://lab.example/blog/"/>{"".join(entries)}</feed>'
    ).encode()


def rows(body: bytes, source_id: str = "lab-blog") -> list[dict[str, Any]]:
    """The records of a feed as dictionaries."""
    return parse(body, source_id).records.rows(named=True)


def reasons(body: bytes) -> list[str]:
    """Why items of a feed were rejected."""
    return parse(body, "lab-blog").rejects["reason"].to_list()


def id_of(key: str, source_id: str = "lab-blog") -> str:
    """The id of a document whose identity is made of `key`."""
    return f"{source_id}:{hashlib.sha256(key.encode()).hexdigest()[:16]}"
