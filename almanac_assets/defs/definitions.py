"""All of Almanac as Dagster sees it. `definitions()` takes other resources for tests and for the command line."""

from typing import Any

import dagster as dg
from dagster_duckdb import DuckDBResource

from almanac_assets.defs.release import release
from almanac_assets.defs.resources import WorkspaceResource, plan, sources
from almanac_assets.defs.schedules import DAILY, JOB
from almanac_assets.defs.tables import TABLE_ASSETS, references
from almanac_assets.release.queries import OFFLINE


def definitions(workspace: WorkspaceResource | None = None) -> dg.Definitions:
    """Assets, checks, job, schedule and resources over one workspace, the sample's by default."""
    workspace = workspace or WorkspaceResource()
    resources: dict[str, Any] = {
        "workspace": workspace,
        "duckdb": DuckDBResource(database=":memory:", connection_config=dict(OFFLINE)),
    }
    return dg.Definitions(
        assets=[*upstreams(live=workspace.profile == "live"), *TABLE_ASSETS, release],
        asset_checks=[references],
        jobs=[JOB],
        schedules=[DAILY],
        resources=resources,
        # The default of one process per step costs 1.5 s a step; steps here take less and share what they load.
        executor=dg.in_process_executor,
    )


def upstreams(*, live: bool = False) -> list[dg.AssetSpec | dg.AssetsDefinition]:
    """The declared upstreams, where the river begins: external assets, or assets that pull if the profile is live."""
    declared: list[dg.AssetSpec | dg.AssetsDefinition] = [
        dg.AssetSpec(feed.id, group_name="upstreams", description=f"{feed.title}: {feed.description}", kinds={"source"})
        for feed in sources().feeds()
    ]
    if not live:
        return declared
    from almanac_assets.defs.live import pulling_asset  # the network's libraries load for those who use it

    pulled = plan().upstreams(sources())
    return [
        pulling_asset(feed) if feed.id in pulled else spec
        for feed, spec in zip(sources().feeds(), declared, strict=True)
    ]


defs = definitions()
