"""Records to documents: which records are one document, and which of them is its newest state.

Identity is the source's own id (`arxiv:2606.01234`). The newest record wins by a total order that does not depend on the
order of arrival; what it does not tell (a feed knows no comment) is taken from the next newest record that does.
"""

from __future__ import annotations

import polars as pl

from almanac_assets.contract.method import Method

METHOD = Method(
    "documents.identity",
    1,
    "One document per id of the source, its newest state",
    "Records with the same source id are one document. The winner has the highest version, then a text, then the form that "
    "knows the versions (OAI-PMH), then the latest fetch, then the greatest payload hash and position. Fields that the "
    "winner does not tell come from the next record that does; published_at from the record with the best basis.",
    {"backfill_days": 30},
)
BACKFILL_DAYS = 30

# A record's rank among those of its document, worst first; the last two break every tie.
ORDER = ("version", "has_text", "knows_versions", "seen_at", "fetched_at", "payload_sha256", "ordinal")
_BASIS_RANK = {"unknown": 0, "identifier": 1, "feed": 2, "stated": 3}
_TOLD_BY_ANY = ("comment", "journal_ref", "doi", "licence", "updated_at")

WINNER_COLUMNS = ("document_id", "arxiv_id", "version", "title", "text", "language", "content_hash", "payload_sha256")


def ranked(records: pl.DataFrame) -> pl.DataFrame:
    """The usable records, worst first within each document."""
    return (
        records.filter(pl.col("title").is_not_null())
        .with_columns(has_text=pl.col("text").is_not_null(), knows_versions=pl.col("datestamp").is_not_null())
        .sort("document_id", *ORDER)
    )


def newest(records: pl.DataFrame) -> pl.DataFrame:
    """One row per document: the winner's content, with what other records add.

    A header that says deleted makes no document; it marks one that is known as withdrawn.
    """
    usable = ranked(records)
    merged = usable.group_by("document_id", maintain_order=True).agg(
        pl.col([name for name in WINNER_COLUMNS if name != "document_id"]).last(),
        pl.col(_TOLD_BY_ANY).drop_nulls().last(),
        *(pl.col(name).filter(pl.col(name).list.len() > 0).last() for name in ("authors", "categories")),
        pl.col("affiliations").filter(pl.col("authors").list.len() > 0).last(),
        is_withdrawn=pl.col("is_withdrawn").filter(pl.col("version") == pl.col("version").max()).any(),
        withdrawn_reason=pl.col("withdrawn_reason")
        .filter(pl.col("version") == pl.col("version").max())
        .drop_nulls()
        .last(),
        first_seen_at=pl.col("seen_at").min(),
        last_seen_at=pl.col("seen_at").max(),
    )
    deleted = records.filter("is_deleted").select("document_id").unique()
    return (
        merged.join(_published(usable), on="document_id", how="left")
        .with_columns(
            is_withdrawn=pl.col("is_withdrawn") | pl.col("document_id").is_in(deleted["document_id"].implode())
        )
        .with_columns(
            withdrawn_reason=pl.when("is_withdrawn").then("withdrawn_reason"),
            authors=pl.col("authors").fill_null([]),
            affiliations=pl.col("affiliations").fill_null([]),
            categories=pl.col("categories").fill_null([]),
        )
    )


def _published(usable: pl.DataFrame) -> pl.DataFrame:
    """Publication per document from the record with the best basis, the latest of equals."""
    return (
        usable.with_columns(_rank=pl.col("published_basis").replace_strict(_BASIS_RANK, return_dtype=pl.Int8))
        .sort("document_id", "_rank", *ORDER)
        .group_by("document_id", maintain_order=True)
        .agg(pl.col("published_at", "published_precision", "published_basis").last())
    )


NEWEST = pl.Schema(
    {name: pl.String for name in WINNER_COLUMNS if name != "version"}
    | {"version": pl.Int16}
    | {"comment": pl.String, "journal_ref": pl.String, "doi": pl.String, "licence": pl.String}
    | {"updated_at": pl.Datetime("us", "UTC")}
    | {name: pl.List(pl.String) for name in ("authors", "affiliations", "categories")}
    | {"is_withdrawn": pl.Boolean, "withdrawn_reason": pl.String}
    | {"first_seen_at": pl.Datetime("us", "UTC"), "last_seen_at": pl.Datetime("us", "UTC")}
    | {"published_at": pl.Datetime("us", "UTC"), "published_precision": pl.String, "published_basis": pl.String}
)
