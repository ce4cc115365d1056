"""Same payloads, same bytes: whatever the threads, the hash seed, the locale, the time zone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from almanac_assets import settings

BUILD = """
import sys
from almanac_assets.defs.build import build
from almanac_assets.defs.resources import WorkspaceResource
build(WorkspaceResource(root=sys.argv[1], profile="none", payloads=sys.argv[2]), record=False)
"""
# What makes programs differ, each value far from the usual one.
OTHER = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "4242"}
ZONE = "Asia/Kathmandu"


def installed_locales() -> list[str]:
    """Locales of the machine that are neither C nor UTF-8 English, then any other."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    foreign = [name for name in listed if not name.startswith(("C", "POSIX", "en"))]
    return foreign or [name for name in listed if name.startswith("POSIX")] or ["C"]


def release_of(root: Path, payloads: Path, surroundings: dict[str, str]) -> Path:
    command = [sys.executable, "-c", BUILD, str(root), str(payloads)]
    environment = {**os.environ, **surroundings}
    done = subprocess.run(command, env=environment, cwd=settings.CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (release,) = [path for path in (root / "releases").iterdir() if path.is_dir()]
    return release


def test_two_builds_in_other_surroundings_give_the_same_bytes(
    own_files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file of the release is byte-identical; the report tells which locales ran."""
    locale = installed_locales()[0]
    with capsys.disabled():
        print(
            f"\nlocales: C.UTF-8 and {locale}; time zones: UTC and {ZONE}; hash seeds: 0 and 4242; threads: default and 1"
        )
    plain = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
    one = release_of(tmp_path / "one", own_files, plain)
    two = release_of(tmp_path / "two", own_files, OTHER | {"TZ": ZONE, "LC_ALL": locale})
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert [str(name) for name in names if (one / name).read_bytes() != (two / name).read_bytes()] == []
