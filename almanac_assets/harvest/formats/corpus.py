"""Read a Parquet file of arXiv metadata, a part at a time, in whole columns.

Needed are id, title, abstract, categories (list, or one string with blanks) and published (timestamp or date, may be
null). What else is there is used: authors (list or string), primary_category, comment, journal_ref, doi, license,
updated, version or version_seen, listed_on, and date with date_source for papers whose exact time is not known.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from almanac_assets.errors import InputMissing
from almanac_assets.harvest.authors import split_authors
from almanac_assets.harvest.formats.columns import (
    categories_column,
    clean_column,
    doi_column,
    identity_columns,
    withdrawal_columns,
)
from almanac_assets.harvest.formats.times import EARLIEST_YEAR, LATEST_SLACK
from almanac_assets.harvest.records import RECORDS, Facts, Parsed, Reject, rejects_frame

FORMAT = "corpus"
NEEDED = ("id", "title", "abstract", "categories", "published")
TEXTS = {"comment": "comment", "journal_ref": "journal_ref", "license": "licence"}  # column in the file: in RECORDS
BASIS = {"api": "stated", "page": "stated", "id-interpolated": "identifier", "listing": "feed"}  # of date_source
LISTED_AFTER = pl.duration(days=1)  # a paper stands on a list on the day after its submission, at the earliest

_TIME = pl.Datetime("us", "UTC")
_NO_TIME, _NO_DAY, _NO_TEXT = pl.lit(None, _TIME), pl.lit(None, pl.Date), pl.lit(None, pl.String)


def corpus_rows(file: Path) -> int:
    """How many records the file holds; InputMissing if it is not there, no Parquet, or lacks a needed column."""
    return int(_scan(file).select(pl.len()).collect().item())


def read_corpus(file: Path, first_row: int, rows: int) -> Parsed:
    """The records of `rows` rows from `first_row` on; `ordinal` is the row of the file, 0-based.

    A part may end behind the last row. Raises InputMissing as corpus_rows does. Identifiers and titles that cannot be
    used, dates out of range and repeated identifiers are rejects; the columns of a record do not depend on the part.
    """
    table = _scan(file).slice(first_row, rows).collect().with_row_index("ordinal", offset=first_row)
    faulty = _with_faults(_as_records(table))
    fault = pl.col("fault")
    name = pl.when(pl.col("id").is_null()).then(pl.lit("")).otherwise(" (" + pl.col("id") + ")")
    rejects = faulty.filter(fault.is_not_null() & (fault != "repeated")).select(
        pl.col("ordinal"),
        ("record " + pl.col("ordinal").cast(pl.String) + name).alias("locator"),
        fault.alias("reason"),
        pl.col("fault_detail").alias("detail"),
    )
    kept = faulty.filter(fault.is_null()).select(RECORDS.names())
    return Parsed(Facts(FORMAT), kept.cast(RECORDS), rejects_frame([Reject(*row) for row in rejects.iter_rows()]))


def _scan(file: Path) -> pl.LazyFrame:
    if not file.is_file():
        raise InputMissing(f"{file}: no such file", remedy="name a Parquet file of arXiv metadata")
    try:
        frame = pl.scan_parquet(file)
        schema = frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        found = f"{file}: expected a Parquet file, found other bytes ({error})"
        raise InputMissing(found, remedy="check that the file is whole") from None
    missing = [name for name in NEEDED if name not in schema]
    if missing:
        found = f"{file} lacks the column {', '.join(missing)}; it has {', '.join(schema)}"
        raise InputMissing(found, remedy=f"needed are {', '.join(NEEDED)}")
    if not isinstance(schema["published"], pl.Date | pl.Datetime | pl.Null):
        found = f"{file}: expected published as timestamp or date, found {schema['published']}"
        raise InputMissing(found, remedy="convert the column before importing")
    return frame


def _time(table: pl.DataFrame, name: str) -> pl.Expr:
    """A column as a UTC time; a time without zone is taken as UTC, a day as its midnight."""
    dtype = table.schema.get(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return pl.col(name).dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if isinstance(dtype, pl.Datetime | pl.Date):
        return pl.col(name).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return _NO_TIME


def _day(table: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Date) if isinstance(table.schema.get(name), pl.Date | pl.Datetime) else _NO_DAY


def _text(table: pl.DataFrame, name: str) -> pl.Expr:
    return clean_column(pl.col(name)) if table.schema.get(name) == pl.String else _NO_TEXT


def _as_records(table: pl.DataFrame) -> pl.DataFrame:
    """The part with the columns of RECORDS beside `id`, not yet judged."""
    numbered = next((name for name in ("version", "version_seen") if name in table.columns), None)
    number = pl.col(numbered).cast(pl.Int16, strict=False) if numbered else pl.lit(None, pl.Int16)
    stated_version = pl.when(number > 0).then(number)
    primary = _text(table, "primary_category")
    frame = table.with_columns(
        _text(table, "id"), _text(table, "title"), _text(table, "abstract"),
        categories_column(table.schema["categories"], primary).alias("categories"),
        _authors(table),
        *[_text(table, source).alias(name) for source, name in TEXTS.items()],
        doi_column(_text(table, "doi")).alias("doi"),
        *_dates(table),
    )  # fmt: skip
    frame = frame.with_columns(*identity_columns(pl.col("id"), stated_version))
    return frame.with_columns(
        pl.col("published_at").fill_null(pl.col("id_month")),
        pl.when(pl.col("version") == 1).then(pl.col("published_time")).alias("version_at"),
        pl.lit(None, pl.String).repeat_by(pl.col("authors").list.len()).alias("affiliations"),
        _NO_TEXT.alias("url"), _NO_TEXT.alias("text_basis"), pl.lit("preprint").alias("kind"),
        pl.lit("arxiv").alias("category_scheme"), pl.lit([], pl.List(pl.String)).alias("links"),
        pl.lit(None, pl.Date).alias("datestamp"), _NO_TEXT.alias("announce_type"), pl.lit(False).alias("is_deleted"),
        *withdrawal_columns(),
    )  # fmt: skip


def _dates(table: pl.DataFrame) -> list[pl.Expr]:
    """When version 1 was submitted and how exactly that is known, when it was replaced, and when it was seen.

    Where `published` is null `date` stands in, on the ground that date_source names, else the month of the identifier.
    """
    published, day, updated = _time(table, "published"), _time(table, "date"), _time(table, "updated")
    exact = "second" if isinstance(table.schema["published"], pl.Datetime) else "day"
    ground = _text(table, "date_source").replace_strict(BASIS, default="unknown", return_dtype=pl.String)
    seen = pl.max_horizontal(published, day + LISTED_AFTER) if "date" in table.columns else published
    known, dated = published.is_not_null(), day.is_not_null()
    return [
        published.alias("published_time"),
        published.fill_null(day).alias("published_at"),
        pl.when(known).then(pl.lit(exact)).when(dated).then(pl.lit("day")).otherwise(pl.lit("month"))
        .alias("published_precision"),
        pl.when(known).then(pl.lit("stated")).when(dated).then(ground).otherwise(pl.lit("identifier"))
        .alias("published_basis"),
        pl.when(updated > published).then(updated).alias("updated_at"),
        _time_of_day(table, "listed_on").fill_null(seen).alias("captured_at"),
    ]  # fmt: skip


def _time_of_day(table: pl.DataFrame, name: str) -> pl.Expr:
    return _day(table, name).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _authors(table: pl.DataFrame) -> pl.Series:
    """Names of every row, from a list or from one string; an entry without a letter is the remains of a split."""
    dtype = table.schema.get("authors")
    if dtype == pl.String:
        names = [[name for name, _ in split_authors(text or "")] for text in table["authors"]]
        return pl.Series("authors", names, dtype=pl.List(pl.String))
    if dtype != pl.List(pl.String):
        return pl.Series("authors", [[]] * table.height, dtype=pl.List(pl.String))
    flat = table.select("ordinal", "authors").explode("authors")
    flat = flat.with_columns(clean_column(pl.col("authors")).str.strip_chars(" ,;"))
    named = flat.filter(pl.col("authors").str.contains(r"\p{L}")).group_by("ordinal").agg("authors")
    joined = table.select("ordinal").join(named, on="ordinal", how="left", maintain_order="left")
    return joined["authors"].fill_null([])


def _with_faults(frame: pl.DataFrame) -> pl.DataFrame:
    """Each record with `fault` (a reason, `repeated` for a plain repetition, or null) and `fault_detail`."""
    content = [name for name in RECORDS.names() if name not in ("ordinal", "datestamp")]
    latest = pl.col("captured_at") + LATEST_SLACK
    early = pl.any_horizontal(pl.col("published_at", "version_at", "updated_at").dt.year() < EARLIEST_YEAR)
    # A later version may well be newer than the day on which the first was listed: updated_at has no upper bound here.
    late = pl.any_horizontal(pl.col("published_at", "version_at") > latest)
    usable = frame.with_columns(
        pl.when(pl.col("document_id").is_null()).then(pl.lit("missing_id"))
        .when(pl.col("title").is_null()).then(pl.lit("missing_title"))
        .when(early.fill_null(False) | late.fill_null(False)).then(pl.lit("date_out_of_range")).alias("fault"),
        pl.struct(content).hash().alias("content"),
    )  # fmt: skip
    group = ("document_id", "version", "fault")
    again = (pl.int_range(pl.len()).over(*group) > 0) & pl.col("fault").is_null()
    same = pl.col("content") == pl.col("content").first().over(*group)
    judged = usable.with_columns(
        pl.when(again & same).then(pl.lit("repeated"))
        .when(again).then(pl.lit("duplicate_id")).otherwise(pl.col("fault")).alias("fault"),
        pl.col("ordinal").first().over(*group).alias("first_ordinal"),
    )  # fmt: skip
    return judged.with_columns(_detail().alias("fault_detail"))


def _detail() -> pl.Expr:
    """One line for each kind of fault."""
    earlier = pl.format("{} v{} stood in record {} with other content", "document_id", "version", "first_ordinal")
    dates = pl.format(
        "published {}, newest version {}, seen {}: expected 1990 or later, at most a day ahead",
        pl.col("published_at").cast(pl.String).fill_null("never"),
        pl.col("updated_at").cast(pl.String).fill_null("none"),
        pl.col("captured_at").cast(pl.String).fill_null("unknown"),
    )
    return (
        pl.when(pl.col("fault") == "missing_id")
        .then("expected an arXiv identifier, found " + pl.col("id").fill_null("none"))
        .when(pl.col("fault") == "missing_title")
        .then(pl.lit("expected a title, found none"))
        .when(pl.col("fault") == "date_out_of_range")
        .then(dates)
        .when(pl.col("fault") == "duplicate_id")
        .then(earlier)
    )
