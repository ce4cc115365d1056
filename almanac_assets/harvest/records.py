"""What every format yields: one row per record of a payload, one per reject, and the facts of the payload itself.

A record is what one payload says about one version of one document, before any merging. Citation indexes also state works,
edges between works and the sentences that cite, and listings state counts that change; these are rows of their own. A reject is a record (or a whole
payload) that could not be used, with a reason of the closed list quarantine.reason. Nothing of a payload disappears
without one of the two, except a record that repeats an earlier one of the same payload word for word.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from typing import Literal

import polars as pl
import pyarrow as pa

WHOLE_PAYLOAD = "whole payload"
DETAIL_LIMIT = 300  # characters of a reject's detail, so that a quarantine table stays readable

_TIME = pl.Datetime("us", "UTC")
_COLUMNS: dict[str, pl.DataType] = {
    "ordinal": pl.Int32(),
    "document_id": pl.String(),
    "arxiv_id": pl.String(),
    "url": pl.String(),
    "kind": pl.String(),
    "text_basis": pl.String(),
    "version": pl.Int16(),
    "title": pl.String(),
    "abstract": pl.String(),
    "authors": pl.List(pl.String()),
    "affiliations": pl.List(pl.String()),
    "categories": pl.List(pl.String()),
    "category_scheme": pl.String(),
    "links": pl.List(pl.String()),
    "comment": pl.String(),
    "journal_ref": pl.String(),
    "doi": pl.String(),
    "licence": pl.String(),
    "published_at": _TIME,
    "published_precision": pl.String(),
    "published_basis": pl.String(),
    "version_at": _TIME,
    "updated_at": _TIME,
    "captured_at": _TIME,
    "datestamp": pl.Date(),
    "announce_type": pl.String(),
    "is_deleted": pl.Boolean(),
    "is_withdrawn": pl.Boolean(),
    "withdrawn_reason": pl.String(),
}

RECORDS = pl.Schema(_COLUMNS)

# What a payload says about a work that is cited or cites: `ids` are all ids it states, the most telling first (work_ids).
WORKS = pl.Schema(
    {
        "ordinal": pl.Int32(),
        "ids": pl.List(pl.String()),
        "title": pl.String(),
        "abstract": pl.String(),
        "year": pl.Int16(),
        "venue": pl.String(),
        "fields": pl.List(pl.String()),
        "authors": pl.List(pl.String()),
    }
)
# One work cites another; `citing` and `cited` are the first of the `ids` of the two.
EDGES = pl.Schema(
    {
        "ordinal": pl.Int32(),
        "citing": pl.String(),
        "cited": pl.String(),
        "s2_intents": pl.List(pl.String()),
        "s2_is_influential": pl.Boolean(),
    }
)
# A sentence in which `citing` cites `cited`; the marker's span is in code points of the sentence.
CONTEXTS = pl.Schema(
    {
        "ordinal": pl.Int32(),
        "citing": pl.String(),
        "cited": pl.String(),
        "position": pl.Int32(),
        "sentence": pl.String(),
        "text_basis": pl.String(),
        "before": pl.String(),
        "after": pl.String(),
        "marker_start": pl.Int32(),
        "marker_end": pl.Int32(),
        "section": pl.String(),
        "s2_intents": pl.List(pl.String()),
    }
)
# A count that changes with time: upvotes, comments, github_stars or cited_by of a work or document.
OBSERVATIONS = pl.Schema(
    {
        "ordinal": pl.Int32(),
        "subject": pl.String(),
        "measure": pl.String(),
        "value": pl.Int64(),
        "observed_at": _TIME,
    }
)

REJECTS = pl.Schema({"ordinal": pl.Int32(), "locator": pl.String(), "reason": pl.String(), "detail": pl.String()})

Outcome = Literal["new", "empty", "error"]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of RECORDS; the fields are the columns, in their order.

    `ordinal` is the 0-based position in the payload, shared with the rejects. `version` is 1 where the payload does not
    tell. `affiliations` is parallel to `authors`. `title` is null in a deleted record and nowhere else. `published_at`
    is always of version 1, and midnight UTC of the first day where only a day, month or year is known; `version_at` is
    the time of this version, `updated_at` that of the newest one (null if there is only version 1).

    A record of arXiv has an `arxiv_id` and no `url`, since its page follows from the id; any other has a `url`. `abstract`
    is the text, whatever it is; `text_basis` says what (null: an abstract). `links` are the addresses that the document
    itself names as other copies or parts of the same work (paper, code, data).
    """

    ordinal: int
    document_id: str
    arxiv_id: str | None = None
    url: str | None = None
    kind: str = "preprint"
    text_basis: str | None = None
    version: int = 1
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    affiliations: tuple[str | None, ...] = ()
    categories: tuple[str, ...] = ()
    category_scheme: str = "arxiv"
    links: tuple[str, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    licence: str | None = None
    published_at: datetime | None = None
    published_precision: str | None = None
    published_basis: str = "unknown"
    version_at: datetime | None = None
    updated_at: datetime | None = None
    captured_at: datetime | None = None
    datestamp: date | None = None
    announce_type: str | None = None
    is_deleted: bool = False
    is_withdrawn: bool = False
    withdrawn_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One row of WORKS; `ids` come from work_ids and are never empty."""

    ordinal: int
    ids: tuple[str, ...]
    title: str
    abstract: str | None = None
    year: int | None = None
    venue: str | None = None
    fields: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of EDGES."""

    ordinal: int
    citing: str
    cited: str
    s2_intents: tuple[str, ...] = ()
    s2_is_influential: bool | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One row of CONTEXTS; `position` counts the contexts of one edge in one payload from 0."""

    ordinal: int
    citing: str
    cited: str
    position: int
    sentence: str
    text_basis: str = "sentence"
    before: str | None = None
    after: str | None = None
    marker_start: int | None = None
    marker_end: int | None = None
    section: str | None = None
    s2_intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of OBSERVATIONS; `observed_at` is null where the payload states no time: then it is the fetch's."""

    ordinal: int
    subject: str
    measure: str
    value: int
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """One row of REJECTS: where it stood, why it cannot be used (quarantine.reason), and one line of detail."""

    ordinal: int | None
    locator: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a payload says about itself; a field it does not state is None.

    `format` is one of oai, arxiv_rss, arxiv_atom, arxiv_api, snapshot, corpus, rss, atom, rdf, json_feed, hf_daily_papers,
    semantic_scholar, openalex, citations, unknown. `claimed_url` is the address the payload
    names as its own, arguments included. `announced_on` is the day of the announcement in US Eastern time. `notes`
    tells what had to be mended before the payload could be read, one line each.
    """

    format: str
    answered_at: datetime | None = None
    claimed_url: str | None = None
    oai_verb: str | None = None
    window_from: date | None = None
    window_until: date | None = None
    stated_total: int | None = None
    resumption_token: str | None = None
    is_last_page: bool | None = None
    error_code: str | None = None
    category: str | None = None
    announced_on: date | None = None
    notes: tuple[str, ...] = ()


def _empty(schema: pl.Schema) -> Callable[[], pl.DataFrame]:
    return lambda: pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Parsed:
    """A payload, read: each frame keeps the schema of its name (RECORDS, REJECTS, WORKS ...), in the payload's order."""

    facts: Facts
    records: pl.DataFrame
    rejects: pl.DataFrame
    works: pl.DataFrame = field(default_factory=_empty(WORKS))
    edges: pl.DataFrame = field(default_factory=_empty(EDGES))
    contexts: pl.DataFrame = field(default_factory=_empty(CONTEXTS))
    observations: pl.DataFrame = field(default_factory=_empty(OBSERVATIONS))

    @property
    def outcome(self) -> Outcome:
        """`new` with at least one item; `empty` when well-formed without items; `error` when only rejects came."""
        if self.items:
            return "new"
        return "error" if self.rejects.height else "empty"

    @property
    def items(self) -> int:
        """What the payload brought: records, or the edges, works or counts of one that holds no records."""
        return self.records.height or self.edges.height or self.works.height or self.observations.height


def one_line(text: str, limit: int = DETAIL_LIMIT) -> str:
    """`text` on one line of at most `limit` characters, control characters and lone surrogates written as escapes."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[:limit])
    return shown if len(shown) <= limit and len(text) <= limit else shown[: limit - 1] + "…"


def records_frame(records: Sequence[Record]) -> pl.DataFrame:
    """The records as a frame of the schema RECORDS, in the order given."""
    return rows_frame(records, RECORDS)


def rows_frame(rows: Sequence[Record | Work | Edge | Context | Observation], schema: pl.Schema) -> pl.DataFrame:
    """Rows whose fields are the columns of `schema` as a frame, in the order given."""
    columns: list[pl.Series] = []
    for name, dtype in schema.items():
        values = [getattr(row, name) for row in rows]
        columns.append(_lists(name, values) if isinstance(dtype, pl.List) else pl.Series(name, values, dtype=dtype))
    return pl.DataFrame(columns)


def _lists(name: str, rows: Sequence[Sequence[str | None]]) -> pl.Series:
    """A column of lists from all values at once; one series a row would take longer than reading the payload."""
    offsets = pa.array(accumulate((len(row) for row in rows), initial=0), pa.int64())
    flat = pa.array([value for row in rows for value in row], pa.large_string())
    return pl.Series(name, pa.LargeListArray.from_arrays(offsets, flat))


def rejects_frame(rejects: Sequence[Reject]) -> pl.DataFrame:
    """The rejects as a frame of the schema REJECTS, in the order given, details made safe to print."""
    safe = [dataclasses.replace(r, locator=one_line(r.locator), detail=one_line(r.detail)) for r in rejects]
    columns = {name: [getattr(reject, name) for reject in safe] for name in REJECTS.names()}
    return pl.DataFrame(columns, schema=REJECTS)


def unusable(facts: Facts, reason: str, detail: str) -> Parsed:
    """A payload of which nothing can be used: no records, one reject for the whole."""
    reject = Reject(ordinal=None, locator=WHOLE_PAYLOAD, reason=reason, detail=detail)
    return Parsed(facts, records_frame([]), rejects_frame([reject]))


def without_items(facts: Facts) -> Parsed:
    """A well-formed payload that holds no items, such as the feed of a Sunday."""
    return Parsed(facts, records_frame([]), rejects_frame([]))
