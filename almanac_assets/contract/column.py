"""The kinds of columns a table may have, each a small function: `c.text("what it means", ...)`.

Types are those that every reader takes in alike: string, bool, int8 to int64, float64, timestamp[us, UTC], date32 and
flat lists. Closed lists are plain strings held by a check, not Arrow dictionaries: their order would change the bytes.
"""

from __future__ import annotations

import pyarrow as pa

from almanac_assets.contract.table import Column


def text(
    says: str,
    *,
    nullable: bool = False,
    refers_to: str | None = None,
    pattern: str | None = None,
    unit: str | None = None,
) -> Column:
    """Free or patterned text, never the empty string."""
    return Column(pa.string(), says, nullable, unit=unit, pattern=pattern, refers_to=refers_to)


def url(says: str, *, nullable: bool = False) -> Column:
    """An http(s) address without user, password or key."""
    return Column(pa.string(), says, nullable, pattern=r"https?://[^\s/?#@]+([/?#]\S*)?")


def enum(says: str, allowed: tuple[str, ...], *, nullable: bool = False) -> Column:
    """One value of a closed list."""
    return Column(pa.string(), says, nullable, allowed=allowed)


def method() -> Column:
    """The last column of every derived table: which rule made the row."""
    return Column(
        pa.string(),
        "name and version of the rule or model that made this row",
        pattern=r"[a-z_.]+@\d+",
        refers_to="methods.method",
    )


def time(says: str, *, nullable: bool = False) -> Column:
    """A moment in UTC with microseconds."""
    return Column(pa.timestamp("us", "UTC"), says, nullable, unit="UTC")


def date(says: str, *, nullable: bool = False) -> Column:
    """A calendar day, in UTC."""
    return Column(pa.date32(), says, nullable, unit="UTC day")


def flag(says: str) -> Column:
    """True or false."""
    return Column(pa.bool_(), says)


def flag_or_null(says: str) -> Column:
    """True, false, or null where nobody says."""
    return Column(pa.bool_(), says, nullable=True)


def count(says: str, *, nullable: bool = False, unit: str, low: float = 0) -> Column:
    """A whole number of things, never negative."""
    return Column(pa.int64(), says, nullable, unit=unit, low=low)


def int8(says: str, *, low: float, high: float, unit: str) -> Column:
    return Column(pa.int8(), says, unit=unit, low=low, high=high)


def int16(says: str, *, nullable: bool = False, low: float, high: float | None = None, unit: str) -> Column:
    return Column(pa.int16(), says, nullable, unit=unit, low=low, high=high)


def int32(says: str, *, nullable: bool = False, low: float, high: float | None = None, unit: str) -> Column:
    return Column(pa.int32(), says, nullable, unit=unit, low=low, high=high)


def int64(says: str, *, nullable: bool = False, low: float, unit: str) -> Column:
    return Column(pa.int64(), says, nullable, unit=unit, low=low)


def score(says: str, *, nullable: bool = False) -> Column:
    """A share or score in [0, 1], rounded to six decimals where it is made."""
    return Column(pa.float64(), says, nullable, unit="share", low=0.0, high=1.0)


def number(
    says: str, *, nullable: bool = False, unit: str, low: float | None = None, high: float | None = None
) -> Column:
    """A real number with a unit."""
    return Column(pa.float64(), says, nullable, unit=unit, low=low, high=high)


def texts(says: str, *, allowed: tuple[str, ...] | None = None, refers_to: str | None = None) -> Column:
    """A list of texts; an empty list where there is none, never null."""
    return Column(pa.list_(pa.string()), says, allowed=allowed, refers_to=refers_to)


def int8s(says: str, *, unit: str) -> Column:
    """A list of small whole numbers."""
    return Column(pa.list_(pa.int8()), says, unit=unit, low=-127, high=127)
