"""The ledger of attempts: one line per pull of a source, whether or not anything came of it.

The fetch ledger holds what was fetched; this one tells that a source was asked at all, how long that took, what went
wrong, and how far a harvest got (`marks`), so that the next one can go on from there. No line holds a key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.ledger import append_lines, read_lines

AttemptOutcome = Literal["answered", "not_modified", "refused", "error"]

ATTEMPTS = pl.Schema(
    {
        "source_id": pl.String(),
        "pulled_at": pl.Datetime("us", "UTC"),
        "elapsed_ms": pl.Int64(),
        "outcome": pl.String(),
        "http_status": pl.Int16(),
        "answers": pl.Int64(),
        "message": pl.String(),
    }
)
OUTCOMES: tuple[AttemptOutcome, ...] = ("answered", "not_modified", "refused", "error")
FAILED = ("refused", "error")
REMEDY = "remove the line; it tells of one pull only"


@dataclass(frozen=True)
class Attempt:
    """One pull of a source: `answered` brought payloads, `not_modified` only the word that nothing has changed.

    `answers` counts payloads; `message` is one line on what went wrong, also where some of the answers came.
    `marks` are pairs of the name of a window and how far it is known to be whole.
    """

    source_id: str
    pulled_at: datetime
    elapsed_ms: int
    outcome: AttemptOutcome
    answers: int = 0
    http_status: int | None = None
    message: str | None = None
    marks: tuple[tuple[str, str], ...] = field(default=())

    @property
    def failed(self) -> bool:
        """Whether the source gave nothing at all."""
        return self.outcome in FAILED

    def to_line(self) -> str:
        stated = asdict(self) | {"pulled_at": self.pulled_at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return json.dumps({name: value for name, value in stated.items() if value not in (None, ())}, sort_keys=True)


class Attempts:
    """The file of attempts beside the fetch ledger."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def all(self) -> list[Attempt]:
        """Every attempt once, in the order of time; StoreDamaged names the line that states none."""
        found = read_lines(self.file, _read_line, "a pull", REMEDY)
        return sorted(found, key=lambda attempt: (attempt.pulled_at, attempt.source_id, attempt.to_line()))

    def append(self, attempt: Attempt) -> None:
        append_lines(self.file, [attempt.to_line()])

    def newest(self) -> dict[str, Attempt]:
        """The last attempt of each source that was ever asked."""
        return {attempt.source_id: attempt for attempt in self.all()}

    def marks(self, source_id: str) -> dict[str, str]:
        """How far each window of a source was ever known to be whole."""
        marks: dict[str, str] = {}
        for attempt in self.all():
            if attempt.source_id == source_id:
                marks |= dict(attempt.marks)
        return marks


def _read_line(text: bytes) -> Attempt:
    stated = json.loads(text)
    unknown = set(stated) - {one.name for one in fields(Attempt)}
    if unknown:
        raise ValueError(f"unknown field {sorted(unknown)[0]}")
    marks = tuple((str(name), str(reached)) for name, reached in stated.get("marks", ()))
    attempt = Attempt(**stated | {"pulled_at": datetime.fromisoformat(stated["pulled_at"]), "marks": marks})
    if attempt.pulled_at.tzinfo is None or attempt.outcome not in OUTCOMES or not isinstance(attempt.elapsed_ms, int):
        raise ValueError(f"pulled_at, outcome or elapsed_ms of {attempt}")
    return attempt


def attempts_frame(attempts: list[Attempt]) -> pl.DataFrame:
    """The attempts as a frame of the schema ATTEMPTS."""
    rows = [[getattr(attempt, name) for name in ATTEMPTS] for attempt in attempts]
    return pl.DataFrame(rows, schema=ATTEMPTS, orient="row")


def attempts_fingerprint(attempts: list[Attempt]) -> str:
    """Hex sha256 over the lines of the attempts that a build uses."""
    return hashlib.sha256("\n".join(attempt.to_line() for attempt in attempts).encode()).hexdigest()


def summary(attempt: Attempt) -> str:
    """One attempt in a few words for a terminal."""
    seconds = f"{attempt.elapsed_ms / 1000:.1f} s"
    came = f"{attempt.answers} answers in {seconds}" if attempt.answers else f"{attempt.outcome} in {seconds}"
    return came + (f": {attempt.message}" if attempt.message else "")


def nothing_answered(newest: Iterable[Attempt]) -> AlmanacError | None:
    """The error of a refresh in which no source gave anything at all; None if one did, or none was asked."""
    asked = list(newest)
    if not asked or not all(attempt.failed for attempt in asked):
        return None
    return AlmanacError(
        f"none of {len(asked)} sources answered, so the last release stays; the first: {asked[0].message}",
        remedy="see whether this machine reaches the network; feed_health has a row for each source",
    )
