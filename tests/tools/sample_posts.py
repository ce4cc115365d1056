"""The payloads of laboratory feeds: facts of real posts from recorded feeds, texts from sample_texts/posts.yaml."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from lxml import etree
from sample_feeds import (
    BAIR,
    DEEPMIND,
    HUGGING_FACE,
    OPENAI,
    Post,
    bair_feed,
    deepmind_feed,
    hugging_face_feed,
    openai_feed,
)
from sample_payload import Payload, clocked

TEXTS = Path(__file__).parent / "sample_texts" / "posts.yaml"
DAYS = (dt.date(2026, 6, 1), dt.date(2026, 6, 19))
CALIFORNIA_SUMMER = dt.timezone(dt.timedelta(hours=-7))
BAIR_WINDOW = 10  # the real feed holds the last ten posts
RECORDED = {"openai": ("openai_news_native", "openai_research_olshansk"), "deepmind": ("deepmind_blog_native",)}


def feed_payloads(shared: Path) -> list[Payload]:
    """Each feed on both days; nothing is news on the second but an edited text and the simulated post."""
    texts = yaml.safe_load(TEXTS.read_text("utf-8"))
    facts = {lab: recorded_items(shared, feeds) for lab, feeds in RECORDED.items()}
    payloads = []
    for day in DAYS:
        last = day == DAYS[-1]
        at = dt.datetime.combine(day, dt.time(5, 0, tzinfo=dt.UTC))
        openai = [recorded_post(entry, facts["openai"], last_day=last) for entry in texts["openai"]]
        deepmind = [recorded_post(entry, facts["deepmind"], last_day=last) for entry in texts["deepmind"]]
        deepmind = [moved(post) for post in deepmind]
        hugging_face = [stated_post(entry, "https://huggingface.co/blog/") for entry in texts["huggingface"]]
        bair = [bair_post(entry) for entry in (*(texts["simulated"] if last else ()), *texts["bair"])][:BAIR_WINDOW]
        bodies = (
            ("openai-news", OPENAI, openai_feed(newest_first(openai), at - dt.timedelta(minutes=7))),
            ("deepmind-blog", DEEPMIND, deepmind_feed(newest_first(deepmind), at, damaged=not last)),
            ("huggingface-blog", HUGGING_FACE, hugging_face_feed(newest_first(hugging_face), at)),
            ("bair-blog", BAIR, bair_feed(bair, at.astimezone(CALIFORNIA_SUMMER))),
        )
        for (source, url, body), moment in zip(bodies, clocked(at), strict=False):
            origin = "reconstructed, with one simulated post" if last and source == "bair-blog" else "reconstructed"
            file = f"feeds/{day}/{source}.xml"
            media_type = "text/xml" if source == "bair-blog" else "application/rss+xml"
            basis = "" if source == "huggingface-blog" else "rewritten"  # a feed without texts has none of ours
            payloads.append(Payload(moment, source, url, file, media_type, body, origin, basis))
    return payloads


def recorded_items(shared: Path, feeds: tuple[str, ...]) -> dict[str, etree._Element]:
    """The items of the newest recording of each feed before the last day, by the last part of the link."""
    versions = pl.scan_parquet(shared / "feeds" / "lab_feed_versions.parquet")
    found: dict[str, etree._Element] = {}
    for feed in feeds:
        before = pl.lit(dt.datetime.combine(DAYS[-1], dt.time(tzinfo=dt.UTC)))
        rows = (
            versions.filter((pl.col("feed") == feed) & (pl.col("captured_at") < before)).sort("captured_at").collect()
        )
        for xml in rows["xml"]:
            for item in etree.fromstring(xml.encode()).iterfind(".//item"):
                found[(item.findtext("link") or "").strip().rstrip("/").rsplit("/", 1)[-1]] = item
    return found


def recorded_post(entry: dict[str, Any], facts: dict[str, etree._Element], *, last_day: bool) -> Post:
    """A post with title, link, time and tags as they were recorded, and our text."""
    item = facts[entry["link"]]
    text = entry.get("text_on_last_day", entry.get("text")) if last_day else entry.get("text")
    return Post(
        title=" ".join((item.findtext("title") or "").split()),
        link=(item.findtext("link") or "").strip().rstrip("/"),
        at=parsedate_to_datetime(item.findtext("pubDate") or "").astimezone(dt.UTC),
        text=text,
        tags=tuple(tag.text or "" for tag in item.iterfind("category")),
    )


def moved(post: Post) -> Post:
    """A post of DeepMind at the address that its blog has had since 2025."""
    link = post.link.replace("/discover/blog/", "/blog/") + "/"
    return Post(post.title, link, post.at, post.text, post.tags)


def stated_post(entry: dict[str, Any], root: str) -> Post:
    """A post of which only title, link and day are known."""
    at = dt.datetime.combine(entry["day"], dt.time(tzinfo=dt.UTC))
    return Post(title=entry["title"], link=root + entry["link"], at=at)


def bair_post(entry: dict[str, Any]) -> Post:
    """A post of BAIR; its day stands in the link, and the hour is the one the blog's feed gives all posts."""
    year, month, day, _ = entry["link"].split("/")
    at = dt.datetime(int(year), int(month), int(day), 2, tzinfo=CALIFORNIA_SUMMER)
    return Post(entry["title"], f"http://bair.berkeley.edu/blog/{entry['link']}/", at, entry["text"])


def newest_first(posts: list[Post]) -> list[Post]:
    """The order of a feed."""
    return sorted(posts, key=lambda post: post.at, reverse=True)
