"""Canonical JSON: one text for one value, the one that Python's own json module writes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.release.canonical import json_values, row_arrays, row_hashes, row_objects

LAW = settings(max_examples=150, deadline=None, derandomize=True)
# Every text that Arrow can hold: all of Unicode, control characters and line separators among it, but lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "\\", "\x00", "\x1f", "\x7f", "\u2028", "\u2029", "\ufeff", "</script>", "a\tb\r\n", "\U0001f600", "e\u0301"]
)
WHOLE_NUMBERS = st.integers(-(2**63), 2**63 - 1)
REALS = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x or 0.0)


def plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@LAW
@given(st.lists(st.none() | TEXTS, max_size=8))
def test_texts_are_written_as_json_writes_them(values: list[str | None]) -> None:
    """Only the escapes that JSON demands; null is the word null."""
    frame = pl.DataFrame({"v": values}, schema={"v": pl.String})
    assert json_values(frame, "v").to_list() == [plain(value) for value in values]


@LAW
@given(st.lists(st.none() | REALS, max_size=8))
def test_reals_are_written_as_repr_writes_them(values: list[float | None]) -> None:
    """The shortest text that reads back as the same number."""
    frame = pl.DataFrame({"v": values}, schema={"v": pl.Float64})
    assert json_values(frame, "v").to_list() == [plain(value) for value in values]


@LAW
@given(st.lists(st.none() | WHOLE_NUMBERS, max_size=8), st.lists(st.none() | st.booleans(), max_size=8))
def test_whole_numbers_and_truth_values(numbers: list[int | None], flags: list[bool | None]) -> None:
    """All 64 bits of a number are written."""
    assert json_values(pl.DataFrame({"v": numbers}, schema={"v": pl.Int64}), "v").to_list() == list(map(plain, numbers))
    assert json_values(pl.DataFrame({"v": flags}, schema={"v": pl.Boolean}), "v").to_list() == list(map(plain, flags))


@LAW
@given(st.lists(st.none() | st.lists(TEXTS, max_size=4), max_size=5), st.lists(st.lists(st.integers(-128, 127))))
def test_lists_are_written_without_blanks(texts: list[list[str] | None], numbers: list[list[int]]) -> None:
    """Lists of texts and of small numbers, empty ones too."""
    frame = pl.DataFrame({"v": texts}, schema={"v": pl.List(pl.String)})
    assert json_values(frame, "v").to_list() == [plain(value) for value in texts]
    small = pl.DataFrame({"v": numbers}, schema={"v": pl.List(pl.Int8)})
    assert json_values(small, "v").to_list() == [plain(value) for value in numbers]


@LAW
@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=5), st.lists(st.dates(), max_size=5))
def test_times_have_six_decimals_and_a_z(moments: list[datetime], days: list[date]) -> None:
    """A time is always of one length, a day too."""
    frame = pl.DataFrame({"v": moments}, schema={"v": pl.Datetime("us", "UTC")})
    texts = [plain(f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z") for moment in moments]
    assert json_values(frame, "v").to_list() == texts
    calendar = pl.DataFrame({"v": days}, schema={"v": pl.Date})
    assert json_values(calendar, "v").to_list() == [plain(day.isoformat()) for day in days]


def test_a_time_is_the_same_text_whatever_the_zone_it_was_given_in() -> None:
    """06:00 in UTC+2 is 04:00Z."""
    moment = datetime(2026, 6, 1, 6, tzinfo=timezone(timedelta(hours=2)))
    frame = pl.DataFrame({"v": [moment]}, schema={"v": pl.Datetime("us", "UTC")})
    assert json_values(frame, "v").to_list() == ['"2026-06-01T04:00:00.000000Z"']


def test_minus_zero_is_zero() -> None:
    """Equal numbers have equal texts, whichever comes first in the column."""
    for values in ([0.0, -0.0], [-0.0, 0.0], [-0.0]):
        assert set(json_values(pl.DataFrame({"v": values}), "v").to_list()) == {"0.0"}


ROWS = st.lists(st.tuples(TEXTS, st.none() | WHOLE_NUMBERS, st.none() | REALS, st.lists(TEXTS, max_size=2)), max_size=4)
SCHEMA = pl.Schema({"a": pl.String(), "b": pl.Int64(), "c": pl.Float64(), "d": pl.List(pl.String())})


@LAW
@given(ROWS)
def test_a_row_is_one_json_text(rows: list[tuple[object, ...]]) -> None:
    """As a list of values, or as an object in the order of the columns asked for."""
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    assert row_arrays(frame, ["a", "b", "c", "d"]).to_list() == [plain(list(row)) for row in rows]
    turned = [{"d": row[3], "a": row[0]} for row in rows]
    assert row_objects(frame, ["d", "a"]).to_list() == [plain(row) for row in turned]


@LAW
@given(ROWS)
def test_a_row_hash_is_half_of_a_sha256(rows: list[tuple[object, ...]]) -> None:
    """32 hex digits of the hash of the row's JSON list, so that anyone can make it again."""
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    texts = [plain(list(row)).encode() for row in rows]
    assert row_hashes(frame, list(SCHEMA)).to_list() == [hashlib.sha256(text).hexdigest()[:32] for text in texts]


def test_a_known_hash() -> None:
    """The recipe does not change unseen."""
    frame = pl.DataFrame({"id": ["a"], "n": [1], "x": [None], "l": [["é"]]}, schema_overrides={"x": pl.Float64})
    assert row_arrays(frame, frame.columns).to_list() == ['["a",1,null,["é"]]']
    assert row_hashes(frame, frame.columns).to_list() == [
        hashlib.sha256('["a",1,null,["é"]]'.encode()).hexdigest()[:32]
    ]
