"""A server on 127.0.0.1 that writes chosen bytes to its socket, well-formed or not, and remembers what it was asked."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Piece = bytes | float | str  # bytes to send, seconds to wait, or one of the words below
RESET, HOLD = "reset", "hold"  # end with a reset; keep the connection open until the client gives up
HELD_SECONDS = 5.0  # longer than any deadline of these tests


@dataclass
class Asked:
    """One request: its first line and its headers in lower case."""

    line: str
    headers: dict[str, str]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]


Answers = Callable[[Asked], Sequence[Piece]]


@dataclass
class Server:
    """Where it listens, and what it was asked so far."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port


@contextmanager
def serving(answers: Answers) -> Iterator[Server]:
    """A server that gives each request what `answers` makes of it, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening.getsockname()[1])

    def work() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(connection, answers, server), daemon=True).start()

    threading.Thread(target=work, daemon=True).start()
    try:
        yield server
    finally:
        with suppress(OSError):  # wakes the thread that waits for a connection
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def in_turn(*answers: Sequence[Piece]) -> Answers:
    """Each request gets the next answer, the last one again and again."""
    left = list(answers)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def _serve(connection: socket.socket, answers: Answers, server: Server) -> None:
    with suppress(OSError), connection:
        data = b""
        while b"\r\n\r\n" not in data:
            received = connection.recv(65536)
            if not received:
                return
            data += received
        line, *headers = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        pairs = (header.partition(":") for header in headers)
        asked = Asked(line, {name.strip().lower(): value.strip() for name, _, value in pairs})
        server.asked.append(asked)
        for piece in answers(asked):
            if isinstance(piece, bytes):
                connection.sendall(piece)
            elif isinstance(piece, float):
                time.sleep(piece)
            elif piece == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            else:
                time.sleep(HELD_SECONDS)


def head(status: int = 200, /, **headers: str | int) -> bytes:
    """A status line with headers; `content_length=5` is written `Content-Length: 5`."""
    lines = [f"HTTP/1.1 {status} Told"] + [
        f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def page(body: bytes, status: int = 200, /, **headers: str | int) -> list[Piece]:
    """A whole answer with its length."""
    stated: dict[str, str | int] = {"content_length": len(body), **headers}
    return [head(status, **stated) + body]


def packed(body: bytes, **headers: str | int) -> list[Piece]:
    """A whole answer in gzip."""
    return page(gzip.compress(body, mtime=0), 200, **{"content_encoding": "gzip", **headers})


def dripped(data: bytes, seconds: float) -> list[Piece]:
    """One byte after the other with a pause between."""
    return [piece for byte in data for piece in (bytes([byte]), seconds)]
