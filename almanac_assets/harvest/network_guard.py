"""Where a connection may go and how long it may take; both are decided inside the connection itself.

A check of the address before the request can be answered differently by the name server a moment later, and a timeout per
read never ends a server that sends one byte a second. So the address is looked at where the socket is opened, and every
read and write of the socket is given what is left of one deadline for the whole exchange.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], list[str]]

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class AddressRefused(Exception):
    """A host that is not on the public network."""


class NameUnresolved(Exception):
    """A host that the name server does not know, or a name server that does not answer."""


def is_public(address: Address) -> bool:
    """Whether an address lies on the public network, also once unwrapped from the forms that carry IPv4 in IPv6."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        wrapped = [found for found in inner if found is not None]
        if wrapped:
            return all(is_public(found) for found in wrapped)
    return address.is_global and not address.is_multicast


class Deadline:
    """What is left of the time for one exchange; begun anew for each."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed, self._end = elapsed, float("inf")

    def begin(self, seconds: float) -> None:
        self._end = self._elapsed() + seconds

    def left(self, timeout: float | None) -> float:
        """The shorter of what is left and `timeout`; httpcore.ReadTimeout once nothing is left."""
        left = self._end - self._elapsed()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait is cut to the deadline."""

    def __init__(self, raw: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._raw, self._deadline = raw, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._raw.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._raw.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._raw.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._raw.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._raw.get_extra_info(info)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver."""
    return [str(entry[4][0]).split("%")[0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Guard(httpcore.NetworkBackend):
    """Opens connections to public addresses only; `allowed` names the (host, port) that tests may reach beside them."""

    def __init__(
        self, deadline: Deadline, allowed: Iterable[tuple[str, int]] = (), resolver: Resolver = resolve
    ) -> None:
        self._deadline, self._allowed, self._resolver = deadline, frozenset(allowed), resolver
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, look at every address, connect to the first that answers: no second look-up can differ."""
        found = self._resolved(host, port, timeout)
        if (host, port) not in self._allowed:
            hidden = sorted({text for text in found if not is_public(ip_address(text))})
            if hidden:
                raise AddressRefused(f"{host} is {hidden[0]}, which is not on the public network")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for text in dict.fromkeys(found):
            try:
                raw = self._sockets.connect_tcp(text, port, self._deadline.left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error  # a host with two addresses often has one that this network cannot reach
            else:
                return _Stream(raw, self._deadline)
        raise failure

    def _resolved(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Addresses of the host, asked for aside, since the system's resolver takes no timeout."""
        answer: list[list[str] | OSError] = []

        def ask() -> None:
            try:
                answer.append(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answer.append(error if isinstance(error, OSError) else OSError(str(error)))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._deadline.left(timeout))
        if not answer:
            raise NameUnresolved("no name server answered in time")
        if isinstance(answer[0], OSError):
            raise NameUnresolved(answer[0].strerror or str(answer[0]))
        return answer[0]


class GuardedTransport(httpx.BaseTransport):
    """Requests over guarded connections, one at a time and each on a connection of its own.

    A connection kept alive over the pauses that politeness asks for is often closed by the server as it is used again.
    """

    def __init__(self, guard: Guard) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=1,
            max_keepalive_connections=0,
            retries=0,
            network_backend=guard,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raw = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(raw)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_RawBody(answer),
            extensions={"reason_phrase": answer.extensions.get("reason_phrase", b"")},
        )

    def close(self) -> None:
        self._pool.close()


class _RawBody(httpx.SyncByteStream):
    """The body as it comes from the wire; closing it closes the connection."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def why_unconnected(error: httpcore.ConnectError) -> str:
    """Why there is no connection: the certificate, TLS, or the network."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"not reached: its certificate is not accepted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return f"not reached: no TLS ({cause.reason or cause})"
        cause = cause.__cause__ or cause.__context__
    return f"not reached: {error}"
