"""Posts of laboratories: what RSS, Atom, RDF and JSON Feed share once each is read into the same shape.

Source of the forms: RSS 2.0 (rssboard.org), RFC 4287, RSS 1.0 (web.resource.org), jsonfeed.org. A post is known by its
link, which feeds keep longer than their ids; only posts without a link of their own go by the feed's id, and those without
either by title and date. Feeds are read strictly: one that is not well-formed is refused as a whole (`not_xml`,
`truncated`), since guessing what was meant needs a lenient parser, and a page cut short must not look whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from almanac_assets.harvest.authors import split_authors
from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.html_text import NOTHING, Plain, plain_html
from almanac_assets.harvest.formats.links import link_key, normal_link, paper_links, path_segments, web_link, work_links
from almanac_assets.harvest.formats.post_dates import Stamp, build_time, is_invented
from almanac_assets.harvest.formats.values import clean_text, read_identity
from almanac_assets.harvest.records import Facts, Parsed, Record
from almanac_assets.harvest.work_ids import folded_title

LEAD = 600  # code points kept of a feed's text: twice what any source lets us publish as an excerpt
TAG_LIMIT = 100  # characters of a tag; longer ones are sentences
NAMES_LIMIT = 300  # characters of an author field; longer ones are no names
FOOTER_LIMIT = 700  # characters at the end of a text in which WordPress repeats the title and names the blog
UNLISTED = "unlisted"

# Pages of a site that scrapers take for posts, by the last part of their path or by the part before it.
_SECTIONS = frozenset((
    "about", "articles", "blog", "careers", "company", "contact", "engineering", "events", "index", "jobs", "legal",
    "news", "newsroom", "posts", "press", "pricing", "privacy", "products", "publications", "research", "safety",
    "team", "teams", "terms",
))  # fmt: skip
_LISTINGS = frozenset((
    "author", "authors", "categories", "category", "people", "tag", "tags", "team", "teams", "topic", "topics",
))  # fmt: skip
_SECTION_DEPTH = 2  # parts of a path; a section stands at the top of a site or below a language
_FEED_FILE = re.compile(r"(?:feed|rss|atom|index)\.(?:xml|rss|json)|.*\.(?:rss|atom)")
_CHANGELOG = re.compile(r"\b(?:change ?log|release notes)\b", re.IGNORECASE)
_FOOTER = re.compile(r"(?:^|\s)The post .{1,400} (?:first appeared|appeared first) on .{1,200}$")
_ADDRESS_OF_MAIL = re.compile(r"\S+@\S+")
_LOGIN = re.compile(r"[a-z0-9._-]+", re.ASCII)
_PERSON = re.compile(r"\w\S*(?: \S+){1,4}")


@dataclass(frozen=True, slots=True)
class Post:
    """One item of a feed. `link` and `guid` are as written; `told_date` says whether a date stood there at all."""

    title: str | None
    link: str | None = None
    guid: str | None = None
    guid_is_link: bool = False
    base: str | None = None
    summary: Plain = NOTHING
    content: Plain = NOTHING
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: Stamp | None = None
    updated: Stamp | None = None
    told_date: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself: `own` is its own address, `home` that of the pages it reports on."""

    format: str
    title: str | None = None
    own: str | None = None
    home: str | None = None
    generator: str | None = None
    stamp: Stamp | None = None
    notes: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()


def read_posts(feed: Feed, source_id: str = UNLISTED) -> Parsed:
    """The posts of a feed as records; an item that is no post, or has neither title nor identity, is a reject.

    `Facts.answered_at` is the time of building where the feed tells it. Posts dated more than a day after it are
    rejected; dates within minutes of it are unknown.
    """
    dates = [stamp for post in feed.posts for stamp in (post.published, post.updated)]
    built = build_time(feed.stamp, dates, feed.generator)
    home = web_link(feed.home, feed.own)
    kind = "release_note" if _CHANGELOG.search(feed.title or "") else "post"
    collector = Collector(built)
    for ordinal, (post, link) in enumerate(zip(feed.posts, _own_links(feed.posts, home), strict=True)):
        name = post.guid or post.link or post.title
        key, url = _key(post, link), link or home
        if key is None or url is None:
            found = "no address" if key else "none of them"
            expected = "a link, an id, or title and date, and an address of the post or its feed"
            collector.reject(ordinal, name, "missing_id", f"expected {expected}; found {found}")
        elif why := _no_article(post, url, home):
            collector.reject(ordinal, name, "not_an_article", why)
        else:
            document_id = f"{source_id}:{link_key(key)}"
            record = _record(ordinal, post, document_id, kind, url, built)
            collector.keep(_paper(record) or record, name)
    unread = sum(post.told_date and post.published is None for post in feed.posts)
    notes = (*feed.notes, f"{unread} items state a date that cannot be read") if unread else feed.notes
    claimed = web_link(feed.own, feed.home) or home
    return collector.parsed(Facts(feed.format, answered_at=built, claimed_url=claimed, notes=notes))


