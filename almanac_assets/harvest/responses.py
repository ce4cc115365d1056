"""What the headers and the error page of an answer tell, read without trusting either."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

import httpx

from almanac_assets.harvest.records import one_line
from almanac_assets.store.clock import Clock

LONGEST_WAIT = 600.0  # seconds that a server may ask to wait; more is for the next run
MAX_HEADER = 512  # characters of a validator that are worth keeping
EXCERPT = 160  # characters of an error page that are shown
_SECONDS = re.compile(r"[0-9]{1,6}")
_TAG = re.compile(r"<[^<>]{0,1000}>")


def asked_wait(response: httpx.Response, clock: Clock) -> float | None:
    """Seconds that Retry-After asks for, as a number or a date, cut to 0..600; None where it says nothing usable.

    A date counts from the server's own Date where it tells one, so that clocks need not agree (RFC 9110, 10.2.3).
    """
    stated = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(stated):
        return min(float(stated), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(stated)
        told = response.headers.get("date")
        now = parsedate_to_datetime(told) if told else clock.now()
        return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError):  # TypeError: one of the two has no time zone
        return None


def spent_budget(response: httpx.Response) -> int | None:
    """Seconds until a spent budget is renewed, where the answer says that nothing is left of it."""
    left = response.headers.get("x-ratelimit-remaining", "").strip()
    reset = response.headers.get("x-ratelimit-reset", "").strip()
    if left != "0" or response.headers.get("retry-after"):
        return None
    return int(reset) if _SECONDS.fullmatch(reset) else 0


def short_header(response: httpx.Response, name: str, *, until: str = "") -> str | None:
    """A header as printable ASCII of bounded length, cut before `until`; None where it is absent or odd."""
    value = response.headers.get(name, "")
    value = (value.split(until, 1)[0] if until else value).strip()
    return value if value and len(value) <= MAX_HEADER and value.isascii() and value.isprintable() else None


def excerpt(body: bytes) -> str:
    """What an error page says, in one short line without its markup."""
    text = _TAG.sub(" ", body[:4096].decode("utf-8", "replace"))
    return one_line(" ".join(text.split()), EXCERPT)
