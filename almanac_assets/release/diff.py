"""What differs from the release before, cell by cell, and why: the table `changes`.

Row hashes tell which rows differ; only those rows are read in full. A difference is explained by the document it hangs on,
else by a changed rule, else by what can move rows of that table; what nothing explains stops the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.contract.table import Contract
from almanac_assets.release.canonical import json_values, row_arrays
from almanac_assets.release.releases import Release

CHANGES = Method(
    "release.changes",
    2,
    "Differences from the release before, with their cause",
    "Rows are compared by hash, cells by canonical JSON. The cause is that of the document that the row belongs to (new, "
    "revised, withdrawn; seen again, where the table holds what a further sight tells), else a changed rule of the table, else "
    "what may move rows of that table.",
)
UNEXPLAINED = "unexplained"

# Descriptions of the release itself: they differ by nature.
NOT_COMPARED = ("tables", "changes", "record_history")

# What may change a row of the table although no document of its own changed.
MOVED_BY = {
    "sources": "source_correction",
    "payloads": "new_observation",
    "feed_health": "new_observation",
    "coverage": "new_observation",
    "quarantine": "new_observation",
    "entities": "as_of",
    "entity_aliases": "resolution",
    "mentions": "resolution",
    "evidence": "resolution",
    "event_entities": "resolution",
    "events": "resolution",
    "importance_parts": "resolution",
    "event_documents": "resolution",
    "summary_sentences": "resolution",
    "entity_external_ids": "resolution",
    "entity_relations": "resolution",
    "entity_judgements": "resolution",
    "redirects": "resolution",
    "works": "new_citation",
    "citations": "new_citation",
    "citation_contexts": "new_citation",
    "citation_summaries": "new_citation",
    "citation_breakdown": "new_citation",
    "citing_papers": "new_citation",
    "similar_papers": "neighbour",
    "related_events": "neighbour",
    "entity_cooccurrence": "neighbour",
    "similar_entities": "neighbour",
    "guides": "neighbour",
    "event_guides": "neighbour",
    "entity_guides": "neighbour",
    "list_notes": "neighbour",
    "methods": "code",
    "quality": "code",
    "columns": "schema",
}

# How a row finds its document: the column that holds the document's id or that of an event or entity.
HANGS_ON = {
    "documents": "document_id",
    "document_versions": "document_id",
    "document_authors": "document_id",
    "document_categories": "document_id",
    "document_vectors": "document_id",
    "mentions": "document_id",
    "similar_papers": "document_id",
    "event_documents": "document_id",
    "events": "event_id",
    "event_entities": "event_id",
    "importance_parts": "event_id",
    "summary_sentences": "event_id",
    "related_events": "event_id",
    "event_guides": "event_id",
    "list_notes": "subject_id",
    "evidence": "subject_id",
    "entities": "entity_id",
    "entity_aliases": "entity_id",
    "entity_external_ids": "entity_id",
    "entity_relations": "entity_id",
    "entity_judgements": "left",
    "entity_cooccurrence": "entity_id",
    "similar_entities": "entity_id",
    "entity_guides": "entity_id",
}

# Tables with a cause of their own that a further sight of a known document may move too: it may bring new counts.
MOVED_BY_SIGHT = ("events", "importance_parts")

CELLS = dict.fromkeys(("row_key", "subject", "table_name", "column_name", "change", "before", "after"), pl.String())


@dataclass(frozen=True)
class Current:
    """The release in the making: tables as frames by name, hashes by name, code version by table."""

    tables: Mapping[str, pl.DataFrame]
    hashes: Mapping[str, pl.DataFrame]
    code_versions: Mapping[str, str]


def changes(current: Current, previous: Release | None) -> pl.DataFrame:
    """The table `changes`; a cause `unexplained` may occur and must stop the release."""
    schema = TABLES["changes"].polars_schema
    if previous is None:
        return pl.DataFrame(schema=schema)
    causes = subject_causes(current, previous)
    found = [
        _with_causes(cells, contract, current, previous, causes)
        for name, contract in TABLES.items()
        if name not in NOT_COMPARED and name in current.hashes
        for cells in [changed_cells(contract, current, previous)]
        if cells.height
    ]
    if not found:
        return pl.DataFrame(schema=schema)
    return pl.concat(found).with_columns(CHANGES.column).select(list(schema))


def hashes_before(contract: Contract, previous: Release) -> pl.DataFrame | None:
    """Keys and row hashes of the release before; None if it did not have the table, or under another key."""
    then = previous.hashes(contract.name)
    return then if then is not None and set(then.columns) == {*contract.key, "row_hash"} else None


def changed_rows(contract: Contract, current: Current, previous: Release) -> pl.DataFrame:
    """Key columns and `change` (added, removed, changed) of each row that differs."""
    key = list(contract.key)
    now = current.hashes[contract.name]
    then = hashes_before(contract, previous)
    if then is None:
        return now.select(*key, change=pl.lit("added"))
    both = now.join(then.rename({"row_hash": "hash_before"}), on=key, how="full", coalesce=True)
    change = (
        pl.when(pl.col("hash_before").is_null())
        .then(pl.lit("added"))
        .when(pl.col("row_hash").is_null())
        .then(pl.lit("removed"))
        .when(pl.col("row_hash") != pl.col("hash_before"))
        .then(pl.lit("changed"))
    )
    return both.select(*key, change=change).filter(pl.col("change").is_not_null())


def changed_cells(contract: Contract, current: Current, previous: Release) -> pl.DataFrame:
    """One row per differing cell: row_key, column_name, change, before, after, and `subject`, what the row hangs on."""
    rows = changed_rows(contract, current, previous)
    if rows.is_empty():
        return pl.DataFrame(schema=CELLS)
    key = list(contract.key)
    after = rows.join(current.tables[contract.name], on=key, how="inner")
    before = (
        rows.join(previous.table(contract.name), on=key, how="inner")
        if hashes_before(contract, previous) is not None
        else after.head(0)
    )
    whole = [
        _cells(part.filter(pl.col("change") == change), contract, "*", change)
        for part, change in ((after, "added"), (before, "removed"))
    ]
    left = before.filter(pl.col("change") == "changed").sort(key)
    right = after.filter(pl.col("change") == "changed").sort(key)
    rows_changed = _cells(right, contract, "", "changed")
    for column in contract.column_names:
        if left.is_empty() or column in key or column not in left.columns:
            continue
        was, now = json_values(left, column), json_values(right, column)
        cells = rows_changed.with_columns(pl.lit(column).alias("column_name"), was.alias("before"), now.alias("after"))
        whole.append(cells.filter(pl.col("before") != pl.col("after")))
    return pl.concat(whole)


def _cells(rows: pl.DataFrame, contract: Contract, column: str, change: str) -> pl.DataFrame:
    hangs_on = HANGS_ON.get(contract.name)
    return pl.DataFrame(
        {
            "row_key": row_arrays(rows, list(contract.key)),
            "subject": rows[hangs_on] if hangs_on else pl.Series([None] * rows.height, dtype=pl.String),
        }
    ).with_columns(
        table_name=pl.lit(contract.name),
        column_name=pl.lit(column),
        change=pl.lit(change),
        before=pl.lit(None, dtype=pl.String),
        after=pl.lit(None, dtype=pl.String),
    )


def subject_causes(current: Current, previous: Release) -> pl.DataFrame:
    """(subject, cause, cause_detail) for documents that changed, and for the events and entities that hang on them."""
    documents = document_causes(current, previous)
    events = current.tables["event_documents"].select("event_id", "document_id")
    by_event = events.join(documents, left_on="document_id", right_on="subject").select(
        subject="event_id", cause="cause", cause_detail="cause_detail"
    )
    named = (
        current.tables["mentions"].filter(pl.col("entity_id").is_not_null()).select("entity_id", "document_id").unique()
    )
    by_entity = named.join(documents, left_on="document_id", right_on="subject").select(
        subject="entity_id", cause="cause", cause_detail="cause_detail"
    )
    order = pl.col("cause").replace_strict(
        {
            "new_document": 0,
            "revised_document": 1,
            "withdrawn_document": 2,
            "source_correction": 3,
            "new_observation": 4,
        },
        return_dtype=pl.Int8,
    )
    return (
        pl.concat([documents, by_event, by_entity])
        .sort("subject", order, "cause_detail")
        .unique("subject", keep="first", maintain_order=True)
    )


def document_causes(current: Current, previous: Release) -> pl.DataFrame:
    """Why each differing document differs, from its own cells alone."""
    contract = TABLES["documents"]
    cells = changed_cells(contract, current, previous)
    texts = pl.col("column_name")
    by_document = cells.group_by("subject").agg(pl.col("change").first(), columns=texts.unique())
    moved = pl.col("columns").list
    cause = (
        pl.when(pl.col("change") == "added")
        .then(pl.lit("new_document"))
        .when(moved.contains("is_withdrawn"))
        .then(pl.lit("withdrawn_document"))
        .when(moved.contains("version") | moved.contains("content_hash"))
        .then(pl.lit("revised_document"))
        .when(moved.set_difference(["last_seen_at", "first_seen_at", "payload_sha256", "is_backfill"]).list.len() == 0)
        .then(pl.lit("new_observation"))
        .otherwise(pl.lit("source_correction"))
    )
    # A document may only differ because something of it was seen since: a new payload, or an older one found later.
    seen = current.tables["documents"].select(
        subject="document_id", payload_sha256="payload_sha256", last_seen_at="last_seen_at"
    )
    kept = by_document.join(seen, on="subject", how="left").filter(
        (pl.col("change") == "added") | (pl.col("last_seen_at") > previous.as_of)
    )
    return kept.select("subject", cause=cause, cause_detail=pl.col("subject"))


def _with_causes(
    cells: pl.DataFrame, contract: Contract, current: Current, previous: Release, causes: pl.DataFrame
) -> pl.DataFrame:
    stated = previous.manifest["tables"].get(contract.name, {})
    other_code = current.code_versions.get(contract.name) != stated.get("code_version")
    fallback = "code" if other_code else MOVED_BY.get(contract.name, UNEXPLAINED)
    if contract.name == "columns" or hashes_before(contract, previous) is None:
        fallback = "schema"
    detail = f"{contract.name} is made by other code" if fallback == "code" else None
    if contract.name in MOVED_BY and contract.name not in MOVED_BY_SIGHT:
        causes = causes.filter(pl.col("cause") != "new_observation")
    return (
        cells.join(causes, on="subject", how="left")
        .with_columns(
            cause=pl.col("cause").fill_null(fallback),
            cause_detail=pl.when(pl.col("cause").is_null())
            .then(pl.lit(detail, dtype=pl.String))
            .otherwise("cause_detail"),
        )
        .drop("subject")
    )
