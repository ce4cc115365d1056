"""What Dagster is told: every asset described, checked, versioned and scheduled."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from almanac_assets.contract import TABLES
from almanac_assets.contract.checks import reference_check
from almanac_assets.defs.build import dagster_home
from almanac_assets.defs.definitions import defs
from almanac_assets.defs.describe import column_lineage, preview
from almanac_assets.defs.pictures import COUNTED, bars
from almanac_assets.defs.steps import MADE_BY, PRODUCTS, STEPS

GROUPS = ["upstreams", "harvest", "documents", "text", "entities", "citations", "events", "relatedness", "trust"]
SPECS = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_definitions_load() -> None:
    """No cycle, no missing resource, no duplicate."""
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("name", TABLES)
def test_a_published_table_is_described(name: str) -> None:
    """Group, kinds, owner, description with its question, columns, freshness, code version."""
    spec = SPECS[name]
    assert spec.group_name == TABLES[name].group
    assert {"parquet", "polars"} <= spec.kinds
    assert spec.owners == ["team:almanac"]
    assert TABLES[name].question in (spec.description or "")
    schema = spec.metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns] == TABLES[name].column_names
    assert spec.freshness_policy is not None
    assert spec.code_version
    assert spec.tags["layer"] == "published"


def test_groups_stand_in_the_order_of_the_flow() -> None:
    """No asset depends on a group to the right of its own, but `entities`, whose counts of events come later."""
    for name, spec in SPECS.items():
        if name == "entities":
            continue
        for dep in spec.deps:
            above = GROUPS.index(SPECS[dep.asset_key.to_user_string()].group_name or "")
            assert above <= GROUPS.index(spec.group_name or ""), f"{name} depends on {dep.asset_key}"


def test_every_table_has_its_checks() -> None:
    """key and values in the asset, references where there are foreign keys."""
    keys = {(key.asset_key.to_user_string(), key.name) for key in defs.resolve_asset_graph().asset_check_keys}
    for name in PRODUCTS.keys() & TABLES.keys():
        assert {(name, "key"), (name, "values")} <= keys
        assert ((name, "references") in keys) == (reference_check(TABLES[name]) is not None)


def test_steps_read_columns_that_exist() -> None:
    """What a step declares to read is made by another step, column by column."""
    for step in STEPS:
        for table, columns in step.reads.items():
            assert set(columns) <= set(PRODUCTS[table].schema), f"{step.name} reads {table}"
            assert MADE_BY[table] is not step


def test_lineage_names_the_columns_that_are_read() -> None:
    """A column of the same name follows from that one; any other from all that the step reads."""
    step = MADE_BY["document_vectors"]
    lineage = column_lineage(PRODUCTS["document_vectors"], step).deps_by_column
    assert [(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage["document_id"]] == [
        ("documents", "document_id")
    ]
    read = {(name, column) for name, columns in step.reads.items() for column in columns}
    assert {(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage["method"]} == read


def test_runs_stay_in_one_process_and_once_a_day() -> None:
    """In-process by default; one schedule, not started by itself."""
    assert defs.resolve_job_def("build").executor_def is dg.in_process_executor
    schedule = defs.resolve_schedule_def("daily_build")
    assert schedule.cron_schedule == "30 6 * * *" and schedule.execution_timezone == "UTC"


def test_the_home_is_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry off, one run at a time, no dialog over the first page."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    home = dagster_home()
    config = yaml.safe_load((home / "dagster.yaml").read_text())
    assert config["telemetry"] == {"enabled": False}
    assert config["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert (home / ".nux" / "nux.yaml").exists()


def test_previews_are_short_tables() -> None:
    """Markdown with a row per row, long cells cut, bars of a line escaped."""
    import polars as pl

    shown = preview(pl.DataFrame({"a": ["x|y", "z" * 500], "b": [None, 1]}))
    assert shown.splitlines()[0] == "| a | b |"
    assert "x\\|y" in shown and len(shown.splitlines()[3]) < 100
    assert preview(pl.DataFrame({"a": []})) == "no rows"


def test_pictures_count_what_the_contract_has() -> None:
    """Each picture's column exists; bars are drawn to scale."""
    for table, (column, _) in COUNTED.items():
        assert column in TABLES[table].column_names
    drawn = bars([("a", 10), ("b", 5), ("<c>", 0)])
    assert 'width="320"' in drawn and 'width="160"' in drawn and "&lt;c&gt;" in drawn
