"""The rules of values.py for whole columns: the same results, computed by Polars.

A property test holds the two against each other; where a rule changes, both change.
"""

from __future__ import annotations

import polars as pl

from almanac_assets.harvest.formats.values import (
    ARXIV_ID_COLUMN,
    DIVIDED_CATEGORY,
    FIRST_LONG_MONTH,
    FIRST_NEW_MONTH,
    UNDIVIDED_ARCHIVES,
    WITHDRAWN_ASKED,
    WITHDRAWN_HEAD,
    WITHDRAWN_STATED,
    windows_1252_controls,
)

_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_C1 = r"[\u0080-\u009f]"
_UNTIDY = r"^\s|\s$|\s\s|[^\x20-\x7e]|^$"  # all that clean_text could change lies in these values


def clean_column(text: pl.Expr) -> pl.Expr:
    """`clean_text` of every value: white space collapsed, controls gone, NFC, null where nothing is left."""
    return text.map_batches(_clean_series, return_dtype=pl.String)


def _clean_series(values: pl.Series) -> pl.Series:
    """The values cleaned; only those that can change are touched, which halves the time on a tidy corpus."""
    untidy = values.str.contains(_UNTIDY).fill_null(False)
    if not untidy.any():
        return values
    mended = values.filter(untidy).str.replace_all(_CONTROLS, "")
    if mended.str.contains(_C1).any():
        meant = windows_1252_controls()
        frame = mended.to_frame("text").select(pl.col("text").str.replace_many(list(meant), list(meant.values())))
        mended = frame.to_series()
    tidy = mended.str.replace_all(r"\s+", " ").str.strip_chars(" ").str.normalize("NFC")
    frame = pl.DataFrame({"at": untidy.arg_true(), "tidy": tidy})
    numbered = values.to_frame("text").with_row_index("at").join(frame, on="at", how="left", maintain_order="left")
    chosen = pl.when(untidy).then(pl.col("tidy")).otherwise(pl.col("text"))
    return numbered.select(pl.when(chosen != "").then(chosen).alias(values.name)).to_series()


def categories_column(dtype: pl.DataType, primary: pl.Expr) -> pl.Expr:
    """The arXiv categories of every row, the primary first, each once; `dtype` is that of the column `categories`."""
    words = pl.col("categories") if isinstance(dtype, pl.List) else pl.col("categories").str.split(" ")
    word = pl.element()
    known = word.str.contains(f"^(?:{DIVIDED_CATEGORY})$") | word.is_in(sorted(UNDIVIDED_ARCHIVES))
    listed = pl.concat_list(primary).list.concat(words.fill_null([]))
    return listed.list.eval(word.filter(known)).list.unique(maintain_order=True)


def doi_column(text: pl.Expr) -> pl.Expr:
    """The first DOI of every value, lower case, without resolver; several are told apart by what begins with `10.`."""
    found = text.str.extract(r"(10\.\d{4,9}/\S+)", 1)
    first = found.str.extract(r"^(.*?)(?:[,;](?:doi:|https?://\S*?)?10\.\d{4,9}/.*)?$", 1)
    return first.str.strip_chars_end(".,;").str.to_lowercase()


def identity_columns(text: pl.Expr, stated_version: pl.Expr) -> list[pl.Expr]:
    """arxiv_id, document_id, version (1 where unknown) and id_month (first of the month in the identifier).

    All but version are null where `text` is no arXiv identifier.
    """
    parts = text.str.extract_groups(ARXIV_ID_COLUMN)
    new, archive, number = (parts.struct.field(name) for name in ("new", "archive", "number"))
    digits = pl.coalesce(new, number)
    year, month = digits.str.slice(0, 2).cast(pl.Int32), digits.str.slice(2, 2).cast(pl.Int32)
    century = pl.when(new.is_null() & (year > 90)).then(1900).otherwise(2000)
    can_be = month.is_between(1, 12)
    named = pl.date(century + year, pl.when(can_be).then(month).otherwise(1), 1)
    length = pl.when(named >= FIRST_LONG_MONTH).then(10).otherwise(9)
    fits_new = (named >= FIRST_NEW_MONTH) & (new.str.len_chars() == length)
    valid = can_be & pl.when(new.is_null()).then(named <= FIRST_NEW_MONTH).otherwise(fits_new)
    plain = pl.when(valid).then(pl.coalesce(new, archive.str.to_lowercase() + "/" + number))
    written = parts.struct.field("version").cast(pl.Int16)
    return [
        plain.alias("arxiv_id"),
        ("arxiv:" + plain).alias("document_id"),
        pl.coalesce(stated_version, written, pl.lit(1, pl.Int16)).alias("version"),
        pl.when(valid).then(named).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("id_month"),
    ]


def withdrawal_columns() -> list[pl.Expr]:
    """is_withdrawn and withdrawn_reason, from the columns comment and abstract."""
    head = pl.col("abstract").str.slice(0, WITHDRAWN_HEAD)
    comment = pl.col("comment")
    in_comment = comment.str.contains(WITHDRAWN_STATED) | comment.str.contains(WITHDRAWN_ASKED)
    in_head = head.str.contains(WITHDRAWN_STATED)
    reason = pl.when(in_comment).then(comment).when(in_head).then(head)
    return [reason.is_not_null().alias("is_withdrawn"), reason.alias("withdrawn_reason")]
