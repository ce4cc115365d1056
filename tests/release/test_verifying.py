"""`verify` names every damaged, missing or foreign file, and is not fooled by new checksums over wrong values."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from almanac_assets.errors import ReleaseRefused
from almanac_assets.release import describe
from almanac_assets.release.queries import in_memory
from almanac_assets.release.releases import Releases
from almanac_assets.release.verify import reread, verify
from almanac_assets.store.tables import PUBLISHED_LEVEL, read_arrow, write_table


@pytest.fixture
def folder(copy: Path) -> Path:
    """A sound release in a place of its own."""
    return copy / "releases" / "2026.6.2"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def seal(folder: Path) -> None:
    """Write new checksums over whatever lies there, as somebody would who wants to hide a change."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["tables"].values():
        entry["sha256"] = hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(describe.checksums(folder), encoding="utf-8")


def test_a_release_is_sound_wherever_it_lies(published: Path, tmp_path: Path) -> None:
    """Published or copied elsewhere, there is nothing to say of it."""
    for release in Releases(published / "releases").all():
        assert verify(release.folder) == []
    moved = shutil.copytree(published / "releases" / "2026.6.1", tmp_path / "a copy")
    assert verify(Path(moved)) == []


def test_one_flipped_bit_in_any_file_is_found_and_named(folder: Path) -> None:
    """Each file in turn, in its midst."""
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        whole = path.read_bytes()
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 1
        path.write_bytes(bytes(damaged))
        assert any(name in fault for fault in verify(folder)), name
        path.write_bytes(whole)
    assert verify(folder) == []


def test_damaged_checksums_are_found_whatever_the_bit(folder: Path) -> None:
    """No flipped bit of SHA256SUMS passes or ends in a trace: bad lines are told by their number."""
    sums = folder / "SHA256SUMS"
    whole = sums.read_bytes()
    for at in range(0, len(whole), 97):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            sums.write_bytes(bytes(damaged))
            assert verify(folder), (at, bit)


@pytest.mark.parametrize(
    "line", ["", "rubbish", "0" * 64 + "  ../2026.6.1/manifest.json", "0" * 64 + "  /etc/hostname"]
)
def test_a_line_that_is_no_checksum_is_told(folder: Path, line: str) -> None:
    """Nothing outside of the release is ever looked at."""
    with (folder / "SHA256SUMS").open("a") as file:
        file.write(line + "\n")
    count = len(files(folder))
    assert verify(folder) == [f"SHA256SUMS: line {count} is no checksum and path"]


def test_missing_and_extra_files_are_named(folder: Path) -> None:
    """What lacks, what is too much, and what is a folder in place of a file."""
    (folder / "tables" / "events.parquet").unlink()
    (folder / "views.sql").unlink()
    (folder / "views.sql").mkdir()
    (folder / "tables" / "notes.txt").write_text("mine")
    assert verify(folder) == [
        "tables/events.parquet: missing",
        "views.sql: missing",
        "tables/notes.txt: not listed in SHA256SUMS",
    ]


def test_a_folder_that_is_no_release_is_said_to_be_none(tmp_path: Path, folder: Path) -> None:
    """Without checksums or manifest there is nothing to hold it against."""
    assert verify(tmp_path) == [f"{tmp_path}: no SHA256SUMS; this is no release"]
    (folder / "manifest.json").unlink()
    assert verify(folder) == ["manifest.json: missing"]
    (folder / "SHA256SUMS").write_text(describe.checksums(folder))
    assert verify(folder) == [f"{folder}: no manifest.json; this is no release"]


def test_other_values_under_new_checksums_are_found(folder: Path) -> None:
    """The content hash of the manifest tells a table of other values, even if every checksum was made anew."""
    path = folder / "tables" / "events.parquet"
    table = read_arrow(path)
    write_table(path, table.slice(1), level=PUBLISHED_LEVEL)
    seal(folder)
    (fault,) = verify(folder)
    assert fault == "events.parquet: its values are not those that the manifest names"


def test_other_columns_under_new_checksums_are_found(folder: Path) -> None:
    """A table without one of its columns is not what its manifest promises."""
    path = folder / "tables" / "events.parquet"
    write_table(path, read_arrow(path).drop_columns(["headline"]), level=PUBLISHED_LEVEL)
    seal(folder)
    assert "events.parquet: its columns are not those that were promised" in verify(folder)


def test_a_broken_law_under_new_checksums_is_found(folder: Path) -> None:
    """The checks of the contract run over what is there, whatever the manifest says of it."""
    path = folder / "tables" / "mentions.parquet"
    table = read_arrow(path)
    write_table(path, table.take([0, 0]), level=PUBLISHED_LEVEL)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    from almanac_assets.store.tables import read_written

    manifest["tables"]["mentions"]["content_hash"] = read_written(path).content_hash
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    seal(folder)
    assert any(fault.startswith("mentions: key: 1 rows break it") for fault in verify(folder))


def test_a_manifest_that_differs_from_the_files_is_found(folder: Path) -> None:
    """The sha256 that the manifest states is held against the file too."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["tables"]["events"]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(describe.checksums(folder), encoding="utf-8")
    assert verify(folder) == ["manifest.json: sha256 of events"]


def test_what_cannot_be_reread_is_refused(folder: Path) -> None:
    """Before a release is shown, each table is read by three readers; the failure names the file."""
    hashes = {
        name: entry["content_hash"] for name, entry in Releases(folder.parent).all()[-1].manifest["tables"].items()
    }
    (folder / "tables" / "events.parquet").write_bytes(b"PAR1 no more PAR1")
    with in_memory() as connection, pytest.raises(ReleaseRefused) as caught:
        reread(folder / "tables", hashes, connection)
    (failure,) = caught.value.failures
    assert failure.startswith("events.parquet: ")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_checksums_are_those_of_sha256sum(published: Path) -> None:
    """Anyone can check the bytes without Almanac."""
    done = subprocess.run(
        ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"],
        cwd=published / "releases" / "2026.6.2",
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
