"""A small corpus for the tests of relatedness: vectors, names and categories written by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.identity import event_id
from almanac_assets.relatedness.similar_papers import similar_papers
from tests.events.rows import constants, registry

WIDTH = 256


def vector(*directions: float) -> list[int]:
    """A vector in its first directions; its length does not matter."""
    return [round(100 * value) for value in directions] + [0] * (WIDTH - len(directions))


class Corpus:
    """Documents added one by one; `lists` gives the table similar_papers."""

    def __init__(self, types: dict[str, str] | None = None, **frequency: int) -> None:
        self.rows: list[tuple[str, list[int], tuple[str, ...], tuple[str, ...]]] = []
        self.registry, self.constants = registry(**types or {}), constants(**frequency)

    def add(self, name: str, *directions: float, names: tuple[str, ...] = (), filed: tuple[str, ...] = ()) -> Corpus:
        self.rows.append((f"arxiv:{name}", vector(*directions), names, filed))
        return self

    def tables(self) -> dict[str, pl.DataFrame]:
        """The inputs of the step, in the order in which documents were added."""
        frames: dict[str, list[dict[str, Any]]] = {
            "document_vectors": [], "event_entities": [], "event_documents": [], "document_categories": [],
        }  # fmt: skip
        for document, components, names, filed in self.rows:
            event, length = event_id(document), float(np.linalg.norm(components))
            scale = 1 / length if length else 0.0
            frames["document_vectors"].append({"document_id": document, "vector": components, "scale": scale})
            frames["event_documents"].append({"event_id": event, "document_id": document})
            frames["event_entities"] += [{"event_id": event, "entity_id": name} for name in names]
            frames["document_categories"] += [
                {"document_id": document, "position": n, "category": name} for n, name in enumerate(filed, 1)
            ]
        return {
            name: pl.DataFrame(rows, schema=TABLES[name].polars_schema, orient="row") for name, rows in frames.items()
        }

    def lists(self) -> pl.DataFrame:
        made = similar_papers(**self.tables(), registry=self.registry, constants=self.constants)
        assert made.schema == TABLES["similar_papers"].polars_schema
        return made

    def of(self, name: str) -> list[dict[str, Any]]:
        """The list of one document."""
        return self.lists().filter(pl.col("document_id") == f"arxiv:{name}").rows(named=True)
