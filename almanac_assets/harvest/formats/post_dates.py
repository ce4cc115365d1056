"""When a feed says that a post appeared: strict forms only, and no more exact than what is written.

A time of 00:00:00 is how feeds write a day, and a time without a zone is exact to the day at best. The zero dates of
programs, which stand for no date, are no date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from almanac_assets.harvest.formats.times import in_utc, midnight, out_of_range, read_day, read_iso, read_rfc822

# Scrapers that find no date write the time of their run, which lies within a minute of the feed's own stamp in all 900
# recorded cases; runs may take longer. A real date so near is known from the next build on.
NEAR_THE_BUILD = timedelta(minutes=5)
LATER_THAN_THE_BUILD = timedelta(days=1)
LONGEST_DATE = 80  # characters
# Programs that make feeds of other people's pages and fill every gap with their own clock.
SCRAPERS = ("python-feedgen",)

_ZERO_DATES = frozenset({date(1, 1, 1), date(1970, 1, 1)})  # of Go and of Unix
_WITHOUT_ZONE = re.compile(r"(.*\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)(?: ?[A-Za-z]{1,5})?", re.ASCII)
_SHORT_ISO = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(Z|[+-]\d{2}:?\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment in UTC (midnight of the day where only that is known), and how exact it is: second or day."""

    moment: datetime
    precision: str


def read_stamp(text: str | None) -> Stamp | None:
    """The date of a post in the forms of RFC 822 and RFC 3339; None where there is none or it cannot be read."""
    written = " ".join((text or "")[:LONGEST_DATE].split())
    short = _SHORT_ISO.fullmatch(written)
    moment = read_rfc822(written) or read_iso(f"{short[1]}:00{short[2]}" if short else written)
    if moment is None:
        return _day_stamp(_day_alone(written))
    if moment.timetz().replace(tzinfo=None) == time():
        return _day_stamp(moment.date())
    exact = in_utc(moment)
    return None if exact is None or moment.date() in _ZERO_DATES else Stamp(exact, "second")


def _day_alone(written: str) -> date | None:
    """A day without a time, or the day of a time whose zone is left out or bears a name that RFC 822 has not."""
    day = read_day(written)
    zoneless = _WITHOUT_ZONE.fullmatch(written) if day is None else None
    if zoneless is None:
        return day
    moment = read_rfc822(f"{zoneless[1]} GMT") or read_iso(f"{zoneless[1]}Z")
    return moment.date() if moment else None


def _day_stamp(day: date | None) -> Stamp | None:
    moment = midnight(day)
    return Stamp(moment, "day") if moment and day not in _ZERO_DATES else None


def build_time(stated: Stamp | None, dates: Sequence[Stamp | None], generator: str | None) -> datetime | None:
    """When a feed was built, if that is what its own date says; None where it has none or does not mean it.

    `dates` are those of its posts, of publication and of change. Site generators copy the date of the newest post, and some feeds state a date years behind their posts: neither is
    a time of building. A scraper's clock is believed.
    """
    if stated is None or out_of_range(stated.moment, None):
        return None
    moments = [stamp.moment for stamp in dates if stamp]
    if is_scraped(generator) or not moments:
        return stated.moment
    behind = sum(moment - stated.moment > LATER_THAN_THE_BUILD for moment in moments)
    if max(moments) == stated.moment or (len(moments) > 1 and 2 * behind > len(moments)):
        return None
    return stated.moment


def is_scraped(generator: str | None) -> bool:
    """Whether the feed was made of a page by a program that writes its clock where it finds no date."""
    return (generator or "").lower().startswith(SCRAPERS)


def is_invented(stamp: Stamp, built: datetime | None) -> bool:
    """Whether a date may be nothing but the clock of the program that built the feed."""
    return stamp.precision == "second" and built is not None and abs(stamp.moment - built) <= NEAR_THE_BUILD
