"""Read JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) from values that were read strictly before.

A field of the wrong type counts as left out, for that field alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from almanac_assets.harvest.formats.html_text import NOTHING, Plain, plain_html, plain_words
from almanac_assets.harvest.formats.post_dates import read_stamp
from almanac_assets.harvest.formats.posts import UNLISTED, Feed, Post, read_posts
from almanac_assets.harvest.formats.values import clean_text
from almanac_assets.harvest.records import Facts, Parsed, unusable

FORMAT = "json_feed"
_VERSION = "jsonfeed.org/version/"


def is_json_feed(value: object) -> bool:
    """Whether a JSON value says of itself that it is a JSON Feed."""
    return isinstance(value, dict) and _VERSION in str(value.get("version", ""))


def read_json_feed(value: Mapping[str, Any], source_id: str = UNLISTED, notes: tuple[str, ...] = ()) -> Parsed:
    """The posts of a JSON Feed; without a list of items the payload is rejected as schema_changed."""
    items = value.get("items")
    if not isinstance(items, list):
        return unusable(Facts(FORMAT, notes=notes), "schema_changed", f"expected a list of items, found {items!r:.40}")
    feed = Feed(
        format=FORMAT,
        title=clean_text(value.get("title")),
        own=clean_text(value.get("feed_url")),
        home=clean_text(value.get("home_page_url")),
        notes=notes,
        posts=tuple(_post(item if isinstance(item, dict) else {}) for item in items),
    )
    return read_posts(feed, source_id)


def _post(item: Mapping[str, Any]) -> Post:
    written = clean_text(item.get("date_published"))
    content = _said(plain_html, item.get("content_html"))
    words = _said(plain_words, item.get("content_text"))
    return Post(
        title=clean_text(item.get("title")),
        link=clean_text(item.get("url")) or clean_text(item.get("external_url")),
        guid=_identifier(item.get("id")),
        guid_is_link=True,
        summary=_said(plain_words, item.get("summary")),
        content=content if content.text else words,
        authors=_authors(item),
        tags=tuple(tag for word in _list(item.get("tags")) if (tag := clean_text(word))),
        published=read_stamp(written),
        updated=read_stamp(clean_text(item.get("date_modified"))),
        told_date=written is not None,
    )


def _said(reader: Any, value: object) -> Plain:
    return reader(value) if isinstance(value, str) else NOTHING


def _identifier(value: object) -> str | None:
    """The id as text; version 1.0 let it be a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else clean_text(value)


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Names from the list of version 1.1, else from the one author of version 1.0."""
    people = _list(item.get("authors")) or [item.get("author")]
    names = (clean_text(person.get("name")) for person in people if isinstance(person, dict))
    return tuple(name for name in names if name)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
