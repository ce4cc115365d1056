"""A puller whose every request goes to one server on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from almanac_assets import settings
from almanac_assets.harvest.attempts import Attempts
from almanac_assets.harvest.ledger import Ledger
from almanac_assets.harvest.live import Puller
from almanac_assets.harvest.pull_plan import Plan
from almanac_assets.harvest.redaction import Secret
from almanac_assets.harvest.sources import load_sources
from almanac_assets.harvest.validators import Validators
from almanac_assets.store.payloads import PayloadStore
from tests.harvest.asking import Waiting, client
from tests.harvest.loopback import Answers, Asked, Piece, Server, page, serving

KEY = "marker-3f9a77"
SOURCES = load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)
Hosts = dict[str, Sequence[Sequence[Piece]]]


def by_host(hosts: Hosts) -> Answers:
    """Each host gives its answers in turn, the last one again and again; an unknown one is not found."""
    left = {host: list(answers) for host, answers in hosts.items()}

    def answer(asked: Asked) -> Sequence[Piece]:
        found = left.get(asked.headers["host"], [page(b"not here", 404)])
        return found.pop(0) if len(found) > 1 else found[0]

    return answer


@contextmanager
def pulling(root: Path, pulls: list[dict[str, Any]], answers: Answers) -> Iterator[tuple[Puller, Server, Waiting]]:
    """A puller whose every request goes to one server on this machine."""
    with serving(answers) as server:
        waiting = Waiting()
        secrets = {"semantic-scholar": Secret("x-api-key", KEY), "openalex": Secret("api_key", KEY, "query")}
        asking = client(server, waiting=waiting, secrets=secrets.values(), route=server.url().rstrip("/"))
        yield (
            Puller(
                client=asking,
                store=PayloadStore(root / "payloads"),
                ledger=Ledger(root / "ledger.jsonl"),
                attempts=Attempts(root / "attempts.jsonl"),
                validators=Validators(root / "validators.json"),
                sources=SOURCES,
                plan=Plan.model_validate({"pulls": pulls}),
                secrets=secrets,
            ),
            server,
            waiting,
        )
