"""Guides: subjects found in the corpus, their events in reading order, and the entities that belong to them."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.relatedness.clusters import Vectors, members, middles, vectors_of
from almanac_assets.relatedness.guide_ids import GUIDE_REDIRECTS, LEAST_SHARED, guide_ids, guide_redirects
from almanac_assets.relatedness.guide_tables import entity_guides, event_guides, guide_rows
from almanac_assets.relatedness.near import pairs_of
from almanac_assets.relatedness.sharing import numbered
from almanac_assets.relatedness.terms import NO_GROUP, group_terms


@dataclass(frozen=True)
class GuideLimits:
    """How many guides there may be and what belongs to one. Judged by reading titles and members."""

    events_per_guide: int = 15  # in a small corpus
    per_root: float = 1.5  # guides per square root of the events, in a large one
    wide_from: int = 2_000  # events from which there are wider guides above
    narrow_per_wide: int = 8
    floor: float = 0.48  # least cosine of an event to the middle of a guide
    apart: float = 0.50  # cosine of two starting points from which they are one subject
    wide_apart: float = 0.30
    within: float = 0.04  # cosine below the best guide up to which a second one counts
    memberships: int = 2  # narrow guides of an event; a wide one may come on top
    least_events: int = 4
    core: int = 60  # events nearest to the middle that name the guide


LIMITS = GuideLimits()
GUIDES = Method(
    "relatedness.guides",
    1,
    "Guides from groups of events with near texts",
    "Vectors of the lead documents are grouped by spherical k-means from dense, well separated starting points, without "
    "chance; from 2,000 events on a second, wider level is made. A group is named by the terms that set the titles and texts "
    "of its middle apart (class-based TF-IDF); a group without such terms or with fewer than 4 events is no guide. A guide "
    "keeps the id of the known guide with which it shares more than three tenths of its events, taken together.",
    asdict(LIMITS) | {"least_shared": LEAST_SHARED},
)


def guides(
    events: pl.DataFrame,
    event_entities: pl.DataFrame,
    documents: pl.DataFrame,
    document_vectors: pl.DataFrame,
    neighbours: pl.DataFrame,
    registry: pl.DataFrame,
    known_guides: pl.DataFrame,
    as_of: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """The tables `guides`, `event_guides`, `entity_guides`, and `_guide_redirects`."""
    leads = events.join(document_vectors, left_on="lead_document_id", right_on="document_id").sort("event_id")
    rows = numbered(leads["lead_document_id"], "document_id")
    near = pairs_of(neighbours, rows, rows)
    vectors = vectors_of(leads) if leads.height else None
    narrow, terms = _level(vectors, near, leads, documents, registry["name"], False)
    wide, wide_terms = _level(vectors, near, leads, documents, registry["name"], True)
    shift = 1 + int(str(narrow["group"].max() or 0))  # both levels in one numbering
    wide, wide_terms = (frame.with_columns(pl.col("group") + shift) for frame in (wide, wide_terms))
    held = pl.concat([narrow, wide]).join(
        leads.with_row_index("row").select(pl.col("row").cast(pl.Int64), "event_id", "occurred_at", "importance"),
        on="row",
    )
    named = pl.concat([terms, wide_terms])
    ids = guide_ids(held, _medoids(held), known_guides)
    placed = held.with_columns(guide_id=pl.col("group").replace_strict(ids, default=None, return_dtype=pl.String))
    entities = entity_guides(placed, event_entities, leads.height)
    parents = _parents(placed, shift)
    return {
        "guides": guide_rows(placed, named, entities, event_entities, registry, parents, known_guides).with_columns(
            GUIDES.column
        ),
        "event_guides": event_guides(placed, named, leads, documents).with_columns(GUIDES.column),
        "entity_guides": entities.with_columns(GUIDES.column).select(TABLES["entity_guides"].column_names),
        "_guide_redirects": guide_redirects(held, ids, known_guides, as_of["as_of"][0]).select(list(GUIDE_REDIRECTS)),
    }


def _level(
    vectors: Vectors | None,
    near: pl.DataFrame,
    leads: pl.DataFrame,
    documents: pl.DataFrame,
    names: pl.Series,
    wide: bool,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Memberships (row, group, cosine) and terms (group, key, term, share) of one level; groups without terms are none."""
    schema = {"group": pl.Int64, "key": pl.String, "term": pl.String, "share": pl.Float64}
    nothing = (
        pl.DataFrame(schema={"row": pl.Int64, "group": pl.Int64, "cosine": pl.Float64}),
        pl.DataFrame(schema=schema),
    )
    most = _most(leads.height, wide)
    if vectors is None or most == 0:
        return nothing
    found = middles(vectors, near, most, LIMITS.wide_apart if wide else LIMITS.apart, LIMITS.floor)
    count = 1 if wide else LIMITS.memberships
    first = members(vectors, found, LIMITS.floor, count, LIMITS.within)
    core = first.sort("group", pl.col("cosine").neg(), "row").filter(pl.int_range(pl.len()).over("group") < LIMITS.core)
    placed = core.with_columns(document_id=leads["lead_document_id"].gather(core["row"]))
    terms = group_terms(_with_others(placed.select("group", "document_id"), leads), documents, names)
    sizes = first.group_by("group").len().filter(pl.col("len") >= LIMITS.least_events)
    kept = sizes.join(terms, on="group", how="semi")["group"].sort()
    again = Vectors(found.units[kept.to_numpy()], found.scales[kept.to_numpy()])
    held = members(vectors, again, LIMITS.floor, count, LIMITS.within)
    # Without the groups that are none the others can only have gained.
    return held.with_columns(group=kept.gather(held["group"])), terms.filter(pl.col("group").is_in(kept.implode()))


def _with_others(groups: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """In a small corpus the documents of no group too: beside one or two groups alone no term would be rare."""
    if leads.height >= LIMITS.wide_from:
        return groups
    others = leads.select(document_id="lead_document_id").join(groups, on="document_id", how="anti")
    return pl.concat([groups, others.select(group=pl.lit(NO_GROUP, dtype=pl.Int64), document_id="document_id")])


def _most(events: int, wide: bool) -> int:
    """The most groups that a corpus of so many events may have."""
    narrow = min(events / LIMITS.events_per_guide, LIMITS.per_root * math.sqrt(events))
    if wide:
        return 0 if events < LIMITS.wide_from else max(2, round(narrow / LIMITS.narrow_per_wide))
    return max(1, round(narrow)) if events >= LIMITS.least_events else 0


def _medoids(held: pl.DataFrame) -> dict[int, str]:
    best = held.sort("group", pl.col("cosine").neg(), "event_id").unique("group", keep="first", maintain_order=True)
    return dict(best.select("group", "event_id").iter_rows())


def _parents(placed: pl.DataFrame, shift: int) -> pl.DataFrame:
    """guide_id and parent_guide_id: the wide guide that holds at least half of a narrow one's events."""
    narrow, wide = placed.filter(pl.col("group") < shift), placed.filter(pl.col("group") >= shift)
    sizes = narrow.group_by("guide_id").agg(size=pl.len())
    return (
        narrow.select("guide_id", "event_id")
        .join(wide.select("event_id", parent_guide_id="guide_id"), on="event_id")
        .group_by("guide_id", "parent_guide_id")
        .agg(shared=pl.len())
        .join(sizes, on="guide_id")
        .filter(2 * pl.col("shared") >= pl.col("size"))
        .sort("guide_id", pl.col("shared").cast(pl.Int64).neg(), "parent_guide_id")
        .unique("guide_id", keep="first", maintain_order=True)
        .select("guide_id", "parent_guide_id")
    )
