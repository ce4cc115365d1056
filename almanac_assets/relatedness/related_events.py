"""Related events: events with near texts or citations, scored in parts that add up, each with its reason."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.relatedness.citing import HALF_AT, citing, told_citing
from almanac_assets.relatedness.near import CANDIDATES, pairs_of, with_more
from almanac_assets.relatedness.sharing import SharedNames, numbered, shared_names
from almanac_assets.relatedness.similar_papers import BATCH, SHOWN_NAMES, ranked, told_names, told_text


@dataclass(frozen=True)
class RelatedWeights:
    """What each part adds at most; the parts add up to the score. Judged, with the text as in similar_papers."""

    text: float = 0.60
    entity: float = 0.17
    citation: float = 0.12
    guide: float = 0.06
    recency: float = 0.05  # times the nearness of the texts: time alone relates nothing
    recency_half_at: int = 30  # days between the two at which nearness in time counts half
    shown: int = 8
    # Read in samples of 14 from the 444 papers of the sample: from 0.32 on the pair was about one subject in four cases of
    # five, from 0.26 to 0.32 in three of five, below in less than half.
    floor: float = 0.26
    half_at: float = 5.0  # nats of rarity at which shared names count half, as in similar_papers


WEIGHTS = RelatedWeights()
PARTS = ("text_part", "entity_part", "citation_part", "guide_part", "recency_part")
RELATED = Method(
    "relatedness.related_events",
    1,
    "Related events by text, shared entities, citations, guides and time",
    "The events whose texts are nearest to that of the lead document, and those that cite it or are cited, are scored: cosine; "
    "cosine of the entity sets weighted by rarity; a citation or the works that both cite; the smallest guide that holds "
    "both, the more the smaller it is; nearness in time, times the cosine, halved every 30 days. The best are listed down "
    "to a floor, ties broken by event id.",
    asdict(WEIGHTS) | {"candidates": CANDIDATES, "coupling_half_at": HALF_AT},
    training_data="rarity of names: document frequencies of 68,069 arXiv records (CC0), no labels",
)


def related_events(
    events: pl.DataFrame,
    event_documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    document_vectors: pl.DataFrame,
    neighbours: pl.DataFrame,
    registry: pl.DataFrame,
    works: pl.DataFrame,
    citations: pl.DataFrame,
    guides: pl.DataFrame,
    event_guides: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `related_events`. An event's own documents are one event, so a copy or coverage of it is never listed."""
    leads = events.join(
        document_vectors, left_on="lead_document_id", right_on="document_id", maintain_order="left"
    ).sort("event_id")
    rows = numbered(leads["event_id"], "event_id")
    documents = event_documents.select("event_id", "document_id").join(rows, on="event_id")
    names = shared_names(event_entities.join(rows, on="event_id"), rows.height, registry, constants)
    cited = citing(documents, rows.height, works, citations)
    whose = rows.join(leads.select("event_id", document_id="lead_document_id"), on="event_id")
    pairs = with_more(pairs_of(neighbours, whose, documents), cited.pairs, leads)
    guided = _guided(event_guides.join(rows, on="event_id"), guides, rows.height)
    scored = [_scored(cited.likeness(batch), names, guided, leads["occurred_at"]) for batch in pairs.iter_slices(BATCH)]
    if not scored:
        return pl.DataFrame(schema=TABLES["related_events"].polars_schema)
    best = ranked(pl.concat(scored), WEIGHTS.shown)
    return (
        _told(best, names, leads["event_id"]).with_columns(RELATED.column).select(TABLES["related_events"].column_names)
    )


def _guided(event_guides: pl.DataFrame, guides: pl.DataFrame, events: int) -> pl.DataFrame:
    """Row, guide, title and weight: 1 for a guide of one event, 0 for one of all, by the logarithm of its size."""
    whole = math.log(max(events, 2))
    weight = {n: round(1 - math.log(n) / whole, 6) for n in guides["event_count"].unique().to_list() if n}
    sized = guides.select(
        "guide_id",
        "title",
        weight=pl.col("event_count").replace_strict(weight, default=0.0, return_dtype=pl.Float64).clip(0, 1),
    )
    return event_guides.select("row", "guide_id").join(sized, on="guide_id")


def _scored(pairs: pl.DataFrame, names: SharedNames, guided: pl.DataFrame, occurred: pl.Series) -> pl.DataFrame:
    """The pairs that reach the floor, with the parts of each; an unknown date adds nothing."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    shared = (
        pairs.select("left", "right")
        .join(guided.rename({"row": "left"}), on="left")
        .join(guided.select(right="row", guide_id="guide_id"), on=["right", "guide_id"])
        .sort("left", "right", pl.col("weight").neg(), "guide_id")
        .unique(["left", "right"], keep="first", maintain_order=True)
        .select("left", "right", "weight", guide="title")
    )
    days = (occurred.gather(left) - occurred.gather(right)).abs().dt.total_days()
    return (
        pairs.with_columns(
            days=days, recent=_halved(days), named=pl.Series(names.likeness(left, right, WEIGHTS.half_at))
        )
        .join(shared, on=["left", "right"], how="left")
        .with_columns(
            text_part=(pl.col("cosine").clip(0, 1) * WEIGHTS.text).round(6),
            entity_part=(pl.col("named") * WEIGHTS.entity).round(6),
            citation_part=(pl.col("citing") * WEIGHTS.citation).round(6),
            guide_part=(pl.col("weight").fill_null(0.0) * WEIGHTS.guide).round(6),
            recency_part=(pl.col("recent") * pl.col("cosine").clip(0, 1) * WEIGHTS.recency).round(6),
        )
        .with_columns(score=pl.sum_horizontal(PARTS).round(6))
        .filter(pl.col("score") >= WEIGHTS.floor)
    )


def _halved(days: pl.Series) -> pl.Series:
    """1 at the same day, half at WEIGHTS.recency_half_at days, and so on; 0 where a date is not known."""
    longest = days.max()
    halves = [0.5 ** (day / WEIGHTS.recency_half_at) for day in range(int(str(longest or 0)) + 1)]
    return pl.Series(halves, dtype=pl.Float64).gather(days.cast(pl.UInt32)).fill_null(0.0)


def _told(best: pl.DataFrame, names: SharedNames, ids: pl.Series) -> pl.DataFrame:
    """The ranked pairs with the ids of their events and a reason in words."""
    shared = names.of_pairs(best.filter(pl.col("entity_part") > 0), SHOWN_NAMES)
    guide = pl.when(pl.col("guide").is_not_null()).then(pl.format("; both in the guide “{}”", "guide"))
    day = pl.when(pl.col("days") == 1).then(pl.lit("day")).otherwise(pl.lit("days"))
    apart = (
        pl.when(pl.col("days") == 0)
        .then(pl.lit("; within a day"))
        .when(pl.col("days").is_not_null())
        .then(pl.format("; {} {} apart", "days", day))
    )
    return best.join(shared, on=["left", "right"], how="left", maintain_order="left").select(
        "rank",
        "score",
        *PARTS,
        event_id=ids.gather(best["left"]),
        other_event_id=ids.gather(best["right"]),
        shared_entity_ids=pl.col("entity_ids").fill_null([]),
        reason=pl.concat_str(
            told_text(), told_names(), told_citing(), guide.otherwise(pl.lit("")), apart.otherwise(pl.lit(""))
        ),
    )
