"""What each pull brought, and whether each window is whole: the tables `payloads`, `feed_health` and `coverage`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.harvest.calendar import announces
from almanac_assets.harvest.sources import Sources

HEALTH = Method(
    "harvest.health",
    1,
    "Outcome of each pull",
    "Answers of one source less than `gap_minutes` apart are one pull. `new` if it brought a document or version not known "
    "before, `empty` without items, `error` if no answer could be read, `stale` if all items were known on a day for which "
    "the source's calendar promises news, else `not_modified`.",
    {"gap_minutes": 15},
)
COVERAGE = Method(
    "harvest.coverage",
    1,
    "Whether a window of a source is whole",
    "An OAI harvest is complete when every resumption token that was given was also used and the last page closes the list; "
    "a bulk file when every row of it was read or set aside; a daily list without announcement when it is empty. "
    "Otherwise nobody tells how many records to expect and the status is unknown.",
)
# A server may ask to wait up to 10 minutes between pages of one harvest; later answers belong to another pull.
GAP = timedelta(minutes=15)


def payloads(fetches: pl.DataFrame, payload_facts: pl.DataFrame) -> pl.DataFrame:
    """The table `payloads`: each body once, at its first fetch."""
    items = payload_facts.group_by("payload_sha256", "fetched_at").agg(pl.col("items").sum())
    return (
        fetches.sort("fetched_at", "source_id", "first_row")
        .unique("payload_sha256", keep="first", maintain_order=True)
        .join(items, on=["payload_sha256", "fetched_at"], how="left")
        .with_columns(pl.col("items").fill_null(0))
        .select(TABLES["payloads"].column_names)
    )


def pulls(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with the begin of the pull that each answer belongs to (`pull_at`)."""
    by_time = facts.sort("source_id", "fetched_at", "payload_sha256")
    is_new = (pl.col("fetched_at").diff() > GAP).over("source_id").fill_null(True)
    numbered = by_time.with_columns(_pull=is_new.cum_sum().over("source_id"))
    return numbered.with_columns(pull_at=pl.col("fetched_at").min().over("source_id", "_pull")).drop("_pull")


