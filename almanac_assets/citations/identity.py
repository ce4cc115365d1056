"""Which ids stand for one work, and which of them is its id for ever.

Statements of citation indexes, bulk files and our own documents each tie some ids together; what hangs together is one
work. An id that a release has published stays the id of its work whatever is learnt later.
"""

from __future__ import annotations

import logging
from datetime import datetime

import polars as pl

from almanac_assets.citations.components import components
from almanac_assets.citations.titles import HARD, joined_by_title, scheme_of
from almanac_assets.contract import TABLES
from almanac_assets.harvest.work_ids import SCHEMES

log = logging.getLogger("almanac.citations")

WORK_IDS = pl.Schema({"id": pl.String(), "work_id": pl.String(), "identity_rule": pl.String()})
WORK_REDIRECTS = TABLES["redirects"].stated_schema
BY_TITLE = "title_year_authors"
_RANK = {scheme: rank for rank, scheme in enumerate(SCHEMES)}
_RULES = {scheme: f"{scheme}_id" for scheme in HARD if scheme != "doi"} | {"doi": "doi"}
_ARXIV_DOI = "10.48550/"


def work_ids(
    read_works: pl.DataFrame,
    read_edges: pl.DataFrame,
    read_contexts: pl.DataFrame,
    documents: pl.DataFrame,
    known_works: pl.DataFrame,
) -> pl.DataFrame:
    """Every id that was ever stated with the `work_id` of its work, and by which id the work's statements were joined.

    A work that has nothing but an id local to one file, and no title, gets no work_id and is left out.
    """
    statements = _statements(read_works, read_edges, read_contexts, documents, known_works)
    said = statements.select("statement", id="ids").explode("id").with_columns(scheme=scheme_of("id"))
    said = _without_contradictions(said)
    is_own = (pl.col("scheme") != "title") | (pl.len().over("statement") == 1)
    units = components(said.filter(is_own), "statement", "id").rename({"component": "unit"})
    owner = said.filter(is_own).unique("statement", keep="first", maintain_order=True).join(units, on="id")
    told = statements.join(owner.select("statement", "unit"), on="statement").with_columns(
        title_id=pl.col("ids").list.eval(pl.element().filter(pl.element().str.starts_with("title:"))).list.first(),
        is_titled=pl.col("ids").list.first().str.starts_with("title:"),
    )
    works = joined_by_title(units, told)
    members = units.join(works, on="unit").with_columns(scheme=scheme_of("id"))
    return _named(members, known_works)


def work_redirects(work_ids: pl.DataFrame, known_works: pl.DataFrame, as_of: pl.DataFrame) -> pl.DataFrame:
    """A row for each work_id of an earlier release that is another work's now: rows of `redirects` without method."""
    now: datetime = as_of["as_of"][0]
    moved = known_works.join(work_ids, left_on="work_id", right_on="id").filter(
        pl.col("work_id") != pl.col("work_id_right")
    )
    return moved.select(
        kind=pl.lit("work"),
        from_id="work_id",
        to_ids=pl.concat_list("work_id_right"),
        reason=pl.lit("duplicate"),
        detail=pl.format("found to be the same work as {}, which was published first", "work_id_right"),
        since=pl.col("gone_since").fill_null(now),
    ).cast(WORK_REDIRECTS)


def _statements(
    read_works: pl.DataFrame,
    read_edges: pl.DataFrame,
    read_contexts: pl.DataFrame,
    documents: pl.DataFrame,
    known_works: pl.DataFrame,
) -> pl.DataFrame:
    """Sets of ids that mean one work, numbered: of works as read, of documents, of the ends of edges and contexts."""
    stated = read_works.filter(pl.col("ids").list.len() > 0).select("ids", "title", "year", "authors")
    ends = pl.concat(frame[column] for frame in (read_edges, read_contexts) for column in ("citing", "cited"))
    titles = known_works.filter(pl.col("work_id").str.starts_with("title:"))["work_id"]
    firsts = stated.select(pl.col("ids").list.first()).to_series()
    lone = pl.DataFrame({"id": pl.concat([ends, firsts, titles]).drop_nulls().unique().sort()})
    mentioned = pl.concat([stated.select(id="ids").explode("id"), lone]).unique()
    own = document_ids(documents).group_by("document_id", maintain_order=True).agg(ids="id")
    asked = own.explode("ids").join(mentioned, left_on="ids", right_on="id", how="semi")
    own = own.join(asked, on="document_id", how="semi")
    rows = [stated, own.select("ids"), lone.select(ids=pl.concat_list("id"))]
    return pl.concat(rows, how="diagonal").with_row_index("statement")


