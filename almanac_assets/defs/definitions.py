"""All of Almanac as Dagster sees it. `definitions()` takes other resources for tests and for the command line."""

from typing import Any

import dagster as dg
from dagster_duckdb import DuckDBResource

from almanac_assets.defs.release import release
from almanac_assets.defs.resources import WorkspaceResource, sources
from almanac_assets.defs.schedules import DAILY, JOB
from almanac_assets.defs.tables import TABLE_ASSETS, references
from almanac_assets.release.queries import OFFLINE


def definitions(workspace: WorkspaceResource | None = None) -> dg.Definitions:
    """Assets, checks, job, schedule and resources over one workspace, the sample's by default."""
    resources: dict[str, Any] = {
        "workspace": workspace or WorkspaceResource(),
        "duckdb": DuckDBResource(database=":memory:", connection_config=dict(OFFLINE)),
    }
    return dg.Definitions(
        assets=[*upstreams(), *TABLE_ASSETS, release],
        asset_checks=[references],
        jobs=[JOB],
        schedules=[DAILY],
        resources=resources,
        # The default of one process per step costs 1.5 s a step; steps here take less and share what they load.
        executor=dg.in_process_executor,
    )


def upstreams() -> list[dg.AssetSpec]:
    """The declared upstreams as external assets: where the river begins."""
    return [
        dg.AssetSpec(feed.id, group_name="upstreams", description=f"{feed.title}: {feed.description}", kinds={"source"})
        for feed in sources().feeds()
    ]


defs = definitions()
