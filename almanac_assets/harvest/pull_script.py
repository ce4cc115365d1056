"""The form of every adapter: a generator that yields requests, is sent their answers, and never touches the network.

A request that fails is thrown into the generator at its `yield`, as FetchFailed; one that is not caught ends the pull of
that source, and what was answered before it is kept.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.harvest.fetch_errors import FetchFailed


@dataclass
class Done:
    """What an adapter ends with: how far it got, and what failed on the way without ending it."""

    marks: dict[str, str] = field(default_factory=dict)
    failures: list[FetchFailed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Script = Generator[Request, Answer, Done]
