"""Finds, for each vector, the others that are nearest by cosine: exactly, and the same on every machine."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Products = npt.NDArray[np.float32]

# Cosines are compared and given in millionths: vectors of int8 tell no finer differences apart.
DECIMALS: Final = 6
MISSING: Final = -1
# 256 queries against all at a time: with 68,069 vectors a block of products takes 66 MiB; 128 and 512 are not faster.
_BLOCK: Final = 256
# The best of each 128 products are looked at before the others; 32 and 64 were slower at 68,069 vectors.
_GROUP: Final = 128
# Two cosines that round alike differ by at most 1e-6, and a cosine in float32 errs by at most 3e-7 (three roundings of
# 2**-24): what may tie with the last one kept is less than 2e-6 below it.
_MARGIN: Final = 2e-6


def neighbours(
    vectors: npt.NDArray[np.int8], scales: Floats, k: int, queries: slice | npt.NDArray[np.integer] | None = None
) -> tuple[Ids, Floats]:
    """Row numbers and cosines of the `k` nearest of each query, best first and itself left out; -1 and 0.0 past the last.

    `vectors` [n, 256] times `scales` [n] are of unit length or zero; `queries` are rows of the same arrays, all when
    None. Cosines are rounded to 6 decimals before ranking and equal ones are ranked by row number, so that the result
    depends neither on blocks and threads nor on the BLAS. A zero vector has cosine 0.0 to all.
    """
    count = len(vectors)
    every_row: Rows = np.arange(count)
    asked = every_row if queries is None else every_row[queries]
    ids = np.full((len(asked), k), MISSING, dtype=np.int32)
    cosines = np.zeros((len(asked), k))
    kept = min(k, count - 1)
    if kept < 1:
        return ids, cosines
    # The product of two int8 vectors of 256 is an integer of at most 256 * 128 * 128 = 2**22, and so is every partial
    # sum; float32 holds all integers up to 2**24. Whatever order the BLAS adds in, fused or not, no sum is rounded and
    # the products are the same to the bit.
    columns = np.zeros((vectors.shape[1], -(-count // _GROUP) * _GROUP), dtype=np.float32)
    columns[:, :count] = vectors.T
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        products = vectors[block].astype(np.float32) @ columns
        place, found = _candidates(products, scales, block, kept)
        scale = scales[block[place]] * scales[found]
        exact = np.round(products[place, found].astype(np.float64) * scale, DECIMALS) + 0.0  # no negative zero
        _rank(place, found, exact, block, ids[start : start + _BLOCK, :kept], cosines[start : start + _BLOCK, :kept])
    return ids, cosines


def _candidates(products: Products, scales: Floats, block: Rows, kept: int) -> tuple[Rows, Rows]:
    """Query and row number of all that can be among the `kept` nearest of each query, and of a few more.

    At least as many rows as there are groups with a best value above a threshold lie above it themselves. So the
    (kept + 1)th best group value, one more for the query itself, bounds the wanted ones from below, and only groups
    that reach the bound are searched.
    """
    count = len(scales)
    cosines = products * _padded(scales, products.shape[1])
    cosines *= scales[block].astype(np.float32)[:, None]
    cosines[:, count:] = -np.inf
    groups = cosines.reshape(len(block), -1, _GROUP)
    best = groups.max(axis=2)
    if best.shape[1] > kept:
        last = best.shape[1] - kept - 1
        bound = np.partition(best, last, axis=1)[:, last] - np.float32(_MARGIN)
    else:
        bound = np.full(len(block), np.finfo(np.float32).min, dtype=np.float32)
    query, group = np.nonzero(best >= bound[:, None])
    pair, inside = np.nonzero(groups[query, group] >= bound[query, None])
    return query[pair], group[pair] * _GROUP + inside


def _padded(scales: Floats, width: int) -> Products:
    padded = np.zeros(width, dtype=np.float32)
    padded[: len(scales)] = scales
    return padded


def _rank(place: Rows, found: Rows, exact: Floats, block: Rows, ids: Ids, cosines: Floats) -> None:
    """Write the nearest of each query into `ids` and `cosines`, best first, the query itself left out."""
    others = found != block[place]
    place, found, exact = place[others], found[others], exact[others]
    order = np.lexsort((found, -exact, place))
    place, found, exact = place[order], found[order], exact[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    top = rank < ids.shape[1]
    ids[place[top], rank[top]] = found[top]
    cosines[place[top], rank[top]] = exact[top]
