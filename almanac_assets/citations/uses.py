"""What one work does with another over all of its citing sentences: the main role and the strongest stance."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract.lists import POLARITIES, ROLES

UNCLEAR = "unclear"
PAIR = ("cited_work_id", "citing_work_id")
# From the strongest: one sentence that disputes says more than many that stay neutral.
STANCES = ("disputes", "qualifies", "supports", "neutral", UNCLEAR)
assert set(STANCES) == set(POLARITIES)

_ROLE_RANK = {role: rank for rank, role in enumerate(ROLES)}
_STANCE_RANK = {stance: rank for rank, stance in enumerate(STANCES)}


def main_uses(citation_contexts: pl.DataFrame) -> pl.DataFrame:
    """A row per pair of works with a citing sentence: PAIR, contexts, main_role, role_confidence, main_polarity.

    The main role is that of most sentences that are not unclear; ties go to the one that was decided most surely, then
    to the order of the closed list. It is unclear only where every sentence is, and role_confidence is 0 then.
    """
    counted = citation_contexts.group_by(*PAIR, "role").agg(
        votes=pl.len(), role_confidence=pl.col("role_confidence").max()
    )
    decided = (
        counted.filter(pl.col("role") != UNCLEAR)
        .with_columns(rank=pl.col("role").replace_strict(_ROLE_RANK, return_dtype=pl.Int8))
        .sort(*PAIR, "votes", "role_confidence", "rank", descending=[False, False, True, True, False])
        .unique(PAIR, keep="first", maintain_order=True)
        .select(*PAIR, main_role="role", role_confidence="role_confidence")
    )
    stance = pl.col("polarity").replace_strict(_STANCE_RANK, return_dtype=pl.Int8).min()
    pairs = citation_contexts.group_by(PAIR).agg(contexts=pl.len().cast(pl.Int64), stance=stance)
    ranks = {rank: name for name, rank in _STANCE_RANK.items()}
    return (
        pairs.join(decided, on=PAIR, how="left")
        .with_columns(
            main_polarity=pl.col("stance").replace_strict(ranks, return_dtype=pl.String),
            main_role=pl.col("main_role").fill_null(UNCLEAR),
            role_confidence=pl.col("role_confidence").fill_null(0.0),
        )
        .drop("stance")
        .sort(PAIR)
    )
