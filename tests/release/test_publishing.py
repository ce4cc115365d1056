"""A reader sees the old state or the new one, and a release that may not be seen changes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.errors import AlmanacError, ReleaseRefused, StoreDamaged
from almanac_assets.release import publish as publishing
from almanac_assets.release.queries import in_memory
from almanac_assets.release.releases import Releases
from almanac_assets.release.verify import verify
from almanac_assets.store.files import locked
from tests.contract.rows import frame, frames, replaced, row
from tests.release.conftest import Tables, day_two
from tests.release.made import FIRST, SECOND, THIRD, inputs, latest, put, state


def names(root: Path) -> list[str]:
    """What lies in the folder of releases."""
    return sorted(path.name for path in (root / "releases").iterdir())


def test_a_release_holds_these_files(published: Path) -> None:
    """A table and its row hashes per contract, and the seven that describe it; nothing else lies beside it."""
    assert names(published) == [".lock", "2026.6.1", "2026.6.2", "latest.json"]
    folder = published / "releases" / "2026.6.2"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    described = [
        "manifest.json",
        "SHA256SUMS",
        "README.md",
        "croissant.json",
        "datapackage.json",
        "views.sql",
        "CHANGES.md",
    ]
    assert found == set(described) | {f"{kind}/{name}.parquet" for kind in ("tables", "hashes") for name in TABLES}
    assert latest(published) == "2026.6.2"


def test_the_same_tables_make_no_release(copy: Path) -> None:
    """A second build of what an older or the newest release holds finds it and changes nothing."""
    before = state(copy)
    tables = frames(2)
    for as_of, held, name in ((FIRST, tables, "2026.6.1"), (SECOND, day_two(tables), "2026.6.2")):
        made = put(copy, held, as_of)
        assert not made.is_new and made.release.name == name
    assert state(copy) == before


def test_the_order_of_rows_makes_no_release(copy: Path) -> None:
    """A build that finds the same rows in another order has found nothing new."""
    assert not put(copy, {name: rows.reverse() for name, rows in frames(2).items()}, FIRST).is_new


def test_latest_never_moves_back(copy: Path) -> None:
    """A release of an earlier day gets the next number and its own predecessor; latest stays at the newest day."""
    made = put(copy, {**frames(2), **day_two(frames(2))}, FIRST + timedelta(hours=1))
    assert made.is_new and made.release.name == "2026.6.3"
    assert made.release.manifest["previous"]["release"] == "2026.6.1"
    assert latest(copy) == "2026.6.2"
    assert [release.name for release in Releases(copy / "releases").all()] == ["2026.6.1", "2026.6.3", "2026.6.2"]


def dangling(tables: Tables) -> Tables:
    """A table that breaks its contract: an author of a document that is not there."""
    loose = frame("document_authors", [row("document_authors", 9, method="test.rule@1")])
    return tables | {"document_authors": pl.concat([tables["document_authors"], loose])}


def test_a_refused_release_changes_nothing(copy: Path) -> None:
    """Every failed gate is named, and no byte of what could be seen before has moved."""
    before = state(copy)
    with pytest.raises(ReleaseRefused) as caught:
        put(copy, dangling(day_two(frames(2))), THIRD, code={"document_authors": "code-2"})
    (failure,) = caught.value.failures
    assert failure.startswith("document_authors.references (document_authors: references: 1 rows break it, such as ")
    assert state(copy) == before and names(copy) == [".lock", "2026.6.1", "2026.6.2", "latest.json"]


def test_the_gates_of_the_contract_cannot_be_accepted(copy: Path) -> None:
    """--accept is for surprises, not for broken tables."""
    accepted = {"document_authors.references": "it is late"}
    with pytest.raises(ReleaseRefused, match=r"document_authors\.references"):
        put(copy, dangling(frames(2)), FIRST, accepted=accepted, code={"document_authors": "code-2"})


def test_a_change_without_a_cause_is_refused(copy: Path) -> None:
    """A document that differs although nothing of it was seen since, by the same code, stops the release."""
    tables = day_two(frames(2))
    before = state(copy)
    with pytest.raises(ReleaseRefused) as caught:
        put(copy, tables | {"documents": replaced(tables["documents"], 1, title="Silently other")}, THIRD)
    assert caught.value.failures == [
        'changes.explained (1 changes without a cause, such as documents ["arxiv:2606.00001"] title)'
    ]
    assert state(copy) == before


Usage = namedtuple("Usage", "total used free")


def full(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("holder", "function"),
    [(shutil, "copyfile"), (publishing, "write_table"), (publishing, "write_text"), (publishing, "flush_file")],
    ids=["tables", "hashes", "descriptions", "flush"],
)
def test_a_full_disk_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: Any, function: str
) -> None:
    """Wherever the space ends, one AlmanacError names the release, and neither stage nor pointer is left."""
    monkeypatch.setattr(holder, function, full)
    with pytest.raises(AlmanacError, match=r"release 2026\.6\.1 in .* could not be written: No space left on device"):
        put(tmp_path, frames(1))
    assert names(tmp_path) == [".lock"]


def test_too_little_space_is_found_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message tells how much there is and how much is needed."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    with pytest.raises(AlmanacError, match=r"too little space .* MB are needed"):
        put(tmp_path, frames(1))
    assert names(tmp_path) == [".lock"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder of releases should be is said in one line."""
    (tmp_path / "releases").write_text("in the way")
    with pytest.raises(AlmanacError, match=r"releases.* could not be written"):
        put(tmp_path, frames(1))


