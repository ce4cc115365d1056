"""A published table conforms to its contract, is written the same way every time, and is never read back wrong."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from almanac_assets.contract import TABLES, Contract
from almanac_assets.contract import column as c
from almanac_assets.contract.table import Table
from almanac_assets.errors import ContractBroken, StoreDamaged
from almanac_assets.store.tables import (
    PUBLISHED_LEVEL,
    conform,
    read_arrow,
    read_frame,
    read_written,
    write_table,
)
from tests.contract.rows import frames


def things() -> Contract:
    """A contract with a column of every sort."""

    class Things(Table, key=("thing_id",), group="g", title="t", question="q?"):
        """A thing."""

        thing_id = c.text("id of the thing")
        kind = c.enum("what sort of thing it is", ("a", "b"))
        level = c.int8("how high it is", low=1, high=10, unit="level")
        size = c.count("how large it is", unit="bytes", nullable=True)
        share = c.score("how much of it is there")
        seen_at = c.time("when it was seen")
        day = c.date("the day of it")
        is_new = c.flag("it was not there before")
        names = c.texts("what it is called")
        vector = c.int8s("where it lies", unit="component")

    return Things.contract


THINGS = things()
MOMENT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def some(*ids: str, **values: Any) -> pl.DataFrame:
    """Valid things of these ids; `values` replaces whole columns, whatever type they have."""
    rows = len(ids)
    plain = pl.DataFrame(
        {
            "thing_id": list(ids),
            "kind": ["a"] * rows,
            "level": [1] * rows,
            "size": [5] * rows,
            "share": [0.5] * rows,
            "seen_at": [MOMENT] * rows,
            "day": [date(2026, 6, 1)] * rows,
            "is_new": [True] * rows,
            "names": [["one", "two"]] * rows,
            "vector": [[1, -1]] * rows,
        },
        schema=THINGS.polars_schema,
    )
    return plain.with_columns(**{name: pl.Series(name, held) for name, held in values.items()})


def refused(frame: pl.DataFrame) -> ContractBroken:
    with pytest.raises(ContractBroken) as caught:
        conform(frame, THINGS)
    return caught.value


def test_a_table_has_the_contracts_columns_types_and_order() -> None:
    """Columns in the contract's order, rows in the key's, one chunk, nullability and meaning in the schema."""
    table = conform(some("b", "a").select(list(reversed(THINGS.column_names))), THINGS)
    assert table.schema.equals(THINGS.arrow_schema, check_metadata=True)
    assert table.column("thing_id").to_pylist() == ["a", "b"]
    assert table.column("thing_id").num_chunks == 1


def test_text_is_sorted_by_its_bytes() -> None:
    """No locale has a say in the order of rows."""
    ids = ["é", "z", "Z", "a", "ä", "A", "10", "9", "e\u0301", "\U0001f600", "ﬁ"]
    table = conform(some(*ids), THINGS)
    assert table.column("thing_id").to_pylist() == sorted(ids, key=lambda text: text.encode())


def test_missing_and_surplus_columns_are_named() -> None:
    """The message names the table, what lacks, and what is too much."""
    error = refused(some("a").drop("kind").with_columns(colour=pl.lit("red")))
    assert (error.table, error.column) == ("things", "*")
    assert "missing ['kind'], surplus ['colour']" in str(error)


@pytest.mark.parametrize(
    ("column", "held"),
    [
        ("thing_id", [1]),
        ("size", ["5"]),
        ("size", [5.0]),
        ("share", ["0.5"]),
        ("level", [300]),
        ("is_new", [1]),
        ("is_new", ["true"]),
        ("day", [MOMENT]),
        ("day", ["2026-06-01"]),
        ("seen_at", [datetime(2026, 6, 1)]),  # noqa: DTZ001
        ("seen_at", [date(2026, 6, 1)]),
        ("seen_at", [0]),
        ("names", ["one"]),
        ("names", [[1]]),
        ("vector", [[1.5]]),
        ("vector", [[128]]),
        ("kind", [b"a"]),
    ],
)
def test_a_wrong_type_is_refused_and_named(column: str, held: list[Any]) -> None:
    """Nothing is parsed, rounded, cut off or given a time zone on the way into a published table."""
    error = refused(some("a", **{column: held}))
    assert (error.table, error.column) == ("things", column)
    assert str(error).startswith(f"things.{column}: expected ")


def test_a_narrower_type_is_widened() -> None:
    """Counts as Polars makes them (uint32), categories, whole shares and all-null columns are taken in."""
    frame = some(
        "a",
        size=pl.Series([5], dtype=pl.UInt32),
        level=pl.Series([7], dtype=pl.Int64),
        share=pl.Series([1], dtype=pl.Int32),
        kind=pl.Series(["b"], dtype=pl.Categorical),
        seen_at=pl.Series([MOMENT], dtype=pl.Datetime("ms", "UTC")),
        vector=pl.Series([[3, 4]], dtype=pl.List(pl.Int64)),
    )
    (row,) = conform(frame, THINGS).to_pylist()
    assert (row["size"], row["level"], row["share"], row["kind"], row["seen_at"]) == (5, 7, 1.0, "b", MOMENT)
    assert conform(some("a", size=[None]), THINGS).column("size").to_pylist() == [None]
    assert conform(some().with_columns(size=pl.lit(None)), THINGS).num_rows == 0


@pytest.mark.parametrize("column", [column.name for column in THINGS.columns if not column.nullable])
def test_a_null_where_none_may_be_is_refused(column: str) -> None:
    """The message names the column and counts the rows."""
    null = pl.Series(column, [None, None], dtype=THINGS.polars_schema[column])
    error = refused(some("a", "b").with_columns(null))
    assert (error.column, error.rows) == (column, 2)


def test_a_null_inside_a_list_is_refused() -> None:
    """Arrow's own cast lets it pass."""
    error = refused(some("a", "b", names=[["one", None], ["two"]]))
    assert (error.table, error.column, error.rows) == ("things", "names", 1)


