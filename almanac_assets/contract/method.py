"""How a row was made: a named, versioned rule with its parameters, published in the table `methods`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Method:
    """A rule or model. Raise `version` when what it means changes; the code's own hash decides what is recomputed."""

    name: str
    version: int
    title: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    model_sha256: str | None = None
    training_data: str | None = None
    licence: str | None = None

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def column(self) -> pl.Expr:
        """The `method` column of the rows that this rule makes."""
        return pl.lit(self.id).alias("method")
