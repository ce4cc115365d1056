"""On which days a feed of arXiv should hold papers."""

from __future__ import annotations

from datetime import date

import pytest

from almanac_assets.harvest.calendar import announces


@pytest.mark.parametrize(
    ("day", "holds_papers"),
    [
        ("2026-06-12", True),  # Friday: announced on Thursday evening
        ("2026-06-13", False),
        ("2026-06-14", False),
        ("2026-06-15", True),  # Monday: announced on Sunday evening
        ("2026-06-18", True),
        ("2026-06-19", True),  # Juneteenth itself: Thursday's list came out the evening before
        ("2026-06-20", False),
        ("2026-06-21", False),
        ("2026-06-22", False),  # Friday's deadline fell away, so Sunday brought nothing
        ("2026-06-23", True),
        ("2026-07-06", False),
        ("2026-01-02", False),
        ("2026-01-20", False),
        ("2026-09-08", False),
        ("2026-11-27", False),
        ("2026-12-25", True),
        ("2026-12-28", False),
        ("2026-12-30", False),
    ],
)
def test_a_feed_follows_its_deadline(day: str, holds_papers: bool) -> None:
    """No list on weekends, nor on the morning after a holiday without deadline."""
    assert announces(date.fromisoformat(day)) is holds_papers
