"""Shares with their uncertainty: Wilson's score interval."""

from __future__ import annotations

import polars as pl

# The 97.5 % point of the normal distribution: 95 % lie between it and its mirror image.
Z_95 = 1.959963984540054


def wilson(count: pl.Expr, of: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Lower and upper end of the 95 % interval of `count` out of `of`, to six decimals; null where `of` is 0.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. It always
    holds the share itself, stays within 0 and 1, and is sound for small numbers too.
    """
    n = pl.when(of > 0).then(of.cast(pl.Float64))
    share = count / n
    squared = Z_95 * Z_95
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = Z_95 / (1 + squared / n) * (share * (1 - share) / n + squared / (4 * n * n)).sqrt()
    # At 0 and at all of them the formula gives the end exactly, up to the last bits of the arithmetic.
    low = pl.when(count == 0).then(0.0).otherwise((middle - half).clip(0.0, 1.0))
    high = pl.when(count == of).then(1.0).otherwise((middle + half).clip(0.0, 1.0))
    return pl.when(of > 0).then(low.round(6)), pl.when(of > 0).then(high.round(6))


def percent(share: pl.Expr) -> pl.Expr:
    """A share as a whole number of percent, for sentences."""
    return (share * 100).round(0).cast(pl.Int64)
