"""Small valid rows of every table, made from the contract itself, for the tests of several rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES, Column, Contract
from almanac_assets.release.diff import CHANGES
from almanac_assets.release.history import HISTORY
from almanac_assets.release.publish import LAST_TABLES

EARLY = datetime(2026, 6, 1, 6, tzinfo=UTC)
# Made by the release itself.
MADE = tuple(name for name in TABLES if name not in LAST_TABLES)

# One value per pattern of the contract; `i` keeps the rows apart.
PATTERNED: dict[str, Callable[[int], str]] = {
    r"[A-Za-z0-9.-]+": lambda i: f"source-{i}",
    r"https?://[^\s/?#@]+([/?#]\S*)?": lambda i: f"https://example.org/{i}",
    r"[0-9a-f]{64}": lambda i: f"{i:064x}",
    r"[0-9a-f]{32}": lambda i: f"{i:032x}",
    r"[a-z_.]+@\d+": lambda i: f"test.rule@{i + 1}",
    r"q-[0-9a-f]{16}": lambda i: f"q-{i:016x}",
    r"m-[0-9a-f]{16}": lambda i: f"m-{i:016x}",
    r"e-[0-9a-f]{16}": lambda i: f"e-{i:016x}",
    r"ev-[0-9a-f]{16}": lambda i: f"ev-{i:016x}",
    r"c-[0-9a-f]{16}": lambda i: f"c-{i:016x}",
    r"g-[0-9a-f]{16}": lambda i: f"g-{i:016x}",
    r"[a-z0-9_.]+": lambda i: f"test.measure_{i}",
    r"(arxiv|doi|s2|openalex|acl|openreview|title):\S+": lambda i: f"arxiv:2606.{i:05d}",
    r"[a-z0-9-]+:\S+": lambda i: f"arxiv:2606.{i:05d}",
    r"[a-z0-9-]+-[0-9a-f]{8}": lambda i: f"thing-{i:08x}",
    r"[a-z0-9-]+": lambda i: f"slug-{i}",
    r"\d+\.\d+\.\d+": lambda i: "1.0.0",
}


# The column that must name another row than the one before it.
PAIRED = {
    "similar_papers": "other_document_id",
    "related_events": "other_event_id",
    "similar_entities": "other_entity_id",
    "entity_cooccurrence": "other_entity_id",
    "entity_relations": "other_entity_id",
    "citations": "citing_work_id",
}


def value(contract: Contract, column: Column, i: int) -> Any:
    """The least value that the contract allows in row `i`: null where it may be, else the lowest, first or shortest."""
    if column.nullable:
        return None
    if column.is_list:
        return []
    if column.refers_to:
        table, _, there = column.refers_to.partition(".")
        return value(TABLES[table], TABLES[table].column(there), i)
    if column.allowed:
        return column.allowed[0]
    if column.pattern:
        return PATTERNED[column.pattern](i)
    kinds = {"time": EARLY, "date": EARLY.date(), "bool": False, "text": f"text {i}"}
    return kinds.get(column.type_name, int(column.low or 0))


def row(table: str, i: int = 0, **values: Any) -> dict[str, Any]:
    """A valid row of a table, with these values in place of its own."""
    contract = TABLES[table]
    made = {column.name: value(contract, column, i) for column in contract.columns}
    assert set(values) <= set(made), f"{table} has no column {sorted(set(values) - set(made))}"
    own = OWN[table](i) if table in OWN else {}
    if table in PAIRED:
        own |= {PAIRED[table]: value(contract, contract.column(PAIRED[table]), i + 1)}
    return made | own | values


# Values that a law between columns or between rows asks for.
OWN: dict[str, Callable[[int], dict[str, Any]]] = {
    "documents": lambda i: {"text": f"Text {i}."},
    "document_vectors": lambda i: {"vector": [0, 1, -1, 127]},
    "mentions": lambda i: {
        "surface": "x",
        "entity_id": value(TABLES["entities"], TABLES["entities"].column("entity_id"), i),
        "link_rule": "exact",
        "link_confidence": 1.0,
    },
    "events": lambda i: {"summary": f"Summary {i}."},
    "entity_judgements": lambda i: {"left": f"a {i}", "right": f"b {i}"},
    "citation_contexts": lambda i: {"roles": ["background"]},
    "citing_papers": lambda i: {"takeaway_basis": "none"},
    "methods": lambda i: {"parameters": "{}"},
}


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame in the contract's types."""
    return pl.DataFrame(rows, schema=TABLES[table].polars_schema)


def frames(count: int = 2) -> dict[str, pl.DataFrame]:
    """Every table that steps make, each with `count` rows that belong together; the release itself makes the rest."""
    made = {name: frame(name, [row(name, i) for i in range(count)]) for name in MADE}
    for name, column in PAIRED.items():
        values = [value(TABLES[name], TABLES[name].column(column), (i + 1) % count) for i in range(count)]
        pairs = [row(name, i, **{column: other}) for i, other in enumerate(values) if count > 1]
        made[name] = frame(name, pairs)
    stated = [row("methods", i, method=method.id) for i, method in enumerate((CHANGES, HISTORY))]
    made["methods"] = pl.concat([made["methods"], frame("methods", stated)])
    return made


def replaced(table: pl.DataFrame, at: int, **values: Any) -> pl.DataFrame:
    """The table with other values in one row."""
    rows = table.to_dicts()
    rows[at] |= values
    return pl.DataFrame(rows, schema=table.schema)
