"""The feeds of four laboratories as they serve them: OpenAI, Google DeepMind, Hugging Face and BAIR.

Envelope, order of elements, quoting, dates and guids follow the recorded feeds of the first two, and for the others what
is known of them: a feed of titles alone at Hugging Face, escaped HTML of the last ten posts at BAIR.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import format_datetime
from xml.sax.saxutils import escape

OPENAI = "https://openai.com/news/rss.xml"
DEEPMIND = "https://deepmind.google/blog/rss.xml"
HUGGING_FACE = "https://huggingface.co/blog/feed.xml"
BAIR = "https://bair.berkeley.edu/blog/feed.xml"
MARK = (
    "<!-- Reconstructed from the facts of public posts, texts in our own words; not a recording of the live feed. -->"
)
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
# An item as broken scripts leave them: no title, no link, no guid, and a date that is none.
DAMAGED = "<item><description>An item without title and link.</description><pubDate>yesterday</pubDate></item>"


@dataclass(frozen=True)
class Post:
    """One item of a feed; a text may hold HTML, and is None where the feed gives a title alone."""

    title: str
    link: str
    at: dt.datetime
    text: str | None = None
    tags: tuple[str, ...] = ()


def openai_feed(posts: list[Post], built: dt.datetime) -> str:
    """CDATA around title, description and tags; the guid is the permalink; GMT by name."""
    items = "".join(
        f"        <item>\n            <title>{cdata(post.title)}</title>\n"
        + (f"            <description>{cdata(post.text)}</description>\n" if post.text else "")
        + f"            <link>{post.link}</link>\n"
        f'            <guid isPermaLink="true">{post.link}</guid>\n'
        + "".join(f"            <category>{cdata(tag)}</category>\n" for tag in post.tags)
        + f"            <pubDate>{gmt(post.at)}</pubDate>\n        </item>\n"
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{MARK}<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/" {ATOM} version="2.0">\n    <channel>\n'
        f"        <title>{cdata('OpenAI News')}</title>\n        <description>{cdata('The OpenAI blog')}</description>\n"
        "        <link>https://openai.com/news</link>\n        <generator>OpenAI</generator>\n"
        f"        <lastBuildDate>{gmt(built)}</lastBuildDate>\n"
        '        <atom:link href="https://openai.com/news/rss.xml" rel="self" type="application/rss+xml"/>\n'
        f"{items}    </channel>\n</rss>"
    )


def deepmind_feed(posts: list[Post], built: dt.datetime, *, damaged: bool = False) -> str:
    """All on one line, a numeric zone, images beside each item; `damaged` adds an item that names no post."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{post.link}</link>"
        f"<description>{escape(post.text or '')}</description><pubDate>{format_datetime(post.at)}</pubDate>"
        f'<guid>{post.link}</guid><media:thumbnail url="https://lh3.googleusercontent.com/simulated"/></item>'
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{MARK}\n<rss version="2.0" {ATOM} '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Google DeepMind Blog</title>'
        "<link>https://deepmind.google/blog/</link><description>News of Google DeepMind</description>"
        '<atom:link href="https://deepmind.google/blog/rss.xml" rel="self"/><language>en-us</language>'
        f"<lastBuildDate>{format_datetime(built)}</lastBuildDate>{items}{DAMAGED if damaged else ''}</channel></rss>"
    )


def hugging_face_feed(posts: list[Post], built: dt.datetime) -> str:
    """Title, day, link and guid of each post, and nothing else."""
    items = "".join(
        f"    <item>\n      <title>{escape(post.title)}</title>\n      <pubDate>{gmt(post.at)}</pubDate>\n"
        f'      <link>{post.link}</link>\n      <guid isPermaLink="false">{post.link}</guid>\n    </item>\n'
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{MARK}\n<rss version="2.0" {ATOM}>\n  <channel>\n'
        "    <title>Hugging Face - Blog</title>\n    <link>https://huggingface.co/blog</link>\n"
        "    <description>Posts of the Hugging Face blog</description>\n"
        f"    <lastBuildDate>{gmt(built)}</lastBuildDate>\n"
        '    <atom:link href="https://huggingface.co/blog/feed.xml" rel="self" type="application/rss+xml"/>\n'
        f"{items}  </channel>\n</rss>\n"
    )


def bair_feed(posts: list[Post], built: dt.datetime) -> str:
    """Escaped HTML of whole posts, http links, Californian time, as Jekyll writes it."""
    items = "".join(
        f"    <item>\n      <title>{escape(post.title)}</title>\n      <description>{escape(post.text or '')}"
        f"</description>\n      <pubDate>{format_datetime(post.at)}</pubDate>\n      <link>{post.link}</link>\n"
        f'      <guid isPermaLink="true">{post.link}</guid>\n    </item>\n'
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{MARK}\n<rss version="2.0" {ATOM}>\n  <channel>\n'
        "    <title>The Berkeley Artificial Intelligence Research Blog</title>\n"
        "    <description>The BAIR Blog</description>\n    <link>http://bair.berkeley.edu/blog/</link>\n"
        '    <atom:link href="http://bair.berkeley.edu/blog/feed.xml" rel="self" type="application/rss+xml"/>\n'
        f"    <pubDate>{format_datetime(built)}</pubDate>\n    <lastBuildDate>{format_datetime(built)}</lastBuildDate>\n"
        f"    <generator>Jekyll v3.9</generator>\n{items}  </channel>\n</rss>\n"
    )


def cdata(text: str) -> str:
    """A text in a CDATA section; none of ours holds its end mark."""
    return f"<![CDATA[{text}]]>"


def gmt(at: dt.datetime) -> str:
    """An RFC 822 date with the zone by name, as most feeds write it."""
    return f"{at.astimezone(dt.UTC):%a, %d %b %Y %H:%M:%S} GMT"
