"""Ids of events: made of the document that opened the story, and of nothing else."""

from __future__ import annotations

import hashlib


def event_id(opening_document_id: str) -> str:
    """`ev-` and 16 hex digits of the document that opened the story: a new title or lead keeps it."""
    return "ev-" + hashlib.sha256(opening_document_id.encode()).hexdigest()[:16]
