"""Small tables for the tests of events, written down field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.identity import event_id
from almanac_assets.events.importance import ImportanceConstants, prominences
from almanac_assets.events.stories import event_documents

WHEN = datetime(2026, 6, 1, 17, tzinfo=UTC)
SEEN = datetime(2026, 6, 24, 6, tzinfo=UTC)


def document(document_id: str = "arxiv:1", **changes: Any) -> dict[str, Any]:
    """A paper of cs.CL."""
    return {
        "document_id": document_id,
        "arxiv_id": document_id.removeprefix("arxiv:"),
        "kind": "preprint",
        "language": "en",
        "content_hash": document_id,
        "source_id": "arxiv-cs.CL",
        "title": "Probes",
        "text": "We show things. They hold. They matter.",
        "url": "https://arxiv.org/abs/1",
        "published_at": WHEN,
        "day": date(2026, 6, 1),
        "first_seen_at": SEEN,
        "version": 1,
        "is_withdrawn": False,
        "is_backfill": False,
    } | changes


def documents(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["documents"].polars_schema, orient="row")


def post(document_id: str = "lab-blog:1", **changes: Any) -> dict[str, Any]:
    """A post of a laboratory."""
    own = {"source_id": "lab-blog", "kind": "post", "arxiv_id": None, "url": "https://lab.example/1"}
    return document(document_id, **own | changes)


def newest(table: pl.DataFrame, **links: list[str]) -> pl.DataFrame:
    """What `_newest` adds to documents: no authors, and the links of documents named by their id without its prefix."""
    names = [document_id.split(":")[-1] for document_id in table["document_id"]]
    return table.select("document_id").with_columns(
        authors=pl.Series([[]] * len(names), dtype=pl.List(pl.String)),
        links=pl.Series([links.get(f"n{name}", []) for name in names], dtype=pl.List(pl.String)),
    )


def told(table: pl.DataFrame, **links: list[str]) -> pl.DataFrame:
    """The table `event_documents` of these documents."""
    return event_documents(table, newest(table, **links), NOTHING_KNOWN)


def upvotes(*rows: tuple[str, int, str]) -> pl.DataFrame:
    """Counts of upvotes: document, count, day on which they were read."""
    cells = [(one, "upvotes", count, datetime.fromisoformat(day).replace(tzinfo=UTC)) for one, count, day in rows]
    names = ("subject", "measure", "value", "observed_at")
    types = (pl.String(), pl.String(), pl.Int64(), pl.Datetime("us", "UTC"))
    frame = pl.DataFrame(cells, schema=dict(zip(names, types, strict=True)), orient="row")
    return frame.with_columns(fetched_at="observed_at")


def mention(entity_id: str | None, field: str = "text", start: int = 0, **changes: Any) -> dict[str, Any]:
    """A mention in `arxiv:1`; its id follows from its place."""
    return {
        "mention_id": f"m-{entity_id}-{field}-{start}",
        "document_id": "arxiv:1",
        "field": field,
        "start": start,
        "entity_id": entity_id,
    } | changes


def mentions(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["mentions"].polars_schema, orient="row")


def named(entity_id: str, salience: float = 0.5, document_id: str = "arxiv:1") -> dict[str, Any]:
    """A row of event_entities."""
    return {"event_id": event_id(document_id), "entity_id": entity_id, "salience": salience}


def event_entities(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["event_entities"].polars_schema, orient="row")


def registry(defined_by: dict[str, str] | None = None, **types: str) -> pl.DataFrame:
    """Entities by id and type; the name is the id in capitals, the normal form the id; `defined_by` names documents."""
    given = defined_by or {}
    rows = [
        {
            "entity_id": i,
            "name": i.upper(),
            "type": kind,
            "normal_form": i,
            "description_document_id": given.get(i),
        }
        for i, kind in types.items()
    ]
    columns = ("entity_id", "name", "type", "normal_form", "description_document_id")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def categories(*names: str, document_id: str = "arxiv:1") -> pl.DataFrame:
    rows = [{"document_id": document_id, "position": n, "category": name} for n, name in enumerate(names, 1)]
    return pl.DataFrame(rows, schema=TABLES["document_categories"].polars_schema, orient="row")


CUTS = [1.1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
SOURCES = pl.DataFrame(
    {
        "source_id": ["arxiv-cs.CL", "lab-blog", "other-blog"],
        "short_name": ["arXiv · cs.CL", "Lab Blog", "Other Blog"],
        "publisher": ["arXiv", "Lab", "Other"],
        "standing": [0.5, 0.8, 0.8],
    }
)
NOTHING_KNOWN = pl.DataFrame(schema={"document_id": pl.String, "event_id": pl.String})


def constants(**frequency: int) -> ImportanceConstants:
    """Constants of a reference year of 1,000 papers; a name is given as type__form."""
    counts = {name.replace("__", " "): count for name, count in frequency.items()}
    return ImportanceConstants(prominences(counts, 1000), counts, 1000, CUTS)