def _own_links(posts: Sequence[Post], home: str | None) -> list[str | None]:
    """The link of each post, None where it has none or shares that of the feed's home with others."""
    links = [_link(post, home) for post in posts]
    times = Counter(links)
    return [None if link is not None and link == home and times[link] > 1 else link for link in links]


def _link(post: Post, home: str | None) -> str | None:
    return web_link(post.link, web_link(post.base, home) or home) or (
        web_link(post.guid) if post.guid_is_link else None
    )


def _key(post: Post, link: str | None) -> str | None:
    """What the identity is made of: the normal link, else the id, else title and date together."""
    if link or post.guid:
        return normal_link(link) if link else post.guid
    return f"{post.title}\n{post.published.moment.isoformat()}" if post.title and post.published else None


def _record(ordinal: int, post: Post, document_id: str, kind: str, url: str, built: datetime | None) -> Record:
    text = _lead(post)
    stamp = None if post.published and is_invented(post.published, built) else post.published
    names = tuple(dict.fromkeys(name for written in post.authors for name in _names(written)))
    changed = post.updated.moment if post.updated and stamp and post.updated.moment > stamp.moment else None
    named = work_links([*post.summary.addresses, *post.content.addresses], url)
    return Record(
        ordinal=ordinal,
        document_id=document_id,
        url=url,
        kind=kind,
        text_basis="excerpt" if text else "title_only",
        title=post.title,
        abstract=text,
        authors=names,
        affiliations=(None,) * len(names),
        categories=_tags(post),
        category_scheme="source_tag",
        links=tuple(dict.fromkeys([*paper_links(url), *named])),
        published_at=stamp.moment if stamp else None,
        published_precision=stamp.precision if stamp else None,
        published_basis="feed" if stamp else "unknown",
        updated_at=changed,
    )


def _paper(record: Record) -> Record | None:
    """What an item says about a paper of arXiv if its page is that of the paper: a feed that lists papers has no posts.

    The text, the names and the date are the feed's and not the paper's, so only the title and the links are taken.
    """
    found = next((read_identity(link) for link in paper_links(record.url or "")), None)
    if found is None:
        return None
    moment, precision, basis = published(None, "", "", found)
    return Record(
        ordinal=record.ordinal,
        document_id=found.document_id,
        arxiv_id=found.arxiv_id,
        title=record.title,
        links=tuple(link for link in record.links if read_identity(link) != found),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
    )


def _tags(post: Post) -> tuple[str, ...]:
    read = (plain_html(tag).text for tag in post.tags)
    return tuple(dict.fromkeys(tag for tag in read if tag and len(tag) <= TAG_LIMIT))


def _lead(post: Post) -> str | None:
    """The feed's own description, else the beginning of the content, cut between words; one that only repeats the
    title says nothing."""
    title = folded_title(post.title)
    for plain in (post.summary, post.content):
        said = plain.text or ""
        text = said[:-FOOTER_LIMIT] + _FOOTER.sub("", said[-FOOTER_LIMIT:])
        if text and not (title and folded_title(text) == title):
            return text if len(text) <= LEAD else text[: LEAD + 1].rpartition(" ")[0].rstrip() or text[:LEAD]
    return None


def _names(written: str) -> list[str]:
    """The people in one author field: no addresses of mail, no logins; a list is split if each part is a name."""
    if len(written) > NAMES_LIMIT:
        return []
    name = clean_text(_ADDRESS_OF_MAIL.sub(" ", plain_html(written).text or "").strip(" ()<>,;"))
    if name is None or _LOGIN.fullmatch(name):
        return []
    parts = [part for part, place in split_authors(name) if place is None]
    return parts if len(parts) > 1 and all(_PERSON.fullmatch(part) for part in parts) else [name]


def _no_article(post: Post, link: str, home: str | None) -> str | None:
    """Why an item is no post: it leads to a feed, or without date and text to a section of the site."""
    segments = path_segments(link)
    if segments and _FEED_FILE.fullmatch(segments[-1]):
        return f"expected a post, found the address of a feed: {link}"
    if post.told_date or _lead(post) or "#" in link:
        return None
    is_section = len(segments) <= _SECTION_DEPTH and (not segments or segments[-1] in _SECTIONS)
    if is_section or link == home or (len(segments) > 1 and segments[-2] in _LISTINGS):
        return f"expected a post, found a section of the site, without date and text: {link}"
    return None
