"""Events: which documents are one story, who takes part, and the row that tells it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.events.identity import event_id
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.events.joining import (
    ALIKE_TITLES,
    LEAST_TITLE_LETTERS,
    LEAST_TITLE_WORDS,
    TITLE_ALONE,
    Join,
    stories,
)
from almanac_assets.events.kinds import kinds
from almanac_assets.events.slugs import slugs


@dataclass(frozen=True)
class SalienceWeights:
    """The three parts of salience add up to 1; `early_within` in code points, `repeated_at` in mentions."""

    headline: float = 0.5
    early: float = 0.3
    repeated: float = 0.2
    early_within: int = 1000
    repeated_at: int = 5


STORIES = Method(
    "events.stories",
    2,
    "One event per work, its copies and the posts about it joined",
    "Documents with one arXiv id or DOI, a post and the one paper that it links to, and documents of different sources with the "
    "same title are one story; two papers with ids of their own never are. The lead is a document with a text before one "
    "without, a paper before a post, then the earliest. The headline is the lead's title.",
    {
        "alike_titles": ALIKE_TITLES,
        "least_title_words": LEAST_TITLE_WORDS,
        "least_title_letters": LEAST_TITLE_LETTERS,
        "title_alone": TITLE_ALONE,
    },
)
ENTITIES = Method(
    "events.entities",
    2,
    "Entities of an event with their salience",
    "Salience adds half for a name in the lead's title, up to 0.3 for an early first mention in the lead and up to 0.2 for "
    "repetition in all documents of the event.",
    asdict(SalienceWeights()),
)


def event_documents(documents: pl.DataFrame, newest: pl.DataFrame, known_stories: pl.DataFrame) -> pl.DataFrame:
    """The table `event_documents`: every document in one event, with its role there.

    `known_stories` says in which events (document_id, event_id) earlier releases had a document, oldest release first: a
    story keeps the id that the document which opened it had last.
    """
    last_known = known_stories.unique("document_id", keep="last", maintain_order=True)
    group, joins = stories(documents, newest)
    first = pl.Series("group", [group.get(one, one) for one in documents["document_id"]], dtype=pl.String)
    leads_first = (
        documents.with_columns(first)
        .join(last_known, on="document_id", how="left", maintain_order="left")
        .sort(
            "group",
            pl.col("text").is_null(),
            pl.col("kind") == "post",
            "published_at",
            "first_seen_at",
            "document_id",
            nulls_last=True,
        )
    )
    opened = leads_first.sort("group", "first_seen_at", "published_at", "document_id", nulls_last=True)
    ids = opened.group_by("group", maintain_order=True).agg(
        known=pl.col("event_id").drop_nulls().first(), opening=pl.col("document_id").first()
    )
    # An id goes to one story only: where a story fell apart, to the part that the opening document is in.
    born = pl.Series("born", [event_id(one) for one in ids["opening"]], dtype=pl.String)
    ids = (
        ids.with_columns(born)
        .with_columns(is_heir=(pl.col("known") == pl.col("born")).fill_null(value=False))
        .sort("known", pl.col("is_heir").not_(), "group", nulls_last=True)
    )
    first_claim = pl.col("known").is_not_null() & pl.col("known").is_first_distinct()
    ids = ids.with_columns(event_id=pl.when(first_claim).then("known").otherwise("born"))
    placed = leads_first.drop("event_id").join(ids.select("group", "event_id"), on="group", maintain_order="left")
    is_lead = pl.int_range(pl.len()).over("group") == 0
    return _with_roles(placed.with_columns(is_lead=is_lead), joins).select(TABLES["event_documents"].column_names)


def _with_roles(placed: pl.DataFrame, joins: list[Join]) -> pl.DataFrame:
    """Role, rule and reason: of a lead its versions, of any other document the surest join that brought it in."""
    told = [
        (one, join.rule, join.confidence, join.is_copy, join.reason)
        for join in joins
        for one in (join.left, join.right)
    ]
    columns = ("document_id", "rule", "confidence", "is_copy", "reason")
    kinds_of = (pl.String(), pl.String(), pl.Float64(), pl.Boolean(), pl.String())
    by_join = pl.DataFrame(told, schema=dict(zip(columns, kinds_of, strict=True)), orient="row").unique(
        "document_id", keep="first", maintain_order=True
    )
    own = pl.when(pl.col("version") > 1).then(pl.format("versions up to {} of one document", "version"))
    is_only = pl.len().over("event_id") == 1
    best = pl.when(is_only).then(pl.lit("the only document of this work")).otherwise(pl.lit("tells it best"))
    alone = own.otherwise(best)
    return placed.join(by_join, on="document_id", how="left", maintain_order="left").with_columns(
        STORIES.column,
        role=pl.when("is_lead")
        .then(pl.lit("lead"))
        .when("is_copy")
        .then(pl.lit("same_work"))
        .otherwise(pl.lit("coverage")),
        rule=pl.when("is_lead").then(pl.lit("same_id")).otherwise("rule"),
        confidence=pl.when(~pl.col("is_lead")).then("confidence"),
        reason=pl.when("is_lead").then(alone).otherwise("reason"),
    )


def event_entities(
    mentions: pl.DataFrame, event_documents: pl.DataFrame, weights: SalienceWeights = SalienceWeights()
) -> pl.DataFrame:
    """The table `event_entities` from linked mentions: the lead before others, title before text, then by place."""
    linked = mentions.filter(pl.col("entity_id").is_not_null())
    placed = linked.join(event_documents.select("event_id", "document_id", "role"), on="document_id").with_columns(
        is_aside=pl.col("role") != "lead", in_text=pl.col("field") != "title"
    )
    ordered = placed.sort("event_id", "entity_id", "is_aside", "in_text", "start", "mention_id")
    in_lead_title = ~pl.col("is_aside") & ~pl.col("in_text")
    named = ordered.group_by("event_id", "entity_id", maintain_order=True).agg(
        in_headline=in_lead_title.any(),
        mention_count=pl.len().cast(pl.Int64),
        first_mention_id=pl.col("mention_id").first(),
        first_start=pl.when(pl.col("is_aside").first())
        .then(weights.early_within)
        .when(in_lead_title.first())
        .then(0)
        .otherwise(pl.col("start").first()),
    )
    early = (1 - pl.col("first_start") / weights.early_within).clip(0, 1)
    repeated = (pl.col("mention_count") / weights.repeated_at).clip(0, 1)
    salience = weights.headline * pl.col("in_headline") + weights.early * early + weights.repeated * repeated
    return named.with_columns(ENTITIES.column, salience=salience.round(6)).select(TABLES["event_entities"].column_names)


def events(
    documents: pl.DataFrame,
    event_documents: pl.DataFrame,
    event_entities: pl.DataFrame,
    summary_sentences: pl.DataFrame,
    importance_parts: pl.DataFrame,
    sources: pl.DataFrame,
    constants: ImportanceConstants,
) -> pl.DataFrame:
    """The table `events`; the cut points are the nine scores at which the levels 2 to 10 begin."""
    scores = importance_parts.group_by("event_id").agg(importance_score=pl.col("points").sum().round(6))
    named = event_entities.group_by("event_id").agg(entity_count=pl.len().cast(pl.Int64))
    level = 1 + sum(
        ((pl.col("importance_score") >= cut).cast(pl.Int8) for cut in constants.cut_points), pl.lit(0, dtype=pl.Int8)
    )
    told = (
        summary_sentences.sort("event_id", "position")
        .group_by("event_id")
        .agg(summary=pl.col("sentence").str.join(" "))
    )
    whole = event_documents.join(documents.select("document_id", "first_seen_at", "updated_at"), on="document_id")
    seen = whole.group_by("event_id").agg(
        pl.col("first_seen_at").min(),
        pl.col("updated_at").max(),
        document_count=pl.len().cast(pl.Int64),
    )
    leads = event_documents.filter(pl.col("role") == "lead").select("event_id", "document_id")
    leads = leads.join(documents.drop("first_seen_at", "updated_at"), on="document_id", maintain_order="left")
    leads = leads.with_columns(kinds(), slugs(leads["title"], leads["event_id"]))
    for more in (scores, named, told, seen):
        leads = leads.join(more, on="event_id", how="left", maintain_order="left")
    leads = leads.join(
        sources.select("source_id", source_label="short_name"), on="source_id", how="left", maintain_order="left"
    )
    return leads.with_columns(
        STORIES.column,
        headline=pl.col("title"),
        headline_basis=pl.lit("title"),
        summary_basis=pl.when(pl.col("summary").is_null()).then(pl.lit("none")).otherwise(pl.lit("extractive")),
        importance=level,
        lead_document_id="document_id",
        occurred_at="published_at",
        entity_count=pl.col("entity_count").fill_null(0),
        record_status=pl.when("is_withdrawn").then(pl.lit("withdrawn")).otherwise(pl.lit("active")),
    ).select(TABLES["events"].column_names)


def event_redirects(known_stories: pl.DataFrame, event_documents: pl.DataFrame, as_of: pl.DataFrame) -> pl.DataFrame:
    """Ids of events that earlier releases had and this one has not: where their documents are told now."""
    gone = known_stories.join(event_documents, on="event_id", how="anti").rename({"event_id": "from_id"})
    now = gone.join(event_documents.select("document_id", to_ids="event_id"), on="document_id")
    is_merge = pl.col("to_ids").list.len() == 1
    return (
        now.group_by("from_id")
        .agg(pl.col("to_ids").unique().sort())
        .select(
            "from_id",
            "to_ids",
            kind=pl.lit("event"),
            reason=pl.when(is_merge).then(pl.lit("merge")).otherwise(pl.lit("split")),
            detail=pl.lit("its documents are told with those of another event now"),
            since=pl.lit(as_of["as_of"][0]),
        )
        .sort("from_id")
    )
