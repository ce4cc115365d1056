"""A small corpus run through the room with and without overrides, for the tests of what overrides do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from almanac_assets.entities import Gazetteer, entity_aliases, found_mentions, linked_mentions, registry
from almanac_assets.entities.corrections import corrections
from almanac_assets.entities.judgements import judgements
from almanac_assets.entities.overrides import Override
from almanac_assets.entities.redirects import entity_redirects

from .conftest import documents_of, texts_of

IDS = pl.Schema(
    dict.fromkeys(("type", "normal_form", "entity_id", "slug"), pl.String()) | {"gone_since": pl.Datetime("us", "UTC")}
)
DAY = date(2026, 6, 19)
AS_OF = datetime(2026, 6, 19, 6, tzinfo=UTC)
_ENTRY: TypeAdapter[Override] = TypeAdapter(Override)


def override(**fields: Any) -> Override:
    """One override, reviewed and in force since DAY."""
    return _ENTRY.validate_python({"reason": "looked at", "reviewed_by": "Almanac", "since": DAY} | fields)


def model(name: str) -> dict[str, str]:
    return {"type": "model", "name": name}


def method(name: str) -> dict[str, str]:
    return {"type": "method", "name": name}


@dataclass(frozen=True)
class Built:
    """What the room makes of one corpus."""

    registry: pl.DataFrame
    mentions: pl.DataFrame
    aliases: pl.DataFrame
    judgements: pl.DataFrame
    redirects: pl.DataFrame

    @property
    def known(self) -> pl.DataFrame:
        """The ids that a later release knows of this one."""
        ids = self.registry.select("type", "normal_form", "entity_id", "slug")
        return ids.with_columns(gone_since=pl.lit(None, dtype=IDS["gone_since"]))

    def id(self, name: str) -> str:
        """The id of the active entity of that name."""
        (found,) = self.registry.filter(name=name, record_status="active")["entity_id"]
        return str(found)

    def links(self) -> dict[str, set[str | None]]:
        """Which entities each surface is linked to."""
        rows = self.mentions.group_by("surface").agg(pl.col("entity_id").unique())
        return {surface: set(ids) for surface, ids in rows.iter_rows()}


def built(
    gazetteer: Gazetteer,
    pairs: tuple[tuple[str, str], ...],
    *overrides: Override,
    known: pl.DataFrame | None = None,
    as_of: datetime = AS_OF,
) -> Built:
    """Registry, mentions, aliases, judgements and redirects of a few documents under these overrides."""
    texts, documents = texts_of(*pairs), documents_of(len(pairs))
    told = documents.join(texts.select("content_hash", "title", "text"), on="content_hash")
    found, known = found_mentions(texts, gazetteer), pl.DataFrame(schema=IDS) if known is None else known
    now = pl.DataFrame({"as_of": [as_of]}, schema={"as_of": pl.Datetime("us", "UTC")})
    rules = corrections(found, known, now, gazetteer, overrides)
    table = registry(found, documents, gazetteer, known, rules)
    mentions = linked_mentions(found, documents, table, gazetteer, rules)
    aliases = entity_aliases(mentions, table, documents)
    return Built(
        table,
        mentions,
        aliases,
        judgements(table, mentions, told, rules, gazetteer),
        entity_redirects(rules, table, known, aliases, now),
    )
