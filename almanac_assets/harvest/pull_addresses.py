"""The requests of sources that are asked by plain addresses: feeds, lists by day, single records."""

from __future__ import annotations

from datetime import date, timedelta

from almanac_assets.harvest.answers import Request
from almanac_assets.harvest.fetch_errors import FetchFailed
from almanac_assets.harvest.pull_plan import AddressPull, DailyPull, FeedPull
from almanac_assets.harvest.pull_script import Done, Script


def feed(pull: FeedPull, endpoint: str) -> Script:
    """One request for the feed; whether it has changed is asked by whoever sends it."""
    yield Request(endpoint, "xml", pull.caps, pull.seconds, conditional=True)
    return Done()


def days(pull: DailyPull, endpoint: str, today: date) -> Script:
    """The lists of the last days, oldest first; a day that has none yet loses no other."""
    done = Done()
    for back in range(pull.days - 1, -1, -1):
        url = f"{endpoint}?date={(today - timedelta(days=back)).isoformat()}"
        try:
            yield Request(url, "json", pull.caps, pull.seconds)
        except FetchFailed as failure:
            done.failures.append(failure)
    return done


def addresses(pull: AddressPull) -> Script:
    """Each address by itself; one that fails loses no other."""
    done = Done()
    for url in pull.addresses:
        try:
            yield Request(url, pull.expects, pull.caps, pull.seconds)
        except FetchFailed as failure:
            done.failures.append(failure)
    return done
