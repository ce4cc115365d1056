"""The table `citations`: who cites whom, each pair once, with everyone who says so."""

from __future__ import annotations

import logging

import polars as pl

from almanac_assets.citations.works import WORKS
from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import S2_INTENTS

log = logging.getLogger("almanac.citations")

# A payload with fewer references of a work may be a page of who cites something, which lists one edge per citing work.
LIST_LEAST = 5
# Bulk files hold selections: what is not in them is not denied.
SELECTING = "bulk_file"


def citations(
    read_edges: pl.DataFrame,
    read_contexts: pl.DataFrame,
    read_works: pl.DataFrame,
    work_ids: pl.DataFrame,
    works: pl.DataFrame,
    citation_contexts: pl.DataFrame,
    sources: pl.DataFrame,
) -> pl.DataFrame:
    """The table `citations`; a sentence that cites is a citation, whether or not an index lists the edge.

    A pair with a work of which nobody states a title is left out and counted in the log, and so is what cites itself.
    """
    sentences_say = read_contexts.select("citing", "cited", "source_id", "fetched_at")
    said = pl.concat([read_edges, sentences_say], how="diagonal")
    pairs = between_works(said, work_ids, works, "citations")
    sentences = citation_contexts.group_by("cited_work_id", "citing_work_id").agg(context_count=pl.len())
    key = ["cited_work_id", "citing_work_id"]
    intents = pl.col("s2_intents").list.explode(keep_nulls=False, empty_as_null=False)
    return (
        pairs.group_by(key)
        .agg(
            sources=pl.col("source_id").unique().sort(),
            s2_intents=intents.filter(intents.is_in(S2_INTENTS)).unique().sort(),
            s2_is_influential=pl.col("s2_is_influential").drop_nulls().any(ignore_nulls=False),
            says_influential=pl.col("s2_is_influential").is_not_null().any(),
            first_seen_at=pl.col("fetched_at").min(),
        )
        .join(sentences, on=key, how="left")
        .join(_denials(pairs, read_works, work_ids, sources), on=key, how="left")
        .with_columns(
            WORKS.column,
            s2_is_influential=pl.when("says_influential").then("s2_is_influential"),
            context_count=pl.col("context_count").fill_null(0).cast(pl.Int64),
        )
        .select(TABLES["citations"].column_names)
        .sort(key)
    )


def between_works(said: pl.DataFrame, work_ids: pl.DataFrame, works: pl.DataFrame, what: str) -> pl.DataFrame:
    """Rows with `citing` and `cited` with the two works instead; rows that no published work takes are left out."""
    published = work_ids.join(works.select("work_id"), on="work_id", how="semi")
    found = said.join(published.select(citing="id", citing_work_id="work_id"), on="citing", maintain_order="left")
    found = found.join(published.select(cited="id", cited_work_id="work_id"), on="cited", maintain_order="left")
    if found.height < said.height:
        log.info("%s: %d of %d rows name a work without a title", what, said.height - found.height, said.height)
    return found.filter(pl.col("citing_work_id") != pl.col("cited_work_id"))


def _denials(
    pairs: pl.DataFrame, read_works: pl.DataFrame, work_ids: pl.DataFrame, sources: pl.DataFrame
) -> pl.DataFrame:
    """Pairs with `disagreement`: an index that lists references of the citing work, and knows the cited one, lacks it."""
    key = ["cited_work_id", "citing_work_id"]
    asked = sources.filter(pl.col("kind") != SELECTING).select("source_id", "short_name")
    lists = pairs.join(asked, on="source_id").drop_nulls("payload_sha256")
    lists = lists.group_by("source_id", "short_name", "payload_sha256", "citing_work_id").agg(
        listed=pl.col("cited_work_id").n_unique()
    )
    lists = lists.group_by("source_id", "short_name", "citing_work_id").agg(pl.col("listed").max())
    lists = lists.filter(pl.col("listed") >= LIST_LEAST)
    stated = read_works.select("source_id", id="ids").explode("id").join(work_ids, on="id")
    stated = stated.select("source_id", cited_work_id="work_id")
    knows = pl.concat([stated, pairs.select("source_id", "cited_work_id")]).unique()
    lacking = (
        pairs.select(key)
        .unique()
        .join(lists, on="citing_work_id")
        .join(knows, on=["source_id", "cited_work_id"], how="semi")
        .join(pairs, on=[*key, "source_id"], how="anti")
        .sort(*key, "source_id")
    )
    words = pl.format("{} lists {} references of the citing work, and this is none of them", "short_name", "listed")
    return lacking.group_by(key, maintain_order=True).agg(disagreement=words.str.join("; "))
