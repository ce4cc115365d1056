"""The hash of a table's values: the same for the same values however they are held, another for any other values."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.store.content import column_hash, column_hashes, table_hash

LAW = settings(max_examples=60, deadline=None, derandomize=True)
TEXTS = st.one_of(st.none(), st.text(max_size=6))
COLUMN_VALUES = {
    pa.string(): TEXTS,
    pa.int64(): st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    pa.int8(): st.one_of(st.none(), st.integers(-128, 127)),
    pa.float64(): st.one_of(st.none(), st.floats(allow_nan=False)),
    pa.bool_(): st.one_of(st.none(), st.booleans()),
    pa.list_(pa.string()): st.one_of(st.none(), st.lists(TEXTS, max_size=3)),
    pa.timestamp("us", "UTC"): st.one_of(st.none(), st.integers(0, 2**50)),
    pa.date32(): st.one_of(st.none(), st.integers(0, 40_000)),
}


@st.composite
def columns(draw: st.DrawFn) -> tuple[pa.DataType, list[Any]]:
    """A type and up to twelve values of it."""
    kind = draw(st.sampled_from(list(COLUMN_VALUES)))
    return kind, draw(st.lists(COLUMN_VALUES[kind], max_size=12))


def hashed(values: list[Any], kind: pa.DataType) -> str:
    return column_hash(pa.chunked_array([pa.array(values, kind)]))


@LAW
@given(columns(), st.data())
def test_chunks_do_not_count(column: tuple[pa.DataType, list[Any]], data: st.DataObject) -> None:
    """However an array is cut into chunks, empty ones and slices included, the hash is the same."""
    kind, values = column
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=4)))
    bounds = [0, *cuts, len(values)]
    pieces = [pa.array(values[a:b], kind) for a, b in pairwise(bounds)]
    padded = pa.array([*values, *values], kind)
    slices = [padded.slice(len(values) + a, b - a) for a, b in pairwise(bounds)]
    assert column_hash(pa.chunked_array(pieces, kind)) == hashed(values, kind)
    assert column_hash(pa.chunked_array(slices, kind)) == hashed(values, kind)


@LAW
@given(columns(), st.data())
def test_another_value_is_another_hash(column: tuple[pa.DataType, list[Any]], data: st.DataObject) -> None:
    """One value changed, added or taken away changes the hash, and so does null for empty or zero."""
    kind, values = column
    other = data.draw(COLUMN_VALUES[kind])
    assert hashed([*values, other], kind) != hashed(values, kind)
    if values:
        at = data.draw(st.integers(0, len(values) - 1))
        changed = [*values[:at], other, *values[at + 1 :]]
        # repr, because -0.0 == 0.0 although their bytes differ
        assert (hashed(changed, kind) == hashed(values, kind)) == (repr(changed) == repr(values))


def test_where_one_text_ends_and_the_next_begins_counts() -> None:
    """The same letters cut otherwise are another table, in texts and in lists."""
    text, texts = pa.string(), pa.list_(pa.string())
    distinct = [
        hashed(["ab", "c"], text),
        hashed(["a", "bc"], text),
        hashed(["abc", ""], text),
        hashed(["abc", None], text),
        hashed([["a"], ["b"]], texts),
        hashed([["a", "b"], []], texts),
        hashed([["a", "b"], None], texts),
        hashed([["ab"], []], texts),
    ]
    assert len(set(distinct)) == len(distinct)


def test_null_is_not_zero_false_or_empty() -> None:
    """The place of a null counts, not only the value that stands for it."""
    for kind, zero in ((pa.int64(), 0), (pa.float64(), 0.0), (pa.bool_(), False), (pa.string(), "")):
        assert hashed([None, zero], kind) != hashed([zero, None], kind) != hashed([zero, zero], kind)


def test_the_width_of_a_number_counts() -> None:
    """int8 and int64 of the same numbers are two types."""
    assert hashed([1, 2], pa.int8()) != hashed([1, 2], pa.int64()) != hashed([1.0, 2.0], pa.float64())


def test_large_and_small_offsets_are_one_type() -> None:
    """Polars holds texts and lists with wide offsets, pyarrow with narrow ones: the values are the same."""
    assert hashed(["a", None], pa.string()) == hashed(["a", None], pa.large_string())
    assert hashed([["a"], []], pa.list_(pa.string())) == hashed([["a"], []], pa.large_list(pa.large_string()))
    assert hashed(["a", "long enough to be no inline view"], pa.string()) == hashed(
        ["a", "long enough to be no inline view"], pa.string_view()
    )


def test_the_order_of_columns_does_not_count_but_their_names_do() -> None:
    """A table is its columns by name."""
    one, two = {"a": [1, 2], "b": ["x", "y"]}, {"b": ["x", "y"], "a": [1, 2]}
    renamed = {"a": [1, 2], "c": ["x", "y"]}
    hashes = [table_hash(column_hashes(pa.table(columns))) for columns in (one, two, renamed)]
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_whoever_wrote_or_read_the_file(tmp_path: Path, rows: int) -> None:
    """pyarrow, Polars and DuckDB write and read one table; every way gives the hash of the values in memory."""
    table = pa.table(
        {
            "id": pa.array([f"row {i} é" for i in range(rows)], pa.string()),
            "text": pa.array([None if i % 3 == 0 else "x" * i for i in range(rows)], pa.string()),
            "number": pa.array([None if i % 5 == 0 else i for i in range(rows)], pa.int64()),
            "small": pa.array([i % 100 for i in range(rows)], pa.int8()),
            "share": pa.array([i / 7 for i in range(rows)], pa.float64()),
            "flag": pa.array([i % 2 == 0 for i in range(rows)], pa.bool_()),
            "day": pa.array(list(range(rows)), pa.date32()),
            "time": pa.array([i * 10**9 + 1 for i in range(rows)], pa.timestamp("us", "UTC")),
            "texts": pa.array([[f"{i}"] * (i % 3) for i in range(rows)], pa.list_(pa.string())),
        }
    )
    expected = column_hashes(table)
    pq.write_table(table, tmp_path / "arrow.parquet", row_group_size=64)
    pl.DataFrame(pl.from_arrow(table)).write_parquet(tmp_path / "polars.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        connection.register("t", table)
        connection.execute(f"COPY t TO '{tmp_path / 'duckdb.parquet'}' (FORMAT parquet)")
        for writer in ("arrow", "polars", "duckdb"):
            path = tmp_path / f"{writer}.parquet"
            assert column_hashes(pq.read_table(path)) == expected, writer
            assert column_hashes(pl.read_parquet(path).to_arrow()) == expected, writer
            read = connection.sql(f"SELECT * FROM '{path}'").to_arrow_table()
            assert column_hashes(utc(read)) == expected, writer


def utc(table: pa.Table) -> pa.Table:
    """DuckDB hands out times in the zone of its session: the same moments under another name."""
    return table.set_column(
        table.schema.get_field_index("time"), "time", table.column("time").cast(pa.timestamp("us", "UTC"))
    )
