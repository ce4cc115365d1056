"""Ids and slugs of entities: made once at birth, then fixed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

LONGEST_SLUG = 48
DIGEST_DIGITS = 8


def slug_of(name: str, fallback: str) -> str:
    """The name in a-z, 0-9 and single dashes, at most 48 letters; the fallback where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("+", " plus ")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
    return slug or fallback


def digest_of(entity_type: str, form: str) -> str:
    """Eight hex digits of the sha256 of type and founding normal form."""
    return hashlib.sha256(f"{entity_type}\n{form}".encode()).hexdigest()[:DIGEST_DIGITS]


def entity_id_of(name: str, entity_type: str, form: str) -> str:
    """The id that an entity gets at birth: `llama-3-1-8b-` and its digest."""
    return f"{slug_of(name, entity_type)}-{digest_of(entity_type, form)}"


def free_slug(name: str, entity_type: str, form: str, taken: Collection[str]) -> str:
    """A slug that nobody had before: the name, else with its type, else with its digest."""
    slug = slug_of(name, entity_type)
    if slug not in taken:
        return slug
    with_type = f"{slug}-{entity_type}"
    return with_type if with_type not in taken else f"{slug}-{digest_of(entity_type, form)}"
