"""Similar entities: near in the texts that name them, in the company they keep, in name and in type."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.relatedness.families import family_pairs
from almanac_assets.relatedness.near import row_cosines
from almanac_assets.relatedness.profiles import Bytes, Company, company, mean_vectors
from almanac_assets.relatedness.sharing import Floats, Rows, matrix, numbered, products
from almanac_assets.relatedness.similar_papers import BATCH, ranked
from almanac_assets.text.neighbours import MISSING, neighbours


@dataclass(frozen=True)
class LikenessWeights:
    """What each part adds at most; the parts add up to the score. Judged by reading lists of known things."""

    text: float = 0.40
    company: float = 0.30
    name: float = 0.15  # parent, child or sibling in the family of names
    far: float = 0.5  # share of that for the rest of the family
    type: float = 0.15
    candidates: int = 24  # nearest of one type that are scored: twice the list
    shown: int = 12
    floor: float = 0.35
    half_at: float = 2.0  # shared neighbours at which company counts half


WEIGHTS = LikenessWeights()
PARTS = ("text_part", "company_part", "name_part", "type_part")
LIKE = Method(
    "relatedness.similar_entities",
    1,
    "Similar entities by texts, company, name and type",
    "The entities of one type whose documents have the nearest mean vectors, those named together and those of one family of "
    "names are scored: cosine of the mean vectors less the mean of all documents, cosine of the neighbours in "
    "entity_cooccurrence weighted by their mutual information (both less the more documents the two share, since names of "
    "one text are not alike for that), a shared family of names, the same type. The best are listed down to a floor.",
    asdict(WEIGHTS),
)
SHOWN_NAMES = 3  # shared neighbours in a reason


def similar_entities(
    mentions: pl.DataFrame, document_vectors: pl.DataFrame, entity_cooccurrence: pl.DataFrame, registry: pl.DataFrame
) -> pl.DataFrame:
    """The table `similar_entities`; an entity of one document has a list as well, if something is like it."""
    vectors = document_vectors.sort("document_id")
    ids = registry.join(mentions.select("entity_id").unique(), on="entity_id", how="semi")["entity_id"].unique().sort()
    rows = numbered(ids, "entity_id")
    known = rows.join(registry.select("entity_id", "name", "type"), on="entity_id", maintain_order="left")
    if ids.is_empty():
        return pl.DataFrame(schema=TABLES["similar_entities"].polars_schema)
    cells = (
        mentions.select("document_id", "entity_id")
        .unique()
        .join(rows, on="entity_id")
        .join(numbered(vectors["document_id"], "document_id").rename({"row": "column"}), on="document_id")
        .sort("row", "column")
    )
    named = matrix(np.ones(cells.height), cells, ids.len(), vectors.height)
    means, scales = mean_vectors(named, vectors)
    kept = company(entity_cooccurrence, rows)
    family = _families(registry, rows)
    pairs = _candidates(known, means, scales, entity_cooccurrence, family, rows)
    scored = [_scored(batch, named, means, scales, kept, family, known["type"]) for batch in pairs.iter_slices(BATCH)]
    if not scored:
        return pl.DataFrame(schema=TABLES["similar_entities"].polars_schema)
    best = ranked(pl.concat(scored), WEIGHTS.shown)
    return _told(best, kept, known).with_columns(LIKE.column).select(TABLES["similar_entities"].column_names)


def _families(registry: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs (left, right) of rows of one family, with its name and whether they stand close in it."""
    return (
        family_pairs(registry)
        .join(rows.rename({"row": "left"}), on="entity_id")
        .join(rows.select(other_entity_id="entity_id", right="row"), on="other_entity_id")
        .select("left", "right", "family", "is_close")
    )


