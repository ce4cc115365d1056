"""The few citing papers of a work that show how it is used, each for a stated reason."""

from __future__ import annotations

import polars as pl

from almanac_assets.citations.uses import PAIR, UNCLEAR

SHOWN = 12  # papers of one cited work at most
# In the order of choosing, with the papers of each: what is rare goes first, so that a dispute is shown as one.
PLACES = (
    ("disputes", 2),
    ("extends", 2),
    ("clearest_use", 3),
    ("most_cited", 2),
    ("distinct_topic", 2),
    ("recent", 1),
    ("clearest_use", SHOWN),
)
# The newest is that of all, so that nobody older takes the place of one that is shown for another reason.
# Shown in turns: the first of each reason in this order, then the second of each, and so on.
TURNS = ("clearest_use", "most_cited", "extends", "disputes", "recent", "distinct_topic")
TOPIC_SHARED_MOST = 0.2  # share of a title's words that the titles chosen before may have
_WORD = r"\p{L}{4,}"  # shorter words are mostly those of grammar
_TURN = {reason: turn for turn, reason in enumerate(TURNS)}

CHOSEN = pl.Schema(
    {
        **dict.fromkeys(PAIR, pl.String()),
        "representative_rank": pl.Int16(),
        "representative_reason": pl.String(),
    }
)


def representatives(papers: pl.DataFrame) -> pl.DataFrame:
    """Up to SHOWN papers per cited work in the schema CHOSEN, ranks from 1 without gaps.

    `papers` has PAIR, title, year, fields, first_seen_at, cited_by, main_role, main_polarity, role_confidence. A paper is
    chosen once, for the first of the reasons that it is good enough for; a reason that nobody meets is left out.
    """
    left = _with_places(papers)
    chosen = left.clear().with_columns(reason=pl.lit(""), place=pl.lit(0, dtype=pl.Int64))
    for reason, most in PLACES:
        free = SHOWN - pl.col("taken").fill_null(0)
        taken = chosen.group_by("cited_work_id").agg(taken=pl.len().cast(pl.Int64))
        eligible = _eligible(reason, left, chosen)
        place = pl.int_range(pl.len(), dtype=pl.Int64).over("cited_work_id")
        ranked = eligible.with_columns(place=place).join(taken, on="cited_work_id", how="left", maintain_order="left")
        picked = ranked.filter((pl.col("place") < most) & (pl.col("place") < free)).drop("taken")
        picked = picked.with_columns(reason=pl.lit(reason))
        chosen = pl.concat([chosen, picked.select(chosen.columns)])
        left = left.join(picked, on=PAIR, how="anti", maintain_order="left")
    turns = chosen.with_columns(
        turn=pl.col("reason").replace_strict(_TURN, return_dtype=pl.Int8),
        place=pl.int_range(pl.len()).over("cited_work_id", "reason"),
    ).sort("cited_work_id", "place", "turn", "citing_work_id")
    return turns.select(
        *PAIR,
        representative_rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("cited_work_id"),
        representative_reason="reason",
    )


def _with_places(papers: pl.DataFrame) -> pl.DataFrame:
    """The papers with `in_role`, the place of each among those with its main role, the surest first, and `is_newest`."""
    year, seen = pl.col("year"), pl.col("first_seen_at")
    newest = (year == year.max().over("cited_work_id")).fill_null(value=False)
    latest = seen == seen.filter(newest).max().over("cited_work_id")
    has_older = (year > year.min().over("cited_work_id")) | (seen > seen.min().over("cited_work_id"))
    ordered = papers.sort(*PAIR).sort("role_confidence", descending=True, maintain_order=True)
    in_role = pl.int_range(pl.len(), dtype=pl.Int64).over("cited_work_id", "main_role")
    return ordered.with_columns(in_role=in_role, is_newest=newest & latest & has_older).sort(PAIR)


def _eligible(reason: str, left: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The papers that the reason holds for, best first within each cited work."""
    if reason == "distinct_topic":
        return _distinct(left, chosen)
    holds, order, descending = {
        "disputes": (pl.col("main_polarity") == "disputes", ["role_confidence"], [True]),
        "extends": (pl.col("main_role") == "extends", ["role_confidence"], [True]),
        # The surest of each role before the second of any.
        "clearest_use": (pl.col("main_role") != UNCLEAR, ["in_role", "role_confidence"], [False, True]),
        "most_cited": (pl.col("cited_by") > 0, ["cited_by"], [True]),
        "recent": (pl.col("is_newest"), [], []),
    }[reason]
    ties = ["citing_work_id"]
    return left.filter(holds).sort("cited_work_id", *order, *ties, descending=[False, *descending, False])


def _distinct(left: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Papers whose titles share hardly a word with those chosen, and no field; such with a known role before others."""
    words, taken = _words(left), _words(chosen).select("cited_work_id", "word").unique()
    shared = words.join(taken, on=["cited_work_id", "word"], how="semi").group_by(PAIR).agg(shared=pl.len())
    counted = words.group_by(PAIR).agg(words=pl.len()).join(shared, on=PAIR, how="left")
    alike = counted.select(*PAIR, alike=pl.col("shared").fill_null(0) / pl.col("words"))
    fields = chosen.select("cited_work_id", field="fields").explode("field").drop_nulls().unique()
    own = left.select(*PAIR, field="fields").explode("field").drop_nulls()
    covered = own.join(fields, on=["cited_work_id", "field"], how="semi").select(PAIR).unique()
    return (
        left.join(alike, on=PAIR)
        .join(chosen.select("cited_work_id").unique(), on="cited_work_id", how="semi")
        .join(covered, on=PAIR, how="anti")
        .filter(pl.col("alike") <= TOPIC_SHARED_MOST)
        .sort("cited_work_id", pl.col("main_role") == UNCLEAR, "alike", "citing_work_id")
        .drop("alike")
    )


def _words(papers: pl.DataFrame) -> pl.DataFrame:
    found = papers.select(*PAIR, word=pl.col("title").str.to_lowercase().str.extract_all(_WORD).list.unique())
    return found.explode("word").drop_nulls("word")
