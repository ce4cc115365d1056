"""Ids of events: made of the document that opened the story, and of nothing else."""

from __future__ import annotations

import hashlib

import polars as pl


def event_id(opening_document_id: str) -> str:
    """`ev-` and 16 hex digits of the document that opened the story: a new title or lead keeps it."""
    return "ev-" + hashlib.sha256(opening_document_id.encode()).hexdigest()[:16]


def event_ids(document_ids: pl.Series) -> pl.Series:
    return pl.Series("event_id", [event_id(document_id) for document_id in document_ids], dtype=pl.String)
