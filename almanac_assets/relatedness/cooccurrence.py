"""Which entities the same documents name, and how far that is above chance."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.relatedness.sharing import Floats, Rows, matrix, numbered


@dataclass(frozen=True)
class PairLimits:
    """Which pairs are listed: two documents are the least that can repeat each other, one alone is an anecdote."""

    documents: int = 2  # least documents that name both
    shown: int = 100  # pairs of an entity, by log-likelihood
    anecdotes: int = 5  # pairs of one document that an entity shows that has no pair of more


LIMITS = PairLimits()
EVIDENCE = 3  # documents shown for a pair
TOGETHER = Method(
    "relatedness.entity_cooccurrence",
    1,
    "Entities named by the same documents",
    "Documents that name both are counted and compared with what chance would have (lift, normalised pointwise mutual "
    "information, log-likelihood ratio). Listed are pairs at or above chance that at least two documents name, up to 100 of "
    "an entity by log-likelihood; an entity that has none shows up to five pairs of one document. Each pair stands in both "
    "directions if one side lists it.",
    asdict(LIMITS),
)
_COUNTS = ("both", "left_documents", "right_documents")


def entity_cooccurrence(documents: pl.DataFrame, mentions: pl.DataFrame, event_documents: pl.DataFrame) -> pl.DataFrame:
    """The table `entity_cooccurrence`; `documents` are all there are, with names or without."""
    named = (
        mentions.filter(pl.col("entity_id").is_not_null())
        .select("document_id", "entity_id")
        .unique()
        .join(documents.select("document_id"), on="document_id", how="semi")
    )
    ids = named["entity_id"].unique().sort()
    newest = documents.sort(
        pl.col("published_at").is_null(), "published_at", "document_id", descending=[False, True, False]
    )
    rows = numbered(newest["document_id"], "document_id")
    cells = (
        named.join(rows, on="document_id")
        .join(numbered(ids, "entity_id").rename({"row": "column"}), on="entity_id")
        .select("row", "column")
        .sort("row", "column")
    )
    pairs = _listed(_measured(_counted(cells, rows.height, ids.len()), documents.height))
    if pairs.is_empty():
        return pl.DataFrame(schema=TABLES["entity_cooccurrence"].polars_schema)
    told = pairs.join(_evidence(pairs, cells, newest, event_documents), on=["left", "right"])
    both = pl.concat([told, told.rename({"left": "right", "right": "left"}).select(told.columns)])
    return both.with_columns(
        TOGETHER.column, entity_id=ids.gather(both["left"]), other_entity_id=ids.gather(both["right"])
    ).select(TABLES["entity_cooccurrence"].column_names)


def _counted(cells: pl.DataFrame, documents: int, entities: int) -> pl.DataFrame:
    """Pairs left < right with the documents that name both, the left and the right one."""
    named = matrix(np.ones(cells.height), cells, documents, entities)
    together = (named.T @ named).tocoo()
    upper = together.row < together.col
    frequency = np.asarray(named.sum(axis=0)).ravel().astype(np.int64)
    left, right = together.row[upper].astype(np.int64), together.col[upper].astype(np.int64)
    both = together.data[upper].astype(np.int64)
    counts = {"left": left, "right": right, "both": both}
    counts |= {"left_documents": frequency[left], "right_documents": frequency[right]}
    return pl.DataFrame(counts).sort("left", "right")


def _measured(pairs: pl.DataFrame, documents: int) -> pl.DataFrame:
    """The pairs at or above chance with lift, npmi and log-likelihood, rounded to 6 decimals."""
    both, left, right = (pairs[name].to_numpy() for name in _COUNTS)
    logs = np.array([0.0] + [math.log(n) for n in range(1, documents + 1)])
    pmi = logs[both] + logs[documents] - logs[left] - logs[right]
    against = logs[documents] - logs[both]
    npmi = np.divide(pmi, against, out=np.zeros_like(pmi), where=against > 0)
    return pairs.with_columns(
        lift=pl.Series(both * float(documents) / (left * right.astype(np.float64))).round(6),
        npmi=pl.Series(np.clip(npmi, -1.0, 1.0)).round(6),
        log_likelihood=pl.Series(_log_likelihood(both, left, right, documents, logs)).round(6),
    ).filter(pl.col("both") * documents >= pl.col("left_documents") * pl.col("right_documents"))


def _log_likelihood(both: Rows, left: Rows, right: Rows, documents: int, logs: Floats) -> Floats:
    """Twice the log-likelihood ratio of dependence over independence for the four counts of a pair (Dunning 1993)."""

    def weighed(count: Rows) -> Floats:
        weights: Floats = count * logs[count]
        return weights

    neither = documents - left - right + both
    cells = weighed(both) + weighed(left - both) + weighed(right - both) + weighed(neither)
    sides = weighed(left) + weighed(documents - left) + weighed(right) + weighed(documents - right)
    ratio: Floats = np.maximum(2.0 * (cells - sides + documents * logs[documents]), 0.0)
    return ratio


def _listed(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that at least one side lists."""
    sides = pl.concat(
        [
            pairs.select("left", "right", "both", "log_likelihood", owner="left", other="right"),
            pairs.select("left", "right", "both", "log_likelihood", owner="right", other="left"),
        ]
    )
    enough = pl.col("both") >= LIMITS.documents
    place = pl.int_range(pl.len()).over("owner")
    kept = (
        sides.filter(enough | ~enough.any().over("owner"))
        .sort("owner", pl.col("log_likelihood").neg(), "other")
        .filter(place < pl.when(enough).then(LIMITS.shown).otherwise(LIMITS.anecdotes))
    )
    return pairs.join(kept.select("left", "right").unique(), on=["left", "right"], how="semi").sort("left", "right")


def _evidence(
    pairs: pl.DataFrame, cells: pl.DataFrame, newest: pl.DataFrame, event_documents: pl.DataFrame
) -> pl.DataFrame:
    """For each pair the documents and events that name both, the times of the first and last, and the newest documents.

    Documents are numbered newest first, those without a date last.
    """
    events = event_documents.select("document_id", "event_id").unique("document_id", keep="first", maintain_order=True)
    dated = numbered(newest["document_id"], "document_id").join(
        newest.select("document_id", "published_at"), on="document_id"
    )
    dated = dated.join(events, on="document_id", how="left")
    wanted = cells.join(pairs.select(column=pl.concat_list("left", "right")).explode("column").unique(), on="column")
    return (
        wanted.rename({"column": "left"})
        .join(wanted.rename({"column": "right"}), on="row")
        .filter(pl.col("left") < pl.col("right"))
        .join(pairs.select("left", "right"), on=["left", "right"], how="semi")
        .join(dated, on="row")
        .sort("left", "right", "row")
        .group_by("left", "right", maintain_order=True)
        .agg(
            documents=pl.len().cast(pl.Int64),
            events=pl.col("event_id").n_unique().cast(pl.Int64),
            first_together_at=pl.col("published_at").min(),
            last_together_at=pl.col("published_at").max(),
            evidence_document_ids=pl.col("document_id").head(EVIDENCE),
        )
    )
