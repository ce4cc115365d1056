"""Where things are; the environment is read in this one place, and only when asked."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = CHECKOUT / "data"
SAMPLE = DATA / "sample"
SOURCES_FILE = DATA / "sources.yaml"
CATEGORIES_FILE = DATA / "arxiv_categories.csv"
GAZETTEER = DATA / "gazetteer"
WORD_TABLE = DATA / "models" / "static_words"
CONSTANTS = DATA / "models" / "importance"
DAGSTER_HOME = CHECKOUT / ".dagster"
LOCK_FILE = CHECKOUT / "requirements.lock"
OUT_VARIABLE = "ALMANAC_OUT"


def own_root() -> Path | None:
    """The folder that `almanac ui --out` shows, for the code server that it starts; None for the sample's."""
    named = os.environ.get(OUT_VARIABLE)
    return Path(named) if named else None
