"""Names of events for addresses."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

SLUG_LENGTH = 72  # characters of a slug before its suffix: whole in most address bars


def slugs(titles: pl.Series, ids: pl.Series) -> pl.Series:
    """The title for addresses, cut between words, with six digits of the id so that two equal titles stay apart.

    A title without a letter of the alphabet gives nothing to read: its slug is all 16 digits of the id.
    """
    made = [slug_of(title, id_) for title, id_ in zip(titles, ids, strict=True)]
    return pl.Series("slug", made, dtype=pl.String)


def slug_of(title: str, event_id: str) -> str:
    words, digits = slug(title), event_id.removeprefix("ev-")
    if len(words) > SLUG_LENGTH:
        whole = words[: SLUG_LENGTH + 1].rsplit("-", 1)[0]
        words = whole if len(whole) <= SLUG_LENGTH else words[:SLUG_LENGTH]
    return f"{words}-{digits[:6]}" if words else digits


def slug(title: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; accents are dropped from their letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode() if not title.isascii() else title
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
