"""Fixtures that every room may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

DAY_BEFORE_THE_LAST = "2026-06-18"  # of the sample

# Machines are noisy: a test may fail for what is wrong, not for what is slow. The same examples come in every run.
settings.register_profile("almanac", deadline=None, derandomize=True)
settings.load_profile("almanac")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded data named by ALMANAC_SHARED; set but missing fails, unset skips."""
    named = os.environ.get("ALMANAC_SHARED")
    if not named:
        pytest.skip("ALMANAC_SHARED is not set: this test reads recorded data that does not ship with the project")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"ALMANAC_SHARED names {folder}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the two releases that `make build` makes."""
    from almanac_assets.defs.build import build
    from almanac_assets.defs.resources import WorkspaceResource

    root = tmp_path_factory.mktemp("sample")
    build(WorkspaceResource(root=str(root), until=DAY_BEFORE_THE_LAST), record=False)
    build(WorkspaceResource(root=str(root)), record=False)
    return root
