"""No release surprises: tables that shrink, swell, lose ids or turn null are refused, unless somebody says why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from almanac_assets.errors import ReleaseRefused
from almanac_assets.release.gates import GROWTH, LEAST_ROWS, REMOVED, SHRINK
from tests.contract.rows import frame, frames, row
from tests.release.made import FIRST, SECOND, latest, put, state

COUNT = 100
# Every difference below is by changed code, so that the gate of causes is not the one that fails.
CODE = dict.fromkeys(
    ("document_categories", "document_authors", "evidence", "event_documents", "importance_parts", "document_versions"),
    "code-2",
)


def base() -> dict[str, pl.DataFrame]:
    tables = frames(COUNT)
    return tables | {"event_documents": tables["event_documents"].with_columns(confidence=pl.lit(0.5))}


def more(table: str, rows: pl.DataFrame, count: int, **values: object) -> pl.DataFrame:
    """The table with `count` further rows, told apart by position or part."""
    return pl.concat([rows, frame(table, [row(table, i) | values for i in range(count)])])


def moved() -> dict[str, pl.DataFrame]:
    """A day on which six tables move: four too far, two just not."""
    tables = base()
    evidence = frame("evidence", [row("evidence", i, method="test.rule@1") for i in (COUNT, COUNT + 1)])
    return tables | {
        "document_categories": tables["document_categories"].head(94),
        "document_versions": tables["document_versions"].tail(99),
        "document_authors": more("document_authors", tables["document_authors"], 51, position=2),
        "importance_parts": more("importance_parts", tables["importance_parts"], 50, part="coverage"),
        "evidence": pl.concat([tables["evidence"].tail(98), evidence]),
        # Sentences need their evidence: here all have one that stays.
        "citation_contexts": tables["citation_contexts"].with_columns(
            evidence_id=pl.lit(row("evidence", 50)["evidence_id"])
        ),
        "event_documents": tables["event_documents"].with_columns(confidence=pl.lit(None, dtype=pl.Float64)),
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with one release of a hundred rows per table."""
    folder = tmp_path_factory.mktemp("movement")
    put(folder, base(), FIRST)
    return folder


FAILED = {
    "document_categories.rows": "document_categories: 100 rows became 94 (-6.0%)",
    "document_categories.removed": "document_categories: 6 of 100 keys are gone",
    "document_authors.rows": "document_authors: 100 rows became 151 (+51.0%)",
    "evidence.removed": "evidence: 2 of 100 keys are gone",
    "event_documents.nulls": "event_documents: columns that were filled and are all null now: confidence",
}


def test_the_bounds_are_these() -> None:
    """Five per cent down, half as much again up, one id in a hundred; from fifty rows on."""
    assert (SHRINK, GROWTH, REMOVED, LEAST_ROWS) == (0.05, 0.50, 0.01, 50)


def test_each_surprise_is_refused_by_name(root: Path) -> None:
    """All failed gates are told at once; what lies on the bound passes."""
    before = state(root)
    with pytest.raises(ReleaseRefused) as caught:
        put(root, moved(), SECOND, code=CODE)
    assert set(caught.value.failures) == {f"{gate} ({says})" for gate, says in FAILED.items()}
    assert "the last release is untouched" in str(caught.value)
    assert state(root) == before


def test_one_gate_left_over_still_refuses(root: Path) -> None:
    """An acceptance opens the gate that it names and no other."""
    accepted = {gate: "a planned cut" for gate in FAILED if gate != "evidence.removed"}
    with pytest.raises(ReleaseRefused) as caught:
        put(root, moved(), SECOND, code=CODE, accepted=accepted)
    assert [failure.split(" ")[0] for failure in caught.value.failures] == ["evidence.removed"]


def test_an_accepted_surprise_is_published_with_its_reason(root: Path) -> None:
    """The reason stands in the manifest and in CHANGES.md, for the gates that failed and for no others."""
    accepted = dict.fromkeys(FAILED, "a planned cut") | {"sources.rows": "not needed", "no.such": "neither"}
    made = put(root, moved(), SECOND, code=CODE, accepted=accepted)
    assert made.is_new and latest(root) == made.release.name
    assert made.release.manifest["accepted_gates"] == dict.fromkeys(FAILED, "a planned cut")
    assert not made.release.manifest["tables"]["evidence"]["checks"]["removed"]["passed"]
    page = (made.release.folder / "CHANGES.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("Accepted")] == [
        f"Accepted although gate `{gate}` failed: a planned cut" for gate in sorted(FAILED)
    ]


def test_small_tables_move_freely(tmp_path: Path) -> None:
    """Below fifty rows one row is no share of anything; tables that move by nature are never held."""
    put(tmp_path, frames(10), FIRST)
    tables = frames(10)
    fewer = tables | {"document_authors": tables["document_authors"].head(1), "coverage": tables["coverage"].head(0)}
    made = put(tmp_path, fewer, FIRST + timedelta(days=1), code=CODE)
    assert made.is_new and made.release.table("document_authors").height == 1
