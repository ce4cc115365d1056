"""When arXiv announces: Sunday to Thursday evening US Eastern, except after a holiday on which no list is frozen.

Source: arXiv's announcement schedule and its list of holidays for 2026. A feed carries the date of the morning after.
"""

from __future__ import annotations

from datetime import date, timedelta

# Days whose 14:00 Eastern deadline falls away, so that the next announcement does. More can be declared at short notice.
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-01-01",
        "2026-01-19",
        "2026-06-19",
        "2026-07-03",
        "2026-09-07",
        "2026-11-26",
        "2026-12-25",
        "2026-12-29",
        "2026-12-31",
    )
)


def announces(day: date) -> bool:
    """Whether the feed of this day (US Eastern) should hold new papers.

    A feed of Tuesday to Friday holds what was announced the evening before, that of Monday what was announced on Sunday
    for Friday's deadline. Outside 2026 only weekends are known.
    """
    if day.weekday() >= 5:
        return False
    deadline = day - timedelta(days=3 if day.weekday() == 0 else 1)
    return deadline not in HOLIDAYS
