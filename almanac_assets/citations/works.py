"""The table `works`: one row for each work that cites, is cited or is stated, however many ids it has."""

from __future__ import annotations

import polars as pl

from almanac_assets.citations.identity import document_ids
from almanac_assets.citations.titles import LEAST_LETTERS, LEAST_WORDS, SHARED_MOST, YEARS_APART, scheme_of
from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.documents.clean import plain_texts
from almanac_assets.harvest.work_ids import SCHEMES

WORKS = Method(
    "citations.works",
    1,
    "Statements about a work joined by its ids, then by its title",
    "Ids that one statement names together stand for one work, and so on from statement to statement; an id stated "
    "beside several arXiv ids counts for the one that it stands beside most often. An equal title joins "
    "works only if they have no two differing ids of one kind (DOIs: of one publisher), their years differ by at most one "
    "and first authors agree where both are stated; short titles, and titles over many works, join nothing. The id is the "
    "one published first, else the most telling. Each field comes from the source with the greatest standing that states "
    "it, then the latest and the fullest statement; title and abstract of a paper that is a document here are the document's. Works of "
    "which nobody states a title are left out, and so are their citations.",
    {
        "least_words": LEAST_WORDS,
        "least_letters": LEAST_LETTERS,
        "years_apart": YEARS_APART,
        "title_shared_most": SHARED_MOST,
    },
)
# Sources that let an abstract be published whole.
_WHOLE = ("full", "abstract")
_FIRST_YEAR, _LAST_YEAR = 1500, 2100  # what the contract lets a year be; beyond it is a slip of the pen
# The best statement has most of each, in this order; the hash decides between what nothing else does.
_ORDER = ("standing", "fetched_at", "fullness", "payload_sha256")
_RANK = {scheme: rank for rank, scheme in enumerate(SCHEMES)}


def works(
    read_works: pl.DataFrame, work_ids: pl.DataFrame, documents: pl.DataFrame, sources: pl.DataFrame
) -> pl.DataFrame:
    """The table `works`."""
    names = work_ids.select("work_id", "identity_rule").unique()
    return (
        names.join(_stated(read_works, work_ids, sources), on="work_id", how="left")
        .join(_documents(documents, work_ids), on="work_id", how="left")
        .join(_same_as(work_ids), on="work_id", how="left")
        .with_columns(
            WORKS.column,
            title=pl.coalesce("document_title", "title"),
            abstract=pl.coalesce("document_text", "abstract"),
            year=pl.coalesce("year", "document_year").cast(pl.Int16),
            fields=pl.col("fields").fill_null([]),
            same_as=pl.col("same_as").fill_null([]),
        )
        .filter(pl.col("title").is_not_null())
        .select(TABLES["works"].column_names)
        .sort("work_id")
    )


def _stated(read_works: pl.DataFrame, work_ids: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Per work what the best statement says that says anything, field by field."""
    by_id = read_works.with_columns(id=pl.col("ids").list.first()).join(work_ids.select("id", "work_id"), on="id")
    told = by_id.join(sources.select("source_id", "standing", "redistribution"), on="source_id", how="left")
    may_show = pl.col("redistribution").is_in(_WHOLE)
    plain = told.with_columns(
        title=plain_texts(told["title"]),
        abstract=plain_texts(told.select(pl.when(may_show).then("abstract")).to_series()),
        venue=plain_texts(told["venue"]),
        authors_text=plain_texts(told["authors"].list.join(", ")),
        year=pl.when(pl.col("year").is_between(_FIRST_YEAR, _LAST_YEAR)).then("year"),
    ).with_columns(pl.col("title", "abstract", "venue", "authors_text").replace({"": None}))
    fullness = pl.sum_horizontal(pl.col("abstract", "venue", "year", "authors_text").is_not_null())
    # Bulk files list the works with most citations first, so of equals the first has the spelling that most have.
    ordered = plain.with_columns(fullness=fullness).sort(
        "work_id", *_ORDER, "ordinal", descending=[False, True, True, True, True, False]
    )
    listed = pl.col("fields").filter(pl.col("fields").list.len() > 0).first().list.unique(maintain_order=True)
    return ordered.group_by("work_id", maintain_order=True).agg(
        pl.col("title", "abstract", "year", "venue", "authors_text").drop_nulls().first(), listed
    )


def _documents(documents: pl.DataFrame, work_ids: pl.DataFrame) -> pl.DataFrame:
    """Per work the document that it is, that of its own id before others, and what the document tells."""
    ids = document_ids(documents).join(work_ids, on="id")
    best = ids.sort("work_id", pl.col("document_id") != pl.col("work_id"), "document_id").unique(
        "work_id", keep="first", maintain_order=True
    )
    told = documents.select(
        "document_id",
        document_title="title",
        document_text=pl.when(pl.col("text_basis") == "abstract").then("text"),
        document_year=pl.col("published_at").dt.year(),
    )
    return best.select("work_id", "document_id").join(told, on="document_id")


def _same_as(work_ids: pl.DataFrame) -> pl.DataFrame:
    others = work_ids.filter((pl.col("id") != pl.col("work_id")) & ~pl.col("id").str.starts_with("local:"))
    rank = scheme_of("id").replace_strict(_RANK, default=len(_RANK), return_dtype=pl.Int8)
    return others.sort("work_id", rank, "id").group_by("work_id", maintain_order=True).agg(same_as="id")
