"""A small corpus for the tests of relatedness: vectors, names, citations, dates and categories written by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.identity import event_id
from almanac_assets.relatedness.guide_ids import KNOWN_GUIDES
from almanac_assets.relatedness.guides import guides
from almanac_assets.relatedness.near import nearest_documents
from almanac_assets.relatedness.related_events import related_events
from almanac_assets.relatedness.similar_papers import similar_papers
from tests.events.rows import constants, registry

WIDTH = 256
FIRST_DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
AS_OF = pl.DataFrame({"as_of": [datetime(2026, 6, 20, tzinfo=UTC)]}, schema={"as_of": pl.Datetime("us", "UTC")})


def vector(*directions: float) -> list[int]:
    """A vector in its first directions; its length does not matter."""
    return [round(100 * value) for value in directions] + [0] * (WIDTH - len(directions))


class Corpus:
    """Documents added one by one; each is the lead of its own event unless `told_in` names the document of another."""

    def __init__(self, types: dict[str, str] | None = None, **frequency: int) -> None:
        self.frames: dict[str, list[dict[str, Any]]] = {
            name: []
            for name in (
                "documents",
                "document_vectors",
                "document_categories",
                "mentions",
                "events",
                "event_documents",
                "event_entities",
                "works",
                "citations",
                "guides",
                "event_guides",
            )
        }
        self.registry, self.constants = registry(**types or {}), constants(**frequency)

    def add(
        self,
        name: str,
        *directions: float,
        names: tuple[str, ...] = (),
        filed: tuple[str, ...] = (),
        cites: tuple[str, ...] = (),
        day: int | None = 0,
        told_in: str | None = None,
        kind: str = "preprint",
        title: str = "A title",
        text: str | None = None,
    ) -> Corpus:
        document, components = f"arxiv:{name}", vector(*directions)
        event = event_id(f"arxiv:{told_in or name}")
        length = float(np.linalg.norm(components))
        when = None if day is None else FIRST_DAY + timedelta(days=day)
        self._put("documents", document_id=document, kind=kind, title=title, text=text, published_at=when)
        self._put("document_vectors", document_id=document, vector=components, scale=1 / length if length else 0.0)
        self._put("event_documents", event_id=event, document_id=document)
        if told_in is None:
            self._put("events", event_id=event, lead_document_id=document, occurred_at=when, importance=5)
        for entity in names:
            self._put("mentions", document_id=document, entity_id=entity)
            self._put("event_entities", event_id=event, entity_id=entity)
        for place, category in enumerate(filed, 1):
            self._put("document_categories", document_id=document, position=place, category=category)
        self._put("works", work_id=document, document_id=document)
        for work in cites:
            self._put("citations", citing_work_id=document, cited_work_id=f"arxiv:{work}")
        return self

    def guide(self, guide_id: str, *members: str, size: int | None = None) -> Corpus:
        """A guide that holds the events of these documents."""
        self._put("guides", guide_id=guide_id, title=f"Guide {guide_id}", event_count=size or len(members))
        for member in members:
            self._put("event_guides", event_id=event_id(f"arxiv:{member}"), guide_id=guide_id)
        return self

    def _put(self, table: str, **row: Any) -> None:
        self.frames[table].append(row)

    def table(self, name: str) -> pl.DataFrame:
        """One input, with its rows in the order in which they were added."""
        return pl.DataFrame(self.frames[name], schema=TABLES[name].polars_schema, orient="row")

    def tables(self, *names: str) -> dict[str, pl.DataFrame]:
        return {name: self.table(name) for name in names}

    @property
    def neighbours(self) -> pl.DataFrame:
        return nearest_documents(self.table("document_vectors"))

    def lists(self) -> pl.DataFrame:
        """The table similar_papers."""
        read = ("documents", "document_vectors", "document_categories", "mentions", "works", "citations")
        made = similar_papers(
            **self.tables(*read), neighbours=self.neighbours, registry=self.registry, constants=self.constants
        )
        assert made.schema == TABLES["similar_papers"].polars_schema
        return made

    def of(self, name: str) -> list[dict[str, Any]]:
        """The similar papers of one document."""
        return self.lists().filter(pl.col("document_id") == f"arxiv:{name}").rows(named=True)

    def related(self) -> pl.DataFrame:
        """The table related_events."""
        read = ("events", "event_documents", "event_entities", "document_vectors", "works", "citations")
        made = related_events(
            **self.tables(*read, "guides", "event_guides"),
            neighbours=self.neighbours,
            registry=self.registry,
            constants=self.constants,
        )
        assert made.schema == TABLES["related_events"].polars_schema
        return made

    def related_to(self, name: str) -> list[dict[str, Any]]:
        """The related events of the event that one document opened; other_event_id as the name of its document."""
        names = {event_id(row["document_id"]): row["document_id"][6:] for row in self.frames["documents"]}
        rows = self.related().filter(pl.col("event_id") == event_id(f"arxiv:{name}")).rows(named=True)
        return [row | {"other": names[row["other_event_id"]]} for row in rows]

    def guided(self, known: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
        """The tables of the step of guides."""
        made = guides(
            **self.tables("events", "event_entities", "documents", "document_vectors"),
            neighbours=self.neighbours,
            registry=self.registry,
            known_guides=pl.DataFrame(schema=KNOWN_GUIDES) if known is None else known,
            as_of=AS_OF,
        )
        for name in ("guides", "event_guides", "entity_guides"):
            assert set(made[name].columns) == set(TABLES[name].column_names)
            assert made[name].select(TABLES[name].column_names).schema == TABLES[name].polars_schema
        return made
