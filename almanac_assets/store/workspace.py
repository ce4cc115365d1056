"""The folders of one body of data: its payloads, its lake and its releases lie below one root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from almanac_assets.store.lake import Lake
from almanac_assets.store.payloads import PayloadStore


@dataclass(frozen=True)
class Workspace:
    """A root folder; the sample, live data and each `--out` have their own."""

    root: Path

    @property
    def payloads(self) -> PayloadStore:
        return PayloadStore(self.root / "raw" / "payloads")

    @property
    def ledger_file(self) -> Path:
        return self.root / "raw" / "ledger.jsonl"

    @property
    def lake(self) -> Lake:
        return Lake(self.root / "lake")

    @property
    def releases(self) -> Path:
        return self.root / "releases"