def test_a_repeated_key_is_refused() -> None:
    """The message counts how many rows are too many."""
    error = refused(some("a", "a", "b", "a"))
    assert (error.column, error.rows) == ("thing_id", 2)


def test_minus_zero_becomes_zero() -> None:
    """Two tables of equal numbers have equal bytes."""
    plus, minus = (conform(some("a", share=[share]), THINGS) for share in (0.0, -0.0))
    assert str(minus.column("share").to_pylist()) == "[0.0]" and plus.equals(minus)


def written(folder: Path, frame: pl.DataFrame, name: str = "t") -> Path:
    path = folder / f"{name}.parquet"
    write_table(path, conform(frame, THINGS), level=PUBLISHED_LEVEL, key=THINGS.key)
    return path


def test_a_file_says_what_it_holds(tmp_path: Path) -> None:
    """Rows and content hashes stand in the footer, free of the values' order and writer."""
    path = written(tmp_path, some("b", "a"))
    stated = read_written(path)
    assert stated.rows == 2 and set(stated.columns) == set(THINGS.column_names)
    assert stated.content_hash == read_written(written(tmp_path, some("a", "b"), "u")).content_hash
    assert stated.content_hash != read_written(written(tmp_path, some("a", "c"), "v")).content_hash


def test_the_settings_of_a_file(tmp_path: Path) -> None:
    """zstd, statistics, page index, the sort order, dictionaries for columns of few values only."""
    path = written(tmp_path, some(*(f"id {i}" for i in range(100))))
    group = pq.read_metadata(path).row_group(0)
    by_name = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert group.sorting_columns == (pq.SortingColumn(0),)
    assert all(column.compression == "ZSTD" and column.is_stats_set for column in by_name.values())
    assert all(column.has_offset_index and column.has_column_index for column in by_name.values())
    few = {name for name, column in by_name.items() if column.has_dictionary_page}
    assert few == {"kind", "vector.list.element"}
    assert "DELTA_BYTE_ARRAY" in by_name["thing_id"].encodings
    assert "BYTE_STREAM_SPLIT" in by_name["share"].encodings


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_of_no_row_and_of_one(tmp_path: Path, rows: int) -> None:
    """Small tables come back whole in every reader."""
    path = written(tmp_path, some(*["a"][:rows]))
    assert read_frame(path).height == pl.read_parquet(path).height == rows
    assert read_arrow(path).schema.remove_metadata() == THINGS.arrow_schema.remove_metadata()


