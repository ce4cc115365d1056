"""Where things are, read from the environment in one place; nothing is read at import but the checkout's own folder."""

from __future__ import annotations

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
