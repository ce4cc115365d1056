"""Whether each window of a source is whole: the table `coverage`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.harvest.calendar import announces
from almanac_assets.harvest.citation_files import FORMAT as CITATIONS
from almanac_assets.harvest.formats.snapshot import FORMAT as SNAPSHOT
from almanac_assets.harvest.pulls import pulls

COVERAGE = Method(
    "harvest.coverage",
    1,
    "Whether a window of a source is whole",
    "An OAI harvest is complete when every resumption token that was given was also used, every one that was used was also "
    "given, and the last page closes the list; one without an end reaches to its first answer. A bulk file is complete when "
    "no row of it was set aside, and its window reaches over the days on which its records were seen; a daily list without "
    "announcement when it is empty. Otherwise nobody tells how many records to expect and the status is unknown.",
)
DAY = timedelta(days=1)
MISSING_PAGE = "a page of the harvest is missing: harvest this window again"
FAILED = "no answer of this pull could be read: harvest this window again"
Row = dict[str, Any]


def coverage(fetches: pl.DataFrame, payload_facts: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The table `coverage`: a row per source and window, from the newest pull of it that could be read."""
    # A body that was fetched twice has its records twice.
    times = payload_facts.group_by("payload_sha256").agg(times=pl.struct("source_id", "fetched_at").n_unique())
    bulk_rows = fetches.filter("is_bulk").group_by("payload_sha256").agg(total=pl.col("rows").sum())
    read = records.group_by("payload_sha256").agg(
        ids=pl.col("document_id").unique(),
        kept=pl.len().cast(pl.Int64),
        first_day=pl.col("seen_at").min(),
        last_day=pl.col("seen_at").max(),
    )
    facts = pulls(payload_facts).with_columns(
        pl.col("window_from").forward_fill().over("source_id", "pull_at"),
        has_window=pl.col("window_from").is_not_null(),
    )
    for more in (times, read, bulk_rows):
        facts = facts.join(more, on="payload_sha256", how="left", maintain_order="left")
    facts = facts.with_columns(pl.col("total", "kept").floordiv(pl.col("times")))
    rows: dict[tuple[Any, ...], Row] = {}
    # Pulls come in the order of time, so the newest stays; a pull that failed replaces none that did not.
    for (source_id, _, _), pages in facts.group_by("source_id", "pull_at", "window_from", maintain_order=True):
        row = _window(pages)
        if row and (row["note"] != FAILED or (source_id, row["window_start"]) not in rows):
            rows[source_id, row["window_start"]] = row | {"source_id": source_id}
    schema = TABLES["coverage"].polars_schema
    table = [row | {"method": COVERAGE.id, "missing": []} for _, row in sorted(rows.items())]
    return pl.DataFrame([{name: row[name] for name in schema} for row in table], schema=schema)


def _window(pages: pl.DataFrame) -> Row | None:
    """The row of the answers of one pull that share the begin of their window; None where they state no window."""
    got = pages["ids"].drop_nulls().explode().n_unique() if pages["ids"].null_count() < pages.height else 0
    if (pages["format"] == CITATIONS).any():
        return None  # nobody tells over which days or works such a file reaches
    days, starts = pages["announced_on"].drop_nulls(), pages["window_from"].drop_nulls()
    if pages["total"].null_count() < pages.height or (pages["format"] == SNAPSHOT).any():
        return _bulk_window(pages, got)
    if days.len():
        return _announced_window(days[-1], got)
    return _harvested_window(pages, starts[0], got) if starts.len() else None


def _bulk_window(pages: pl.DataFrame, got: int) -> Row:
    """Bulk files of one import: all rows are there, but some may be no records or repeat an id."""
    each = pages.group_by("payload_sha256").agg(
        pl.col("total", "kept", "first_day", "last_day", "fetched_at").first(), pl.col("items").sum()
    )
    total = int(each.select(pl.coalesce("total", "items").sum()).item())
    set_aside = int(each.select((pl.col("items") - pl.col("kept").fill_null(0)).sum()).item())
    repeated = total - set_aside - got
    told = [
        f"rows set aside: {set_aside}" if set_aside else "",
        f"rows that repeat an id: {repeated}" if repeated else "",
    ]
    first, last = (each.select(pl.coalesce(name, "fetched_at")).to_series() for name in ("first_day", "last_day"))
    begin, end = first.min(), last.max()
    assert isinstance(begin, datetime)
    assert isinstance(end, datetime)
    status = "short" if set_aside else "complete"
    note = "; ".join(words for words in told if words) or None
    return _row(begin.date(), _midnight(end.date()) + DAY, total, "response_total", got, status, note)


def _announced_window(day: date, got: int) -> Row:
    end = _midnight(day) + DAY
    if not announces(day):
        status = "complete" if got == 0 else "excess"
        return _row(day, end, 0, "calendar", got, status, "no announcement on that day")
    note = "the feed does not tell how many papers were announced"
    return _row(day, end, None, "unknown", got, "unknown", note if got else "empty on a day of announcement")


def _harvested_window(pages: pl.DataFrame, start: date, got: int) -> Row:
    totals, until = pages["stated_total"].drop_nulls(), pages["window_until"].drop_nulls()
    answered = pages["fetched_at"].min()
    assert isinstance(answered, datetime)
    # What changes after the first answer is not in it, whatever end was asked for; from = today may leave minutes only.
    stated_end = _midnight(until[-1]) + DAY if until.len() else answered
    end = max(min(stated_end, answered), _midnight(start) + timedelta(microseconds=1))
    if (pages["outcome"] == "error").all():
        return _row(start, end, None, "unknown", 0, "short", FAILED)
    whole = is_whole(pages)
    note = None if whole else MISSING_PAGE
    if not totals.len():
        return _row(start, end, None, "unknown", got, "complete" if whole else "short", note)
    expected = int(totals[-1])
    status = "complete" if got == expected else "short" if got < expected else "excess"
    return _row(start, end, expected, "response_total", got, status, note)


def is_whole(pages: pl.DataFrame) -> bool:
    """Every token that was given was used, every one used was given, and some page closes the list.

    An answer that nothing matches (`empty`) closes a list of its own.
    """
    given = {unquote(token) for token in pages["resumption_token"].drop_nulls() if token}
    used = {token for url in pages["claimed_url"].drop_nulls() if (token := _token(url))}
    closes = pages["is_last_page"].fill_null(value=False) | (pages["has_window"] & (pages["outcome"] == "empty"))
    return given == used and bool(closes.any())


def _token(url: str) -> str:
    """The resumption token that an address was asked with, without any percent-encoding; empty where there is none."""
    values = parse_qs(urlsplit(url).query).get("resumptionToken", [""])
    return unquote(values[0])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _row(start: date, end: datetime, expected: int | None, basis: str, got: int, status: str, note: str | None) -> Row:
    return {
        "window_start": _midnight(start),
        "window_end": end,
        "expected": expected,
        "expected_basis": basis,
        "got": got,
        "status": status,
        "note": note,
    }
