"""A hash of a table's values that does not depend on who wrote the file, on chunks, or on the order of columns."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def column_hashes(table: pa.Table) -> dict[str, str]:
    """Hex sha256 per column: its type, row count, validity, lengths and values."""
    return {name: column_hash(table.column(name)) for name in table.column_names}


def table_hash(columns: dict[str, str]) -> str:
    """Hex sha256 of a table from the hashes of its columns, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(columns):
        digest.update(name.encode() + b"\0" + bytes.fromhex(columns[name]))
    return digest.hexdigest()


def column_hash(column: pa.ChunkedArray) -> str:
    """Hex sha256 of one column's values."""
    digest = hashlib.sha256()
    _feed(digest, pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type))
    return digest.hexdigest()


def _feed(digest: Any, array: pa.Array) -> None:
    kind = array.type
    digest.update(len(array).to_bytes(8, "little"))
    digest.update(np.packbits(pc.is_valid(array).to_numpy(zero_copy_only=False)).tobytes())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        _feed_text(digest, pc.fill_null(array.cast(pa.large_string()), "").cast(pa.large_binary()))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        digest.update(b"list")
        lengths = pc.fill_null(pc.list_value_length(array), 0).cast(pa.int64())
        digest.update(lengths.to_numpy().tobytes())
        _feed(digest, array.flatten())
    elif pa.types.is_timestamp(kind):
        _feed(digest, array.cast(pa.timestamp("us", kind.tz)).cast(pa.int64()))
    elif pa.types.is_date32(kind):
        _feed(digest, array.cast(pa.int32()))
    elif pa.types.is_boolean(kind):
        digest.update(b"bool" + np.packbits(pc.fill_null(array, False).to_numpy(zero_copy_only=False)).tobytes())
    else:
        digest.update(str(kind).encode() + pc.fill_null(array, 0).to_numpy(zero_copy_only=False).tobytes())


def _feed_text(digest: Any, array: pa.Array) -> None:
    digest.update(b"bytes" + pc.binary_length(array).cast(pa.int64()).to_numpy().tobytes())
    if len(array):
        ends = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
        data = array.buffers()[2]
        if data is not None:
            digest.update(memoryview(data)[ends[0] : ends[-1]])
