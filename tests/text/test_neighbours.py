"""Neighbours: exact, ranked by rounded cosine and row number, the same however they are asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.text.neighbours import MISSING, neighbours

WIDTH = 256


def unit_scales(vectors: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    squares = (vectors.astype(np.int64) ** 2).sum(axis=1)
    return np.where(squares == 0, 0.0, 1.0 / np.sqrt(np.maximum(squares, 1)))


def by_hand(
    vectors: npt.NDArray[np.int8], scales: npt.NDArray[np.float64], k: int
) -> tuple[list[list[int]], list[list[float]]]:
    """Every pair compared with Python integers, one by one."""
    ids, cosines = [], []
    for row, vector in enumerate(vectors.astype(np.int64)):
        scored = [
            (-(float(np.round(float(int(vector @ other)) * (scales[row] * scales[at]), 6)) + 0.0), at)
            for at, other in enumerate(vectors.astype(np.int64))
            if at != row
        ]
        best = sorted(scored)[:k]
        ids.append([at for _, at in best] + [MISSING] * (k - len(best)))
        cosines.append([-value + 0.0 for value, _ in best] + [0.0] * (k - len(best)))
    return ids, cosines


def drawn(seed: int, count: int, kinds: int) -> npt.NDArray[np.int8]:
    """`count` vectors of which many are equal: drawn from `kinds` kinds, one of them zero."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(-127, 128, (kinds, WIDTH)).astype(np.int8)
    kind[0] = 0
    return kind[rng.integers(0, kinds, count)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 160), st.integers(1, 40), st.integers(1, 12))
def test_they_are_those_of_a_comparison_of_all_pairs(seed: int, count: int, kinds: int, k: int) -> None:
    """Ids and cosines agree with a count by hand, ties and zero vectors included."""
    vectors = drawn(seed, count, kinds)
    scales = unit_scales(vectors)
    ids, cosines = neighbours(vectors, scales, k)
    assert (ids.dtype, cosines.dtype, ids.shape) == (np.int32, np.float64, (count, k))
    expected_ids, expected_cosines = by_hand(vectors, scales, k)
    assert ids.tolist() == expected_ids
    assert cosines.tolist() == expected_cosines


@pytest.mark.parametrize("kinds", [5, 3000])
def test_more_groups_than_neighbours_are_searched_by_their_best(kinds: int) -> None:
    """1,500 vectors make 12 groups, more than the 4 asked for: the search by groups loses nothing, with ties or without."""
    vectors = drawn(3, 1500, kinds)
    scales = unit_scales(vectors)
    ids, cosines = neighbours(vectors, scales, 4)
    exact = np.round((vectors.astype(np.int64) @ vectors.T.astype(np.int64)) * (scales[:, None] * scales), 6) + 0.0
    np.fill_diagonal(exact, -2.0)
    order = np.argsort(-exact, axis=1, kind="stable")[:, :4]
    assert (ids == order).all()
    assert (cosines == np.take_along_axis(exact, order, axis=1)).all()


def test_near_ties_at_the_border_go_to_the_smaller_row() -> None:
    """Cosines that differ by less than the sixth decimal tell are ties, whichever is larger before rounding."""
    rng = np.random.default_rng(8)
    base = rng.integers(-127, 128, WIDTH).astype(np.int8)
    vectors = np.tile(base, (700, 1))
    # One number changed by one moves the cosine by about 4e-7.
    places = rng.integers(0, WIDTH, 700)
    vectors[np.arange(700), places] -= np.sign(vectors[np.arange(700), places]).astype(np.int8)
    scales = unit_scales(vectors)
    ids, _ = neighbours(vectors, scales, 5)
    exact = np.round((vectors.astype(np.int64) @ vectors.T.astype(np.int64)) * (scales[:, None] * scales), 6)
    np.fill_diagonal(exact, -2.0)
    assert (ids == np.argsort(-exact, axis=1, kind="stable")[:, :5]).all()


def test_asking_for_some_gives_their_rows() -> None:
    """A slice or an array of row numbers, in its order, gives the rows that asking for all gives."""
    vectors = drawn(1, 400, 60)
    scales = unit_scales(vectors)
    ids, cosines = neighbours(vectors, scales, 6)
    for queries in (slice(380, None), np.array([7, 3, 399, 3]), slice(0, 0)):
        some_ids, some_cosines = neighbours(vectors, scales, 6, queries)
        assert (some_ids == ids[queries]).all() and (some_cosines == cosines[queries]).all()


def test_a_lone_vector_has_no_neighbour() -> None:
    """Places that nobody fills hold -1 and 0.0."""
    vectors = np.ones((1, WIDTH), dtype=np.int8)
    ids, cosines = neighbours(vectors, unit_scales(vectors), 3)
    assert ids.tolist() == [[MISSING] * 3] and cosines.tolist() == [[0.0] * 3]


def test_equal_vectors_have_cosine_one() -> None:
    """Two copies of a vector are each other's nearest, with 1.0 to the bit."""
    vectors = drawn(2, 50, 3000)
    vectors[49] = vectors[0] = np.arange(WIDTH) % 100
    ids, cosines = neighbours(vectors, unit_scales(vectors), 1)
    assert (ids[0, 0], cosines[0, 0], ids[49, 0]) == (49, 1.0, 0)
