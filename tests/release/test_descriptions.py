"""What a release says of itself agrees with its files, and says nothing of the machine that made it."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from almanac_assets import settings
from almanac_assets.contract import TABLES
from almanac_assets.release.canonical import row_hashes
from almanac_assets.release.releases import Release
from tests.release.made import FIRST, SECOND


@pytest.fixture(scope="module")
def second(published: Path) -> Release:
    """The release that has a predecessor."""
    return Release(published / "releases" / "2026.6.2")


def read(release: Release, name: str) -> str:
    return (release.folder / name).read_text(encoding="utf-8")


def described(release: Release, name: str) -> Any:
    return json.loads(read(release, name))


def test_four_descriptions_agree_on_every_table(second: Release) -> None:
    """sha256 and bytes in manifest, SHA256SUMS, datapackage.json and croissant.json are those of the file."""
    sums = {line[66:]: line[:64] for line in read(second, "SHA256SUMS").splitlines()}
    package = {item["path"]: item for item in described(second, "datapackage.json")["resources"]}
    croissant = {item["contentUrl"]: item for item in described(second, "croissant.json")["distribution"]}
    assert set(package) == set(croissant) == {f"tables/{name}.parquet" for name in TABLES}
    for name, entry in second.manifest["tables"].items():
        path = f"tables/{name}.parquet"
        body = (second.folder / path).read_bytes()
        digest = hashlib.sha256(body).hexdigest()
        assert {entry["sha256"], sums[path], croissant[path]["sha256"]} == {digest}
        assert package[path]["hash"] == f"sha256:{digest}"
        assert entry["bytes"] == package[path]["bytes"] == len(body)
        assert croissant[path]["contentSize"] == f"{len(body)} B"
        assert entry["file"] == path and entry["rows"] == second.table(name).height


def test_the_table_of_tables_agrees_too(second: Release) -> None:
    """All but the row of `tables` itself, which cannot know its own file."""
    for row in second.table("tables").to_dicts():
        entry = second.manifest["tables"][row["table_name"]]
        stated = {name: row[name] for name in ("rows", "bytes", "sha256", "content_hash")}
        expected = dict.fromkeys(stated) if row["table_name"] == "tables" else {name: entry[name] for name in stated}
        assert stated == expected


def test_checksums_are_sorted_and_leave_out_themselves_alone(second: Release) -> None:
    """One line per file, in the order of the paths."""
    paths = [line.split("  ")[1] for line in read(second, "SHA256SUMS").splitlines()]
    assert paths == sorted(paths)
    files = {path.relative_to(second.folder).as_posix() for path in second.folder.rglob("*") if path.is_file()}
    assert set(paths) == files - {"SHA256SUMS"}


def test_the_manifest_pins_what_the_release_is_made_of(second: Release, published: Path) -> None:
    """As_of, predecessor by the hash of its manifest, inputs, libraries, Python; keys sorted, a newline at the end."""
    manifest = second.manifest
    first = published / "releases" / "2026.6.1" / "manifest.json"
    assert manifest["release"] == "2026.6.2" and manifest["as_of"] == "2026-06-19T06:00:00Z"
    assert manifest["previous"] == {
        "release": "2026.6.1",
        "manifest_sha256": hashlib.sha256(first.read_bytes()).hexdigest(),
    }
    assert manifest["inputs"] == {"ledger": "0" * 64, "lock": "1" * 64}
    assert "polars==" in manifest["libraries"] and re.fullmatch(r"3\.\d+", manifest["python"])
    assert manifest["gates"]["passed"] == manifest["gates"]["run"] > 70
    text = read(second, "manifest.json")
    assert text == json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_the_manifest_describes_each_table(second: Release) -> None:
    """Key, order, schema, spans of time, shares of null, results of checks and counts of differences."""
    entry = second.manifest["tables"]["documents"]
    contract = TABLES["documents"]
    assert entry["key"] == entry["sorted_by"] == ["document_id"]
    assert [column["name"] for column in entry["schema"]] == contract.column_names
    assert entry["schema_version"] == contract.schema_version and entry["code_version"] == "code-1"
    assert entry["spans"]["last_seen_at"] == ["2026-06-19T06:00:00Z", "2026-06-19T06:00:00Z"]
    assert entry["spans"]["day"] == [None, None]
    assert entry["null_share"]["text"] == 0 and entry["null_share"]["doi"] == 1
    assert {name: check["passed"] for name, check in entry["checks"].items()} == {
        "key": True,
        "values": True,
        "references": True,
    }
    assert entry["changes"] == {"added": 1, "removed": 0, "changed": 2}
    assert second.manifest["tables"]["changes"]["checks"]["explained"]["passed"]


def test_every_table_is_sorted_by_its_key_and_hashed_row_by_row(second: Release) -> None:
    """The files state their order, rows stand in it, and hashes/ holds the key and the hash of each row."""
    for name, contract in TABLES.items():
        table = second.table(name)
        assert table.equals(table.sort(contract.key))
        for folder in ("tables", "hashes"):
            group = pq.read_metadata(second.folder / folder / f"{name}.parquet")
            stated = group.row_group(0).sorting_columns if table.height else ()
            assert [column.column_index for column in stated] == list(range(len(contract.key)))[: len(stated)]
        hashes = second.hashes(name)
        assert hashes is not None and hashes.columns == [*contract.key, "row_hash"]
        assert hashes["row_hash"].to_list() == row_hashes(table, contract.column_names).to_list()


def test_the_views_work_from_any_folder(second: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With release_dir set, every table is a view, wherever DuckDB was started."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"SET VARIABLE release_dir = '{second.folder}'")
        connection.execute(read(second, "views.sql"))
        for name in TABLES:
            assert connection.sql(f'SELECT count(*) FROM "{name}"').fetchall() == [(second.table(name).height,)]
        found = connection.sql(
            "SELECT headline FROM events JOIN event_documents USING (event_id) ORDER BY 1"
        ).fetchall()
        assert len(found) == 3


def test_the_card_lists_every_table_and_licence(second: Release) -> None:
    """A configuration and a line per table, with its rows; the terms of every source; how to load and to verify."""
    card = read(second, "README.md")
    head, _, body = card.removeprefix("---\n").partition("\n---\n")
    assert head.count("- config_name: ") == len(TABLES) and head.count("default: true") == 1
    for name, contract in TABLES.items():
        assert f"- config_name: {name}\n  data_files: tables/{name}.parquet" in head
        assert f"| {name} | {second.table(name).height:,} | {contract.description} |" in body
    publishers = second.table("sources")["publisher"].unique()
    assert all(f"| {publisher} |" in body for publisher in publishers)
    assert all(
        word in body for word in ("## Loading", "## Verifying", "sha256sum -c", "## Known limits", "## Licences")
    )


def test_the_page_of_changes_counts_them_by_cause(second: Release, published: Path) -> None:
    """A line per table, kind of change and cause; the first release says that it has nothing to compare."""
    page = read(second, "CHANGES.md")
    changes = second.table("changes")
    assert f"Against 2026.6.1: {changes.height} differing cells or rows." in page
    for (table, change, cause), rows in changes.group_by("table_name", "change", "cause"):
        assert f"| {table} | {change} | {cause} | {rows.height:,} |" in page
    assert "nothing to compare" in read(Release(published / "releases" / "2026.6.1"), "CHANGES.md")


def test_the_data_package_describes_every_column(second: Release) -> None:
    """Types of the profile, required where never null, closed lists and bounds, and the primary key."""
    package = described(second, "datapackage.json")
    assert package["version"] == "2026.6.2" and package["created"] == "2026-06-19T06:00:00Z"
    resources = {item["name"].replace("-", "_"): item for item in package["resources"]}
    for name, contract in TABLES.items():
        schema = resources[name]["schema"]
        assert schema["primaryKey"] == list(contract.key)
        assert re.fullmatch("[a-z0-9-]+", resources[name]["name"])
        for field, column in zip(schema["fields"], contract.columns, strict=True):
            assert (field["name"], field["description"]) == (column.name, column.description)
            constraints = field.get("constraints", {})
            assert constraints.get("required", False) != column.nullable
            assert not column.allowed or column.is_list or constraints["enum"] == list(column.allowed)
            assert field["type"] in "string number integer boolean date datetime any".split()  # noqa: SIM905


def test_the_croissant_describes_every_column(second: Release) -> None:
    """A record set per table, a field per column, keys by their ids; no references, which readers would join by."""
    croissant = described(second, "croissant.json")
    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0" and croissant["version"] == "2026.6.2"
    fields = {field["@id"]: field for one in croissant["recordSet"] for field in one["field"]}
    files = {item["@id"] for item in croissant["distribution"]}
    for name, contract in TABLES.items():
        for column in contract.columns:
            field = fields.pop(f"{name}/{column.name}")
            assert field["source"]["fileObject"]["@id"] in files
            assert field["source"]["extract"]["column"] == column.name
            assert field.get("repeated", False) == column.is_list
            assert "references" not in field
    assert fields == {}


def test_no_byte_tells_where_or_by_whom_it_was_made(published: Path) -> None:
    """No path, host, user or process stands in any file, compressed or not."""
    words = {str(published), str(settings.CHECKOUT), str(Path.home()), socket.gethostname(), f"-{os.getpid()}"}
    words |= {getpass.getuser()} - {"root"}
    assert all(words)
    for path in sorted((published / "releases").rglob("*")):
        if not path.is_file():
            continue
        body = path.read_bytes()
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
            body += table.cast(pl.String, strict=False).write_csv().encode() if not any(
                dtype == pl.List for dtype in table.dtypes
            ) else str(table.to_dicts()).encode()  # fmt: skip
        assert not [word for word in words if len(word) > 3 and word.encode() in body], path


def test_times_stand_in_the_release_as_given(published: Path) -> None:
    """The only times are those of the data and of as_of: no clock was read."""
    assert Release(published / "releases" / "2026.6.1").as_of == FIRST
    assert Release(published / "releases" / "2026.6.2").as_of == SECOND
