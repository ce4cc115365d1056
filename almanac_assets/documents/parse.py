"""Payloads to records: each part of the lake read once, its texts made plain, its rejects kept with their reason.

What citation indexes and listings state beside documents (works, edges, contexts, counts) is kept as it was read.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import polars as pl

from almanac_assets.documents.clean import excerpt, plain_text, plain_texts
from almanac_assets.documents.language import languages
from almanac_assets.documents.withdrawn import withdrawn_reasons
from almanac_assets.harvest.bulk import read_bulk
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.records import CONTEXTS, EDGES, OBSERVATIONS, RECORDS, REJECTS, WORKS, Parsed
from almanac_assets.harvest.sources import Sources
from almanac_assets.store.payloads import PayloadStore

# LaTeX, dollars and entities; the other signs that clean.py looks for mean themselves in a name.
_NAME_MARKS = r"[\\{}$&]"

log = logging.getLogger("almanac.parse")

_TIME = pl.Datetime("us", "UTC")
_ORIGIN: dict[str, pl.DataType] = {"payload_sha256": pl.String(), "source_id": pl.String(), "fetched_at": _TIME}

# What the lake keeps of each record: the format's columns with plain texts, and where the record comes from.
PARSED_RECORDS = pl.Schema(
    {name: kind for name, kind in RECORDS.items() if name != "abstract"}
    | {"text": pl.String(), "language": pl.String(), "content_hash": pl.String(), "seen_at": _TIME}
    | _ORIGIN
)
PARSED_REJECTS = pl.Schema(dict(REJECTS) | _ORIGIN)
READ_WORKS = pl.Schema(dict(WORKS) | _ORIGIN)
READ_EDGES = pl.Schema(dict(EDGES) | _ORIGIN)
READ_CONTEXTS = pl.Schema(dict(CONTEXTS) | _ORIGIN)
READ_OBSERVATIONS = pl.Schema(dict(OBSERVATIONS) | _ORIGIN)
PAYLOAD_FACTS = pl.Schema(
    {
        "items": pl.Int64(),
        "outcome": pl.String(),
        "format": pl.String(),
        "window_from": pl.Date(),
        "window_until": pl.Date(),
        "stated_total": pl.Int64(),
        "claimed_url": pl.String(),
        "resumption_token": pl.String(),
        "is_last_page": pl.Boolean(),
        "announced_on": pl.Date(),
        "message": pl.String(),
    }
    | _ORIGIN
)


def parsed_part(fetches: pl.DataFrame, payloads: PayloadStore, sources: Sources) -> dict[str, pl.DataFrame]:
    """Read every payload of a part into `_records`, `_rejects`, `_payload_facts` and what is stated beside documents."""
    read: dict[str, list[pl.DataFrame]] = {name: [] for name in _FRAMES}
    facts = []
    for fetch in fetches.sort("payload_sha256", "source_id", "fetched_at", "first_row").iter_rows(named=True):
        parsed = _parsed(fetch, payloads)
        origin = [pl.lit(fetch[name], dtype=kind).alias(name) for name, kind in _ORIGIN.items()]
        for name, frames in read.items():
            frame = getattr(parsed, _FRAMES[name])
            if fetch["text_basis"] and "text_basis" in frame.columns:
                frame = frame.with_columns(text_basis=pl.lit(fetch["text_basis"]))
            frames.append(frame.with_columns(origin))
        facts.append(_facts(fetch, parsed))
    made = {name: pl.concat(frames) for name, frames in read.items()}
    return made | {
        "_records": plain_records(made["_records"], sources),
        "_rejects": made["_rejects"].select(list(PARSED_REJECTS)),
        "_payload_facts": pl.DataFrame(facts, schema=PAYLOAD_FACTS, orient="row"),
    }


_FRAMES = {
    "_records": "records",
    "_rejects": "rejects",
    "_read_works": "works",
    "_read_edges": "edges",
    "_read_contexts": "contexts",
    "_read_observations": "observations",
}


def publishable(records: pl.DataFrame, sources: Sources) -> pl.Expr:
    """The plain text as far as the source lets it be published: whole, an excerpt that ends between words, or nothing.

    Everything below reads this text and no other, so that no published value follows from words that nobody can see.
    Abstracts of arXiv are in the public domain whoever carries them.
    """
    allowed = {source_id: sources.get(source_id).redistribution for source_id in records["source_id"].unique().sort()}
    terms = pl.col("source_id").replace_strict(allowed, return_dtype=pl.String)
    is_arxiv = pl.col("arxiv_id").is_not_null() & pl.col("url").is_null()
    is_free = is_arxiv | terms.is_in(["full", "abstract"])
    return pl.when(is_free).then("text").when(terms == "excerpt").then(excerpt(pl.col("text")))


def plain_records(records: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    """Records with plain title, text and comment, their language, content hash and time of sight."""
    # Dollars and braces of a post mean themselves; only papers are written in LaTeX.
    is_paper = pl.col("kind") == "preprint"
    plain = records.with_columns(
        title=pl.when(is_paper).then(plain_texts(records["title"])).otherwise("title"),
        text=pl.when(is_paper).then(plain_texts(records["abstract"])).otherwise("abstract"),
        comment=plain_texts(records["comment"]),
        journal_ref=plain_texts(records["journal_ref"]),
        **plain_names(records),
    ).with_columns(pl.col("title", "text", "comment", "journal_ref").replace({"": None}))
    plain = plain.with_columns(text=publishable(plain, sources))
    plain = plain.with_columns(
        language=languages(plain["text"]),
        content_hash=content_hashes(plain["title"], plain["text"]),
        seen_at=pl.coalesce("captured_at", "fetched_at"),
        withdrawn_reason=pl.coalesce("withdrawn_reason", withdrawn_reasons(plain["comment"], plain["text"])),
    )
    withdrawn = pl.col("is_withdrawn") | pl.col("withdrawn_reason").is_not_null() | pl.col("is_deleted")
    return plain.with_columns(is_withdrawn=withdrawn).select(list(PARSED_RECORDS))


def plain_names(records: pl.DataFrame) -> dict[str, pl.Series]:
    """Authors and affiliations without LaTeX, still parallel; an author of whom nothing readable is left is left out.

    Names of most documents are plain and are not visited: 68,069 lists without LaTeX take 0.1 s.
    """
    written = pl.concat_str(
        pl.col("authors").list.join("\n"), pl.col("affiliations").list.join("\n", ignore_nulls=True), separator="\n"
    )
    marked = records.select(written.str.contains(_NAME_MARKS).fill_null(value=False)).to_series()
    people = [
        [(plain_text(name), plain_text(place) or None if place else None) for name, place in zip(*row, strict=True)]
        for row in records.filter(marked).select("authors", "affiliations").iter_rows()
    ]
    return {
        "authors": _replaced(records["authors"], marked, [[name for name, _ in row if name] for row in people]),
        "affiliations": _replaced(
            records["affiliations"], marked, [[at for name, at in row if name] for row in people]
        ),
    }


def _replaced(column: pl.Series, marked: pl.Series, values: list[list[Any]]) -> pl.Series:
    """The column with `values` in the marked rows, in their order."""
    if not values:
        return column
    place = (marked.cum_sum().cast(pl.Int64) - 1).clip(lower_bound=0)
    return pl.Series(values, dtype=column.dtype).gather(place).zip_with(marked, column).rename(column.name)


def content_hashes(titles: pl.Series, texts: pl.Series) -> pl.Series:
    """First 16 bytes (32 hex digits) of the sha256 of title, NUL, text; null where there is no title."""
    pairs = zip(titles.to_list(), texts.to_list(), strict=True)
    hashes = [None if t is None else hashlib.sha256(f"{t}\0{x or ''}".encode()).hexdigest()[:32] for t, x in pairs]
    return pl.Series("content_hash", hashes, dtype=pl.String)


def _parsed(fetch: dict[str, Any], payloads: PayloadStore) -> Parsed:
    if fetch["is_bulk"]:
        return read_bulk(payloads.file(fetch["payload_sha256"]), fetch["first_row"], fetch["rows"])
    return parse(payloads.body(fetch["payload_sha256"]), fetch["source_id"], fetch["url"], fetch["http_status"])


def _facts(fetch: dict[str, Any], parsed: Parsed) -> dict[str, Any]:
    facts = parsed.facts
    return {name: fetch[name] for name in _ORIGIN} | {
        "items": parsed.items + parsed.rejects.filter(pl.col("ordinal").is_not_null()).height,
        "outcome": parsed.outcome,
        "format": facts.format,
        "window_from": facts.window_from,
        "window_until": facts.window_until,
        "stated_total": facts.stated_total,
        "claimed_url": facts.claimed_url,
        "resumption_token": facts.resumption_token,
        "is_last_page": facts.is_last_page,
        "announced_on": facts.announced_on,
        "message": parsed.rejects["detail"][0] if parsed.outcome == "error" else None,
    }
