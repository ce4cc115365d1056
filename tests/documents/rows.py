"""Parsed records for the tests of identity and tables, written down field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from almanac_assets.documents.parse import PARSED_RECORDS, content_hashes


def at(day: str, hour: int = 6) -> datetime:
    """An hour of a day in UTC."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)


def oai(**changes: Any) -> dict[str, Any]:
    """What an OAI-PMH page says about one paper on 24 June 2026: it knows versions, exact times and the comment."""
    return {
        "ordinal": 0,
        "document_id": "arxiv:2606.01234",
        "arxiv_id": "2606.01234",
        "kind": "preprint",
        "category_scheme": "arxiv",
        "links": [],
        "version": 1,
        "title": "Probes",
        "text": "We show things.",
        "language": "en",
        "authors": ["Ada B.", "Carl D."],
        "affiliations": [None, "Lab Y"],
        "categories": ["cs.CL", "stat.ML"],
        "published_at": at("2026-06-01", 17),
        "published_precision": "second",
        "published_basis": "stated",
        "version_at": at("2026-06-01", 17),
        "datestamp": date(2026, 6, 24),
        "is_deleted": False,
        "is_withdrawn": False,
        "payload_sha256": "a" * 64,
        "source_id": "arxiv-oai",
        "fetched_at": at("2026-06-24"),
    } | changes


def rss(**changes: Any) -> dict[str, Any]:
    """What the feed of 2 June 2026 says about the same paper: a day, no version's time, no comment."""
    feed = {
        "published_at": at("2026-06-02", 0),
        "published_precision": "day",
        "published_basis": "feed",
        "version_at": None,
        "datestamp": None,
        "announce_type": "new",
        "payload_sha256": "b" * 64,
        "source_id": "arxiv-cs.CL",
        "fetched_at": at("2026-06-02", 4),
    }
    return oai(**feed | changes)


def deleted(**changes: Any) -> dict[str, Any]:
    """A header of OAI-PMH that says deleted, without metadata."""
    empty: dict[str, Any] = {
        "title": None,
        "text": None,
        "authors": [],
        "affiliations": [],
        "categories": [],
        "is_deleted": True,
    }
    unknown = {"published_at": None, "published_precision": None, "published_basis": "unknown", "version_at": None}
    return oai(**empty | unknown | {"fetched_at": at("2026-06-25"), "payload_sha256": "d" * 64} | changes)


def records(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows as `_records`; time of sight is that of the fetch, the content hash that of title and text."""
    frame = pl.DataFrame(list(rows), schema=PARSED_RECORDS, orient="row")
    return frame.with_columns(
        content_hash=content_hashes(frame["title"], frame["text"]), seen_at=pl.coalesce("seen_at", "fetched_at")
    )
