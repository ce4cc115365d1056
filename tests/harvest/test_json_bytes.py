"""Bytes to JSON values, strictly, and values to what a reader asked for."""

from __future__ import annotations

import pytest

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats.json_bytes import (
    MAX_DEPTH,
    MAX_DIGITS,
    at,
    count_at,
    error_told,
    objects,
    read_value,
    shape,
    text_at,
    year_at,
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"<!DOCTYPE html><p>Not Found", "wrong_type"),
        (b"<html>502</html>", "wrong_type"),
        (b'{"a": "\xff"}', "bad_encoding"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": -Infinity}', "not_json"),
        (b'{"a": 1e999}', "not_json"),
        (b'{"a": ' + b"1" * (MAX_DIGITS + 1) + b"}", "not_json"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not_json"),
        (b'{"a": 1,}', "not_json"),
        (b'{"a": 1} {"b": 2}', "not_json"),
        (b'{"a": [1, 2', "truncated"),
        (b'{"a": "cut in the mid', "truncated"),
        (b'{"a": tru', "truncated"),
        (b'{"a": 1, ', "truncated"),
        (b"[" * 100_000, "too_deep"),
        (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), "too_deep"),
    ],
)
def test_what_is_no_json_gives_one_reason(body: bytes, reason: str) -> None:
    """A value that only one reader of JSON would take is taken by none."""
    with pytest.raises(FeedBroken) as caught:
        read_value(body)
    assert caught.value.reason == reason


def test_a_value_may_be_as_deep_as_allowed() -> None:
    """And no deeper."""
    value, notes = read_value(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert (isinstance(value, list), notes) == (True, ())


def test_of_a_repeated_key_the_last_value_holds_and_a_note_says_so() -> None:
    """Nothing is lost in silence."""
    value, notes = read_value(b'{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}')
    assert value == {"a": 4, "b": {"c": 3}}
    assert notes == ("2 keys stood twice in one object, the last value was taken",)


def test_half_a_character_becomes_a_mark() -> None:
    """Also in keys; whole characters written as two halves stay."""
    value, _ = read_value(rb'{"a\ud800": ["\udfffb", "\ud83d\ude00"]}')
    assert value == {"a�": ["�b", "😀"]}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"error": "Paper with id 0 not found"}, "Paper with id 0 not found"),
        ({"message": "Forbidden"}, "Forbidden"),
        ({"error": "Invalid", "message": "x is no field"}, "Invalid"),
        ({"status": "failed", "message": [{"message": "no such field"}, "other"]}, "no such field; other"),
        ({"message": {"DOI": "10.1/x", "title": ["A"]}}, None),
        ({"error": None, "paperId": "x"}, None),
        ({"data": [], "message": "served from cache"}, None),
        (["error"], None),
    ],
)
def test_an_envelope_of_failure_tells_why(value: object, told: str | None) -> None:
    """Two spellings are in use; an answer with data is none."""
    assert error_told(value) == told


def test_values_of_the_wrong_type_are_none() -> None:
    """A field that changes its type counts as left out, for that field alone."""
    held = {"a": {"b": " x\ny "}, "n": "12", "f": 3.0, "y": 3999, "t": True, "neg": -1, "big": 2**60}
    assert (text_at(held, "a", "b"), text_at(held, "a"), text_at(held, "a", "b", "c")) == ("x y", None, None)
    assert [count_at(held, name) for name in ("n", "f", "t", "neg", "big", "none")] == [12, 3, None, None, None, None]
    assert (year_at(held, "y"), year_at({"y": 2024}, "y"), at(None, "a")) == (None, 2024, None)
    assert list(objects([1, {"a": 1}, None])) == [(1, {"a": 1})]
    assert list(objects("text")) == []


def test_a_shape_is_told_in_a_few_words() -> None:
    """For messages: keys, not values."""
    assert shape({"a": 1}) == "an object with a"
    assert shape([{"a": 1}, 2]) == "a list of 2, the first an object with a"
    plain: list[object] = [{}, [], None, 3]
    assert [shape(value) for value in plain] == ["an empty object", "an empty list", "a null", "a int"]
