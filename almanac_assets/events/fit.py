"""Fit the constants of importance on a release and write them: python -m almanac_assets.events.fit RELEASE FOLDER.

Document frequencies of names give prominence; the cut points are the quantiles (upvotes left out), at which the levels have the shares aimed at
over a year, of the scores that follow from these prominences. No labels are used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

from almanac_assets.events.importance import (
    CONSTANTS_FILE,
    LEAST_DOCUMENTS,
    ImportanceConstants,
    importance_parts,
    prominences,
)
from almanac_assets.harvest.records import OBSERVATIONS
from almanac_assets.store.files import write_text

# Shares of a year's events at the levels 1 to 10: the aim that the level's meaning was written with.
SHARES = (0.08, 0.12, 0.20, 0.20, 0.20, 0.13, 0.05, 0.015, 0.004, 0.001)


def fitted(release: Path) -> dict[str, object]:
    """The constants as they are written, from the tables of a release."""
    table = {
        name: pl.read_parquet(release / "tables" / f"{name}.parquet")
        for name in (
            "documents",
            "entities",
            "evidence",
            "event_documents",
            "event_entities",
            "document_categories",
            "sources",
            "payloads",
        )
    }
    defined = table["evidence"].select(description_evidence_id="evidence_id", description_document_id="subject_id")
    registry = table["entities"].join(defined, on="description_evidence_id", how="left")
    counted = registry.filter(pl.col("document_count") >= LEAST_DOCUMENTS).sort("type", "normal_form")
    keys = counted.select(pl.concat_str("type", "normal_form", separator=" ")).to_series().to_list()
    frequency = dict(zip(keys, counted["document_count"].to_list(), strict=True))
    documents = table["documents"].height
    constants = ImportanceConstants(prominences(frequency, documents), frequency, documents, [])
    parts = importance_parts(
        table["documents"],
        table["event_documents"],
        table["event_entities"],
        table["document_categories"],
        registry,
        table["sources"],
        pl.DataFrame(schema=OBSERVATIONS).with_columns(fetched_at="observed_at"),
        constants,
    )
    scores = parts.group_by("event_id").agg(pl.col("points").sum().round(6))["points"].sort()
    cumulated = [sum(SHARES[:level]) for level in range(1, 10)]
    cuts = [scores[min(int(share * scores.len()), scores.len() - 1)] for share in cumulated]
    return {
        "documents": documents,
        "payloads": sorted(table["payloads"]["payload_sha256"].to_list()),
        "cut_points": cuts,
        "document_frequency": frequency,
    }


def main() -> None:
    release, folder = Path(sys.argv[1]), Path(sys.argv[2])
    constants = fitted(release)
    write_text(folder / CONSTANTS_FILE, json.dumps(constants, indent=0, sort_keys=True, ensure_ascii=False) + "\n")
    print(f"constants of {constants['documents']} documents written to {folder / CONSTANTS_FILE}")


if __name__ == "__main__":
    main()
