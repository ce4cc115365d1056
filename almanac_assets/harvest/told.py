"""What a payload tells of itself before it is kept: its facts, and a date to go by."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.oai import read_facts
from almanac_assets.harvest.formats.xml_bytes import local_name, read_tree, refuse_unreadable
from almanac_assets.harvest.records import Facts


def told_by(body: bytes) -> tuple[Facts, datetime | None]:
    """What a payload says about itself, and the newest date of its records where it states no time of its own.

    Of an OAI page only the envelope is read: 0.8 ms instead of 24 ms for 60 records, which are read once, later.
    """
    try:
        trimmed = refuse_unreadable(body)
        if trimmed.startswith(b"<"):
            root, notes = read_tree(trimmed)
            if local_name(root) == "OAI-PMH":
                return read_facts({local_name(child): child for child in root}, notes), None
    except FeedBroken:
        pass  # what is wrong with the bytes is told in the quarantine, by the reader of the format
    parsed = parse(body)
    if parsed.facts.answered_at or not parsed.records.height:
        return parsed.facts, None
    dates = pl.max_horizontal("published_at", "version_at", pl.col("datestamp").cast(pl.Datetime("us", "UTC")))
    newest = parsed.records.select(dates.max()).item()
    return parsed.facts, newest if isinstance(newest, datetime) else None
