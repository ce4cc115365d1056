"""The rows of guides: titles and descriptions in a template of our own, reading orders, and the reasons."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.slugs import slug
from almanac_assets.relatedness.terms import tokens

DRAWN = 4.0  # events beyond its own by which an entity's share is divided: one event alone says little
LEAST_SCORE = 0.15  # score from which an entity belongs to a guide: its one event is enough, one of three is not
LISTED = 3  # guides of an entity, and of an event
CLEAR = 0.6  # share of a guide's core that one term is in, from which it is the title alone
TOLD_NAMES = 3
BATCH = 8_000  # documents whose words are looked up at a time


def entity_guides(placed: pl.DataFrame, event_entities: pl.DataFrame, events: int) -> pl.DataFrame:
    """entity_id, rank, guide_id, score, reason: guides that hold more of an entity's events than chance would."""
    named = event_entities.select("event_id", "entity_id").unique()
    totals = named.group_by("entity_id").agg(total=pl.len().cast(pl.Int64))
    sizes = placed.group_by("guide_id").agg(chance=pl.len() / max(events, 1))
    counted = (
        named.join(placed.select("event_id", "guide_id"), on="event_id")
        .group_by("entity_id", "guide_id")
        .agg(count=pl.len().cast(pl.Int64))
        .join(totals, on="entity_id")
        .join(sizes, on="guide_id")
    )
    beyond = (pl.col("count") - pl.col("chance") * pl.col("total")) / (pl.col("total") + DRAWN)
    event = pl.when(pl.col("total") == 1).then(pl.lit("event")).otherwise(pl.lit("events"))
    by_chance = (pl.col("chance") * 100).round(1)
    return (
        counted.with_columns(score=beyond.clip(0, 1).round(6))
        .filter(pl.col("score") >= LEAST_SCORE)
        .sort("entity_id", pl.col("score").neg(), "guide_id")
        .with_columns(
            rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("entity_id"),
            reason=pl.format("{} of its {} {}; the guide holds {} % of all events", "count", "total", event, by_chance),
        )
        .filter(pl.col("rank") <= LISTED)
        .select("entity_id", "rank", "guide_id", "score", "reason")
    )


