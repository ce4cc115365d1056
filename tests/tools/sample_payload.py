"""One payload of the sample, and the line of the ledger that tells of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PAUSE = dt.timedelta(seconds=4)  # arXiv asks for at least 3 s between requests; all others get the same here


@dataclass(frozen=True, order=True)
class Payload:
    """A body with what a ledger says of it; payloads are ordered by the time of their fetch."""

    at: dt.datetime
    source: str
    url: str
    file: str
    media_type: str
    body: str
    origin: str = "reconstructed"
    text_basis: str = ""

    def line(self) -> dict[str, Any]:
        """The line of the ledger; `text_basis` stands only where texts are not the source's own."""
        entry = {"source": self.source, "url": self.url, "fetched_at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}"}
        entry |= {"sha256": hashlib.sha256(self.body.encode()).hexdigest(), "file": self.file, "origin": self.origin}
        basis = {"text_basis": self.text_basis} if self.text_basis else {}
        return entry | {"media_type": self.media_type, "http_status": 200} | basis


def clocked(at: dt.datetime) -> Iterator[dt.datetime]:
    """Times of requests that follow each other with a pause."""
    while True:
        yield at
        at += PAUSE


def json_body(value: object) -> str:
    """A JSON answer as the services write it: one line, non-ASCII letters as they are."""
    return json.dumps(value, ensure_ascii=False)
