"""From written dates to UTC times, by strict forms only: what is ambiguous or impossible is None.

Independent of locale and system time zone. Zone names are those of RFC 822 section 5.1; a military letter or any other
name is refused, since its reading differs between programs.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

EARLIEST_YEAR = 1990  # arXiv opened in 1991; a date before is a slip of the pen
LATEST_SLACK = timedelta(days=1)  # clocks and day boundaries differ by at most this

_MONTHS = {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6}
_MONTHS |= {"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12}
_ZONE_HOURS = {"GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6}
_ZONE_HOURS |= {"PST": -8, "PDT": -7}
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? ([A-Z]{1,3}|[+-]\d{4})",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6})\d*)?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)


def _zone(text: str) -> timezone:
    if text in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[text]))
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if not digits.isdigit() or minutes >= 24 * 60:
        raise ValueError(text)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def read_rfc822(text: str | None) -> datetime | None:
    """A time such as `Mon, 01 Jun 2026 17:59:59 GMT`, in the zone as written, so that `.date()` is the day as written."""
    found = _RFC822.fullmatch(" ".join((text or "").split()))
    if found is None:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    try:
        written = (int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0))
        return datetime(*written, tzinfo=_zone(zone))
    except (KeyError, ValueError):
        return None


def read_iso(text: str | None) -> datetime | None:
    """A time such as `2026-06-24T00:00:00-04:00`, in the zone it was written in; without a zone it is refused."""
    found = _ISO.fullmatch((text or "").strip())
    if found is None:
        return None
    *numbers, fraction, zone = found.groups()
    try:
        year, month, day, hour, minute, second = (int(number) for number in numbers)
        return datetime(
            year, month, day, hour, minute, second, int((fraction or "0").ljust(6, "0")), tzinfo=_zone(zone)
        )
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """A day such as `2026-06-24`; a UTC time behind it, as other repositories write datestamps, is dropped."""
    found = _DAY.fullmatch((text or "").strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def in_utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; None, or a moment that UTC cannot name, gives None."""
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        return None


def midnight(day: date | None) -> datetime | None:
    """The start of a day in UTC: how a date without a time is kept."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def out_of_range(moment: datetime | None, seen_at: datetime | None) -> bool:
    """Whether a stated time lies before arXiv, or more than a day after the moment at which it was seen."""
    if moment is None:
        return False
    return moment.year < EARLIEST_YEAR or (seen_at is not None and moment - seen_at > LATEST_SLACK)
