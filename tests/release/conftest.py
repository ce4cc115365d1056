"""Two small releases, published once and copied by the tests that change something."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.contract.rows import frame, frames, replaced, row
from tests.release.made import FIRST, SECOND, put

Tables = dict[str, pl.DataFrame]


def day_two(tables: Tables) -> Tables:
    """The next day: document 0 is revised, document 2 is new and has an event, and the others are seen again."""
    documents = replaced(tables["documents"], 0, title="A better title", content_hash="f" * 32, last_seen_at=SECOND)
    documents = replaced(documents, 1, last_seen_at=SECOND)
    new = row("documents", 2, first_seen_at=SECOND, last_seen_at=SECOND, source_id="source-0", payload_sha256="0" * 64)
    event = row("events", 2, lead_document_id=new["document_id"], source_id="source-0")
    link = row("event_documents", 2, event_id=event["event_id"], document_id=new["document_id"])
    known = {"method": "test.rule@1"}
    return tables | {
        "documents": pl.concat([documents, frame("documents", [new | known])]),
        "events": pl.concat(
            [replaced(tables["events"], 0, headline="A better title"), frame("events", [event | known])]
        ),
        "event_documents": pl.concat([tables["event_documents"], frame("event_documents", [link | known])]),
    }


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with two releases, 2026.6.1 and 2026.6.2; not to be changed."""
    root = tmp_path_factory.mktemp("published")
    tables = frames(2)
    put(root, tables, FIRST)
    put(root, day_two(tables), SECOND)
    return root


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """The same root to do damage in."""
    return Path(shutil.copytree(published, tmp_path / "root"))
