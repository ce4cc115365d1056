"""Answers of sources, taken in and read: what health and coverage see."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from almanac_assets import settings
from almanac_assets.documents.parse import parsed_part
from almanac_assets.harvest.ledger import Fetch, fetches_by_part
from almanac_assets.harvest.sources import load_sources
from almanac_assets.store.payloads import PayloadStore


@dataclass(frozen=True)
class Answer:
    """A body that a source gave at a time (`2026-06-24T06:00`, UTC)."""

    source_id: str
    at: str
    body: bytes
    http_status: int | None = 200

    def fetch(self, store: PayloadStore) -> Fetch:
        moment = datetime.fromisoformat(self.at).replace(tzinfo=UTC)
        return Fetch(store.keep(self.body), self.source_id, moment, len(self.body), http_status=self.http_status)


def frames(
    *answers: Answer, bulk: list[tuple[Path, str]] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`_fetches`, `_payload_facts` and `_records` of these answers and bulk Parquet files (path, time)."""
    with tempfile.TemporaryDirectory() as folder:
        store = PayloadStore(Path(folder))
        fetches = [answer.fetch(store) for answer in answers]
        for file, when in bulk or []:
            rows = pl.scan_parquet(file).select(pl.len()).collect().item()
            moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
            fetches.append(Fetch(store.keep_file(file), "arxiv-bulk", moment, 1, bulk_rows=rows))
        parts = fetches_by_part(sorted(fetches, key=lambda fetch: fetch.to_line()))
        sources = load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)
        made = [parsed_part(part, store, sources) for part in parts.values()]
        facts = pl.concat([one["_payload_facts"] for one in made])
        return pl.concat(list(parts.values())), facts, pl.concat([one["_records"] for one in made])