def test_a_damaged_lake_file_is_not_published(copy: Path) -> None:
    """The pages are checked while they are read: StoreDamaged names the file, and nothing has changed."""
    before = state(copy)
    made = inputs(copy, day_two(frames(2)), THIRD)
    path = made.kept["events"].parts["all"].path
    damaged = bytearray(path.read_bytes())
    damaged[40] ^= 4
    path.write_bytes(bytes(damaged))
    with pytest.raises(StoreDamaged, match="events"), in_memory() as connection:
        publishing.publish(made, Releases(copy / "releases"), connection)
    assert state(copy) == before


def test_two_publishers_are_one_too_many(copy: Path) -> None:
    """The second says so and touches nothing, not even the stage of the first."""
    (copy / "releases" / ".staging-2026.6.3-1").mkdir()
    with locked(copy / "releases"), pytest.raises(AlmanacError, match="another build is at work"):
        put(copy, frames(2), THIRD)
    assert ".staging-2026.6.3-1" in names(copy)


# A publishing process that ends itself with SIGKILL just before a function is called with a path that holds a word.
KILLED = """
import os, pathlib, shutil, signal, sys
from tests.contract.rows import frames
from tests.release.conftest import day_two
from tests.release.made import THIRD, put
root, holder, name, word = sys.argv[1:]
owner = {"shutil": shutil, "Path": pathlib.Path}[holder]
real = getattr(owner, name)
def deadly(*args, **named):
    if any(word in str(arg) for arg in args):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **named)
setattr(owner, name, deadly)
put(pathlib.Path(root), day_two(frames(2)), THIRD)
"""
MOMENTS = [
    ("shutil", "copyfile", "tables/events.parquet", False),  # some tables are staged
    ("Path", "rename", ".staging-", False),  # all is staged and flushed
    ("Path", "replace", "latest.json", True),  # the release is there, the pointer not yet
]


@pytest.mark.parametrize(("holder", "name", "word", "is_there"), MOMENTS, ids=["staging", "rename", "pointer"])
def test_a_killed_publisher_leaves_whole_releases(
    copy: Path, holder: str, name: str, word: str, is_there: bool
) -> None:
    """Every visible release is sound, latest names one, and the next publish sweeps and goes on."""
    code = subprocess.run([sys.executable, "-c", KILLED, str(copy), holder, name, word], check=False).returncode
    assert code == -signal.SIGKILL
    require_whole(copy, 3 if is_there else 2)
    assert latest(copy) == "2026.6.2"
    assert len(names(copy)) == (6 if is_there else 5)  # the stage, or the pointer beside its place
    made = put(copy, day_two(frames(2)), THIRD)
    assert made.is_new != is_there and latest(copy) == "2026.6.3"
    assert names(copy) == [".lock", "2026.6.1", "2026.6.2", "2026.6.3", "latest.json"]


