"""The data dictionary, derived from the contract: the rows of `columns`, the rows of `tables`, and a page to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from almanac_assets.contract.table import Column, Contract


def columns_rows(tables: Mapping[str, Contract]) -> pl.DataFrame:
    """The table `columns`: every column of every table."""
    rows = [
        {
            "table_name": contract.name,
            "position": position,
            "column_name": column.name,
            "type": column.type_name,
            "nullable": column.nullable,
            "description": column.description,
            "unit": column.unit,
            "minimum": column.low,
            "maximum": column.high,
            "allowed": list(column.allowed or ()),
            "references": column.refers_to,
            "since": column.since,
        }
        for contract in tables.values()
        for position, column in enumerate(contract.columns, 1)
    ]
    return pl.DataFrame(rows, schema=tables["columns"].polars_schema)


def tables_rows(tables: Mapping[str, Contract], written: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """The table `tables`; `written` gives rows, bytes, sha256 and content_hash of each file but its own."""
    rows = [
        {
            "table_name": contract.name,
            "title": contract.title,
            "description": contract.description,
            **{name: written.get(contract.name, {}).get(name) for name in ("rows", "bytes", "sha256", "content_hash")},
            "schema_version": contract.schema_version,
            "key": list(contract.key),
            "primary_source": contract.primary_source,
        }
        for contract in tables.values()
    ]
    return pl.DataFrame(rows, schema=tables["tables"].polars_schema)


def dictionary_page(tables: Mapping[str, Contract]) -> str:
    """The dictionary as Markdown, for docs/dictionary.md."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the classes in `almanac_assets/contract/` by `almanac docs`; do not edit by hand. K marks the key.",
        "",
    ]
    for contract in tables.values():
        key = ", ".join(contract.key)
        lines += [
            f"## {contract.name}",
            "",
            f"{contract.description} *{contract.question}*",
            "",
            f"Key: {key}. Made from: {contract.primary_source}. Schema version {contract.schema_version}.",
            "",
            "| column | type | null | meaning | bounds |",
            "|---|---|---|---|---|",
        ]
        lines += [_line(column, contract) for column in contract.columns]
        lines += ["", *(f"- {rule.says[0].upper()}{rule.says[1:]}." for rule in contract.rules)]
        lines += [""] if contract.rules else []
    return "\n".join(lines).rstrip() + "\n"


def _line(column: Column, contract: Contract) -> str:
    key = " K" if column.name in contract.key else ""
    null = "may be" if column.nullable else "never"
    return f"| {column.name}{key} | {column.type_name} | {null} | {column.description} | {bounds(column)} |"


def bounds(column: Column) -> str:
    """What a value may be, in words: unit, range, closed list, pattern, reference."""
    said = []
    if column.unit:
        said.append(column.unit)
    if column.low is not None and column.high is not None:
        said.append(f"{column.low:g} to {column.high:g}")
    elif column.low is not None:
        said.append(f"at least {column.low:g}")
    elif column.high is not None:
        said.append(f"at most {column.high:g}")
    if column.allowed:
        said.append("one of " + ", ".join(f"`{value}`" for value in column.allowed))
    if column.pattern:
        said.append("pattern `" + column.pattern.replace("|", "\\|") + "`")
    if column.refers_to:
        said.append(f"→ {column.refers_to}")
    return "; ".join(said)
