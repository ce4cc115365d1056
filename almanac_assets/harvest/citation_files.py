"""Read Parquet files about citations, a part at a time, in whole columns: sentences that cite, reference lists, works.

What a file holds is told from its columns: `citing_id`, `cited_id` and `context` are citing sentences; the two ids alone
are a reference list; `cited_id` or `citing_id` with `title` are works. Used where they are there: title, year, arxiv_id and
venue (for either side with `citing_` or `cited_` in front), authors, abstract, section, marker. Other columns, labels and
summaries that somebody gave among them, are not read: what Almanac says of a sentence follows from the sentence.

Ids are `openreview:`, `acl:`, `arxiv:`, `doi:` or `openalex:` ids, a bare arXiv id, or an id of the file's own, which ties the
files of one collection together and is never published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from almanac_assets.harvest.authors import split_authors
from almanac_assets.harvest.formats.collect_works import LONGEST, SHORTEST
from almanac_assets.harvest.formats.columns import clean_column
from almanac_assets.harvest.formats.json_bytes import FIRST_YEAR, LAST_YEAR
from almanac_assets.harvest.formats.markers import only_marker, span_columns
from almanac_assets.harvest.formats.values import read_identity
from almanac_assets.harvest.records import CONTEXTS, EDGES, WORKS, Facts, Parsed, Reject, records_frame, rejects_frame
from almanac_assets.harvest.work_ids import work_ids

FORMAT = "citations"
SIDES = ("citing", "cited")
PAIR = ("citing_id", "cited_id")
SENTENCE = "context"
SHORTEST_OWN_ID = 8  # characters of a file's own id: shorter ones (row numbers) would mean other works in other files

_PREFIXES = ("openreview", "acl", "arxiv", "doi", "openalex")
_OWN_ID = re.compile(rf"\S{{{SHORTEST_OWN_ID},80}}")
_NO_TEXT = pl.lit(None, pl.String)


def is_citation_file(columns: Sequence[str]) -> bool:
    """Whether a Parquet file with these columns is read here."""
    return _kind(columns) is not None


def _kind(columns: Sequence[str]) -> str | None:
    held = set(columns)
    if held >= set(PAIR):
        return "contexts" if SENTENCE in held else "edges"
    return "works" if "title" in held and held & set(PAIR) else None


def read_citation_file(file: Path, first_row: int, rows: int) -> Parsed:
    """What `rows` rows from `first_row` on say; a part may end behind the last row.

    `ordinal` is the row of the file, 0-based; of a work that rows of sentences or references name, twice the first such row,
    plus one for the cited side. Works, positions and repetitions are counted over the whole file, so they do not depend on
    the part. Rows without ids, works without title, sentences too short or too long are rejects.
    """
    frame = pl.scan_parquet(file)
    schema = frame.collect_schema()
    kind = _kind(schema.names())
    if kind == "works":
        return _read_works(frame.slice(first_row, rows).collect().with_row_index("ordinal", offset=first_row))
    table = frame.select(_used(schema)).with_row_index("ordinal").collect()
    tidy = table.with_columns(clean_column(pl.col(name)) for name, dtype in table.schema.items() if dtype == pl.String)
    return _read_pairs(tidy, first_row, first_row + rows, has_sentences=kind == "contexts")


def _used(schema: pl.Schema) -> list[str]:
    """The columns of a file of sentences or references that are read."""
    wanted = {*PAIR, SENTENCE, "section", "marker", *(f"{side}_{what}" for side in SIDES for what in _OF_A_SIDE)}
    return [name for name in schema.names() if name in wanted]


_OF_A_SIDE = ("title", "year", "arxiv_id", "venue")


def _read_pairs(table: pl.DataFrame, first: int, end: int, *, has_sentences: bool) -> Parsed:
    """The rows from `first` to before `end` of a whole file of sentences or references."""
    works = {side: _named(_stated(table, side)) for side in SIDES}
    for side in SIDES:
        names = works[side].select(pl.col("id").alias(f"{side}_id"), pl.col("main").alias(side))
        table = table.join(names, on=f"{side}_id", how="left", maintain_order="left")
    said = (*SIDES, SENTENCE) if has_sentences else SIDES
    judged = table.with_columns(fault=_fault(has_sentences=has_sentences))
    distinct = judged.filter(pl.col("fault").is_null()).unique(said, keep="first", maintain_order=True)
    good = distinct.with_columns(position=pl.int_range(pl.len()).over(SIDES)).filter(_within(first, end))
    edges = good.unique(SIDES, keep="first", maintain_order=True).with_columns(
        s2_intents=pl.lit([], pl.List(pl.String)), s2_is_influential=pl.lit(None, pl.Boolean)
    )
    named = [
        works[side].filter(_within(first, end)).with_columns(ordinal=pl.col("ordinal").cast(pl.Int64) * 2 + place)
        for place, side in enumerate(SIDES)
    ]
    return Parsed(
        Facts(FORMAT),
        records_frame([]),
        _rejects(judged.filter(_within(first, end)), *PAIR),
        _works_frame(pl.concat(named).filter(pl.col("title").is_not_null()).sort("ordinal")),
        edges.select(EDGES.names()).cast(EDGES),
        _contexts(good) if has_sentences else pl.DataFrame(schema=CONTEXTS),
    )


def _within(first: int, end: int) -> pl.Expr:
    return pl.col("ordinal").is_between(first, end, closed="left")


def _contexts(good: pl.DataFrame) -> pl.DataFrame:
    """The sentences with the span of their mark: the printed one where it is told, else the only one there is."""
    sentence = pl.col(SENTENCE)
    marked = good.with_columns(
        marker=pl.col("marker") if "marker" in good.columns else only_marker(sentence),
        section=pl.col("section") if "section" in good.columns else _NO_TEXT,
    )
    return marked.select(
        "ordinal",
        "citing",
        "cited",
        "position",
        sentence.alias("sentence"),
        pl.lit("sentence").alias("text_basis"),
        _NO_TEXT.alias("before"),
        _NO_TEXT.alias("after"),
        *span_columns(sentence, pl.col("marker")),
        pl.col("section"),
        pl.lit([], pl.List(pl.String)).alias("s2_intents"),
    ).cast(CONTEXTS)


def _fault(*, has_sentences: bool) -> pl.Expr:
    """The reason against each row, null where there is none."""
    length = pl.col(SENTENCE).str.len_chars().fill_null(0) if has_sentences else pl.lit(SHORTEST)
    return (
        pl.when(pl.col("citing").is_null() | pl.col("cited").is_null())
        .then(pl.lit("missing_id"))
        .when(pl.col("citing") == pl.col("cited"))
        .then(pl.lit("duplicate_id"))
        .when(length < SHORTEST)
        .then(pl.lit("truncated"))
        .when(length > LONGEST)
        .then(pl.lit("too_large"))
        .otherwise(_NO_TEXT)
    )


_DETAIL = {
    "missing_id": "expected an id of a work on either side, found none that can be read",
    "duplicate_id": "a work cannot cite itself: both sides have one id",
    "truncated": f"expected a sentence of at least {SHORTEST} characters",
    "too_large": f"expected a sentence of at most {LONGEST} characters",
    "missing_title": "expected a title, found none",
}


def _rejects(judged: pl.DataFrame, *shown: str) -> pl.DataFrame:
    found = judged.filter(pl.col("fault").is_not_null()).select("ordinal", "fault", *shown)
    rows = []
    for ordinal, fault, *names in found.iter_rows():
        known = f" ({', '.join(name or 'none' for name in names)})"
        rows.append(Reject(ordinal, f"record {ordinal}{known}", fault, _DETAIL[fault]))
    return rejects_frame(rows)


def _read_works(table: pl.DataFrame) -> Parsed:
    """The rows of a file of works."""
    name = next(column for column in ("cited_id", "citing_id") if column in table.columns)
    stated = table.select("ordinal", pl.col(name).alias("id"), *(_of_work(table, what, what) for what in _OF_A_WORK))
    named = _named(stated)
    fault = pl.when(pl.col("main").is_null()).then(pl.lit("missing_id"))
    judged = named.with_columns(fault=fault.when(pl.col("title").is_null()).then(pl.lit("missing_title")))
    good = judged.filter(pl.col("fault").is_null())
    authors = good.select("ordinal").join(table.select("ordinal", _authors(table)), on="ordinal", maintain_order="left")
    works = _works_frame(good.with_columns(authors=authors["authors"]))
    return Parsed(Facts(FORMAT), records_frame([]), _rejects(judged, "id"), works)


_OF_A_WORK = ("title", "year", "arxiv_id", "venue", "abstract")


def _of_work(table: pl.DataFrame, column: str, name: str) -> pl.Expr:
    """A column with what is told of a work, under `name`; null where the file has no such column."""
    if column not in table.columns:
        return pl.lit(None, pl.Int16 if name == "year" else pl.String).alias(name)
    if name == "year":
        year = pl.col(column).cast(pl.Int16, strict=False)
        return pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year).alias(name)
    return clean_column(pl.col(column).cast(pl.String)).alias(name)


def _stated(table: pl.DataFrame, side: str) -> pl.DataFrame:
    """Each work of one side once, with what the first row that tells it says."""
    stated = table.select(
        "ordinal",
        pl.col(f"{side}_id").alias("id"),
        *(_of_work(table, f"{side}_{what}", what) for what in _OF_A_WORK),
    )
    told = [pl.col(name).drop_nulls().first() for name in _OF_A_WORK]
    return stated.group_by("id", maintain_order=True).agg(pl.col("ordinal").first(), *told)


def _named(stated: pl.DataFrame) -> pl.DataFrame:
    """Works with all their ids (`ids`, none where nothing is stated) and the one that edges name them by (`main`).

    That is the first id which is no title's: two works can share a title, and a file's own id tells them apart.
    """
    ids = [_ids(*row) for row in stated.select("id", "title", "arxiv_id").iter_rows()]
    main = [next((each for each in row if not each.startswith("title:")), row[0] if row else None) for row in ids]
    return stated.with_columns(ids=pl.Series(ids, dtype=pl.List(pl.String)), main=pl.Series(main, dtype=pl.String))


def _ids(stated: str | None, title: str | None, arxiv_id: str | None) -> list[str]:
    """The ids of a work from the id that a file gives it, its title and its arXiv id."""
    scheme, colon, rest = (stated or "").partition(":")
    told = {scheme: rest} if colon and scheme in _PREFIXES else {}
    found = read_identity(stated) if not told else None
    is_own = stated and not told and not found and _OWN_ID.fullmatch(stated)
    ids = work_ids(
        title=title,
        arxiv_id=arxiv_id or told.get("arxiv") or (found.arxiv_id if found else None),
        doi=told.get("doi"),
        openalex_id=told.get("openalex"),
        acl_id=told.get("acl"),
        openreview_id=told.get("openreview"),
        local_id=stated if is_own else None,
    )
    return list(ids)


def _authors(table: pl.DataFrame) -> pl.Series:
    """Names from a list or from one string; none where the file has no such column."""
    dtype = table.schema.get("authors")
    names: list[list[str]] = [[] for _ in range(table.height)]
    if dtype == pl.String:
        names = [[name for name, _ in split_authors(text or "")] for text in table["authors"]]
    elif dtype == pl.List(pl.String):
        names = [[name for name in row or [] if name] for row in table["authors"].to_list()]
    return pl.Series("authors", names, dtype=pl.List(pl.String))


def _works_frame(works: pl.DataFrame) -> pl.DataFrame:
    none = pl.lit([], pl.List(pl.String))
    authors = pl.col("authors") if "authors" in works.columns else none
    return works.with_columns(authors=authors, fields=none).select(WORKS.names()).cast(WORKS)
