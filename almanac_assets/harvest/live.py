"""Pulling the real sources: one after the other, each answer on disk before the next request is sent.

Bytes go to the payload store first, then a line to the fetch ledger, and at the end of each source a line to the ledger of
attempts. So whatever ends a pull, everything that was answered before is kept, and what failed is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from almanac_assets.errors import StoreDamaged
from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.harvest.attempts import Attempt, AttemptOutcome, Attempts, summary
from almanac_assets.harvest.client import Client
from almanac_assets.harvest.fetch_errors import FetchFailed
from almanac_assets.harvest.ledger import Fetch, Ledger
from almanac_assets.harvest.pull_addresses import addresses, days, feed
from almanac_assets.harvest.pull_citations import citations, works_by_doi
from almanac_assets.harvest.pull_oai import harvest
from almanac_assets.harvest.pull_plan import (
    AddressPull,
    CitationsPull,
    DailyPull,
    FeedPull,
    OaiPull,
    Plan,
    Pull,
    WorksPull,
)
from almanac_assets.harvest.pull_script import Done, Script
from almanac_assets.harvest.records import one_line
from almanac_assets.harvest.redaction import Secret
from almanac_assets.harvest.sources import Source, Sources
from almanac_assets.harvest.validators import Validators
from almanac_assets.store.payloads import PayloadStore

log = logging.getLogger("almanac.live")


def no_works(most: int) -> tuple[str, ...]:
    """The works cited most where there is no release yet to tell."""
    return ()


@dataclass
class _Count:
    """What has come of the source at work."""

    answers: int = 0
    not_modified: int = 0
    http_status: int | None = None
    moved: list[str] = field(default_factory=list)


@dataclass
class Puller:
    """All that a pull needs; `most_cited` gives the ids of the works that the last release saw cited most."""

    client: Client
    store: PayloadStore
    ledger: Ledger
    attempts: Attempts
    validators: Validators
    sources: Sources
    plan: Plan
    secrets: Mapping[str, Secret] = field(default_factory=dict)  # by source
    most_cited: Callable[[int], Iterable[str]] = no_works

    def pull(self, upstream: str | None = None) -> list[Attempt]:
        """Ask every source of the plan, or of one upstream; a source that fails loses nothing of the others."""
        asked = [
            (entry, source)
            for entry in self.plan.pulls
            for source in self.plan.sources_of(entry, self.sources)
            if upstream in (None, source.upstream)
        ]
        made = []
        for number, (entry, source) in enumerate(asked, 1):
            attempt = self.pull_source(entry, source)
            self.attempts.append(attempt)
            made.append(attempt)
            log.info("%3d/%d %-22s %s", number, len(asked), source.id, summary(attempt))
        return made

    def pull_source(self, entry: Pull, source: Source) -> Attempt:
        """Ask one source as the entry says."""
        begin, begun = self.client.clock.now(), self.client.clock.elapsed()
        count, done = _Count(), Done()
        try:
            done = self._drive(self._script(entry, source, begin), source.id, count)
        except FetchFailed as failure:
            done.failures.append(failure)
        elapsed = round((self.client.clock.elapsed() - begun) * 1000)
        return Attempt(
            source_id=source.id,
            pulled_at=begin,
            elapsed_ms=max(elapsed, 0),
            outcome=_outcome(count, done.failures),
            answers=count.answers,
            http_status=done.failures[-1].status if done.failures else count.http_status,
            message=self._message(count, done),
            marks=tuple(sorted(done.marks.items())),
        )

    def _script(self, entry: Pull, source: Source, begin: datetime) -> Script:
        endpoint, secret = source.endpoint or "", self.secrets.get(source.id)
        match entry:
            case OaiPull():
                return harvest(entry, endpoint, self.attempts.marks(source.id), begin.date())
            case FeedPull():
                return feed(entry, endpoint)
            case DailyPull():
                return days(entry, endpoint, begin.date())
            case CitationsPull():
                return citations(entry, endpoint, self._works(entry), secret)
            case WorksPull():
                return works_by_doi(entry, endpoint, self._works(entry), secret)
            case AddressPull():
                return addresses(entry)
            case never:
                assert_never(never)

    def _works(self, entry: CitationsPull | WorksPull) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*entry.works, *self.most_cited(entry.most_cited)]))

    def _drive(self, script: Script, source_id: str, count: _Count) -> Done:
        """Send what the script asks for and keep what is answered, until it ends."""
        try:
            request = next(script)
            while True:
                try:
                    answer = self._kept(request, source_id, count)
                except FetchFailed as failure:
                    request = script.throw(failure)
                else:
                    request = script.send(answer)
        except StopIteration as end:
            done: Done = end.value
            return done

    def _kept(self, request: Request, source_id: str, count: _Count) -> Answer:
        """The answer to a request, in store and ledger if it brought bytes."""
        answer = self.client.get(self.validators.conditional(request))
        count.http_status = answer.http_status
        if answer.moved:
            count.moved.append(f"{answer.url} has moved to {answer.final_url}")
        if answer.body is None:
            body = self._known_body(request.url)
            if body is not None:
                self.validators.believe(request.url)
                count.not_modified += 1
                return replace(answer, body=body)
            self.validators.forget(request.url)
            answer = self.client.get(replace(request, etag=None, last_modified=None))
        assert answer.body is not None
        sha256 = self.store.keep(answer.body)
        self.ledger.append(
            [
                Fetch(
                    payload_sha256=sha256,
                    source_id=source_id,
                    fetched_at=answer.fetched_at,
                    bytes=len(answer.body),
                    url=answer.url,
                    http_status=answer.http_status,
                    media_type=answer.media_type,
                )
            ]
        )
        if request.conditional:
            self.validators.learn(answer, sha256)
        count.answers += 1
        return answer

    def _known_body(self, url: str) -> bytes | None:
        """The body that the source says has not changed; None if it is not in the store any more."""
        known = self.validators.known(url)
        try:
            return self.store.body(known.payload_sha256) if known else None
        except StoreDamaged:
            return None

    def _message(self, count: _Count, done: Done) -> str | None:
        told = [str(failure) for failure in done.failures] + done.notes + count.moved
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        return self.client.redactor.text(one_line(told[0])) + more if told else None


def _outcome(count: _Count, failures: list[FetchFailed]) -> AttemptOutcome:
    if count.answers:
        return "answered"
    if count.not_modified:
        return "not_modified"
    if failures:
        return "refused" if failures[-1].outcome == "refused" else "error"
    return "not_modified"  # nothing was to be asked