def test_a_very_long_text_comes_back(tmp_path: Path) -> None:
    """A text of a megabyte is a value like any other."""
    long = "ä" * 524_288
    path = written(tmp_path, some("a", "b", names=[[long], [""]]))
    assert read_frame(path)["names"].to_list() == [[long], [""]]


def test_every_table_of_the_contract_comes_back(tmp_path: Path) -> None:
    """What was conformed and written is what is read, for each published table."""
    for name, frame in frames(3).items():
        path = tmp_path / f"{name}.parquet"
        write_table(path, conform(frame, TABLES[name]), level=PUBLISHED_LEVEL, key=TABLES[name].key)
        assert read_frame(path).equals(frame.sort(TABLES[name].key)), name


MAKE = """
import sys
from pathlib import Path
from almanac_assets.contract import TABLES
from almanac_assets.store.tables import conform, write_table
from tests.contract.rows import frames
for name, frame in frames(50).items():
    write_table(Path(sys.argv[1]) / name, conform(frame, TABLES[name]), level=9, key=TABLES[name].key)
"""


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    """Two processes with other threads, hash seeds, locales and time zones write identical files."""
    sums = []
    for threads, seed, zone, place in (("1", "0", "UTC", "C"), ("4", "77", "Asia/Kathmandu", "C.UTF-8")):
        folder = tmp_path / seed
        env = os.environ | {"POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": place}
        folder.mkdir()
        subprocess.run([sys.executable, "-c", MAKE, str(folder)], check=True, env=env)
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())})
    assert sums[0] == sums[1] and len(sums[0]) > 20


def test_the_order_and_chunks_of_rows_do_not_reach_the_bytes(tmp_path: Path) -> None:
    """A frame put together from pieces in any order gives the file of the whole."""
    ids = [f"id {i:03}" for i in range(300)]
    whole = written(tmp_path, some(*ids), "whole")
    pieces = pl.concat([some(*ids[200:]), some(*ids[:50]), some(*ids[50:200])], rechunk=False)
    assert written(tmp_path, pieces, "pieces").read_bytes() == whole.read_bytes()


def test_a_flipped_bit_is_never_read_as_a_value(tmp_path: Path) -> None:
    """Anywhere in the data pages, one flipped bit gives StoreDamaged; the file is named."""
    frame = some(*(f"id {i} {hashlib.sha256(str(i).encode()).hexdigest()}" for i in range(200)))
    path = written(tmp_path, frame)
    whole = path.read_bytes()
    group = pq.read_metadata(path).row_group(0)
    last = group.column(group.num_columns - 1)
    end = (last.dictionary_page_offset or last.data_page_offset) + last.total_compressed_size
    expected = read_frame(path)
    caught = 0
    for at in range(4, end, max(1, end // 150)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << (at % 8)
        path.write_bytes(bytes(damaged))
        try:
            assert read_frame(path).equals(expected), f"byte {at} was read as another value"
        except StoreDamaged as error:
            assert str(path) in str(error)
            caught += 1
    assert caught > 100


@pytest.mark.parametrize("cut", [0, 3, 100, -1])
def test_a_cut_file_is_damaged(tmp_path: Path, cut: int) -> None:
    """Half a file is refused by its footer alone, and by a full read."""
    path = written(tmp_path, some("a", "b"))
    path.write_bytes(path.read_bytes()[:cut])
    for read in (read_written, read_frame):
        with pytest.raises(StoreDamaged, match=r"t\.parquet"):
            read(path)


def test_a_foreign_parquet_file_is_no_table_of_ours(tmp_path: Path) -> None:
    """Without the hashes in its footer a file is not taken for a product."""
    pq.write_table(pa.table({"a": [1]}), tmp_path / "foreign.parquet")
    with pytest.raises(StoreDamaged, match="no table of ours"):
        read_written(tmp_path / "foreign.parquet")
    with pytest.raises(StoreDamaged):
        read_written(tmp_path / "absent.parquet")
