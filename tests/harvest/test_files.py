"""Payload files of files, folders and archives."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest
import zstandard

from almanac_assets.errors import InputMissing
from almanac_assets.harvest import files
from almanac_assets.harvest.files import is_payload_name, payload_files


def packed(body: bytes) -> bytes:
    """One zstd frame."""
    return zstandard.ZstdCompressor().compress(body)


def tar(members: dict[str, bytes], *, link: str | None = None) -> bytes:
    """An archive of these members, and a symbolic link where one is named."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
        if link:
            info = tarfile.TarInfo("link.xml")
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return out.getvalue()


def reasons(folder: Path) -> dict[str, str]:
    """The reason of every file with a problem, by name."""
    return {file.name: file.problem.reason for file in payload_files(folder) if file.problem}


def test_a_folder_is_read_in_the_order_of_its_names_byte_by_byte(tmp_path: Path) -> None:
    """Upper case before lower, accents last; compressed files give their content."""
    for name in ("b.xml", "Z.xml", "a/é.xml", "a/z.xml", "a-1.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "c.xml.zst").write_bytes(packed(b"c"))
    found = [(file.name, file.body) for file in payload_files(tmp_path)]
    assert found == [
        ("Z.xml", b"Z.xml"),
        ("a-1.xml", b"a-1.xml"),
        ("a/z.xml", b"a/z.xml"),
        ("a/é.xml", "a/é.xml".encode()),
        ("b.xml", b"b.xml"),
        ("c.xml.zst", b"c"),
    ]


@pytest.mark.parametrize(
    "name", ["ledger.jsonl", "a/manifest.json", "README.md", "notes.TXT", "LICENSE", "License.rst", ".git/x"]
)
def test_names_that_are_no_payload_are_skipped(name: str) -> None:
    """Wherever they stand, in any case."""
    assert not is_payload_name(name)


@pytest.mark.parametrize("name", ["a.xml", "./2026-06-24/cs.CL.xml", "part-1.jsonl", "answer", "x.tar.zst"])
def test_other_names_can_be_payloads(name: str) -> None:
    """The format is told from the bytes, not from the name."""
    assert is_payload_name(name)


def test_a_file_named_by_itself_is_read_whatever_its_name(tmp_path: Path) -> None:
    """Who names a file means it."""
    (tmp_path / "feed.txt").write_bytes(b"x")
    assert [file.body for file in payload_files(tmp_path / "feed.txt")] == [b"x"]


@pytest.mark.parametrize("name", ["pages.tar", "pages.tar.zst"])
def test_archives_are_streamed_and_write_nothing(tmp_path: Path, name: str) -> None:
    """Members keep the archive's order; links, read-mes and odd paths do no harm."""
    body = tar({"b.xml": b"b", "README.md": b"no", "../../a.xml": b"a"}, link="/etc/passwd")
    (tmp_path / name).write_bytes(packed(body) if name.endswith(".zst") else body)
    before = sorted(path.name for path in tmp_path.parent.rglob("*"))
    found = [(file.name, file.body) for file in payload_files(tmp_path)]
    assert found == [(f"{name}/b.xml", b"b"), (f"{name}/a.xml", b"a")]
    assert sorted(path.name for path in tmp_path.parent.rglob("*")) == before


def test_frames_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    """As `cat a.zst b.zst` makes them."""
    (tmp_path / "a.xml.zst").write_bytes(packed(b"a" * 5000) + packed(b"b"))
    assert [file.body for file in payload_files(tmp_path)] == [b"a" * 5000 + b"b"]


def test_a_broken_file_has_a_problem_and_the_others_follow(tmp_path: Path) -> None:
    """Cut short, not compressed at all, no archive: none of it ends the walk."""
    whole = tar({f"{n}.xml": os.urandom(300_000) for n in range(3)})
    (tmp_path / "a.xml.zst").write_bytes(packed(os.urandom(5000))[:-10])
    (tmp_path / "b.xml.zst").write_bytes(b"plain")
    (tmp_path / "c.tar").write_bytes(b"no archive" * 200)
    (tmp_path / "d.tar.zst").write_bytes(packed(whole)[:-5000])
    (tmp_path / "e.tar").write_bytes(whole[:450_000])
    (tmp_path / "f.xml").write_bytes(b"<rss/>")
    assert reasons(tmp_path) == {
        "a.xml.zst": "truncated",
        "b.xml.zst": "content_coding",
        "c.tar": "content_coding",
        "d.tar.zst": "truncated",
        "e.tar": "truncated",
    }
    good = [file.name for file in payload_files(tmp_path) if file.body is not None]
    assert good == ["d.tar.zst/0.xml", "d.tar.zst/1.xml", "e.tar/0.xml", "f.xml"]


def test_caps_hold_before_memory_is_spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb is refused while it unfolds; a large member is passed over; an archive ends at its limits."""
    monkeypatch.setattr(files, "MAX_PAYLOAD_BYTES", 1000)
    (tmp_path / "bomb.xml.zst").write_bytes(packed(bytes(200_000_000)))
    (tmp_path / "one.tar").write_bytes(tar({"a.xml": b"a" * 2000, "b.xml": b"b"}))
    assert reasons(tmp_path) == {"bomb.xml.zst": "too_large", "one.tar/a.xml": "too_large"}
    monkeypatch.setattr(files, "MAX_MEMBERS", 1)
    (tmp_path / "two.tar").write_bytes(tar({"a.xml": b"a", "b.xml": b"b"}))
    assert reasons(tmp_path)["two.tar"] == "too_large"
    monkeypatch.setattr(files, "MAX_MEMBERS", 9)
    monkeypatch.setattr(files, "MAX_ARCHIVE_BYTES", 1)
    assert reasons(tmp_path)["two.tar"] == "too_large"


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(InputMissing, match=r"nowhere: no such file or folder — name a payload"):
        list(payload_files(tmp_path / "nowhere"))


def test_a_file_that_cannot_be_opened_has_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights, or a disk at fault; the walk goes on."""
    (tmp_path / "a.xml").write_bytes(b"a")
    (tmp_path / "b.xml").write_bytes(b"b")
    opened = Path.open

    def refuse(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "a.xml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    found = list(payload_files(tmp_path))
    assert found[0].problem is not None and "Permission denied" in found[0].problem.detail
    assert found[1].body == b"b"


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence would look like an empty folder."""

    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputMissing, match="cannot be listed"):
        list(payload_files(tmp_path))
