"""What each pull brought: the tables `sources`, `payloads` and `feed_health`."""

from __future__ import annotations

from datetime import date

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.harvest.attempts import ATTEMPTS
from almanac_assets.harvest.calendar import announces
from almanac_assets.harvest.pulls import GAP, pulls
from almanac_assets.harvest.sources import Sources

HEALTH = Method(
    "harvest.health",
    3,
    "Outcome of each pull",
    "Answers of one source less than `gap_minutes` apart are one pull. `new` if it brought a document or version that was not "
    "known before that day (UTC) and that the source had not told before, another title or text of one that it had told, or "
    "statements on works in a body that the source had not given before, `empty` without items, `error` if no answer could be "
    "read, `stale` if all items were known before a day for which the source's calendar promises news, else "
    "`not_modified`. Feeds of one morning share papers: a paper is news in each of them. A pull that brought no payload has the "
    "outcome of its attempt: `not_modified` if the source said so, `refused` if it said no, `error` if nothing could be had.",
    {"gap_minutes": GAP.total_seconds() // 60},
)
_ORIGIN = ("source_id", "payload_sha256", "fetched_at")
_NO_ATTEMPTS = pl.DataFrame(schema=ATTEMPTS)  # of imports: somebody else asked


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


def feed_health(
    fetches: pl.DataFrame, payload_facts: pl.DataFrame, records: pl.DataFrame, attempts: pl.DataFrame = _NO_ATTEMPTS
) -> pl.DataFrame:
    """The table `feed_health`: one row per pull, those included that brought nothing."""
    sizes = fetches.group_by("payload_sha256").agg(pl.col("bytes").first(), pl.col("http_status").max())
    per_payload = payload_facts.group_by(_ORIGIN).agg(
        pl.col("items").sum(),
        pl.col("announced_on", "message").max(),
        failed=(pl.col("outcome") == "error").all(),
    )
    answers = (
        pulls(pl.concat([per_payload, _asked(attempts)], how="diagonal"))
        .join(sizes, on="payload_sha256", how="left")
        .with_columns(_unseen(records))
    )
    brought = _news(records.join(answers.select(*_ORIGIN, "pull_at"), on=_ORIGIN))
    by_time = pl.struct("fetched_at", "payload_sha256")
    grouped = answers.group_by("source_id", "pull_at").agg(
        pl.col("bytes", "items").sum(),
        pl.coalesce(
            pl.col("attempt_status").sort_by(by_time).drop_nulls().last(),
            pl.col("http_status").sort_by(by_time).drop_nulls().last(),
        ).alias("http_status"),
        pl.col("announced_on").max(),
        pl.coalesce(
            pl.col("message").drop_nulls().sort().first(),
            pl.col("attempt_message").sort_by(by_time).drop_nulls().last(),
        ).alias("message"),
        pl.when(pl.col("elapsed_ms").count() > 0).then(pl.col("elapsed_ms").sum()).alias("elapsed_ms"),
        payloads=pl.col("payload_sha256").drop_nulls().unique().sort(),
        attempt=pl.col("attempt").sort_by(by_time).drop_nulls().last(),
        all_failed=pl.col("failed").all(),
        unseen=pl.col("unseen").any(),
    )
    expected = pl.col("announced_on").map_elements(_expected, pl.String, skip_nulls=False)
    return (
        grouped.filter((pl.col("payloads").list.len() > 0) | (pl.col("attempt") != "answered"))
        .join(brought, on=["source_id", "pull_at"], how="left")
        .with_columns(HEALTH.column, pl.col("new_items", "of_the_day", "edited_items").fill_null(0), expected=expected)
        .with_columns(outcome=_outcome(), fetched_at="pull_at")
        .select(TABLES["feed_health"].column_names)
        .sort("source_id", "fetched_at")
    )


def _asked(attempts: pl.DataFrame) -> pl.DataFrame:
    """The attempts as answers without a payload: they begin a pull, and tell how it went where nothing came."""
    return attempts.select(
        "source_id",
        "elapsed_ms",
        payload_sha256=pl.lit(None, dtype=pl.String),
        fetched_at="pulled_at",
        items=pl.lit(0, dtype=pl.Int64),
        attempt="outcome",
        attempt_status="http_status",
        attempt_message="message",
    )


def _news(records: pl.DataFrame) -> pl.DataFrame:
    """Per pull the versions first known on its day: those that the source had not told before, and all of them.

    `edited_items` are the known versions of which the source tells another title or text than in any pull before.
    """
    state = ["document_id", "version"]
    wording = records.select("source_id", "pull_at", *state, "content_hash").unique()
    edited = (
        wording.with_columns(
            is_other=pl.col("pull_at") == pl.col("pull_at").min().over("source_id", *state, "content_hash"),
            is_known=pl.col("pull_at") > pl.col("pull_at").min().over("source_id", *state),
        )
        .group_by("source_id", "pull_at")
        .agg(edited_items=(pl.col("is_other") & pl.col("is_known")).sum().cast(pl.Int64))
    )
    told = records.group_by("source_id", "pull_at", *state).agg(pl.col("fetched_at").min())
    known = told.with_columns(
        of_the_day=pl.col("fetched_at").min().over(state).dt.date() == pl.col("fetched_at").dt.date(),
        is_first=pl.col("pull_at") == pl.col("pull_at").min().over("source_id", *state),
    )
    counts = known.group_by("source_id", "pull_at").agg(
        new_items=(pl.col("of_the_day") & pl.col("is_first")).sum().cast(pl.Int64),
        of_the_day=pl.col("of_the_day").sum().cast(pl.Int64),
    )
    return counts.join(edited, on=["source_id", "pull_at"])


def _unseen(records: pl.DataFrame) -> pl.Expr:
    """Whether a body states something, holds no record of a document, and comes from its source for the first time."""
    is_first = pl.col("fetched_at") == pl.col("fetched_at").min().over("source_id", "payload_sha256")
    has_records = pl.col("payload_sha256").is_in(records["payload_sha256"].unique().sort().implode())
    return (is_first & ~has_records & (pl.col("items") > 0) & ~pl.col("failed")).alias("unseen")


def _expected(announced_on: date | None) -> str:
    if announced_on is None:
        return "unscheduled"
    return "announcement_day" if announces(announced_on) else "no_announcement"


def _outcome() -> pl.Expr:
    return (
        pl.when(pl.col("payloads").list.len() == 0)
        .then("attempt")
        .when("all_failed")
        .then(pl.lit("error"))
        .when(pl.col("items") == 0)
        .then(pl.lit("empty"))
        .when((pl.col("new_items") > 0) | (pl.col("edited_items") > 0) | pl.col("unseen"))
        .then(pl.lit("new"))
        .when((pl.col("expected") == "announcement_day") & (pl.col("of_the_day") == 0))
        .then(pl.lit("stale"))
        .otherwise(pl.lit("not_modified"))
    )


def sources_table(sources: Sources) -> pl.DataFrame:
    """The table `sources`: every declared source."""
    return sources.rows()
