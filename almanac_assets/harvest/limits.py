"""Politeness: one request at a time to a group of hosts, with a pause between requests, for all runs of this checkout.

The last request of a group is remembered in a file that its holder keeps locked, so two runs of any kind take turns; the
system frees the lock however its holder ends. What a host group refused once is not asked again in the same run.
"""

from __future__ import annotations

import fcntl
import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from almanac_assets.harvest.fetch_errors import NotReached
from almanac_assets.store.clock import Clock
from almanac_assets.store.files import writing

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class HostRule:
    """One pause for a group of hosts: `hosts` are names that stand for themselves and everything below them."""

    name: str
    hosts: tuple[str, ...]
    pause: float  # seconds between the end of one request and the begin of the next

    def covers(self, host: str) -> bool:
        return any(host == name or host.endswith(f".{name}") for name in self.hosts)


@dataclass(frozen=True)
class Patience:
    """How often and how long after each other a fault that may pass is tried again.

    Pauses double from `first`, or from `first_busy` where the source says that it is asked too often (429), and are
    drawn longer by up to `jitter`, so that many clients do not come back at once.
    """

    tries: int = 4
    first: float = 5.0
    first_busy: float = 60.0
    longest: float = 600.0
    jitter: float = 0.25
    seed: int = 0

    def pause(self, tried: int, is_busy: bool, draw: random.Random) -> float:
        """Seconds to wait after so many tries."""
        first = self.first_busy if is_busy else self.first
        return min(first * 2.0 ** (tried - 1) * (1 + self.jitter * draw.random()), self.longest)


class Limiter:
    """Turns by group of hosts; `folder` is shared by all processes, None keeps the turns of this one apart."""

    def __init__(
        self, rules: tuple[HostRule, ...], default_pause: float, clock: Clock, sleep: Sleep, folder: Path | None = None
    ) -> None:
        self._rules, self._default = rules, default_pause
        self._clock, self._sleep, self._folder = clock, sleep, folder
        self._ended: dict[str, float] = {}
        self._closed: dict[str, str] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def rule(self, host: str) -> HostRule:
        """The rule of a host; one that no rule names is a group of its own."""
        name = host.lower().rstrip(".")
        own = HostRule(re.sub(r"[^a-z0-9.-]", "_", name), (name,), self._default)
        return next((rule for rule in self._rules if rule.covers(name)), own)

    def close(self, host: str, why: str) -> None:
        """Ask nothing more of the host's group in this run."""
        self._closed.setdefault(self.rule(host).name, why)

    def closed(self, host: str) -> str | None:
        """Why the group of this host is not asked any more; None while it may be."""
        return self._closed.get(self.rule(host).name)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the turn of the host's group and hold it for one request; one that reached nobody takes no turn."""
        rule = self.rule(host)
        with self._guard:
            lock = self._locks.setdefault(rule.name, threading.Lock())
        with ExitStack() as held:
            held.enter_context(lock)
            file = held.enter_context(self._shared(rule)) if self._folder else None
            pause = max(self._left_here(rule), self._left_elsewhere(rule, file))
            if pause > 0:
                self._sleep(pause)
            was_asked = True
            try:
                yield
            except NotReached:
                was_asked = False
                raise
            finally:
                if was_asked:
                    self._end(rule, file)

    def _end(self, rule: HostRule, file: IO[str] | None) -> None:
        """Remember when the group's last request ended, here and for other processes."""
        self._ended[rule.name] = self._clock.elapsed()
        if file:
            file.seek(0)
            file.truncate()
            file.write(self._clock.now().isoformat())
            file.flush()

    def _left_here(self, rule: HostRule) -> float:
        ended = self._ended.get(rule.name)
        return rule.pause - (self._clock.elapsed() - ended) if ended is not None else 0.0

    def _left_elsewhere(self, rule: HostRule, file: IO[str] | None) -> float:
        """What is left of the pause after another process's request; never more than the pause, whatever clocks do."""
        try:
            ended = datetime.fromisoformat(file.read()) if file else None
            past = (self._clock.now() - ended).total_seconds() if ended else rule.pause
        except (ValueError, TypeError):
            return 0.0
        return min(rule.pause - past, rule.pause)

    @contextmanager
    def _shared(self, rule: HostRule) -> Iterator[IO[str]]:
        assert self._folder is not None
        path = self._folder / f"{rule.name}.turn"
        with ExitStack() as held:
            with writing(str(path)):
                path.parent.mkdir(parents=True, exist_ok=True)
                file = held.enter_context(path.open("a+", encoding="ascii"))
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
            yield file
