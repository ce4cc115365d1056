"""DuckDB over Parquet, in memory: views named like the tables, and the contract's checks run on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from almanac_assets.contract.checks import Check, literal, quoted

# Nothing is fetched or installed while a release is checked.
OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
SHOWN = 3  # offending rows told in a message


@dataclass(frozen=True)
class Finding:
    """How a check came out: the number of offending rows and the first of them in words."""

    check: Check
    rows: int
    examples: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.rows == 0

    def __str__(self) -> str:
        if self.passed:
            return f"{self.check.name}: ok"
        return f"{self.check.name}: {self.rows} rows break it, such as {'; '.join(self.examples)}"


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that lives as long as the block and touches no file but those it is told to read."""
    connection = duckdb.connect(":memory:", config=dict(OFFLINE))
    try:
        yield connection
    finally:
        connection.close()


def show_tables(connection: duckdb.DuckDBPyConnection, paths: Mapping[str, list[Path]]) -> None:
    """Make a view of each table's name over its Parquet files."""
    connection.execute("SET TimeZone = 'UTC'")
    for name, files in paths.items():
        listed = ", ".join(literal(file.as_posix()) for file in files)
        connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM read_parquet([{listed}])")


def run_check(connection: duckdb.DuckDBPyConnection, check: Check) -> Finding:
    """Run a check; its query gives the offending rows."""
    rows = connection.sql(f"SELECT count(*) FROM ({check.sql})").fetchall()[0][0]
    if not rows:
        return Finding(check, 0, ())
    found = connection.sql(f"SELECT * FROM ({check.sql}) ORDER BY ALL LIMIT {SHOWN}").fetchall()
    return Finding(check, int(rows), tuple(f"{row[0]} at {', '.join(map(str, row[1:]))}" for row in found))