def feed_health(fetches: pl.DataFrame, payload_facts: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The table `feed_health`: one row per pull."""
    sizes = fetches.group_by("payload_sha256").agg(pl.col("bytes").first(), pl.col("http_status").last())
    first = (
        records.sort("fetched_at", "source_id", "payload_sha256")
        .unique(["document_id", "version"], keep="first", maintain_order=True)
        .group_by("source_id", "payload_sha256", "fetched_at")
        .agg(new_items=pl.len().cast(pl.Int64))
    )
    origin = ["source_id", "payload_sha256", "fetched_at"]
    per_payload = payload_facts.group_by(origin).agg(
        pl.col("items").sum(), pl.col("outcome").min(), pl.col("announced_on").max(), pl.col("message").max()
    )
    answers = pulls(per_payload).join(first, on=origin, how="left").join(sizes, on="payload_sha256", how="left")
    grouped = answers.group_by("source_id", "pull_at").agg(
        pl.col("bytes").sum(),
        pl.col("items").sum(),
        pl.col("new_items").sum(),
        pl.col("http_status").drop_nulls().last(),
        pl.col("announced_on").max(),
        pl.col("message").drop_nulls().sort().first(),
        payloads=pl.col("payload_sha256").unique().sort(),
        all_failed=(pl.col("outcome") == "error").all(),
    )
    expected = pl.col("announced_on").map_elements(_expected, pl.String, skip_nulls=False)
    return (
        grouped.with_columns(HEALTH.column, expected=expected, elapsed_ms=pl.lit(None, dtype=pl.Int64))
        .with_columns(outcome=_outcome(), fetched_at="pull_at")
        .select(TABLES["feed_health"].column_names)
    )


def _expected(announced_on: object) -> str:
    if announced_on is None:
        return "unscheduled"
    return "announcement_day" if announces(announced_on) else "no_announcement"  # type: ignore[arg-type]


def _outcome() -> pl.Expr:
    return (
        pl.when("all_failed")
        .then(pl.lit("error"))
        .when(pl.col("items") == 0)
        .then(pl.lit("empty"))
        .when(pl.col("new_items") > 0)
        .then(pl.lit("new"))
        .when(pl.col("expected") == "announcement_day")
        .then(pl.lit("stale"))
        .otherwise(pl.lit("not_modified"))
    )


def coverage(fetches: pl.DataFrame, payload_facts: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The table `coverage`: a row per source and window, from the newest pull of that window."""
    bulk_rows = fetches.filter("is_bulk").group_by("payload_sha256").agg(total=pl.col("rows").sum())
    ids = records.group_by("payload_sha256").agg(ids=pl.col("document_id").unique(), newest=pl.col("seen_at").max())
    facts = (
        pulls(payload_facts).join(ids, on="payload_sha256", how="left").join(bulk_rows, on="payload_sha256", how="left")
    )
    rows = {}
    for (source_id, pull_at), pages in facts.group_by("source_id", "pull_at", maintain_order=True):
        row = _window(pages.sort("fetched_at", "payload_sha256"))
        if row:
            key = (source_id, row["window_start"])
            rows[key] = row | {
                "source_id": source_id,
                "pull_at": pull_at,
            }  # pulls come in order of time: the newest stays
    schema = TABLES["coverage"].polars_schema
    table = [row | {"method": COVERAGE.id, "missing": []} for row in rows.values()]
    return pl.DataFrame([{name: row[name] for name in schema} for row in table], schema=schema)


def _window(pages: pl.DataFrame) -> dict[str, object] | None:
    got = pages["ids"].drop_nulls().explode().n_unique() if pages["ids"].drop_nulls().len() else 0
    if pages["total"].drop_nulls().len():
        return _bulk_window(pages, got)
    if pages["announced_on"].drop_nulls().len():
        day = pages["announced_on"].drop_nulls()[-1]
        if announces(day):
            return _row(
                day, day, None, "unknown", got, "unknown", "the feed does not tell how many papers were announced"
            )
        return _row(day, day, 0, "calendar", got, "complete" if got == 0 else "excess", "no announcement on that day")
    starts = pages["window_from"].drop_nulls()
    if starts.len() == 0:
        return None
    totals = pages["stated_total"].drop_nulls()
    until = pages["window_until"].drop_nulls()
    end = until[-1] if until.len() else pages["fetched_at"].max().date()  # type: ignore[union-attr]
    whole = _is_whole(pages)
    note = None if whole else "a page of the harvest is missing: harvest this window again"
    if totals.len():
        status = "complete" if got == totals[-1] else "short" if got < totals[-1] else "excess"
        return _row(starts[0], end, totals[-1], "response_total", got, status, note)
    return _row(starts[0], end, None, "unknown", got, "complete" if whole else "short", note)


def _is_whole(pages: pl.DataFrame) -> bool:
    """Every token that was given was used, and some page closes the list."""
    asked = "\n".join(pages["claimed_url"].drop_nulls())
    tokens = [token for token in pages["resumption_token"].drop_nulls() if token]
    used = all(token in asked or quote(token, safe="") in asked for token in tokens)
    return used and bool(pages["is_last_page"].fill_null(False).any())


def _bulk_window(pages: pl.DataFrame, got: int) -> dict[str, object]:
    total = int(pages.unique("payload_sha256")["total"].sum())
    day = pages["newest"].max() or pages["fetched_at"].max()
    assert isinstance(day, datetime)
    note = None if got == total else f"{total - got} rows of the file were set aside or repeat an id"
    return _row(day.date(), day.date(), total, "response_total", got, "complete" if got == total else "short", note)


def _row(
    start: object, end: object, expected: int | None, basis: str, got: int, status: str, note: str | None
) -> dict[str, object]:
    return {
        "window_start": datetime.combine(start, time(), UTC),  # type: ignore[arg-type]
        "window_end": datetime.combine(end, time(), UTC) + timedelta(days=1),  # type: ignore[arg-type]
        "expected": expected,
        "expected_basis": basis,
        "got": got,
        "status": status,
        "note": note,
    }


def sources_table(sources: Sources) -> pl.DataFrame:
    """The table `sources`: every declared source."""
    return sources.rows()
