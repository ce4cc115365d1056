"""Where things are; the environment is read in this one place, and only when asked."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = CHECKOUT / "data"
SAMPLE = DATA / "sample"
SOURCES_FILE = DATA / "sources.yaml"
PULLS_FILE = DATA / "pulls.yaml"
LIVE = DATA / "live"
CATEGORIES_FILE = DATA / "arxiv_categories.csv"
GAZETTEER = DATA / "gazetteer"
WORD_TABLE = DATA / "models" / "static_words"
CONSTANTS = DATA / "models" / "importance"
OVERRIDES = DATA / "overrides"
LABELS = CHECKOUT / "evaluation" / "labels"
QUALITY_FILE = CHECKOUT / "evaluation" / "quality.jsonl"
DAGSTER_HOME = CHECKOUT / ".dagster"
LOCK_FILE = CHECKOUT / "requirements.lock"
OUT_VARIABLE = "ALMANAC_OUT"
PROFILE_VARIABLE = "ALMANAC_PROFILE"
ROUTE_VARIABLE = "ALMANAC_ROUTE"


def own_root() -> Path | None:
    """The folder that `almanac ui --out` shows, for the code server that it starts; None for the sample's."""
    named = os.environ.get(OUT_VARIABLE)
    return Path(named) if named else None


def own_profile() -> str | None:
    """The profile that the environment names; None where it names none."""
    return os.environ.get(PROFILE_VARIABLE) or None


def own_route() -> str | None:
    """An address on this machine that stands for every host, so that what is pulled can be tried without a network."""
    return os.environ.get(ROUTE_VARIABLE) or None


def key(variable: str) -> str | None:
    """A key for an upstream from the environment; it must be written nowhere."""
    return (os.environ.get(variable) or "").strip() or None
