"""Turns a title or an abstract as it came into plain readable text.

The raw column is kept beside it, so this may be improved at any time: what it gives is a method's result, never an id.
"""

from __future__ import annotations

import re
import unicodedata
from html.entities import html5
from typing import Final

import polars as pl

from almanac_assets.documents.latex import without_latex

# A text without any of these has no LaTeX, no entity and nothing typed for a printer: three abstracts in four.
_MARKS: Final = ("\\", "$", "{", "}", "~", "&", "``", "''", "--")
_NEEDS_WORK: Final = r"[\\${}~&]|``|''|--|[^\x20-\x7e]|  |^ | $"

_ENTITY: Final = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LAST_CODE_POINT: Final = 0x10FFFF
_UNKNOWN_CHARACTER: Final = "\ufffd"

# Unicode 16, general category Cf without the Arabic and Kaithi number signs, which are visible, and without the two
# joiners, which Indic and Arabic spelling and emoji need; plus C0, DEL and C1 controls that are no white space.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
# Hebrew to Georgian and the Indic scripts, Greek extended, arrows and pictures, Arabic forms, emoji.
_JOINABLE: Final = "\u0590-\u1fff\u2190-\u2bff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
_LOOSE_JOINER: Final = re.compile(f"(?<![{_JOINABLE}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINABLE}])")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def plain_text(raw: str) -> str:
    """The text in plain Unicode: LaTeX read, entities decoded once, invisible characters gone, NFC, single blanks.

    Never raises. Text without backslash, dollar or entity comes back unchanged from a second call.
    Percent signs, single quotes and Markdown stay as they are; `$5 ... $10` stays money.
    """
    text = raw if raw.isascii() and raw.isprintable() else _visible(raw)
    text = " ".join(text.split())
    if not any(mark in text for mark in _MARKS):
        return text
    if "&" in text:
        text = " ".join(_visible(_ENTITY.sub(_decoded, text)).split())
    text = without_latex(text)
    return " ".join((text if text.isascii() else _visible(text)).split())


def plain_texts(column: pl.Series) -> pl.Series:
    """`plain_text` of every value of a string column, nulls kept, name kept; only texts that need work are visited."""
    marked = column.str.contains(_NEEDS_WORK).fill_null(False)
    if not marked.any():
        return column
    cleaned = pl.Series([plain_text(raw) for raw in column.filter(marked).to_list()], dtype=pl.String)
    place = (marked.cum_sum().cast(pl.Int64) - 1).clip(lower_bound=0)
    return cleaned.gather(place).zip_with(marked, column).rename(column.name)


def _visible(text: str) -> str:
    """Without invisible characters and lone surrogates, in NFC."""
    if text.isprintable():  # false for every character that the patterns below look for, and for white space
        return unicodedata.normalize("NFC", text)
    text = unicodedata.normalize("NFC", _SURROGATE.sub(_UNKNOWN_CHARACTER, _INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", _LOOSE_JOINER.sub("", text))


def _decoded(entity: re.Match[str]) -> str:
    """The character of one HTML entity; an unknown name stays, a number that is no character becomes U+FFFD."""
    name = entity.group(1)
    if name[0] != "#":
        return html5.get(name + ";", entity.group())
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0 < number <= _LAST_CODE_POINT else _UNKNOWN_CHARACTER


EXCERPT = 300  # code points of a text that a source lets us publish as an excerpt


def excerpt(text: pl.Expr) -> pl.Expr:
    """The text, or as many whole words of it as EXCERPT holds; a word that is longer is cut."""
    words = text.str.slice(0, EXCERPT + 1).str.replace(r"(?s)\s+\S*$", "").str.slice(0, EXCERPT)
    return pl.when(text.str.len_chars() > EXCERPT).then(words).otherwise(text)
