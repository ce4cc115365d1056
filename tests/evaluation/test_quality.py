"""How the figures of `quality` are made from rows that were labelled by reading."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from almanac_assets import settings
from almanac_assets.contract import TABLES
from almanac_assets.errors import InputMissing
from almanac_assets.evaluation.agreement import Figure, agreement, rows_of
from almanac_assets.evaluation.labels import CONTEXTS, EVENTS, MENTIONS, load_labels
from almanac_assets.evaluation.quality import load_figures, quality, write_figures
from almanac_assets.release.releases import Releases


def figure(right: int, n: int, **changes: object) -> Figure:
    values = {"measure": "m.accuracy", "slice": "all", "right": right, "n": n, "method": "m@1", "note": "read"}
    return Figure(**values | changes)  # type: ignore[arg-type]


def test_a_figure_has_its_n_and_an_interval_that_holds_it() -> None:
    """Seven of ten, by Wilson; a figure of no rows is none."""
    (row,) = rows_of([figure(7, 10), figure(0, 0, slice="nothing")])
    assert (row["value"], row["n"]) == (0.7, 10)
    assert row["low"] < row["value"] < row["high"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"document_id": "a:1", "kind": "gossip"}', r"events\.jsonl, line 1: kind is 'gossip'"),
        ('{"document_id": "a:1"}', r"events\.jsonl, line 1: KeyError"),
        ("not json", r"events\.jsonl, line 1"),
    ],
)
def test_a_label_that_cannot_be_is_named(tmp_path: Path, line: str, says: str) -> None:
    """File, line and remedy."""
    (tmp_path / EVENTS).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputMissing, match=says):
        load_labels(tmp_path, EVENTS)


def test_the_shipped_labels_are_whole() -> None:
    """At least sixty sentences with role and stance, and each file reads."""
    assert load_labels(settings.LABELS, CONTEXTS).height >= 60
    assert load_labels(settings.LABELS, MENTIONS).height >= 60
    assert load_labels(settings.LABELS, EVENTS).height >= 60


def test_a_rule_that_is_newer_than_its_figure_is_told(tmp_path: Path) -> None:
    """The figure stays, under the method that is published, and says which version was measured."""
    file = tmp_path / "quality.jsonl"
    write_figures(file, rows_of([figure(7, 10), figure(1, 2, measure="gone.accuracy", method="gone@1")]))
    made = quality(pl.DataFrame({"method": ["m@2"]}), load_figures(file))
    assert made.schema == TABLES["quality"].polars_schema
    assert made.select("measured_method", "note").rows() == [("m@2", "read; measured on m@1, the rule is newer")]


def test_the_shipped_figures_are_those_of_the_sample(sample_root: Path) -> None:
    """Anyone who runs `almanac evaluate` on the sample writes the file that is there."""
    release = Releases(sample_root / "releases").latest()
    assert release is not None
    made = [json.loads(json.dumps(row)) for row in agreement(settings.LABELS, release.folder)]
    assert made == [dict(row) for row in load_figures(settings.QUALITY_FILE)]
