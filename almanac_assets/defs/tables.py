"""The factory: a step of the flow becomes a Dagster asset with its schema, lineage, checks, versions and memo."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_duckdb import DuckDBResource

from almanac_assets.contract import TABLES
from almanac_assets.contract.checks import Check, reference_check, table_checks
from almanac_assets.defs.describe import column_schema, made_metadata
from almanac_assets.defs.resources import WorkspaceResource, sources
from almanac_assets.defs.steps import PRODUCTS, SCHEMAS, STEPS
from almanac_assets.errors import AlmanacError
from almanac_assets.release.queries import Finding, run_check, show_tables
from almanac_assets.store.clock import SystemClock
from almanac_assets.store.lake import Lake, Product
from almanac_assets.store.steps import Made, Step, run_step

OWNER = "team:almanac"
# Upstream feeds come once a working day; after a day and a half something is wrong.
FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36), warn_window=timedelta(hours=26))


def asset_of(step: Step) -> dg.AssetsDefinition:
    """The multi-asset that makes the products of one step."""

    @dg.multi_asset(
        name=step.name.lstrip("_") + ("_step" if step.name.startswith("_") else ""),
        specs=[asset_spec(product, step) for product in step.products],
        check_specs=[
            dg.AssetCheckSpec(check.name, asset=product.name, blocking=True, description=check.says)
            for product in step.products
            for check in checks_of(product)
        ],
    )
    def make(workspace: WorkspaceResource, duckdb: DuckDBResource) -> Iterator[Any]:
        try:
            if step.name == "_fetches":
                workspace.take_in()
            made = run_step(workspace.workspace.lake, step, SCHEMAS, workspace.given(), SystemClock())
        except AlmanacError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        with duckdb.get_connection() as connection:
            for one in made:
                yield result(one, step, connection)

    return make


def asset_spec(product: Product, step: Step) -> dg.AssetSpec:
    """What is known of a product before it is made."""
    layer = "published" if product.contract else "private"
    question = f"\n\n*{product.contract.question}*" if product.contract else ""
    return dg.AssetSpec(
        product.name,
        deps=sorted(step.reads) + external_deps(step),
        group_name=product.group,
        description=product.says + question,
        owners=[OWNER],
        kinds={"polars", "parquet"},
        tags={"layer": layer},
        code_version=step.code_version,
        metadata={"dagster/column_schema": column_schema(product)},
        freshness_policy=FRESH if product.contract else None,
    )


def external_deps(step: Step) -> list[str]:
    """The declared upstreams, for the steps that read what pulls have left in the ledgers."""
    return [feed.id for feed in sources().feeds()] if {"ledger", "attempts"} & set(step.given) else []


def checks_of(product: Product) -> list[Check]:
    return table_checks(product.contract) if product.contract else []


def result(made: Made, step: Step, connection: Any) -> dg.MaterializeResult[Any]:
    """The materialization of one product: data version by content, so that an unchanged table stops recomputation."""
    findings = []
    if made.product.contract:
        show_tables(connection, {made.product.name: [part.path for part in made.kept.parts.values()]})
        findings = [run_check(connection, check) for check in checks_of(made.product)]
    return dg.MaterializeResult(
        asset_key=made.product.name,
        metadata=made_metadata(made, step),
        data_version=dg.DataVersion(made.kept.content_hash),
        check_results=[check_result(made.product.name, finding) for finding in findings],
    )


def check_result(name: str, finding: Finding) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=finding.passed,
        asset_key=name,
        check_name=finding.check.name,
        metadata={"offending_rows": finding.rows, "examples": "; ".join(finding.examples) or "none"},
        description=str(finding),
    )


REFERENCES = {
    name: check
    for name, contract in TABLES.items()
    if name in PRODUCTS and (check := reference_check(contract)) is not None
}


@dg.multi_asset_check(
    name="references",
    specs=[
        dg.AssetCheckSpec(
            "references",
            asset=name,
            additional_deps=list(check.needs),
            description="every foreign key stands in the table it refers to",
        )
        for name, check in REFERENCES.items()
    ],
    can_subset=True,
)
def references(
    context: dg.AssetCheckExecutionContext, workspace: WorkspaceResource, duckdb: DuckDBResource
) -> Iterator[dg.AssetCheckResult]:
    """Every foreign key of every table, by SQL over the files in the lake."""
    lake = workspace.workspace.lake
    with duckdb.get_connection() as connection:
        for name, check in REFERENCES.items():
            if dg.AssetCheckKey(dg.AssetKey(name), "references") not in context.selected_asset_check_keys:
                continue
            show_tables(connection, {table: files(lake, table) for table in (name, *check.needs)})
            yield check_result(name, run_check(connection, check))


def files(lake: Lake, table: str) -> list[Any]:
    return [part.path for part in lake.current(table).parts.values()]


TABLE_ASSETS = [asset_of(step) for step in STEPS]
