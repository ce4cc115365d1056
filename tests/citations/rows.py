"""Small tables for the tests of how works are used, written down field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.documents.parse import READ_CONTEXTS, READ_EDGES, READ_WORKS
from almanac_assets.harvest.work_ids import work_ids
from almanac_assets.release.ids import KNOWN_WORKS

SEEN = datetime(2026, 6, 24, 6, tzinfo=UTC)
FIRST_RELEASE = datetime(2026, 5, 1, tzinfo=UTC)
SECOND_RELEASE = datetime(2026, 6, 1, tzinfo=UTC)
AS_OF = pl.DataFrame({"as_of": [SEEN]})
ORIGIN: dict[str, Any] = {"ordinal": 0, "payload_sha256": "aa", "source_id": "index", "fetched_at": SEEN}
PYTHIA = "Pythia: a suite for analyzing large language models across training"


def stated(title: str | None = None, **told: Any) -> dict[str, Any]:
    """A statement on a work; ids (arxiv_id, doi ...) are those of `work_ids`, other fields columns of READ_WORKS."""
    columns = {name: told.pop(name) for name in list(told) if name in READ_WORKS}
    row = {"title": title, "fields": [], "authors": [], "ids": list(work_ids(title=title, **told))}
    return ORIGIN | row | columns


def read_works(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=READ_WORKS, orient="row")


def edge(citing: str, cited: str, **changes: Any) -> dict[str, Any]:
    return ORIGIN | {"citing": citing, "cited": cited, "s2_intents": []} | changes


def read_edges(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=READ_EDGES, orient="row")


def said(citing: str, cited: str, sentence: str = "We use Pythia [4] in all runs.", **changes: Any) -> dict[str, Any]:
    """A citing sentence as read."""
    row = {"citing": citing, "cited": cited, "sentence": sentence, "position": 0, "text_basis": "sentence"}
    return ORIGIN | row | {"s2_intents": []} | changes


def read_contexts(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=READ_CONTEXTS, orient="row")


def paper(arxiv_id: str, **changes: Any) -> dict[str, Any]:
    """A paper of arXiv among the documents."""
    row = {"document_id": f"arxiv:{arxiv_id}", "title": "A paper", "text": "It shows things.", "text_basis": "abstract"}
    return row | {"published_at": SEEN} | changes


def documents(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["documents"].polars_schema, orient="row")


def known(work_id: str, *same_as: str, first: datetime = FIRST_RELEASE, gone: datetime | None = None) -> dict[str, Any]:
    """A work of an earlier release."""
    return {"work_id": work_id, "same_as": list(same_as), "first_as_of": first, "gone_since": gone}


def known_works(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=KNOWN_WORKS, orient="row")


def source(source_id: str = "index", **changes: Any) -> dict[str, Any]:
    row = {"source_id": source_id, "short_name": source_id.title(), "kind": "citation_index", "standing": 0.5}
    return row | {"redistribution": "full"} | changes


def sources(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows) or [source()], schema=TABLES["sources"].polars_schema, orient="row")


def published_ids(*ids: str) -> pl.DataFrame:
    """Ids that are each the id of their own work."""
    return pl.DataFrame({"id": list(ids), "work_id": list(ids), "identity_rule": ["arxiv_id"] * len(ids)})


def work(work_id: str, **changes: Any) -> dict[str, Any]:
    row = {"work_id": work_id, "title": f"Title of {work_id}", "fields": [], "same_as": []}
    return row | changes


def works(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["works"].polars_schema, orient="row")


def citation(citing: str, cited: str = "arxiv:1", **changes: Any) -> dict[str, Any]:
    row = {"cited_work_id": cited, "citing_work_id": citing, "sources": ["index"], "s2_intents": []}
    return row | {"context_count": 0, "first_seen_at": SEEN} | changes


def citations(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["citations"].polars_schema, orient="row")


def context(
    citing: str, role: str = "unclear", polarity: str = "unclear", number: int = 0, **changes: Any
) -> dict[str, Any]:
    """A sentence that cites `arxiv:1`, already judged; a decided role has the confidence 0.8."""
    row = {
        "context_id": f"c-{citing}-{number}",
        "cited_work_id": "arxiv:1",
        "citing_work_id": citing,
        "sentence": f"Sentence {number} of {citing}.",
        "text_basis": "sentence",
        "role": role,
        "roles": [] if role == "unclear" else [role],
        "role_confidence": 0.0 if role == "unclear" else 0.8,
        "polarity": polarity,
        "polarity_confidence": 0.0 if polarity == "unclear" else 0.8,
        "s2_intents": [],
        "evidence_id": f"e-{citing}-{number}",
    }
    return row | changes


def contexts(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TABLES["citation_contexts"].polars_schema, orient="row")
