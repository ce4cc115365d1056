"""Similar papers: nearest texts first found by vectors, then scored in parts that add up, each with its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.relatedness.citing import HALF_AT, Citing, citing, told_citing
from almanac_assets.relatedness.near import CANDIDATES, pairs_of, with_more
from almanac_assets.relatedness.sharing import (
    SharedCategories,
    SharedNames,
    numbered,
    shared_categories,
    shared_names,
)

PAPERS = ("preprint", "paper")  # kinds of documents that have such a list and stand in one: a post is no paper


@dataclass(frozen=True)
class SimilarityWeights:
    """What each part adds at most; the parts add up to the score."""

    text: float = 0.60
    entity: float = 0.17
    citation: float = 0.14
    category: float = 0.09
    shown: int = 10
    # Cosine 0.5 of the texts alone. Of 200,000 random pairs (seed 20260619) of 68,069 papers one in 330 reaches it. Read in
    # samples of 12 to 14 from that corpus and from the 444 papers of the sample, listed pairs were about the same subject
    # in more than half of the cases just above it, in two of three a little higher, in less below.
    floor: float = 0.30
    half_at: float = 5.0  # nats of rarity at which shared names count half: one name that 1 paper in 150 names


WEIGHTS = SimilarityWeights()
PARTS = ("text_part", "entity_part", "citation_part", "category_part")
SIMILAR = Method(
    "relatedness.similar_papers",
    2,
    "Similar papers by text, shared entities, citations and categories",
    "The nearest texts by cosine of the document vectors, and the papers that one cites or is cited by, are scored: cosine, "
    "cosine of the entity sets weighted by rarity (less the commoner the shared names are), a citation or the works that both "
    "cite, overlap of categories (Jaccard). The best are listed down to a floor, ties broken by document id.",
    asdict(WEIGHTS) | {"candidates": CANDIDATES, "coupling_half_at": HALF_AT},
    training_data="rarity of names: document frequencies of 68,069 arXiv records (CC0), no labels",
)
BATCH = 200_000  # pairs scored at a time, to bound memory
SHOWN_NAMES = 3  # shared names in a reason


def similar_papers(
    documents: pl.DataFrame,
    document_vectors: pl.DataFrame,
    neighbours: pl.DataFrame,
    document_categories: pl.DataFrame,
    mentions: pl.DataFrame,
    registry: pl.DataFrame,
    works: pl.DataFrame,
    citations: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `similar_papers`; withdrawn papers are listed like others, the list says what is near, not what is good."""
    papers = documents.filter(pl.col("kind").is_in(PAPERS))
    vectors = document_vectors.join(papers, on="document_id", how="semi").sort("document_id")
    ids = vectors["document_id"]
    rows = numbered(ids, "document_id")
    named = mentions.filter(pl.col("entity_id").is_not_null()).join(rows, on="document_id")
    names = shared_names(named, ids.len(), registry, constants)
    filed = shared_categories(document_categories.join(rows, on="document_id"), ids.len())
    cited = citing(rows, ids.len(), works, citations)
    pairs = with_more(pairs_of(neighbours, rows, rows), cited.pairs, vectors)
    scored = [_scored(batch, names, filed, cited) for batch in pairs.iter_slices(BATCH)]
    if not scored:
        return pl.DataFrame(schema=TABLES["similar_papers"].polars_schema)
    best = ranked(pl.concat(scored), WEIGHTS.shown)
    return _told(best, names, ids).with_columns(SIMILAR.column).select(TABLES["similar_papers"].column_names)


def _scored(pairs: pl.DataFrame, names: SharedNames, filed: SharedCategories, cited: Citing) -> pl.DataFrame:
    """The pairs that reach the floor, with the parts of each."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    return (
        cited.likeness(pairs)
        .with_columns(
            jaccard=pl.Series(filed.overlaps(left, right)),
            named=pl.Series(names.likeness(left, right, WEIGHTS.half_at)),
        )
        .with_columns(
            text_part=(pl.col("cosine").clip(0, 1) * WEIGHTS.text).round(6),
            entity_part=(pl.col("named") * WEIGHTS.entity).round(6),
            citation_part=(pl.col("citing") * WEIGHTS.citation).round(6),
            category_part=(pl.col("jaccard") * WEIGHTS.category).round(6),
        )
        .with_columns(score=pl.sum_horizontal(PARTS).round(6))
        .filter(pl.col("score") >= WEIGHTS.floor)
    )


def ranked(pairs: pl.DataFrame, shown: int) -> pl.DataFrame:
    """The best of each left row; rows follow sorted ids, so ties go by id."""
    return (
        pairs.sort("left", pl.col("score").neg(), "right")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("left"))
        .filter(pl.col("rank") <= shown)
    )


def _told(best: pl.DataFrame, names: SharedNames, ids: pl.Series) -> pl.DataFrame:
    """The ranked pairs with the ids of their documents and a reason in words."""
    shared = names.of_pairs(best.filter(pl.col("entity_part") > 0), SHOWN_NAMES)
    return best.join(shared, on=["left", "right"], how="left", maintain_order="left").select(
        "rank",
        "score",
        *PARTS,
        document_id=ids.gather(best["left"]),
        other_document_id=ids.gather(best["right"]),
        reason=pl.concat_str(told_text(), told_names(), told_citing(), _told_categories()),
    )


def told_text() -> pl.Expr:
    """The nearness of the texts in words."""
    return pl.format("texts alike (cosine {})", pl.col("cosine").round(2))


def told_names() -> pl.Expr:
    """The shared names in words, with the leading mark; nothing where there are none."""
    return pl.when(pl.col("names").is_not_null()).then(pl.format("; both name {}", "names")).otherwise(pl.lit(""))


def _told_categories() -> pl.Expr:
    return (
        pl.when(pl.col("jaccard") >= 1)
        .then(pl.lit("; same categories"))
        .when(pl.col("jaccard") > 0)
        .then(pl.lit("; categories overlap"))
        .otherwise(pl.lit(""))
    )
