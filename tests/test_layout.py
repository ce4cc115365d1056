"""The law of the house: which room may import which, and that every table has one maker."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import almanac_assets
from almanac_assets.contract import TABLES

PACKAGE = Path(almanac_assets.__file__).parent
ROOMS = ["contract", "store", "harvest", "documents", "text", "entities", "citations", "events", "relatedness"]
ROOMS += ["evaluation", "release", "defs"]
OPEN_TO_ALL = {"errors", "settings"}
DOORS = {"cli", "__main__", "loading", "doctor", "__init__"}  # modules beside the rooms: they may import any
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(module: Path) -> set[str]:
    """Dotted names that a module imports, at the top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_rooms_above_it(module: Path) -> None:
    """Rooms stand in the order of the flow; contract imports none of ours but errors, store none below contract."""
    room = room_of(module)
    if room in DOORS or room in OPEN_TO_ALL:
        return
    ours = {name.split(".")[1] for name in imported(module) if name.startswith("almanac_assets.")}
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) | OPEN_TO_ALL
    assert ours <= allowed, f"{module} imports {sorted(ours - allowed)}"
    if room == "contract":
        assert ours <= {"contract", "errors"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_defs_knows_dagster(module: Path) -> None:
    """All orchestration lies in one room."""
    names = {name.split(".")[0] for name in imported(module)}
    assert room_of(module) == "defs" or not {name for name in names if name.startswith("dagster")}


def test_every_folder_is_a_room() -> None:
    """A new folder must be given its place in the flow."""
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS)


def test_only_the_clock_reads_the_clock() -> None:
    """No published value can hold the time of a build."""
    for module in MODULES:
        if module.name == "clock.py" and room_of(module) == "store":
            continue
        source = module.read_text(encoding="utf-8")
        for call in ("datetime.now(", "datetime.utcnow(", "time.time(", "date.today("):
            assert call not in source, f"{module} calls {call}"


def test_nothing_unsafe_is_loaded() -> None:
    """No pickle, no yaml.load, no shell."""
    for module in MODULES:
        names = imported(module)
        assert not {name for name in names if name.split(".")[0] in ("pickle", "marshal", "shelve")}, module
        source = module.read_text(encoding="utf-8")
        assert "yaml.load(" not in source and "shell=True" not in source and "os.system(" not in source, module


def test_every_published_table_has_one_maker() -> None:
    """The asset graph makes exactly the contract's tables, private products, and nothing twice."""
    from almanac_assets.defs.definitions import defs
    from almanac_assets.defs.resources import sources

    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    made = {key.to_user_string() for key in graph.materializable_asset_keys}
    assert {key for key in made if not key.startswith("_")} == set(TABLES)
    assert keys - made == {feed.id for feed in sources().feeds()}
    assert len(made) == len(list(graph.materializable_asset_keys))


def test_no_file_names_a_machine_or_a_registry() -> None:
    """The project speaks of itself alone."""
    root = PACKAGE.parent
    forbidden = ["/" + "work/", "/" + "root/", "py" + "pi.org", "python" + "hosted", "npm" + "js"]
    texts = [
        path
        for pattern in ("*.py", "*.md", "*.toml", "*.yaml", "*.lock", "Makefile", ".ci/run")
        for path in root.glob(pattern)
    ]
    texts += [
        path
        for folder in ("almanac_assets", "tests", "docs", "data", "benchmarks")
        for path in (root / folder).rglob("*.*")
    ]
    for path in texts:
        if (
            path.suffix in {".py", ".md", ".toml", ".yaml", ".lock", ".csv", ".json", ".jsonl"}
            and "releases" not in path.parts
        ):
            if {"raw", "lake"} & set(path.relative_to(root).parts):
                continue
            content = path.read_text(encoding="utf-8")
            assert not [word for word in forbidden if word in content], path


def test_no_database_file_is_made_or_kept() -> None:
    """Parquet is the product; DuckDB is opened in memory only."""
    for module in MODULES:
        source = module.read_text(encoding="utf-8")
        for opened in ("duckdb.connect(", "DuckDBResource("):
            for call in source.split(opened)[1:]:
                assert call.startswith((":memory:", '":memory:"', 'database=":memory:"')), module
    root = PACKAGE.parent
    kept = [path for path in root.glob("*") if path.is_dir() and path.name not in {".venv", ".git"}]
    assert [path for folder in kept for path in folder.rglob("*.duckdb")] == []
