"""Building from the command line: the same job as in the UI, recorded in the same Dagster home."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from almanac_assets import settings
from almanac_assets.defs.definitions import definitions
from almanac_assets.defs.resources import WorkspaceResource
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.attempts import nothing_answered
from almanac_assets.release.releases import Release, Releases
from almanac_assets.store.files import locked, require_writable, write_text

log = logging.getLogger("almanac.build")

INSTANCE_CONFIG = """# Written by Almanac; telemetry off, one run at a time since runs publish.
telemetry: {enabled: false}
concurrency:
  runs: {max_concurrent_runs: 1}
  pools: {default_limit: 1}
run_monitoring: {enabled: true, start_timeout_seconds: 180, max_runtime_seconds: 7200}
retention:
  schedule: {purge_after_days: 30}
  sensor: {purge_after_days: {skipped: 7, failure: 30, success: 90}}
"""


@dataclass(frozen=True)
class Built:
    """The release that the workspace holds after a build, whether the build made it, and which products it made anew."""

    release: Release
    is_new: bool
    made: tuple[str, ...]


def dagster_home() -> Path:
    """The home that `make ui` shows: DAGSTER_HOME if set, else a folder of the checkout; made if missing."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.DAGSTER_HOME).absolute()
    require_writable(home)
    if not (home / "dagster.yaml").exists():
        write_text(home / "dagster.yaml", INSTANCE_CONFIG)
        write_text(home / ".nux" / "nux.yaml", "seen: 1\n")  # no dialog over the first page
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def build(workspace: WorkspaceResource, *, record: bool = True, anew: bool = False) -> Built:
    """Run everything; an AlmanacError tells in one line what stopped it, and the last release is what it was.

    `record` writes the run into the Dagster home; `anew` empties the lake first, so that every step runs.
    """
    root = Path(workspace.root)
    require_writable(root)
    releases = Releases(workspace.workspace.releases)
    before = {release.name for release in releases.all()}
    with locked(root / "lake"), instance(record) as dagster:
        if anew:
            empty(root / "lake")
        if workspace.profile == "live":
            from almanac_assets.defs.live import free_slots

            free_slots(dagster, str(root))
        job = definitions(workspace).resolve_job_def("build")
        done = job.execute_in_process(
            instance=dagster,
            raise_on_error=False,
            tags={"almanac/root": str(root)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    if not done.success:
        raise nothing_answered(workspace.newest_attempts()) or AlmanacError(first_failure(done), remedy="")
    made = [release for release in releases.all() if release.name not in before]
    latest = made[-1] if made else published(done, releases)
    return Built(latest, bool(made), made_anew(done))


def empty(lake: Path) -> None:
    """Forget what steps have made; payloads and releases stay."""
    for product in sorted(path for path in lake.iterdir() if path.is_dir()):
        shutil.rmtree(product)


def made_anew(done: dg.ExecuteInProcessResult) -> tuple[str, ...]:
    """The products of which at least one part was made and not found under its stamp."""
    stated = [event.materialization for event in done.get_asset_materialization_events()]
    anew = {
        one.asset_key.to_user_string() for one in stated if one.metadata.get("parts_made", dg.IntMetadataValue(0)).value
    }
    return tuple(sorted(anew))


def published(done: dg.ExecuteInProcessResult, releases: Releases) -> Release:
    """The release that the run found to be the same."""
    for event in done.get_asset_materialization_events():
        stated = event.materialization.metadata.get("release")
        if stated is not None:
            return releases.named(str(stated.value))
    raise AlmanacError("the run published nothing")


def first_failure(done: dg.ExecuteInProcessResult) -> str:
    """The first error of a run in one line."""
    for event in done.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            while error.cause and "Failure" not in (error.cls_name or ""):
                error = error.cause
            said = error.message.strip().splitlines()[0] if error.message.strip() else str(error.cls_name)
            return f"{event.step_key}: {said.removeprefix('dagster._core.definitions.events.Failure: ')}"
    return "the run failed before its first step"


@contextmanager
def instance(record: bool) -> Iterator[dg.DagsterInstance]:
    """The instance of the home, or one that is forgotten."""
    if not record:
        with dg.DagsterInstance.ephemeral() as ephemeral:
            yield ephemeral
        return
    dagster_home()
    with dg.DagsterInstance.get() as kept:
        yield kept