def _candidates(
    known: pl.DataFrame,
    means: Bytes,
    scales: Floats,
    entity_cooccurrence: pl.DataFrame,
    family: pl.DataFrame,
    rows: pl.DataFrame,
) -> pl.DataFrame:
    """Pairs (left, right): the nearest of each type, those named together, and those of one family."""
    together = entity_cooccurrence.join(rows.rename({"row": "left"}), on="entity_id").join(
        rows.select(other_entity_id="entity_id", right="row"), on="other_entity_id"
    )
    found = [family.select("left", "right"), together.select("left", "right")]
    for kind in known["type"].unique().sort():
        of = known.filter(pl.col("type") == kind)["row"].to_numpy()
        if len(of) < 2:
            continue
        near, _ = neighbours(means[of], scales[of], k=min(WEIGHTS.candidates, len(of) - 1))
        left, right = np.repeat(of, near.shape[1]), near.ravel()
        real = right != MISSING
        found.append(pl.DataFrame({"left": left[real], "right": of[right[real]]}))
    return pl.concat(found).unique().sort("left", "right")


def _scored(
    pairs: pl.DataFrame,
    named: sp.csr_array,
    means: Bytes,
    scales: Floats,
    kept: Company,
    family: pl.DataFrame,
    types: pl.Series,
) -> pl.DataFrame:
    """The pairs that reach the floor, with the parts of each."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    apart = 1.0 - _overlaps(named, left, right)
    both = products(kept.present, left, right)
    likeness = np.clip(products(kept.unit, left, right), 0.0, 1.0) * both / (both + WEIGHTS.half_at)
    cosine = np.clip(row_cosines(means, scales, left, right), 0.0, 1.0)
    return (
        pairs.with_columns(
            cosine=pl.Series(cosine),
            text_part=pl.Series(cosine * apart * WEIGHTS.text).round(6),
            company_part=pl.Series(likeness * apart * WEIGHTS.company).round(6),
            same=types.gather(left) == types.gather(right),
        )
        .join(family, on=["left", "right"], how="left", maintain_order="left")
        .with_columns(
            name_part=pl.when("is_close")
            .then(WEIGHTS.name)
            .when(pl.col("family").is_not_null())
            .then(WEIGHTS.name * WEIGHTS.far)
            .otherwise(0.0),
            type_part=pl.when("same").then(WEIGHTS.type).otherwise(0.0),
        )
        .with_columns(score=pl.sum_horizontal(PARTS).round(6))
        .filter(pl.col("score") >= WEIGHTS.floor)
    )


def _overlaps(named: sp.csr_array, left: Rows, right: Rows) -> Floats:
    """Jaccard overlap of the documents that name each of the pair."""
    both = products(named, left, right)
    counts = np.asarray(named.sum(axis=1)).ravel()
    either = counts[left] + counts[right] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def _told(best: pl.DataFrame, company: Company, known: pl.DataFrame) -> pl.DataFrame:
    """The ranked pairs with the ids of their entities and a reason in words."""
    names = company.cells.join(known.select(column="row", name="name"), on="column")
    shared = (
        best.filter(pl.col("company_part") > 0)
        .select("left", "right")
        .join(names.rename({"row": "left"}), on="left")
        .join(names.select(right="row", column="column", other="weight"), on=["right", "column"])
        .sort("left", "right", pl.min_horizontal("weight", "other").neg(), "name", "column")
        .group_by("left", "right", maintain_order=True)
        .agg(count=pl.len(), names=pl.col("name").head(SHOWN_NAMES).str.join(", "))
    )
    text = pl.when(pl.col("text_part") > 0).then(
        pl.format("named in texts alike (cosine {})", pl.col("cosine").round(2))
    )
    more = pl.when(pl.col("count") > SHOWN_NAMES).then(pl.format(" and {} more", pl.col("count") - SHOWN_NAMES))
    both = pl.when(pl.col("names").is_not_null()).then(
        pl.format("both named with {}{}", "names", more.otherwise(pl.lit("")))
    )
    family = pl.when(pl.col("family").is_not_null()).then(pl.format("both of the family {}", "family"))
    kind = pl.when("same").then(pl.format("both of the type {}", known["type"].gather(best["left"])))
    with_names = best.join(shared, on=["left", "right"], how="left", maintain_order="left")
    return with_names.select(
        "rank",
        "score",
        *PARTS,
        entity_id=known["entity_id"].gather(best["left"]),
        other_entity_id=known["entity_id"].gather(best["right"]),
        reason=pl.concat_str(text, both, family, kind, separator="; ", ignore_nulls=True),
    )
