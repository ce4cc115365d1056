"""The shape in which every format hands over what it read."""

from __future__ import annotations

import dataclasses

import pytest

from almanac_assets.harvest.records import (
    DETAIL_LIMIT,
    RECORDS,
    REJECTS,
    Facts,
    Record,
    Reject,
    one_line,
    records_frame,
    rejects_frame,
    unusable,
    without_items,
)


def test_the_fields_of_a_record_are_the_columns_in_order() -> None:
    """So a frame can be made of records without a list of names beside the schema."""
    assert [field.name for field in dataclasses.fields(Record)] == RECORDS.names()
    assert [field.name for field in dataclasses.fields(Reject)] == REJECTS.names()


def test_frames_keep_the_schema_with_rows_and_without() -> None:
    """Nulls and empty lists do not change a type."""
    record = Record(0, "arxiv:2606.01234", "2606.01234", authors=("Ada B.",), affiliations=(None,))
    assert records_frame([record]).schema == records_frame([]).schema == RECORDS
    assert rejects_frame([Reject(None, "x", "y", "z")]).schema == rejects_frame([]).schema == REJECTS


def test_the_outcome_follows_from_the_rows() -> None:
    """Rejects alone are an error; nothing at all is an empty payload."""
    assert unusable(Facts("oai"), "not_xml", "x").outcome == "error"
    assert without_items(Facts("oai")).outcome == "empty"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain — text", "plain — text"),
        ("a\nb\x1b[31m\u202e", "a\\nb\\x1b[31m\\u202e"),
        ("\ud800", "\\ud800"),
        ("x" * 301, "x" * 299 + "…"),
        ("\n" * 200, "\\n" * 149 + "\\…"),
    ],
)
def test_a_detail_is_one_line_of_bounded_length(text: str, line: str) -> None:
    """It can be printed anywhere."""
    assert one_line(text) == line and len(line) <= DETAIL_LIMIT
