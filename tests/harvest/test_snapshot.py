"""Lines of the arXiv metadata snapshot as records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from almanac_assets.harvest.formats import parse

from .payloads import snapshot_line


def test_a_line_becomes_a_record() -> None:
    """Versions date it, the parsed authors name it."""
    row = parse(snapshot_line()).records.row(0, named=True)
    assert (row["document_id"], row["version"], row["title"]) == ("arxiv:0704.0001", 2, "Prompt production")
    assert row["abstract"] == "A fully differential calculation."
    assert (row["authors"], row["affiliations"]) == (["Ada B.", "Carl D. Jr."], [None, "Lab Y"])
    assert (row["categories"], row["doi"]) == (["hep-ph"], "10.1103/physrevd.76.013009")
    assert row["published_at"] == datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC)
    assert row["version_at"] == row["updated_at"] == datetime(2007, 7, 24, 20, 10, 27, tzinfo=UTC)
    assert (row["published_precision"], row["published_basis"]) == ("second", "stated")
    assert row["datestamp"] == date(2008, 11, 26)


@pytest.mark.parametrize(
    "versions",
    [None, [], "v1", [{"version": "v1", "created": "soon"}], [{"version": 1}], [None], [{"version": "v" + "1" * 5000}]],
)
def test_without_a_readable_date_the_identifier_dates_the_paper(versions: Any) -> None:
    """Identity and title are whole, so the record is kept."""
    row = parse(snapshot_line(versions=versions)).records.row(0, named=True)
    assert (row["published_at"], row["published_basis"]) == (datetime(2007, 4, 1, tzinfo=UTC), "identifier")
    assert row["version"] == 1


@pytest.mark.parametrize("parsed_authors", [None, [], "x"])
def test_without_parsed_authors_the_string_is_split(parsed_authors: Any) -> None:
    """Both fields are in the snapshot; either will do."""
    assert parse(snapshot_line(authors_parsed=parsed_authors)).records["authors"].to_list() == [["Ada B.", "Carl D."]]


@pytest.mark.parametrize("parsed_authors", [[None], [[]], [["", None]], [[1, 2]]])
def test_authors_of_another_shape_name_nobody(parsed_authors: Any) -> None:
    """A wrong type within the list is skipped, not guessed at."""
    assert parse(snapshot_line(authors_parsed=parsed_authors)).records["authors"].to_list() == [[]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (snapshot_line(id=None), "missing_id"),
        (snapshot_line(id=704.0001), "missing_id"),
        (snapshot_line(id="2607.123"), "missing_id"),
        (snapshot_line(title=None), "missing_title"),
        (snapshot_line(title=["a", "list"]), "missing_title"),
        (snapshot_line(more=float("nan")), "not_json"),
        (b"{not json}\n", "not_json"),
        (b"<html>\n", "not_json"),
        (b'{"id": "2606.01234", "n": ' + b"1" * 5000 + b"}\n", "not_json"),
        (b'["2606.01234"]\n', "schema_changed"),
        (b'{"id": "\xff"}\n', "bad_encoding"),
        (snapshot_line(versions=[{"version": "v1", "created": "Mon, 2 Apr 1979 19:18:42 GMT"}]), "date_out_of_range"),
    ],
)
def test_a_bad_line_loses_itself_only(line: bytes, reason: str) -> None:
    """Lines before and behind it are kept."""
    parsed = parse(snapshot_line() + line + snapshot_line(id="0704.0002"))
    assert parsed.records["document_id"].to_list() == ["arxiv:0704.0001", "arxiv:0704.0002"]
    assert parsed.rejects.select("ordinal", "reason").rows() == [(1, reason)]


def test_a_last_line_cut_short_is_truncated() -> None:
    """What came before is whole."""
    parsed = parse(snapshot_line() + snapshot_line()[:50])
    assert parsed.records.height == 1
    assert parsed.rejects["reason"].to_list() == ["truncated"]


def test_a_last_line_without_a_line_end_is_whole_if_it_can_be_read() -> None:
    """Parts of the snapshot are cut in both ways."""
    assert parse(snapshot_line().rstrip()).outcome == "new"


def test_lone_surrogates_and_controls_in_strings_do_no_harm() -> None:
    """JSON can write what no text may hold."""
    row = parse(snapshot_line(title="a\ud800b\x00c\x85d")).records.row(0, named=True)
    assert row["title"] == "a�bc…d"