def _without_contradictions(said: pl.DataFrame) -> pl.DataFrame:
    """The ids of the statements (statement, id, scheme), without those that would tie two arXiv ids together.

    Two arXiv ids are two papers. An id that is stated beside several belongs to the one it stands beside most often; the
    other statements are read as if they did not have it.
    """
    papers = said.filter(pl.col("scheme") == "arxiv").unique("statement", keep="first", maintain_order=True)
    beside = said.filter(~pl.col("scheme").is_in(["arxiv", "title"])).join(
        papers.select("statement", arxiv="id"), on="statement"
    )
    counted = beside.group_by("id", "arxiv").agg(times=pl.len()).filter(pl.len().over("id") > 1)
    best = counted.sort("times", "arxiv", descending=[True, False]).unique("id", keep="first", maintain_order=True)
    dropped = beside.join(best.select("id", belongs="arxiv"), on="id").filter(pl.col("arxiv") != pl.col("belongs"))
    if best.height:
        log.info("works: %d ids are stated beside more than one arXiv id", best.height)
    return said.join(dropped.select("statement", "id"), on=["statement", "id"], how="anti", maintain_order="left")


def document_ids(documents: pl.DataFrame) -> pl.DataFrame:
    """Ids of works (`id`) that documents of arXiv are, its own id first, then the DOI of the published form."""
    papers = documents.filter(pl.col("document_id").str.starts_with("arxiv:")).sort("document_id")
    dois = papers.filter(pl.col("doi").is_not_null() & ~pl.col("doi").str.starts_with(_ARXIV_DOI))
    return pl.concat(
        [
            papers.select("document_id", id="document_id"),
            dois.select("document_id", id=pl.format("doi:{}", pl.col("doi").str.to_lowercase())),
        ]
    )


def _named(members: pl.DataFrame, known_works: pl.DataFrame) -> pl.DataFrame:
    """The ids (id, scheme, unit, work) with the work_id of their work: one published before, else the most telling."""
    rank = pl.col("scheme").replace_strict(_RANK, default=len(_RANK), return_dtype=pl.Int8)
    ordered = members.with_columns(rank=rank).sort("rank", "id")
    public = ordered.filter(pl.col("scheme") != "local")
    telling = public.group_by("work", maintain_order=True).agg(
        pl.col("id").first(), pl.col("scheme").first(), units=pl.col("unit").n_unique()
    )
    claims = _claims(public, known_works)
    oldest = claims.group_by("work", maintain_order=True).agg(pl.col("work_id").first())
    by_title = (pl.col("units") > 1) | ~pl.col("scheme").is_in(HARD)
    names = telling.join(oldest, on="work", how="left").select(
        "work",
        work_id=pl.coalesce("work_id", "id"),
        identity_rule=pl.when(by_title)
        .then(pl.lit(BY_TITLE))
        .otherwise(pl.col("scheme").replace_strict(_RULES, default=BY_TITLE, return_dtype=pl.String)),
    )
    gone = claims.join(members, left_on="work_id", right_on="id", how="anti").select("work", id="work_id")
    return pl.concat([members.select("work", "id"), gone]).join(names, on="work").select(list(WORK_IDS)).sort("id")


def _claims(public: pl.DataFrame, known_works: pl.DataFrame) -> pl.DataFrame:
    """Works (work) that an earlier release knew (work_id), the first known first; no known work is claimed by two.

    Its own id decides where it is still stated; otherwise the most telling of its other ids.
    """
    others = known_works.select("work_id", "first_as_of", id="same_as").explode("id").drop_nulls("id")
    known = pl.concat(
        [
            known_works.select("work_id", "first_as_of", id="work_id", is_other=pl.lit(False)),
            others.select("work_id", "first_as_of", "id", is_other=pl.lit(True)),
        ]
    )
    held = known.join(public.select("id", "work", "rank"), on="id").sort("is_other", "rank", "id")
    held = held.unique("work_id", keep="first", maintain_order=True)
    scheme = scheme_of("work_id").replace_strict(_RANK, default=len(_RANK), return_dtype=pl.Int8)
    return held.sort("first_as_of", scheme, "work_id").select("work", "work_id")
