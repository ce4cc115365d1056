"""The one HTTP client: everything that Almanac asks of a network goes through `Client.get`.

It takes a whole answer or none. What protects it, and from what: connections go to public addresses only and the time for
an answer is one deadline (network_guard); bodies are inflated here, under caps, to their proven end (inflate); hosts are
asked in turns with pauses (limits); at most five redirects are followed, each checked like the first address; a key goes
to the first origin only; no cookie, proxy variable or .netrc is used; faults that may pass are tried again a few times,
later and later, and nothing else is.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import httpcore
import httpx

from almanac_assets.harvest.answers import Answer, Request, require_whole
from almanac_assets.harvest.fetch_errors import TOO_MANY, FetchFailed, Interrupted, NotReached, SourceSaidNo
from almanac_assets.harvest.inflate import Body, BodyBroken, Caps
from almanac_assets.harvest.limits import Limiter, Patience, Sleep
from almanac_assets.harvest.network_guard import (
    AddressRefused,
    Deadline,
    Guard,
    GuardedTransport,
    NameUnresolved,
    Resolver,
    resolve,
    why_unconnected,
)
from almanac_assets.harvest.redaction import Redactor
from almanac_assets.harvest.responses import asked_wait, excerpt, short_header, spent_budget
from almanac_assets.store.clock import Clock, SystemClock

log = logging.getLogger("almanac.client")

USER_AGENT = f"Almanac/{version('almanac-assets')}"
MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0  # between two pieces; the deadline of the request ends everything anyway
TIMEOUTS = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": READ_SECONDS}
SENT = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
ERROR_BODY = Caps(wire=1 << 16, inflated=1 << 18)  # what is read of an answer that is shown to people only
NEVER_SENT_TWICE = (401, 403)  # arXiv takes further requests after a 403 for an attack
# What h11 and httpcore say of a connection that ended too early; any other fault of the protocol is no accident.
_ENDED_EARLY = ("peer closed connection", "Server disconnected", "incomplete", "unexpectedly closed")
_QUIET = ("httpx", "httpcore")  # they can log whole addresses and headers, keys included


@dataclass
class Client:
    """A client for one thread. `route` sends every request to one address instead, for tests on this machine."""

    limiter: Limiter
    clock: Clock
    sleep: Sleep
    redactor: Redactor = field(default_factory=Redactor)
    patience: Patience = field(default_factory=Patience)
    allowed: frozenset[tuple[str, int]] = frozenset()
    resolver: Resolver = resolve
    route: str | None = None

    def __post_init__(self) -> None:
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
        # Sockets wait in real time, whatever clock the pauses are counted by.
        self._deadline = Deadline(SystemClock().elapsed)
        self._random = random.Random(self.patience.seed)
        # The transport alone: httpx's own client would follow, keep cookies, unpack and log on the way.
        self._transport = GuardedTransport(Guard(self._deadline, self.allowed, self.resolver))

    def close(self) -> None:
        self._transport.close()

    def get(self, request: Request) -> Answer:
        """The whole answer; FetchFailed in one line otherwise, after a few tries if the fault may pass."""
        host = self._address(request.url, request.url).host
        why = self.limiter.closed(host)
        if why:
            raise SourceSaidNo(self.redactor.url(request.url), f"not asked, because {why}")
        for attempt in range(1, self.patience.tries + 1):
            try:
                return self._follow(request)
            except Interrupted as fault:
                if attempt == self.patience.tries:
                    self.limiter.close(host, f"{host} gave no answer before: {fault.found}")
                    fault.args = (f"{fault} (asked {attempt} times)",)
                    raise
                pause = (
                    fault.wait
                    if fault.wait is not None
                    else self.patience.pause(attempt, fault.status == TOO_MANY, self._random)
                )
                log.info("%s; asked again in %.0f s", fault, pause)
                self.sleep(pause)
            except FetchFailed as fault:
                if fault.status in (*NEVER_SENT_TWICE, TOO_MANY):
                    self.limiter.close(host, f"{host} said no before: {fault.found}")
                raise
        raise AssertionError("a client tries at least once")

    def _follow(self, request: Request) -> Answer:
        """Ask, and follow redirects; a key is sent as long as the origin is the first one."""
        url = first = self._address(request.url, request.url)
        moved = False
        for _ in range(MAX_REDIRECTS + 1):
            with self.limiter.turn(url.host), self._asked(request, url, _origin(url) == _origin(first)) as response:
                if response.status_code not in REDIRECTS:
                    return self._answer(request, str(url), response, moved=moved)
                moved |= response.status_code in FOR_GOOD
                url = self._next(request.url, url, response)
        raise FetchFailed(self.redactor.url(request.url), f"more than {MAX_REDIRECTS} redirects")

    def _next(self, asked: str, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads; FetchFailed where it must not lead."""
        shown, target = self.redactor.url(asked), response.headers.get("location", "")
        if not target:
            raise FetchFailed(shown, f"status {response.status_code} without Location", status=response.status_code)
        try:
            found = self._address(asked, str(url.join(target)))
        except httpx.InvalidURL:
            raise FetchFailed(shown, "a redirect to something that is no address") from None
        if url.scheme == "https" and found.scheme == "http":
            raise FetchFailed(shown, f"a redirect from https to http on {found.host}")
        if _origin(found) != _origin(url) and self.redactor.holds_secret(target):
            raise FetchFailed(shown, f"a redirect that carries the key to {found.host}")
        return httpx.URL(self.redactor.url(str(found)))

    def _address(self, asked: str, url: str) -> httpx.URL:
        """The address, if it is one that may be asked: http or https, with a host, without a login."""
        shown = self.redactor.url(asked)
        try:
            found = httpx.URL(url)
        except httpx.InvalidURL:
            raise FetchFailed(shown, "expected an address") from None
        if found.scheme not in ("http", "https") or not found.host:
            raise FetchFailed(shown, f"expected an http or https address, found one of scheme '{found.scheme}'")
        if found.userinfo:
            raise FetchFailed(shown, f"an address with a login on {found.host}")
        return found

    @contextmanager
    def _asked(self, request: Request, url: httpx.URL, may_know: bool) -> Iterator[httpx.Response]:
        """The answer to one request with its body still on the wire; every fault of the network as FetchFailed."""
        headers = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        sent = {name: value for name, value in headers.items() if value} if may_know else {}
        secret = request.secret if may_know else None
        target = str(url)
        if self.route:
            sent["Host"], target = url.netloc.decode("ascii"), self.route + url.raw_path.decode("ascii")
        if secret and secret.place == "header":
            sent[secret.name] = secret.value
        elif secret:
            target += f"{'&' if url.query else '?'}{httpx.QueryParams({secret.name: secret.value})}"
        shown = self.redactor.url(str(url))
        self._deadline.begin(request.seconds)
        try:
            asked = httpx.Request("GET", target, headers=SENT | sent, extensions={"timeout": TIMEOUTS})
            response = self._transport.handle_request(asked)
            try:
                yield response
            finally:
                response.close()
        except (AddressRefused, NameUnresolved) as error:
            raise NotReached(shown, f"not reached: {error}") from None
        except httpcore.ConnectTimeout:
            raise NotReached(shown, f"not reached: no connection within {CONNECT_SECONDS:.0f} s") from None
        except httpcore.ConnectError as error:
            raise NotReached(shown, why_unconnected(error)) from None
        except httpcore.TimeoutException:
            raise Interrupted(shown, f"no whole answer within {request.seconds:g} s") from None
        except httpcore.NetworkError as error:
            raise Interrupted(shown, f"the connection broke: {error or 'without a reason'}") from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            said = self.redactor.text(str(error))
            kind = Interrupted if any(sign in said for sign in _ENDED_EARLY) else FetchFailed
            raise kind(shown, f"no HTTP answer: {said}") from None

    def _answer(self, request: Request, url: str, response: httpx.Response, *, moved: bool) -> Answer:
        """A whole answer, or the right kind of failure for its status."""
        shown, status = self.redactor.url(request.url), response.status_code
        if status == 304 and request.is_conditional:
            return Answer(shown, self.redactor.url(url), self.clock.now(), status, None, moved=moved)
        if status != 200:
            raise self._failure(shown, response)
        try:
            body = self._body(response, request.caps)
            require_whole(body, request.expects)
        except BodyBroken as broken:
            said = self.redactor.text(broken.found)
            raise (Interrupted if broken.may_pass else FetchFailed)(shown, said, status=status) from None
        return Answer(
            url=shown,
            final_url=self.redactor.url(url),
            fetched_at=self.clock.now(),
            http_status=status,
            body=body,
            media_type=short_header(response, "content-type", until=";"),
            etag=short_header(response, "etag"),
            last_modified=short_header(response, "last-modified"),
            moved=moved,
        )

    def _failure(self, shown: str, response: httpx.Response) -> FetchFailed:
        status = response.status_code
        try:
            said = excerpt(self._body(response, ERROR_BODY))
        except (BodyBroken, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
            said = ""
        found = f"status {status}" + (f": {self.redactor.text(said)}" if said else "")
        if status == TOO_MANY and (reset := spent_budget(response)) is not None:
            return SourceSaidNo(shown, f"{found}; the budget is spent, it is renewed in {reset} s", status=status)
        if status == TOO_MANY or status >= 500:
            return Interrupted(shown, found, status=status, wait=asked_wait(response, self.clock))
        if status in NEVER_SENT_TWICE:
            return SourceSaidNo(shown, found, status=status, remedy="it may want a key, or refuse this network")
        if 400 <= status < 500:
            return SourceSaidNo(shown, found, status=status)
        return FetchFailed(shown, f"expected status 200, found {found}", status=status)

    @staticmethod
    def _body(response: httpx.Response, caps: Caps) -> bytes:
        length = response.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > caps.wire:
            raise BodyBroken(f"expected at most {caps.wire:,} bytes, {length[:18]} are announced")
        body = Body(response.headers.get("content-encoding", ""), caps)
        for piece in response.iter_raw():
            body.feed(piece)
        return body.whole()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
