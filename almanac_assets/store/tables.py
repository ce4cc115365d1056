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
    """The frame as the contract's Arrow table, sorted by key; ContractBroken if columns, types or nulls differ."""
    missing = set(contract.column_names) - set(frame.columns)
    surplus = set(frame.columns) - set(contract.column_names)
    if missing or surplus:
        found = f"missing {sorted(missing)}, surplus {sorted(surplus)}"
        raise ContractBroken(contract.name, "*", "exactly the contract's columns", found)
    try:
        ordered = frame.select(pl.col(contract.column_names)).cast(contract.polars_schema).sort(contract.key)
    except pl.exceptions.PolarsError as error:
        raise ContractBroken(contract.name, "*", "the contract's types", str(error).splitlines()[0]) from error
    for column in contract.columns:
        _require_no_null(ordered, contract, column)
    duplicates = ordered.height - ordered.select(pl.struct(contract.key).n_unique()).item()
    if ordered.height and duplicates:
        raise ContractBroken(contract.name, ",".join(contract.key), "a unique key", "repeated keys", rows=duplicates)
    return ordered.to_arrow().cast(contract.arrow_schema).combine_chunks()


def _require_no_null(frame: pl.DataFrame, contract: Contract, column: Column) -> None:
    values = frame.get_column(column.name)
    nulls = 0 if column.nullable else values.null_count()
    if column.is_list:
        nulls += int((values.list.drop_nulls().list.len() != values.list.len()).sum())
    if nulls:
        raise ContractBroken(contract.name, column.name, "no null", "null", rows=nulls)


def write_table(path: Path, table: pa.Table, *, level: int, facts: dict[str, str] | None = None) -> Written:
    """Write an Arrow table (one chunk, in its final order) and return what was written.

    The content hash of every column lies in the file's footer, so that a step can tell what its inputs hold by reading
    the footers alone.
    """
    columns = column_hashes(table)
    metadata = dict(table.schema.metadata or {}) | {COLUMNS_KEY: json.dumps(columns, sort_keys=True).encode()}
    metadata |= {key.encode(): value.encode() for key, value in (facts or {}).items()}
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
    )
    return Written(path, table.num_rows, columns)


# Columns of few distinct values by their name; all other texts are nearly unique, where a dictionary costs space.
_FEW_VALUES = ("kind", "type", "basis", "rule", "method", "field", "status", "category", "outcome")
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
    few = field.name in _FEW_NAMES or field.name.endswith(_FEW_VALUES)
    return field.name if few and pa.types.is_string(field.type) else None


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
