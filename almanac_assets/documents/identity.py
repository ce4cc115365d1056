"""Records to documents: which records are one document, and which of them is its newest state.

Identity is the source's own id (`arxiv:2606.01234`). The newest record wins by a total order that does not depend on the
order of arrival; what it does not tell (a feed knows no comment) is taken from the next newest record that does.
"""

from __future__ import annotations

import polars as pl

from almanac_assets.contract.method import Method
from almanac_assets.documents.withdrawn import withdrawn_reasons

BACKFILL_DAYS = 30
METHOD = Method(
    "documents.identity",
    1,
    "One document per id of the source, its newest state",
    "Records with the same source id are one document. The winner has the highest version, then a text, then the form that "
    "knows the versions (OAI-PMH), then the latest stated day of change, the latest sight, and the greatest payload hash "
    "and position. Fields that the winner does not tell come from the next record that does; published_at from the record "
    "with the best basis and precision. A withdrawn version without abstract keeps title and text of the version before. "
    "A header that says deleted marks a known document as withdrawn unless it was seen alive later.",
    {"backfill_days": BACKFILL_DAYS},
)

# A record's rank among those of its document, worst first; the last two break every tie.
SIGHT = ("fetched_at", "payload_sha256", "ordinal")
ORDER = ("version", "has_text", "knows_versions", "datestamp", "seen_at", *SIGHT)
_BASIS_RANK = {"unknown": 0, "identifier": 1, "feed": 2, "stated": 3}
_PRECISION_RANK = {"year": 0, "month": 1, "day": 2, "second": 3}
_TOLD_BY_SOME = ("journal_ref", "doi", "licence")
_LISTS = ("authors", "affiliations", "categories")
CONTENT_COLUMNS = ("title", "text", "text_basis", "language", "content_hash")

WINNER_COLUMNS = ("document_id", "arxiv_id", "version", *CONTENT_COLUMNS, "payload_sha256")


def ranked(records: pl.DataFrame) -> pl.DataFrame:
    """The usable records, worst first within each document."""
    return (
        records.filter(pl.col("title").is_not_null())
        .with_columns(has_text=pl.col("text").is_not_null(), knows_versions=pl.col("datestamp").is_not_null())
        .sort("document_id", *ORDER)
    )


def last_told(name: str) -> pl.Expr:
    """The value of `name` in the best record of a group that tells it; an empty list tells nothing.

    Silence of a record that knows the versions means that there is no comment; of any other field it means nothing,
    since the metadata formats differ in what they carry.
    """
    if name == "comment":
        return pl.col(name).filter(pl.col("knows_versions") | pl.col(name).is_not_null()).last()
    if name in (*_LISTS, "category_scheme", "links"):
        by = {"affiliations": "authors", "category_scheme": "categories"}.get(name, name)
        return pl.col(name).filter(pl.col(by).list.len() > 0).last()
    return pl.col(name).drop_nulls().last()


def newest(records: pl.DataFrame) -> pl.DataFrame:
    """One row per document: the winner's content, with what other records add.

    A header that says deleted makes no document; it marks one that is known as withdrawn.
    """
    usable = ranked(records)
    at_newest = pl.col("version") == pl.col("version").max()
    merged = usable.group_by("document_id", maintain_order=True).agg(
        pl.col("arxiv_id", "url", "kind", "source_id", "version", "payload_sha256").last(),
        *(last_told(name) for name in ("comment", *_TOLD_BY_SOME, *_LISTS, "category_scheme", "links")),
        pl.col("updated_at").filter(at_newest).drop_nulls().last(),
        is_withdrawn=pl.col("is_withdrawn").filter(at_newest).any(),
        withdrawn_reason=pl.col("withdrawn_reason").filter(at_newest).drop_nulls().last(),
        first_seen_at=pl.col("seen_at").min(),
        last_seen_at=pl.col("seen_at").max(),
    )
    deleted = records.filter("is_deleted").group_by("document_id").agg(deleted_at=pl.col("seen_at").max())
    return (
        merged.join(_contents(usable), on="document_id", how="left", maintain_order="left")
        .join(_published(usable), on="document_id", how="left", maintain_order="left")
        .join(deleted, on="document_id", how="left", maintain_order="left")
        .with_columns(pl.col(*_LISTS, "links").fill_null([]))
        .with_columns(
            is_withdrawn=pl.col("is_withdrawn")
            | (pl.col("deleted_at") >= pl.col("last_seen_at")).fill_null(value=False)
        )
        .with_columns(withdrawn_reason=pl.when("is_withdrawn").then("withdrawn_reason"))
        .select(NEWEST.names())
    )


def _contents(usable: pl.DataFrame) -> pl.DataFrame:
    """Title and text per document: the winner's, or those of the last version before its abstract was taken away."""
    contents = usable.select("document_id", *CONTENT_COLUMNS)
    best = pl.concat([contents, contents.filter(~_is_silent(usable))])
    return best.unique("document_id", keep="last", maintain_order=True)


def _is_silent(usable: pl.DataFrame) -> pl.Series:
    """Whether a record is withdrawn and has no abstract, or none but the notice of its withdrawal."""
    asked = usable.select(pl.when("is_withdrawn").then("text")).to_series()
    notice = withdrawn_reasons(pl.repeat(None, asked.len(), dtype=pl.String, eager=True), asked).is_not_null()
    return usable["is_withdrawn"] & (asked.is_null() | notice)


def _published(usable: pl.DataFrame) -> pl.DataFrame:
    """Publication per document from the record with the best basis, then the finest precision, the latest of equals.

    Feeds of laboratories move the dates of old posts: of what feeds told of a post, the first date that was seen holds.
    """
    from_feed = (pl.col("published_basis") == "feed") & (pl.col("kind") != "preprint")
    return (
        usable.with_columns(
            _basis=pl.col("published_basis").replace_strict(_BASIS_RANK, return_dtype=pl.Int8),
            _fine=pl.col("published_precision").replace_strict(_PRECISION_RANK, default=-1, return_dtype=pl.Int8),
            _early=pl.when(from_feed).then(-pl.col("seen_at").dt.timestamp()),
        )
        .sort("document_id", "_basis", pl.when(~from_feed).then("_fine"), "_early", *ORDER)
        .group_by("document_id", maintain_order=True)
        .agg(pl.col("published_at", "published_precision", "published_basis").last())
    )


_TIME, _TEXTS = pl.Datetime("us", "UTC"), pl.List(pl.String())
_NEWEST: dict[str, pl.DataType] = {name: pl.String() for name in WINNER_COLUMNS} | {"version": pl.Int16()}
_NEWEST |= dict.fromkeys(("url", "kind", "source_id", "category_scheme", "comment", *_TOLD_BY_SOME), pl.String())
_NEWEST |= {"updated_at": _TIME} | dict.fromkeys((*_LISTS, "links"), _TEXTS)
_NEWEST |= {
    "is_withdrawn": pl.Boolean(),
    "withdrawn_reason": pl.String(),
    "first_seen_at": _TIME,
    "last_seen_at": _TIME,
}
_NEWEST |= {"published_at": _TIME, "published_precision": pl.String(), "published_basis": pl.String()}
NEWEST = pl.Schema(_NEWEST)
