"""A client for tests: pauses pass at once and are counted, and only this machine can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from almanac_assets.harvest.answers import Request
from almanac_assets.harvest.client import Client
from almanac_assets.harvest.inflate import Caps
from almanac_assets.harvest.limits import HostRule, Limiter, Patience
from almanac_assets.harvest.network_guard import Resolver, resolve
from almanac_assets.harvest.redaction import Redactor, Secret
from tests.harvest.loopback import Server

WHOLE = b"<rss><channel><title>all of it</title></channel></rss>"
BEGIN = datetime(2026, 6, 24, tzinfo=UTC)


@dataclass
class Waiting:
    """A clock that only pauses move, and the pauses."""

    at: datetime = BEGIN
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def elapsed(self) -> float:
        return (self.at - BEGIN).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


def client(
    *servers: Server,
    waiting: Waiting | None = None,
    secrets: Iterable[Secret] = (),
    rules: tuple[HostRule, ...] = (),
    tries: int = 4,
    resolver: Resolver = resolve,
    route: str | None = None,
) -> Client:
    """A client that may reach these servers beside the public network."""
    waiting = waiting or Waiting()
    return Client(
        limiter=Limiter(rules, 0.0, waiting, waiting.sleep),
        clock=waiting,
        sleep=waiting.sleep,
        redactor=Redactor(secrets),
        patience=Patience(tries=tries),
        allowed=frozenset(server.address for server in servers),
        resolver=resolver,
        route=route,
    )


def request(url: str, **stated: object) -> Request:
    """A request for XML under caps and deadlines that a test can reach."""
    return Request(url, **{"expects": "xml", "seconds": 0.6, "caps": Caps(1 << 16, 1 << 18)} | stated)  # type: ignore[arg-type]
