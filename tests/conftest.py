"""Fixtures that every room may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
