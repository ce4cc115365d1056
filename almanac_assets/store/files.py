"""Files written so that a reader sees the old bytes or the new ones, never half of them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from almanac_assets.errors import AlmanacError, InputMissing


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Say a full disk, a missing right or a folder in the way in one AlmanacError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise AlmanacError(
            f"{what} could not be written: {reason}", remedy="free space or mend rights, then build again"
        ) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside, flush to disk, rename over `path`, flush the folder; AlmanacError, and no stump, if it cannot be."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        flush_folder(path.parent)


def write_text(path: Path, content: str) -> None:
    write_bytes(path, content.encode("utf-8"))


def flush_folder(folder: Path) -> None:
    """Make renames in this folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_writable(folder: Path) -> None:
    """Make the folder if need be; raise InputMissing if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputMissing(
            f"cannot write into {folder}: {reason}", remedy="name a folder of your own with --out"
        ) from error


def require_space(folder: Path, needed: int) -> None:
    """Raise AlmanacError if fewer than `needed` bytes are free where the folder lies."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        found = f"{free / 1e6:,.1f} MB are free, {needed / 1e6:,.1f} MB are needed"
        raise AlmanacError(f"too little space in {folder}: {found}", remedy="free space, then build again")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one build at a time; freed by the system when the holder ends, however it ends."""
    with ExitStack() as held:
        with writing(str(folder / ".lock")):
            folder.mkdir(parents=True, exist_ok=True)
            file = held.enter_context((folder / ".lock").open("w"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlmanacError(f"another build is at work in {folder}", remedy="wait until it ends") from error
        yield