def require_whole(root: Path, count: int | None = None) -> None:
    """All that can be seen is sound, and the pointer names one of it."""
    found = Releases(root / "releases").all()
    assert count is None or len(found) == count
    assert [fault for release in found for fault in verify(release.folder)] == []
    assert latest(root) in [release.name for release in found]


UNDER_WAY = """
import pathlib, sys
from tests.contract.rows import frames
from tests.release.conftest import day_two
from tests.release.made import THIRD, put
print("begun", flush=True)
put(pathlib.Path(sys.argv[1]), day_two(frames(2)), THIRD)
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(20))
def test_a_publisher_killed_at_any_moment(copy: Path, moment: int) -> None:
    """Every tenth of a second of a publish is a moment at which it may die."""
    child = subprocess.Popen([sys.executable, "-c", UNDER_WAY, str(copy)], stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline() == b"begun\n"
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=0.1 * moment)
    child.kill()
    child.wait()
    child.stdout.close()
    require_whole(copy)
    put(copy, day_two(frames(2)), THIRD)
    require_whole(copy, 3)
    assert names(copy) == [".lock", "2026.6.1", "2026.6.2", "2026.6.3", "latest.json"]


TWICE = """
import sys
from pathlib import Path
from tests.contract.rows import frames
from tests.release.conftest import day_two
from tests.release.made import FIRST, SECOND, put
put(Path(sys.argv[1]), frames(2), FIRST)
put(Path(sys.argv[1]), day_two(frames(2)), SECOND)
"""


def test_the_same_inputs_are_the_same_bytes(published: Path, tmp_path: Path) -> None:
    """In another process, with other threads, hash seed, locale, time zone and user, every file is the same."""
    other = {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "USER": "eve"}
    subprocess.run([sys.executable, "-c", TWICE, str(tmp_path)], check=True, env=os.environ | other)
    sums = [
        {name: hashlib.sha256(body).hexdigest() for name, body in state(root).items()} for root in (published, tmp_path)
    ]
    assert sums[0] == sums[1] and len(sums[0]) > 100


@pytest.mark.parametrize("count", [0, 1], ids=["no row", "one row and a long text"])
def test_small_and_long_tables_publish_and_read_back(tmp_path: Path, count: int) -> None:
    """Tables without rows, with one, and with a text of a megabyte are releases like any other."""
    tables = frames(count)
    if count:
        tables["documents"] = replaced(tables["documents"], 0, text="ä" * 524_288)
    made = put(tmp_path, tables)
    assert verify(made.release.folder) == []
    for name, rows in tables.items():
        assert made.release.table(name).equals(rows.sort(TABLES[name].key)), name
        assert pl.read_parquet(made.release.table_path(name)).height == rows.height


@pytest.fixture
def other_contract(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Tomorrow's contract: one description is another, and one table has a longer key."""

    def change() -> None:
        coverage, notes = TABLES["coverage"], TABLES["list_notes"]
        columns = tuple(
            replace(column, description="what the numbers leave out") if column.name == "note" else column
            for column in coverage.columns
        )
        monkeypatch.setitem(TABLES, "coverage", replace(coverage, columns=columns))
        monkeypatch.setitem(TABLES, "list_notes", replace(notes, key=(*notes.key, "shown")))

    return change


def test_another_contract_is_a_release_of_its_own(copy: Path, other_contract: Callable[[], None]) -> None:
    """The same rows under another contract differ in `columns`, by cause schema; the older releases stay sound."""
    other_contract()
    made = put(copy, day_two(frames(2)), SECOND)
    assert made.is_new and made.release.name == "2026.6.3"
    changes = made.release.table("changes")
    columns = changes.filter(table_name="columns", column_name="description")
    assert columns.select("before", "after", "cause").rows() == [
        ('"what the numbers do not say"', '"what the numbers leave out"', "schema")
    ]
    rekeyed = changes.filter(table_name="list_notes")
    assert set(rekeyed["cause"]) == {"schema"} and set(rekeyed["change"]) == {"added"}
    assert [verify(release.folder) for release in Releases(copy / "releases").all()] == [[], [], []]