def event_guides(
    placed: pl.DataFrame, terms: pl.DataFrame, leads: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """The table `event_guides` without its method; reading goes by date, on one moment the more important first."""
    order = placed.filter(pl.col("occurred_at").is_not_null()).sort(
        "guide_id", "occurred_at", pl.col("importance").cast(pl.Int64).neg(), "event_id"
    )
    order = order.select(
        "event_id", "guide_id", reading_order=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("guide_id")
    )
    shared = _shared_terms(placed, terms, leads, documents)
    with_terms = pl.when(pl.col("terms").is_not_null()).then(pl.format("; it has {}", "terms")).otherwise(pl.lit(""))
    return (
        placed.join(order, on=["event_id", "guide_id"], how="left")
        .join(shared, on=["event_id", "group"], how="left")
        .sort("event_id", pl.col("cosine").neg(), "guide_id")
        .with_columns(
            rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("event_id"),
            score=pl.col("cosine").clip(0, 1).round(6),
            reason=pl.concat_str(
                pl.format("near the middle of the guide (cosine {})", pl.col("cosine").round(2)), with_terms
            ),
        )
        .select([name for name in TABLES["event_guides"].column_names if name != "method"])
    )


def _shared_terms(
    placed: pl.DataFrame, terms: pl.DataFrame, leads: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """event_id, group and the guide's terms that stand in title or text of the event's lead, best first."""
    ranked = terms.with_columns(place=pl.int_range(pl.len()).over("group"))
    wanted = placed.select("event_id", "group").join(
        leads.select("event_id", document_id="lead_document_id"), on="event_id"
    )
    texts = documents.join(wanted.select("document_id").unique(), on="document_id", how="semi").sort("document_id")
    found = []
    for batch in texts.iter_slices(BATCH):
        both = batch.select("document_id", words=pl.concat_str("title", pl.lit(" . "), pl.col("text").fill_null("")))
        said = tokens(both).group_by("document_id", maintain_order=True).agg(said=pl.col("key").str.join(" "))
        pairs = wanted.join(said, on="document_id").join(ranked, on="group")
        inside = pl.format(" {} ", "said").str.contains(pl.format(" {} ", "key"), literal=True)
        found.append(pairs.filter(inside).select("event_id", "group", "place", "term"))
    if not found:
        return pl.DataFrame(schema={"event_id": pl.String, "group": pl.Int64, "terms": pl.String})
    return (
        pl.concat(found)
        .sort("event_id", "group", "place")
        .group_by("event_id", "group", maintain_order=True)
        .agg(terms=pl.col("term").str.join(", "))
    )


def guide_rows(
    placed: pl.DataFrame,
    terms: pl.DataFrame,
    entities: pl.DataFrame,
    event_entities: pl.DataFrame,
    registry: pl.DataFrame,
    parents: pl.DataFrame,
    known: pl.DataFrame,
) -> pl.DataFrame:
    """The table `guides` without its method; a known guide keeps its slug whatever its title becomes."""
    counted = placed.group_by("group", "guide_id").agg(
        event_count=pl.len().cast(pl.Int64),
        first_event_at=pl.col("occurred_at").min(),
        last_event_at=pl.col("occurred_at").max(),
        coherence=(pl.col("cosine").sum() / pl.len()).clip(0, 1).round(6),
    )
    in_it = entities.group_by("guide_id").agg(entity_count=pl.len().cast(pl.Int64))
    key_terms = terms.group_by("group", maintain_order=True).agg(key_terms="term", shares="share")
    told = (
        counted.join(key_terms, on="group")
        .join(in_it, on="guide_id", how="left")
        .join(parents, on="guide_id", how="left")
        .join(_told_names(placed, event_entities, registry), on="guide_id", how="left")
        .with_columns(pl.col("entity_count").fill_null(0))
        .sort("guide_id")
    )
    titles = _titles(told)
    slugs = dict(known.select("guide_id", "slug").iter_rows())
    made = [
        slugs.get(guide_id) or f"{slug(title)}-{guide_id[2:8]}".strip("-")
        for guide_id, title in zip(told["guide_id"], titles, strict=True)
    ]
    return told.with_columns(
        title=pl.Series(titles, dtype=pl.String),
        slug=pl.Series(made, dtype=pl.String),
        description=_description(),
    ).select([name for name in TABLES["guides"].column_names if name != "method"])


def _told_names(placed: pl.DataFrame, event_entities: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """guide_id and the names of the entities that its events name most beyond their share; at least twice."""
    named = event_entities.select("event_id", "entity_id").unique()
    everywhere = named.group_by("entity_id").agg(total=pl.len())
    size = placed.group_by("guide_id").agg(size=pl.len())
    inside = named.join(placed.select("event_id", "guide_id"), on="event_id")
    counted = inside.group_by("entity_id", "guide_id").agg(count=pl.len()).filter(pl.col("count") > 1)
    weight = (pl.col("count").cast(pl.Float64) ** 2 / (pl.col("total") * pl.col("size"))).round(9)
    return (
        counted.join(everywhere, on="entity_id")
        .join(size, on="guide_id")
        .join(registry.select("entity_id", "name"), on="entity_id")
        .sort("guide_id", weight.neg(), "entity_id")
        .unique(["guide_id", "name"], keep="first", maintain_order=True)
        .group_by("guide_id", maintain_order=True)
        .agg(names=pl.col("name").head(TOLD_NAMES).str.join(", "))
    )


def _titles(told: pl.DataFrame) -> list[str]:
    """The best term if it is a phrase of most texts, else the best two.

    A single word is told apart by the name that the guide names most, and so is a title that is taken.
    """
    taken: set[str] = set()
    titles = []
    for terms, shares, names in told.select("key_terms", "shares", "names").iter_rows():
        several = 1 if shares[0] >= CLEAR and " " in terms[0] else 2
        more = [name for name in (names or "").split(", ") if name and name.casefold() != terms[-1].casefold()]
        tries = [_joined(terms[:count]) for count in range(several, max(len(terms), several) + 1)]
        tries += [f"{tries[-1]} ({name})" for name in more]
        if more and len(terms) == 1 and " " not in terms[0]:
            tries = tries[1:]
        title = next((one for one in tries if one not in taken), tries[-1])
        taken.add(title)
        titles.append(title)
    return titles


def _joined(terms: list[str]) -> str:
    """Terms as the words of a list, the first letter a capital unless the second is one: gRPC keeps its form."""
    said = " and ".join([", ".join(terms[:-1]), terms[-1]] if len(terms) > 1 else terms)
    first = said.split(" ", 1)[0]
    return said[0].upper() + said[1:] if first[1:2] == first[1:2].lower() else said


def _description() -> pl.Expr:
    """Counts, span of time, terms and names in two sentences."""
    month = "%B %Y"
    first, last = pl.col("first_event_at").dt.strftime(month), pl.col("last_event_at").dt.strftime(month)
    when = (
        pl.when(pl.col("first_event_at").is_null())
        .then(pl.lit(""))
        .when(first == last)
        .then(pl.format(" of {}", first))
        .otherwise(pl.format(" from {} to {}", first, last))
    )
    about = pl.format("{} events{} that have in common: {}.", "event_count", when, pl.col("key_terms").list.join(", "))
    names = pl.when(pl.col("names").is_not_null()).then(pl.format(" Named more here than elsewhere: {}.", "names"))
    return pl.concat_str(about, names.otherwise(pl.lit("")))
