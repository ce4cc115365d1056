"""Profile live: the upstreams are assets that pull, each in the pool of its hosts."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import polars as pl

from almanac_assets import settings
from almanac_assets.defs.resources import WorkspaceResource, plan, sources
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.client import Client
from almanac_assets.harvest.ledger import Ledger
from almanac_assets.harvest.limits import Limiter
from almanac_assets.harvest.live import Puller
from almanac_assets.harvest.pull_citations import KEYS
from almanac_assets.harvest.redaction import Redactor, Secret
from almanac_assets.harvest.sources import Upstream
from almanac_assets.harvest.validators import Validators
from almanac_assets.release.releases import Releases
from almanac_assets.store.clock import SystemClock

log = logging.getLogger("almanac.live")


def pulling_asset(feed: Upstream) -> dg.AssetsDefinition:
    """The asset of one upstream: it asks each of its sources, and never fails because one did."""

    @dg.asset(
        name=feed.id,
        group_name="upstreams",
        description=f"{feed.title}: {feed.description}",
        kinds={"source"},
        owners=["team:almanac"],
        pool=pool_of(feed.id),
    )
    def pull(workspace: WorkspaceResource) -> dg.MaterializeResult[None]:
        try:
            with puller(workspace) as pulling:
                made = pulling.pull(feed.id)
        except AlmanacError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        rows = [f"| {one.source_id} | {one.outcome} | {one.answers} | {one.message or ''} |" for one in made]
        told = "\n".join(["| source | outcome | answers | message |", "|---|---|---|---|", *rows])
        return dg.MaterializeResult(
            metadata={
                "sources": len(made),
                "answers": sum(one.answers for one in made),
                "failed": sum(one.failed for one in made),
                "pull": dg.MetadataValue.md(told),
            }
        )

    return pull


def pool_of(upstream: str) -> str:
    """The pool of an upstream: that of its group of hosts where all its sources share one, else its own."""
    hosts = {urlsplit(source.endpoint or "").hostname or "" for source in sources().of_upstream(upstream)}
    named = {rule.name for host in hosts for rule in plan().host_rules if rule.covers(host)}
    covered = all(any(rule.covers(host) for rule in plan().host_rules) for host in hosts)
    return named.pop() if covered and len(named) == 1 else upstream


@contextmanager
def puller(workspace: WorkspaceResource) -> Iterator[Puller]:
    """All that a pull into this workspace needs, over the network of this machine."""
    route = workspace.route
    address = urlsplit(route) if route else None
    if address and (address.scheme, address.hostname) != ("http", "127.0.0.1"):
        found = f"{settings.ROUTE_VARIABLE}: expected http://127.0.0.1:PORT, found {address.hostname}"
        raise AlmanacError(found, remedy="unset it; it is for tests on this machine")
    allowed = frozenset({(address.hostname or "", address.port or 80)} if address else ())
    keys = {} if route else own_keys()
    client = Client(limiter(route), SystemClock(), time.sleep, Redactor(keys.values()), allowed=allowed, route=route)
    folder = workspace.workspace.ledger_file.parent
    try:
        yield Puller(
            client=client,
            store=workspace.workspace.payloads,
            ledger=Ledger(workspace.workspace.ledger_file),
            attempts=workspace.pulls(),
            validators=Validators(folder / "validators.json"),
            sources=sources(),
            plan=plan(),
            secrets=keys,
            most_cited=lambda most: most_cited(workspace.workspace.releases, most),
        )
    finally:
        client.close()


@lru_cache
def limiter(route: str | None) -> Limiter:
    """The one limiter of this process: what a host refused for one upstream is not asked for by another."""
    folder = None if route else settings.DAGSTER_HOME / "turns"
    rules = () if route else plan().host_rules
    return Limiter(rules, 0.0 if route else plan().pause, SystemClock(), time.sleep, folder)


def own_keys() -> dict[str, Secret]:
    """The keys that the environment holds, by source."""
    found = {source_id: (settings.key(variable), name, place) for source_id, (variable, name, place) in KEYS.items()}
    return {source_id: Secret(name, value, place) for source_id, (value, name, place) in found.items() if value}


def most_cited(releases: Path, most: int) -> list[str]:
    """Ids of the works with the most citing works in the last release; none where there is no release yet."""
    latest = Releases(releases).latest()
    if latest is None or not latest.table_path("citations").exists():
        return []
    counted = latest.table("citations", ["cited_work_id"]).group_by("cited_work_id").agg(pl.len())
    return counted.sort("len", "cited_work_id", descending=[True, False])["cited_work_id"].head(most).to_list()


def free_slots(instance: dg.DagsterInstance, root: str) -> None:
    """Free the places in pools that dead runs still hold; the caller's lock on `root` says that its runs are dead."""
    storage = instance.event_log_storage
    for pool in sorted(storage.get_concurrency_keys()) if storage.supports_global_concurrency_limits else ():
        info = storage.get_concurrency_info(pool)
        holders = {slot.run_id for slot in info.claimed_slots} | {step.run_id for step in info.pending_steps}
        for run_id in sorted(holders):
            run = instance.get_run_by_id(run_id)
            if run is None or run.is_finished or run.tags.get("almanac/root") == root:
                log.info("a place in the pool %s, held by a dead run, is free again", pool)
                storage.free_concurrency_slots_for_run(run_id)
