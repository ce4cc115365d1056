"""The only module that reads a clock; everything else is given one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the time is, and how long something took."""

    def now(self) -> datetime:
        """The time in UTC, for the fetch ledger only."""
        ...

    def elapsed(self) -> float:
        """Seconds since some fixed moment, never going back: for differences only."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return time.monotonic()
