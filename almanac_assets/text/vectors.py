"""Turns a title with its text into a vector of 256 small integers, by counting known words.

The table holds one vector a word (see data/models/static_words/MODEL_CARD.md). A text's vector is the sum of its words'
vectors, weighted by (1 + ln n) x idf and divided by the norm of the weights, plus the mean vector, brought to unit
length. It is then stored as int8 with one scale a document: over 4 million pairs no cosine moved by more than 0.0062.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from almanac_assets.errors import InputMissing, StoreDamaged

DIMENSIONS: Final = 256
LARGEST: Final = 127  # of an int8 without -128, so that a vector and its opposite are both storable
_COLUMNS: Final[dict[str, pl.DataType]] = {
    "content_hash": pl.String(),
    "vector": pl.List(pl.Int8),
    "scale": pl.Float64(),
}
VECTORS: Final = pl.Schema(_COLUMNS)

_FILES: Final = ("table.npz", "words.txt")
_WORD: Final = r"[a-z0-9]+(?:[-'][a-z0-9]+)*"  # as the words of the table were cut
# 4,096 texts at a time bound the memory for their words, some 800,000; 2,048 to 20,000 are equally fast.
_PART: Final = 4096

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words known, one row each: its vector, its weight, and the mean of the documents the table was made from."""

    words: pl.DataFrame
    vectors: Floats
    idf: Floats
    mean: Floats

    @classmethod
    def load(cls, folder: Path) -> WordTable:
        """Read the table of `folder` after checking the files against the checksums of its files.json.

        Raises InputMissing when a file is not there and StoreDamaged when its bytes are not those listed.
        """
        listed = _listed(folder)
        for name in _FILES:
            _check(folder / name, listed.get(name, ""))
        words = (folder / "words.txt").read_text(encoding="ascii").split()
        with np.load(folder / "table.npz", allow_pickle=False) as stored:
            # int8 times float16 needs 18 bits: exact in float64.
            vectors = stored["table"].astype(np.float64) * stored["scale"].astype(np.float64)
            idf, mean = stored["idf"].astype(np.float64), stored["mean"].astype(np.float64)
        if vectors.shape != (len(words), DIMENSIONS):
            raise StoreDamaged(
                f"{folder}: expected {len(words)} x {DIMENSIONS} numbers for as many words, found {vectors.shape}",
                remedy="restore the folder from the repository",
            )
        rows = pl.DataFrame({"word": words}).with_row_index("term")
        return cls(rows, vectors, idf, mean)


def document_vectors(texts: pl.DataFrame, table: WordTable) -> pl.DataFrame:
    """One row a text (content_hash, title, text), in the order given: `vector` times `scale` has unit length.

    A row depends on its own title and text alone, bit for bit, whatever else is in the frame and however many threads
    run. A text without a known word has a vector of zeros and scale 0.0; a null title or text counts as empty.
    """
    parts = [_vectors_of(part, table) for part in texts.iter_slices(_PART)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=VECTORS)


def dense(vectors: pl.DataFrame) -> tuple[npt.NDArray[np.int8], Floats]:
    """The columns `vector` and `scale` as arrays of shape [n, 256] and [n], for `neighbours`."""
    flat = vectors["vector"].explode(empty_as_null=False).to_numpy()
    return flat.astype(np.int8, copy=False).reshape(-1, DIMENSIONS), vectors["scale"].to_numpy()


def _vectors_of(texts: pl.DataFrame, table: WordTable) -> pl.DataFrame:
    rows, terms, counts = _word_counts(texts, table.words)
    quantised, scales = _quantised(_unit_sums(texts.height, rows, terms, counts, table))
    as_lists = pl.Series("vector", quantised, dtype=pl.Array(pl.Int8, DIMENSIONS)).cast(pl.List(pl.Int8))
    return pl.DataFrame({"content_hash": texts["content_hash"], "vector": as_lists, "scale": scales}, schema=VECTORS)


def _word_counts(texts: pl.DataFrame, words: pl.DataFrame) -> Iterator[npt.NDArray[np.int64]]:
    """Row, term and count of every known word of every text, by row and within it by term."""
    text = pl.concat_str("title", "text", separator=" ", ignore_nulls=True).str.replace_all("’", "'", literal=True)
    counted = (
        texts.lazy()
        .select(text.str.to_lowercase().str.extract_all(_WORD).alias("word"))
        .with_row_index("row")
        .explode("word")
        .join(words.lazy(), on="word")
        .group_by("row", "term")
        .len()
        .sort("row", "term")
        .collect()
    )
    return (counted[name].cast(pl.Int64).to_numpy() for name in ("row", "term", "len"))


def _unit_sums(
    height: int,
    rows: npt.NDArray[np.int64],
    terms: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    table: WordTable,
) -> Floats:
    """Unit vectors in float64, one row a text; rows without a word are zero.

    Each sum runs over one row in the order of its terms and in one thread: bincount adds one by one, and the product
    of a CSR matrix with a dense one adds row by row. So no sum depends on the other rows or on a BLAS.
    """
    # The logarithm of a count by a table of the standard library: NumPy's own depends on the width of the processor.
    most = int(counts.max(initial=1))
    tempered = np.array([0.0] + [1.0 + math.log(count) for count in range(1, most + 1)])
    weights = tempered[counts] * table.idf[terms]
    norms = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=height))
    starts = np.searchsorted(rows, np.arange(height + 1))
    shares = sparse.csr_array((weights / norms[rows], terms, starts), shape=(height, table.idf.size))
    sums: Floats = np.asarray(shares @ table.vectors) + table.mean
    sums[norms == 0.0] = 0.0
    lengths = np.sqrt(np.add.reduce(sums * sums, axis=1))
    lengths[lengths == 0.0] = 1.0
    units: Floats = sums / lengths[:, None]
    return units


def _quantised(units: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """The rows as int8, the largest number of each becoming 127, with the scale that makes each of unit length again.

    Ties round to even. The scale is one by the root of an integer, so two texts of equal words have cosine 1 exactly.
    """
    steps = np.abs(units).max(axis=1, initial=0.0) / LARGEST
    quantised = np.rint(units / np.where(steps == 0.0, 1.0, steps)[:, None])
    squares = np.add.reduce(quantised * quantised, axis=1)
    scales = np.where(squares == 0.0, 0.0, 1.0 / np.sqrt(np.maximum(squares, 1.0)))
    return quantised.astype(np.int8), scales


def _listed(folder: Path) -> dict[str, str]:
    path = folder / "files.json"
    if not path.is_file():
        raise InputMissing(f"{path}: no such file", remedy="name a folder with words.txt, table.npz and files.json")
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(f"{path}: expected an object with sha256 of each file, found {error}") from error
    return {str(name): str(digest) for name, digest in dict(listed).items()}


def _check(path: Path, expected: str) -> None:
    if not path.is_file():
        raise InputMissing(f"{path}: no such file", remedy="restore it from the repository")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise StoreDamaged(
            f"{path}: expected sha256 {expected or '(none listed)'}, found {found}",
            remedy="restore it from the repository",
        )
