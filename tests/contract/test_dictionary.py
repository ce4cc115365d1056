"""The data dictionary is the contract, as rows and as a page."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from almanac_assets import settings
from almanac_assets.contract import TABLES, Column
from almanac_assets.contract.checks import reference_check, table_checks
from almanac_assets.contract.dictionary import bounds, columns_rows, dictionary_page, tables_rows
from almanac_assets.release.queries import in_memory, run_check, show_tables
from almanac_assets.store.tables import PUBLISHED_LEVEL, conform, write_table


def test_the_rows_of_columns_are_the_contract() -> None:
    """One row per column of each table, in order, with all that the class says."""
    rows = columns_rows(TABLES).to_dicts()
    at = iter(rows)
    for contract in TABLES.values():
        for position, column in enumerate(contract.columns, 1):
            assert next(at) == {
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
    assert next(at, None) is None


def test_the_rows_of_tables_are_the_contract() -> None:
    """One row per table; sizes and hashes are null for the table that cannot know its own."""
    written = {"events": {"rows": 3, "bytes": 100, "sha256": "a" * 64, "content_hash": "b" * 64}}
    rows = {row["table_name"]: row for row in tables_rows(TABLES, written).to_dicts()}
    assert list(rows) == list(TABLES)
    assert rows["events"]["rows"] == 3 and rows["events"]["key"] == ["event_id"]
    assert rows["tables"]["rows"] is None and rows["tables"]["sha256"] is None
    assert all(rows[name]["description"] == contract.description for name, contract in TABLES.items())


def test_the_dictionary_passes_its_own_checks(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """`tables` and `columns` are tables like any other: keys, values and references hold."""
    with in_memory() as connection:
        paths = {}
        for name, rows in (("columns", columns_rows(TABLES)), ("tables", tables_rows(TABLES, {}))):
            paths[name] = tmp_path / f"{name}.parquet"
            write_table(paths[name], conform(rows, TABLES[name]), level=PUBLISHED_LEVEL, key=TABLES[name].key)
        show_tables(connection, {name: [path] for name, path in paths.items()})
        for name in paths:
            reference = reference_check(TABLES[name])
            for check in [*table_checks(TABLES[name]), *([reference] if reference else [])]:
                finding = run_check(connection, check)
                assert finding.passed, str(finding)


def test_the_page_in_docs_is_the_contract() -> None:
    """docs/dictionary.md was written by `almanac docs` from the classes as they are."""
    page = (settings.CHECKOUT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary_page(TABLES), "run `almanac docs`"


def test_the_page_names_every_table_and_column_once() -> None:
    """A heading per table and a line per column, keys marked with K."""
    page = dictionary_page(TABLES)
    for contract in TABLES.values():
        section = page.split(f"\n## {contract.name}\n")[1].split("\n## ")[0]
        for column in contract.columns:
            mark = " K" if column.name in contract.key else ""
            assert section.count(f"\n| {column.name}{mark} | {column.type_name} |") == 1
        assert all(rule.says[1:] in section for rule in contract.rules)


def test_every_line_of_the_page_has_five_cells() -> None:
    """No description or pattern breaks the Markdown table."""
    for line in dictionary_page(TABLES).splitlines():
        if line.startswith("| "):
            assert line.replace("\\|", "").count("|") == 6, line


def test_bounds_in_words() -> None:
    """Unit, range, closed list, pattern and reference are told; half-open ranges on either side too."""
    column = Column(pa.int64(), "a number", unit="rows", low=1, high=8)
    assert bounds(column) == "rows; 1 to 8"
    assert bounds(dataclasses.replace(column, high=None)) == "rows; at least 1"
    assert bounds(dataclasses.replace(column, low=None)) == "rows; at most 8"
    text = Column(pa.string(), "a text", allowed=("a", "b"), pattern="a|b", refers_to="events.event_id")
    assert bounds(text) == "one of `a`, `b`; pattern `a\\|b`; → events.event_id"
    assert bounds(Column(pa.string(), "a text")) == ""
