"""The one writer and reader of Parquet: contract schema, total order, fixed settings, checksummed pages.

Settings follow measurements on text-heavy tables: zstd 9 for what is published (3 for the lake), dictionaries only for
columns of few values, delta encodings for sorted ids and texts, row groups of 60,000 rows, page checksums.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from almanac_assets.contract.table import Column, Contract
from almanac_assets.errors import ContractBroken, StoreDamaged
from almanac_assets.store.content import column_hashes, table_hash

ROW_GROUP = 60_000
PUBLISHED_LEVEL, LAKE_LEVEL = 9, 3
COLUMNS_KEY = b"almanac.column_hashes"


@dataclass(frozen=True)
class Written:
    """What is known of a table file without reading its rows."""

    path: Path
    rows: int
    columns: dict[str, str]  # column -> content hash

    @property
    def content_hash(self) -> str:
        return table_hash(self.columns)


def conform(frame: pl.DataFrame, contract: Contract) -> pa.Table:
    """The frame as the contract's Arrow table, sorted by key; ContractBroken if columns, types, nulls or keys differ.

    Types may be narrower than promised (int32 for int64), never of another sort; -0.0 becomes 0.0.
    """
    missing = set(contract.column_names) - set(frame.columns)
    surplus = set(frame.columns) - set(contract.column_names)
    if missing or surplus:
        found = f"missing {sorted(missing)}, surplus {sorted(surplus)}"
        raise ContractBroken(contract.name, "*", "exactly the contract's columns", found)
    promised = contract.polars_schema
    ordered = pl.DataFrame(
        [_as_promised(frame.get_column(name), promised[name], contract.name) for name in contract.column_names]
    ).sort(contract.key)
    for column in contract.columns:
        _require_no_null(ordered, contract, column)
    duplicates = ordered.height - ordered.select(pl.struct(contract.key).n_unique()).item()
    if ordered.height and duplicates:
        raise ContractBroken(contract.name, ",".join(contract.key), "a unique key", "repeated keys", rows=duplicates)
    return ordered.to_arrow().cast(contract.arrow_schema).combine_chunks()


def _as_promised(values: pl.Series, promised: pl.DataType, table: str) -> pl.Series:
    if not _fits(values.dtype, promised):
        raise ContractBroken(table, values.name, str(promised), str(values.dtype), remedy="cast it where it is made")
    try:
        cast = values.cast(promised)
    except pl.exceptions.PolarsError as error:
        raise ContractBroken(table, values.name, str(promised), str(error).splitlines()[0]) from error
    # -0.0 and 0.0 are equal, their bytes are not.
    return cast.set(cast.eq(0.0) & cast.is_not_null(), 0.0) if promised == pl.Float64 else cast


def _fits(found: pl.DataType, promised: pl.DataType) -> bool:
    """A cast may widen, or narrow whole numbers that fit; it never parses, rounds, or guesses a time zone."""
    if found in (promised, pl.Null):
        return True
    if isinstance(found, pl.List) and isinstance(promised, pl.List):
        return _fits(pl.Series(dtype=found.inner).dtype, pl.Series(dtype=promised.inner).dtype)
    if isinstance(promised, pl.Datetime):
        return isinstance(found, pl.Datetime) and found.time_zone == promised.time_zone and found.time_unit == "ms"
    if promised == pl.String:
        return isinstance(found, pl.Categorical | pl.Enum)
    if promised == pl.Float64:
        return found.is_numeric()
    return promised.is_integer() and found.is_integer()


def _require_no_null(frame: pl.DataFrame, contract: Contract, column: Column) -> None:
    values = frame.get_column(column.name)
    nulls = 0 if column.nullable else values.null_count()
    if column.is_list:
        nulls += int((values.list.drop_nulls().list.len() != values.list.len()).sum())
    if nulls:
        raise ContractBroken(contract.name, column.name, "no null", "null", rows=nulls)


def write_table(path: Path, table: pa.Table, *, level: int, key: tuple[str, ...] = ()) -> Written:
    """Write an Arrow table (one chunk, sorted by `key`) and return what was written.

    The content hash of every column lies in the file's footer, so that a step can tell what its inputs hold by reading
    the footers alone.
    """
    columns = column_hashes(table)
    metadata = dict(table.schema.metadata or {}) | {COLUMNS_KEY: json.dumps(columns, sort_keys=True).encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table.replace_schema_metadata(metadata),
        path,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=level,
        row_group_size=ROW_GROUP,
        use_dictionary=[leaf for leaf in map(_dictionary_leaf, table.schema) if leaf] or False,
        column_encoding={field.name: encoding for field in table.schema if (encoding := _encoding(field))} or None,
        write_statistics=True,
        write_page_index=True,
        write_page_checksum=True,
        sorting_columns=[pq.SortingColumn(table.schema.get_field_index(name)) for name in key] or None,
    )
    return Written(path, table.num_rows, columns)


# Columns of few distinct values by their name; all other texts are nearly unique, where a dictionary costs space.
_FEW_VALUES = ("kind", "type", "basis", "rule", "method", "field", "status", "category", "outcome", "confidence")
_FEW_NAMES = {"source_id", "source_label", "language", "licence", "found_by", "list_name", "part", "role", "scheme"}
_FEW_NAMES |= {
    "payload_sha256",
    "table_name",
    "column_name",
    "change",
    "cause",
    "activity",
    "unresolved_reason",
    "note",
}


def _dictionary_leaf(field: pa.Field) -> str | None:
    if pa.types.is_list(field.type) and pa.types.is_int8(field.type.value_type):
        return f"{field.name}.list.element"  # at most 256 values: vectors take 27 % less space
    few = field.name in _FEW_NAMES or field.name.endswith(_FEW_VALUES)
    return field.name if few and not pa.types.is_list(field.type) else None


def _encoding(field: pa.Field) -> str | None:
    if _dictionary_leaf(field):
        return None
    if pa.types.is_string(field.type):
        is_id = field.name.endswith(("_id", "_key", "url", "slug"))
        return "DELTA_BYTE_ARRAY" if is_id else "DELTA_LENGTH_BYTE_ARRAY"
    if pa.types.is_timestamp(field.type) or pa.types.is_int32(field.type) or pa.types.is_int64(field.type):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_float64(field.type):
        return "BYTE_STREAM_SPLIT"
    return None


def read_written(path: Path) -> Written:
    """What a table file holds, from its footer alone."""
    try:
        metadata = pq.read_metadata(path)
        columns = json.loads((metadata.metadata or {})[COLUMNS_KEY])
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise StoreDamaged(f"{path} is no table of ours: {error}", remedy="delete it and build again") from error
    return Written(path, metadata.num_rows, columns)


def read_arrow(path: Path, columns: list[str] | None = None) -> pa.Table:
    """A table with its page checksums verified."""
    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise StoreDamaged(f"{path} cannot be read: {error}", remedy="delete it and build again") from error


def read_frame(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """A table as a Polars frame with its page checksums verified."""
    frame = pl.from_arrow(read_arrow(path, columns))
    assert isinstance(frame, pl.DataFrame)
    return frame
