"""Payload files of a file, a folder or an archive, one after the other, never more than one in memory.

Reads plain files, `.zst`, and the members of `.tar` and `.tar.zst`, which are streamed: nothing is written to disk, so
a member's name can mislead a reader but not a file system. Names that are no payload are skipped.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Protocol

import zstandard

from almanac_assets.errors import FeedBroken, InputMissing
from almanac_assets.harvest.formats.xml_bytes import MAX_PAYLOAD_BYTES
from almanac_assets.harvest.records import WHOLE_PAYLOAD, Reject, one_line

MAX_MEMBERS = 100_000  # files in one archive: a year of daily feeds for every arXiv category
MAX_ARCHIVE_BYTES = 4 * 1024**3  # unpacked bytes of one archive
MAX_WINDOW_BYTES = 2**27  # zstd's `--long=27`, which large archives are packed with

NOT_PAYLOADS = ("ledger.jsonl", "manifest.json", "*.md", "*.txt", "license*", ".*", "._*")
ARCHIVES = (".tar", ".tar.zst")

_PACKED = ".zst"
_PACKED_STEP = 1024  # bytes; four of them can name a block of 128 KiB, so a step unfolds into 32 MiB at most


class Reader(Protocol):
    """What can be read from its begin to its end, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One payload: its bytes, or the problem that kept them from being read; `name` is relative to the path asked for.

    A member of an archive is named `archive.tar.zst/member/path.xml`, without `..` and leading slashes.
    """

    name: str
    body: bytes | None
    problem: Reject | None = None


def is_payload_name(name: str) -> bool:
    """Whether a file of this name can be a payload: no ledger, manifest, read-me, licence or hidden file."""
    parts = [part.lower() for part in name.split("/") if part not in ("", ".", "..")]
    if not parts or any(part.startswith(".") for part in parts):
        return False
    return not any(fnmatchcase(parts[-1], pattern) for pattern in NOT_PAYLOADS)


def payload_files(path: Path) -> Iterator[PayloadFile]:
    """Every payload under `path`, ordered by relative name, byte by byte; archive members in the archive's order.

    Raises InputMissing where `path` is not there, or is a folder that cannot be listed. A file that cannot be read, or
    that is too large, comes as a PayloadFile with a problem, and the others follow. Links to folders are not
    followed.
    """
    if path.is_file():
        yield from _read_file(path, path.name)
        return
    if not path.is_dir():
        raise InputMissing(f"{path}: no such file or folder", remedy="name a payload, an archive or a folder of them")
    for name, file in _listing(path):
        yield from _read_file(file, name)


def _listing(folder: Path) -> list[tuple[str, Path]]:
    """Files below a folder that can be payloads, by relative name."""

    def stop(error: OSError) -> None:
        remedy = "make the folder readable, or name the files in it one by one"
        raise InputMissing(f"{error.filename}: cannot be listed ({error.strerror})", remedy=remedy) from error

    found: list[tuple[str, Path]] = []
    for parent, _, names in os.walk(folder, onerror=stop):
        files = [Path(parent, name) for name in names]
        found += [(file.relative_to(folder).as_posix(), file) for file in files]
    return sorted((pair for pair in found if is_payload_name(pair[0])), key=lambda pair: os.fsencode(pair[0]))


def _read_file(file: Path, name: str) -> Iterator[PayloadFile]:
    """The payloads of one file: itself, or the members of an archive. Faults of the file end it and nothing else."""
    try:
        with reading(file) as stream:
            if name.lower().endswith(ARCHIVES):
                yield from _members(stream, name)
            else:
                yield PayloadFile(name, _capped(stream))
    except FeedBroken as broken:
        yield _problem(name, broken.reason, broken.detail)
    except tarfile.TarError as error:
        reason = "truncated" if "end of data" in str(error) else "content_coding"
        yield _problem(name, reason, f"broken archive: {error}")
    except OSError as error:
        yield _problem(name, "empty_body", f"cannot be read: {error.strerror or error}")


@contextmanager
def reading(file: Path) -> Iterator[Reader]:
    """The content of a file as a stream, unpacked where its name ends in `.zst`; FeedBroken comes while it is read."""
    with file.open("rb") as raw:
        yield _Unpacked(raw) if file.name.lower().endswith(_PACKED) else raw


def _members(stream: Reader, name: str) -> Iterator[PayloadFile]:
    """The payloads of an archive, in its order; FeedBroken once it holds more than an archive may."""
    total = 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]  # needs read() alone
        for count, member in enumerate(archive):
            total += member.size
            if count >= MAX_MEMBERS or total > MAX_ARCHIVE_BYTES:
                found = f"{name} holds more than {MAX_MEMBERS} files or {MAX_ARCHIVE_BYTES} bytes"
                raise FeedBroken("too_large", f"{found}; what came before is kept")
            if not member.isreg() or not is_payload_name(member.name):
                continue
            inner = "/".join(part for part in member.name.split("/") if part not in ("", ".", ".."))
            full = f"{name}/{inner}"
            content = archive.extractfile(member) if member.size <= MAX_PAYLOAD_BYTES else None
            if content is None:
                yield _problem(full, "too_large", f"expected at most {MAX_PAYLOAD_BYTES} bytes, found {member.size}")
            else:
                yield PayloadFile(full, content.read())


def _capped(stream: Reader) -> bytes:
    """All bytes of a stream; FeedBroken where it holds more than a payload may, found before the rest is read."""
    body = stream.read(MAX_PAYLOAD_BYTES + 1)
    if len(body) > MAX_PAYLOAD_BYTES:
        raise FeedBroken("too_large", f"expected at most {MAX_PAYLOAD_BYTES} bytes, found more")
    return body


def _problem(name: str, reason: str, detail: str) -> PayloadFile:
    return PayloadFile(name, None, Reject(None, WHOLE_PAYLOAD, reason, one_line(f"{name}: {detail}")))


class _Unpacked:
    """A zstd file as a stream of its content; FeedBroken where a frame is broken or ends before its end.

    The library's own stream reader takes a file that was cut short for a whole one, hence the frames are followed here.
    Packed bytes go in by pieces so small that no bomb can unfold into more than memory holds.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._ready = bytearray()
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        while len(self._ready) < size and self._more():
            pass
        piece = bytes(memoryview(self._ready)[:size])
        del self._ready[:size]
        return piece

    def _more(self) -> bool:
        packed = self._raw.read(_PACKED_STEP)
        if not packed:
            if self._frame is not None:
                raise FeedBroken("truncated", "the compressed file ends before its content does")
            return False
        while packed:
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()
            try:
                self._ready += self._frame.decompress(packed)
            except zstandard.ZstdError as error:
                raise FeedBroken("content_coding", f"expected zstd: {error}") from None
            packed = b""
            if self._frame.eof:
                packed, self._frame = self._frame.unused_data, None
        return True
