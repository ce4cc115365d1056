"""Groups of near vectors, the same on every machine."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import polars as pl

from almanac_assets.relatedness.clusters import Vectors, members, middles, nearest
from almanac_assets.relatedness.near import PAIRS

SCRIPT = """
import hashlib, numpy as np, polars as pl
from almanac_assets.relatedness.clusters import Vectors, middles, members
from almanac_assets.relatedness.near import nearest_documents, pairs_of
from almanac_assets.relatedness.sharing import numbered
rng = np.random.default_rng(7)
units = rng.integers(-127, 128, (600, 256)) // 3 + np.repeat(rng.integers(-100, 101, (12, 256)), 50, axis=0)
units = np.clip(units, -127, 127).astype(np.int8)
scales = 1 / np.sqrt((units.astype(np.int64) ** 2).sum(axis=1))
ids = pl.Series("document_id", [f"d{n:03}" for n in range(600)])
near = nearest_documents(pl.DataFrame({"document_id": ids, "vector": pl.Series(units.tolist(), dtype=pl.List(pl.Int8)), "scale": scales}))
rows = numbered(ids, "document_id")
vectors = Vectors(units.astype(np.float32), scales)
found = middles(vectors, pairs_of(near, rows, rows), 12, 0.5, 0.4)
held = members(vectors, found, 0.4, 2, 0.05)
assert held["row"].n_unique() == 600 and held["group"].n_unique() == 12
print(hashlib.sha256(str(held.rows()).encode() + found.units.tobytes() + found.scales.tobytes()).hexdigest())
"""


def made(*rows: list[int]) -> Vectors:
    units = np.zeros((len(rows), 256), dtype=np.float32)
    for place, row in enumerate(rows):
        units[place, : len(row)] = row
    return Vectors(units, 1 / np.sqrt((units.astype(np.float64) ** 2).sum(axis=1)))


def near(*pairs: tuple[int, int, float]) -> pl.DataFrame:
    both = [*pairs, *((right, left, cosine) for left, right, cosine in pairs)]
    return pl.DataFrame(both, schema=PAIRS, orient="row")


def test_two_heaps_two_middles() -> None:
    """Starts are dense and apart; a vector near to neither belongs to none."""
    vectors = made([100, 0], [100, 10], [0, 100], [10, 100], [0, 0, 100])
    found = middles(vectors, near((0, 1, 0.995), (2, 3, 0.995), (0, 3, 0.1)), 5, 0.5, 0.5)
    assert nearest(vectors, found, 0.5).tolist() == [0, 0, 1, 1, -1]


def test_no_more_than_asked_for() -> None:
    """The densest start wins."""
    vectors = made([100, 0], [100, 10], [0, 100], [10, 100])
    found = middles(vectors, near((0, 1, 0.995), (2, 3, 0.9)), 1, 0.5, 0.5)
    assert nearest(vectors, found, 0.5).tolist() == [0, 0, -1, -1]


def test_a_second_membership_must_be_nearly_as_good() -> None:
    """In between belongs to both, elsewhere to one."""
    vectors, found = made([100, 0], [100, 100], [100, 60]), made([100, 0], [0, 100])
    held = members(vectors, found, 0.5, 2, 0.05)
    assert held.select("row", "group").rows() == [(0, 0), (1, 0), (1, 1), (2, 0)]


def test_nothing_to_group() -> None:
    """No vectors, no starts."""
    vectors = made([100, 0])
    found = middles(vectors, near(), 3, 0.5, 0.5)
    assert found.scales.size == 0
    assert nearest(vectors, found, 0.5).tolist() == [-1]
    assert members(vectors, found, 0.5, 2, 0.05).is_empty()


def test_the_same_bytes_over_numbers_of_threads() -> None:
    """Of the BLAS and of Polars."""
    told = set()
    for threads in ("1", "3"):
        environment = {"OPENBLAS_NUM_THREADS": threads, "POLARS_MAX_THREADS": threads, "PATH": ""}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
    assert len(told) == 1
