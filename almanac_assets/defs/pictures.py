"""Small bar charts as SVG, for tables whose shape is sooner seen than read."""

from html import escape

import polars as pl

# Which column of which table is counted, and how many bars are drawn at most.
COUNTED = {
    "documents": ("primary_category", 12),
    "mentions": ("type", 12),
    "entities": ("type", 12),
    "events": ("importance", 10),
    "importance_parts": ("part", 8),
    "quarantine": ("reason", 12),
    "feed_health": ("outcome", 6),
    "list_notes": ("list_name", 8),
}
BAR, GAP, LABEL, WIDTH = 16, 4, 130, 320


def picture(name: str, frame: pl.DataFrame) -> str | None:
    """The counts of the table's telling column as bars; None for a table without one, or without rows."""
    if name not in COUNTED or not frame.height:
        return None
    column, most = COUNTED[name]
    counts = frame.group_by(column).agg(pl.len()).drop_nulls()
    ordered = (
        counts.sort(column)
        if frame[column].dtype.is_integer()
        else counts.sort("len", column, descending=[True, False])
    )
    return bars([(str(label), int(count)) for label, count in ordered.head(most).iter_rows()])


def bars(counts: list[tuple[str, int]]) -> str:
    """Horizontal bars with their labels and numbers."""
    longest = max((count for _, count in counts), default=1) or 1
    height = len(counts) * (BAR + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + WIDTH + 70}" height="{height}" font-family="sans-serif" font-size="11">'
    ]
    for position, (label, count) in enumerate(counts):
        top = GAP + position * (BAR + GAP)
        width = max(1, round(WIDTH * count / longest))
        parts.append(f'<text x="{LABEL - 6}" y="{top + 12}" text-anchor="end" fill="#555">{escape(label)}</text>')
        parts.append(f'<rect x="{LABEL}" y="{top}" width="{width}" height="{BAR}" fill="#4f7cac"/>')
        parts.append(f'<text x="{LABEL + width + 4}" y="{top + 12}" fill="#555">{count:,}</text>')
    return "".join(parts) + "</svg>"
