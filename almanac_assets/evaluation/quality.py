"""The table `quality`: the committed figures, with a note where the rule is newer than its figure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.errors import InputMissing
from almanac_assets.store.files import write_text

REMEDY = "make it with `almanac evaluate`"
Row = Mapping[str, Any]


def load_figures(file: Path) -> tuple[Row, ...]:
    """The rows of evaluation/quality.jsonl."""
    try:
        return tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    except (OSError, ValueError) as error:
        raise InputMissing(f"{file} cannot be read: {error}", remedy=REMEDY) from error


def write_figures(file: Path, rows: Sequence[Row]) -> None:
    write_text(file, "".join(json.dumps(dict(row), sort_keys=True, ensure_ascii=False) + "\n" for row in rows))


def quality(methods: pl.DataFrame, quality_figures: tuple[Row, ...]) -> pl.DataFrame:
    """The table `quality`; a figure whose method has another version now is kept, under the version that is published."""
    made = pl.DataFrame([dict(row) for row in quality_figures], schema=TABLES["quality"].polars_schema, orient="row")
    name = pl.col("measured_method").str.split("@").list.first()
    now = methods.select(now="method", name=pl.col("method").str.split("@").list.first())
    joined = made.with_columns(name=name).join(now, on="name", how="left", maintain_order="left")
    older = pl.col("now").is_not_null() & (pl.col("now") != pl.col("measured_method"))
    told = pl.format("{}; measured on {}, the rule is newer", pl.col("note").fill_null("no note"), "measured_method")
    return (
        joined.filter(pl.col("now").is_not_null())
        .with_columns(note=pl.when(older).then(told).otherwise("note"), measured_method="now")
        .select(TABLES["quality"].column_names)
    )
