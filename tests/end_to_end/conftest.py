"""The sample, built once for all tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from almanac_assets import settings
from almanac_assets.defs.build import Built, build
from almanac_assets.defs.resources import WorkspaceResource


@pytest.fixture(scope="session")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of some sample payloads that a test may change: one harvest of two pages and one day of lists."""
    folder = tmp_path_factory.mktemp("own") / "payloads"
    for part in ("oai/2026-05-01", "rss/2026-05-19"):
        shutil.copytree(settings.SAMPLE / part, folder / part)
    return folder


@pytest.fixture
def build_folder() -> Callable[[Path, Path], Built]:
    """Build a folder of payloads into a root, forgetting what the ledger held."""

    def run(payloads: Path, root: Path) -> Built:
        (root / "raw" / "ledger.jsonl").unlink(missing_ok=True)
        return build(WorkspaceResource(root=str(root), profile="none", payloads=str(payloads)), record=False)

    return run
