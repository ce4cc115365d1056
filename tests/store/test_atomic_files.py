"""A reader of a file sees the old bytes or the new ones; a folder has one holder; a full disk is said in one line."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from almanac_assets.errors import AlmanacError, InputMissing
from almanac_assets.store.clock import SystemClock
from almanac_assets.store.files import locked, require_space, require_writable, sha256_of, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_are_written_whole_and_alone(tmp_path: Path) -> None:
    """The file holds the new bytes, missing folders are made, and nothing else lies beside it."""
    target = tmp_path / "deep" / "file.json"
    write_bytes(target, b"old")
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert names(target.parent) == ["file.json"]


def test_text_is_utf8_with_the_line_ends_it_has(tmp_path: Path) -> None:
    """Nothing is translated on the way."""
    write_text(tmp_path / "a", "é\r\nx\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\nx\n"


def test_an_open_reader_keeps_the_old_bytes(tmp_path: Path) -> None:
    """A file is replaced, never written into: who has it open reads on in the old one."""
    write_bytes(tmp_path / "a", b"old bytes")
    with (tmp_path / "a").open("rb") as reader:
        write_bytes(tmp_path / "a", b"new")
        assert reader.read() == b"old bytes"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Whatever step fails, the old file stands, no stump is left, and one AlmanacError names the file."""
    write_bytes(tmp_path / "a", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(AlmanacError, match=r"a could not be written: No space left on device — free space"):
        write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flush the file, rename it, flush the folder: in this order a loss of power cannot leave an empty file."""
    order: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        real_sync(handle)

    def replace(source: Path, target: Path) -> Path:
        order.append("rename")
        return real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    write_bytes(tmp_path / "a", b"new")
    assert order == ["file", "rename", "folder"]


def test_a_process_killed_while_writing_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    """SIGKILL at any moment of a loop of writes: the file is one whole state."""
    target = tmp_path / "state"
    code = (
        "import sys; from pathlib import Path; from almanac_assets.store.files import write_bytes\n"
        "for n in range(10**9):\n"
        "    write_bytes(Path(sys.argv[1]), b'%09d' % n * 20000)\n"
        "    if n == 0: print('begun', flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline() == b"begun\n"
    for _ in range(20):
        assert is_whole(target.read_bytes())
    child.kill()
    child.wait()
    child.stdout.close()
    assert is_whole(target.read_bytes())


def is_whole(content: bytes) -> bool:
    return len(content) == 180_000 and content == content[:9] * 20_000


def test_a_disk_that_fills_up_is_one_clear_error(tmp_path: Path) -> None:
    """The system's own refusal in the midst of a file leaves the old bytes and no stump."""
    write_bytes(tmp_path / "a", b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(AlmanacError, match="could not be written: File too large"):
            write_bytes(tmp_path / "a", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "a").read_bytes() == b"old" and names(tmp_path) == ["a"]


def test_a_folder_with_a_file_in_its_way_is_named(tmp_path: Path) -> None:
    """Nothing can be written below a file, and the message says where."""
    (tmp_path / "taken").write_text("a file")
    for attempt in (
        lambda: require_writable(tmp_path / "taken" / "below"),
        lambda: write_bytes(tmp_path / "taken" / "below" / "a", b"x"),
        lambda: locked(tmp_path / "taken" / "below").__enter__(),
    ):
        with pytest.raises(AlmanacError, match=re.escape(str(tmp_path / "taken" / "below"))):
            attempt()


def test_a_writable_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    """The probe leaves nothing behind; what cannot be written is InputMissing with a remedy."""
    require_writable(tmp_path / "new" / "folder")
    assert names(tmp_path / "new" / "folder") == []
    (tmp_path / "file").touch()
    with pytest.raises(InputMissing, match="--out"):
        require_writable(tmp_path / "file")


def test_space_is_asked_for_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little free space is said with both numbers; enough is said nothing about."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 5, 5_000_000))
    require_space(tmp_path, 5_000_000)
    with pytest.raises(AlmanacError, match=r"5\.0 MB are free, 6\.0 MB are needed"):
        require_space(tmp_path, 6_000_000)


def test_a_second_holder_is_refused_and_a_third_comes_after(tmp_path: Path) -> None:
    """One build at a time; the folder is free again when the block ends, by an error too."""
    with locked(tmp_path), pytest.raises(AlmanacError, match="another build is at work"), locked(tmp_path):
        pytest.fail("two holders")
    with pytest.raises(RuntimeError), locked(tmp_path):
        raise RuntimeError
    with locked(tmp_path):
        pass


def test_a_killed_holder_frees_the_folder(tmp_path: Path) -> None:
    """Another process that holds the folder keeps us out until it is gone, however it goes."""
    code = (
        "import sys, time; from pathlib import Path; from almanac_assets.store.files import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline() == b"held\n"
    with pytest.raises(AlmanacError), locked(tmp_path):
        pytest.fail("two holders")
    child.kill()
    child.wait()
    child.stdout.close()
    with locked(tmp_path):
        pass


def test_an_error_inside_the_block_stays_what_it_is(tmp_path: Path) -> None:
    """Holding a folder does not rename the errors of the work done in it."""
    with pytest.raises(FileNotFoundError), locked(tmp_path):
        (tmp_path / "absent").read_bytes()


def test_sha256_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    """The hash of nothing is the well-known one."""
    (tmp_path / "empty").touch()
    assert sha256_of(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_clock_is_utc_and_never_goes_back() -> None:
    """`now` carries its zone; `elapsed` only grows."""
    clock = SystemClock()
    moment = clock.now()
    assert moment.utcoffset() is not None and moment.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert clock.elapsed() <= clock.elapsed()
