"""The last step: a release of all published tables, and the tables that describe it."""

import logging
from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl
from dagster_duckdb import DuckDBResource

from almanac_assets import settings
from almanac_assets.contract import TABLES
from almanac_assets.defs.describe import column_schema, preview
from almanac_assets.defs.resources import WorkspaceResource
from almanac_assets.defs.steps import MADE_BY, PRODUCTS
from almanac_assets.defs.tables import FRESH, OWNER
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.attempts import nothing_answered
from almanac_assets.harvest.ledger import fingerprint
from almanac_assets.release import publish
from almanac_assets.release.publish import LAST_TABLES, Inputs, Published
from almanac_assets.release.releases import Releases
from almanac_assets.store.code import code_version
from almanac_assets.store.files import locked, sha256_of
from almanac_assets.store.lake import Product

log = logging.getLogger("almanac.release")

CODE = code_version(publish.publish)


@dg.multi_asset(
    name="release",
    specs=[
        dg.AssetSpec(
            name,
            deps=[*sorted(product for product in PRODUCTS if not product.startswith("_")), "_as_of"],
            group_name=TABLES[name].group,
            description=TABLES[name].description + f"\n\n*{TABLES[name].question}*",
            owners=[OWNER],
            kinds={"polars", "parquet", "duckdb"},
            tags={"layer": "published"},
            code_version=CODE,
            metadata={"dagster/column_schema": column_schema(Product.published(TABLES[name]))},
            freshness_policy=FRESH,
        )
        for name in LAST_TABLES
    ],
)
def release(workspace: WorkspaceResource, duckdb: DuckDBResource) -> Iterator[Any]:
    """Stage, check, compare and publish; the last release stays what it is if anything fails."""
    try:
        with duckdb.get_connection() as connection:
            made = publish_current(workspace, connection)
    except AlmanacError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    facts = made.release.manifest["tables"]
    for name in LAST_TABLES:
        yield dg.MaterializeResult(
            asset_key=name,
            data_version=dg.DataVersion(facts[name]["content_hash"]),
            metadata={
                "dagster/row_count": facts[name]["rows"],
                "release": made.release.name,
                "is_new": made.is_new,
                "preview": dg.MetadataValue.md(preview(made.release.table(name))),
            }
            | ({"changes": dg.MetadataValue.md(by_cause(made))} if name == "changes" else {}),
        )


def publish_current(workspace: WorkspaceResource, connection: Any) -> Published:
    """Publish what lies in the lake; a refresh that brought nothing leaves the last release what it is."""
    newest = workspace.newest_attempts()
    latest = Releases(workspace.workspace.releases).latest()
    if failure := nothing_answered(newest):
        raise failure
    if latest and newest and not any(attempt.answers for attempt in newest):
        return Published(latest, False, [])
    lake = workspace.workspace.lake
    kept = {name: lake.current(name) for name in TABLES if name in PRODUCTS}
    as_of = workspace.as_of_made()
    assert as_of is not None
    versions = {name: MADE_BY[name].code_version for name in kept} | dict.fromkeys(LAST_TABLES, CODE)
    given = workspace.given()
    pins = {
        name: given[name].fingerprint
        for name in ("constants", "gazetteer", "overrides", "quality_figures", "sources", "table")
    }
    pins |= {"ledger": fingerprint(workspace.fetches()), "lock": sha256_of(settings.LOCK_FILE)}
    inputs = Inputs(kept, as_of, versions, pins, workspace.accepted)
    with locked(workspace.workspace.releases):
        made = publish.publish(inputs, Releases(workspace.workspace.releases), connection)
    verb = "made" if made.is_new else "unchanged"
    log.info("release %s %s in %s", made.release.name, verb, made.release.folder)
    return made


def by_cause(made: Published) -> str:
    """Counts of changes by table and cause, as a Markdown table."""
    changes = made.release.table("changes", ["table_name", "change", "cause"])
    if not changes.height:
        return "no changes"
    counted = changes.group_by("table_name", "change", "cause").agg(pl.len().alias("count"))
    return preview(counted.sort("table_name", "change", "cause"), rows=60)
