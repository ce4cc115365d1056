"""What a refresh asks for: data/pulls.yaml, checked like the registry of sources.

Each entry names sources, by id or by upstream, and how they are asked; what it does not say has a default here. Addresses
stand in the registry alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from almanac_assets.harvest.inflate import MIB, Caps
from almanac_assets.harvest.limits import HostRule
from almanac_assets.harvest.sources import URL, Source, Sources, SourcesBroken, Strict, read_checked

WORK = r"^(arxiv|doi|acl|s2):\S+$"


class Entry(Strict):
    """What all entries say: whose answers they are, and how large an answer may be."""

    sources: tuple[str, ...] = ()
    upstream: str | None = None
    wire_mib: int = Field(default=8, ge=1, le=64)
    inflated_mib: int = Field(default=32, ge=1, le=64)
    seconds: float = Field(default=60.0, gt=0, le=600)

    @property
    def caps(self) -> Caps:
        return Caps(self.wire_mib * MIB, self.inflated_mib * MIB)


class OaiPull(Entry):
    """A harvest of what changed since the last whole one, set by set; no set means everything."""

    how: Literal["oai"]
    sets: tuple[str, ...] = ()
    first_days: int = Field(default=7, ge=0, le=3650)
    overlap_days: int = Field(default=2, ge=0, le=30)
    most_pages: int = Field(default=200, ge=1, le=2000)


class FeedPull(Entry):
    """The feed at the source's own address, asked for only if it has changed."""

    how: Literal["feed"]


class DailyPull(Entry):
    """The lists of the last days, each asked for again while its votes still change."""

    how: Literal["daily"]
    days: int = Field(default=3, ge=1, le=60)


class CitationsPull(Entry):
    """The pages of citations of the named works and of those that are cited most in the last release."""

    how: Literal["citations"]
    works: tuple[Annotated[str, Field(pattern=WORK)], ...] = ()
    most_cited: int = Field(default=0, ge=0, le=1000)
    page_size: int = Field(default=100, ge=1, le=1000)


class WorksPull(Entry):
    """The records of the same works in an index that takes lists of DOIs and gives a cursor."""

    how: Literal["works"]
    works: tuple[Annotated[str, Field(pattern=WORK)], ...] = ()
    most_cited: int = Field(default=0, ge=0, le=1000)
    page_size: int = Field(default=100, ge=1, le=200)


class AddressPull(Entry):
    """Single answers by their addresses, such as one record that a harvest does not reach."""

    how: Literal["addresses"]
    expects: Literal["xml", "json"]
    addresses: tuple[Annotated[str, Field(pattern=URL)], ...]


Pull = OaiPull | FeedPull | DailyPull | CitationsPull | WorksPull | AddressPull


class Host(Strict):
    """A group of hosts that is asked one request at a time, with a pause in seconds after each."""

    name: str = Field(pattern=r"^[a-z0-9_-]+$")
    hosts: tuple[str, ...] = Field(min_length=1)
    pause: float = Field(ge=0, le=600)


class Plan(Strict):
    """The whole file: politeness by host, then what is asked for, in this order."""

    hosts: tuple[Host, ...] = ()
    pause: float = Field(default=1.0, ge=0, le=600)  # after a request to any other host
    pulls: tuple[Annotated[Pull, Field(discriminator="how")], ...]

    @property
    def host_rules(self) -> tuple[HostRule, ...]:
        return tuple(HostRule(host.name, host.hosts, host.pause) for host in self.hosts)

    def sources_of(self, pull: Pull, sources: Sources) -> list[Source]:
        """The sources of an entry: those it names, then those of its upstream that have a feed to ask for."""
        named = [sources.get(source_id) for source_id in pull.sources]
        return named + [s for s in sources.of_upstream(pull.upstream) if s.endpoint and s not in named]

    def upstreams(self, sources: Sources) -> list[str]:
        """The upstreams that are pulled, in the order of the file."""
        found = [source.upstream for pull in self.pulls for source in self.sources_of(pull, sources)]
        return [upstream for upstream in dict.fromkeys(found) if upstream]


def load_plan(file: Path, sources: Sources) -> Plan:
    """The plan; SourcesBroken names the field that is wrong, and each source that cannot be asked."""
    plan = read_checked(Plan, file)
    for position, pull in enumerate(plan.pulls):
        field = f"pulls.{position}"
        found = plan.sources_of(pull, sources)
        if not found:
            raise SourcesBroken(file, field, "at least one source", "none", remedy="name sources or an upstream")
        for source in found:
            if source.endpoint is None or source.upstream is None:
                raise SourcesBroken(
                    file, field, f"an endpoint and an upstream of '{source.id}'", "none", remedy="state them"
                )
    return plan
