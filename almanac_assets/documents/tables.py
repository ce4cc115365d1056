"""The published tables of documents, from the newest state of each and from all versions seen."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.documents.identity import BACKFILL_DAYS, METHOD, SIGHT, last_told, ranked
from almanac_assets.harvest.sources import Sources


def documents(newest: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    """The table `documents`; a paper of arXiv counts for the listing of its primary category, a post for its feed."""
    primary = pl.when(pl.col("category_scheme") == "arxiv").then(pl.col("categories").list.first())
    labels = newest.select(primary.unique().alias("primary_category")).with_columns(
        listing=pl.col("primary_category").map_elements(sources.for_category, pl.String, skip_nulls=False)
    )
    is_arxiv = pl.col("arxiv_id").is_not_null() & pl.col("url").is_null()
    late = pl.col("first_seen_at") - pl.col("published_at") > pl.duration(days=BACKFILL_DAYS)
    return (
        newest.with_columns(primary_category=primary)
        .join(labels, on="primary_category", how="left", nulls_equal=True)
        .with_columns(
            METHOD.column,
            source_id=pl.when(is_arxiv).then("listing").otherwise("source_id"),
            text_basis=pl.when(pl.col("text").is_null())
            .then(pl.lit("title_only"))
            .otherwise(pl.col("text_basis").fill_null("abstract")),
            url=pl.when(is_arxiv).then(pl.format("https://arxiv.org/abs/{}", "arxiv_id")).otherwise("url"),
            day=pl.col("published_at").dt.date(),
            is_backfill=late.fill_null(value=False),
            s2_corpus_id=pl.lit(None, dtype=pl.Int64),
            openalex_id=pl.lit(None, dtype=pl.String),
        )
        .select(TABLES["documents"].column_names)
    )


def document_authors(newest: pl.DataFrame) -> pl.DataFrame:
    """The table `document_authors`; family and given names stay null, since arXiv gives names as one text."""
    nothing = pl.lit(None, dtype=pl.String)
    return (
        newest.filter(pl.col("authors").list.len() > 0)
        .select("document_id", name="authors", affiliation="affiliations")
        .with_columns(position=pl.int_ranges(1, pl.col("name").list.len() + 1, dtype=pl.Int16))
        .explode("name", "affiliation", "position")
        .with_columns(METHOD.column, family=nothing, given=nothing, orcid=nothing, entity_id=nothing)
        .select(TABLES["document_authors"].column_names)
    )


def document_categories(newest: pl.DataFrame) -> pl.DataFrame:
    """The table `document_categories`."""
    return (
        newest.filter(pl.col("categories").list.len() > 0)
        .select("document_id", scheme=pl.col("category_scheme").fill_null("arxiv"), category="categories")
        .with_columns(position=pl.int_ranges(1, pl.col("category").list.len() + 1, dtype=pl.Int16))
        .explode("category", "position")
        .with_columns(METHOD.column, is_primary=pl.col("position") == 1)
        .select(TABLES["document_categories"].column_names)
    )


COMPARED = ("title", "text", "authors", "categories", "comment")


def document_versions(records: pl.DataFrame) -> pl.DataFrame:
    """The table `document_versions`: the best record of each version seen, compared with that of the version before.

    A column counts as changed only where both versions tell it: a feed that carries no comment has not removed it.
    """
    versions = (
        ranked(records)
        .group_by("document_id", "version", maintain_order=True)
        .agg(
            pl.col("content_hash").last(),
            *(last_told(name) for name in COMPARED),
            pl.col("version_at", "updated_at", "published_at").drop_nulls().last(),
            is_stated=(pl.col("published_basis") == "stated").any(),
            knows_comment=(pl.col("knows_versions") | pl.col("comment").is_not_null()).any(),
            seen_at=pl.col("seen_at").min(),
            payload_sha256=pl.col("payload_sha256").sort_by("seen_at", *SIGHT).first(),
        )
    )
    # The time of the newest version is that of this one; version 1 was published when the document was.
    stated = pl.when(pl.col("version") > 1).then("updated_at").when("is_stated").then("published_at")
    return versions.with_columns(
        METHOD.column, changed=_changed(), published_at=pl.coalesce("version_at", stated)
    ).select(TABLES["document_versions"].column_names)


def _changed() -> pl.Expr:
    """The compared columns that differ from the row above, which is the version before of the same document."""
    is_next = (pl.col("document_id").shift() == pl.col("document_id")).fill_null(value=False)
    differs = []
    for name in COMPARED:
        value = pl.col(name).list.join("\0") if name in ("authors", "categories") else pl.col(name)
        told = pl.col("knows_comment") if name == "comment" else value.is_not_null()
        both = is_next & told & told.shift(fill_value=False)
        differs.append(pl.when(both & value.ne_missing(value.shift())).then(pl.lit(name)))
    return pl.concat_list(differs).list.drop_nulls()


def texts_by_part(records: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The distinct contents of each part that stand in no earlier part, so that work on a text is done once.

    Parts are taken in the order of their first fetch: what comes later leaves the texts of earlier parts where they are.
    """
    parts: dict[str, pl.DataFrame] = {}
    seen: pl.Series = pl.Series([], dtype=pl.String)
    fetched = {part: str(frame["fetched_at"].min()) for part, frame in records.items()}
    for part in sorted(records, key=lambda part: (fetched[part], part)):
        fresh = (
            records[part]
            .filter(pl.col("title").is_not_null() & ~pl.col("content_hash").is_in(seen.implode()))
            .select(TEXTS.names())
            .unique("content_hash", keep="first", maintain_order=True)
            .sort("content_hash")
        )
        seen = pl.concat([seen, fresh["content_hash"]])
        parts[part] = fresh
    return parts


TEXTS = pl.Schema({"content_hash": pl.String, "title": pl.String, "text": pl.String, "language": pl.String})
