"""Words of an upstream as typed values, one by one and by column."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from almanac_assets.harvest.formats.columns import (
    categories_column,
    clean_column,
    doi_column,
    identity_columns,
    withdrawal_columns,
)
from almanac_assets.harvest.formats.times import in_utc, midnight, out_of_range, read_day, read_iso, read_rfc822
from almanac_assets.harvest.formats.values import (
    clean_text,
    read_categories,
    read_doi,
    read_identity,
    withdrawal,
)

IDENTITIES = [
    ("2606.23693", "2606.23693", None),
    ("oai:arXiv.org:2606.23693v12", "2606.23693", 12),
    ("http://arxiv.org/abs/2606.23693v1", "2606.23693", 1),
    ("https://export.arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001", 2),
    ("arXiv:0704.0001", "0704.0001", None),
    ("ArXiv: 1412.9999", "1412.9999", None),
    ("10.48550/arXiv.1501.00001", "1501.00001", None),
    ("math.GT/0309136", "math/0309136", None),
    ("oai:arXiv.org:q-bio/0703001", "q-bio/0703001", None),
    (" 2606.23693 ", "2606.23693", None),
]
NO_IDENTITIES = [
    "",
    "2613.00001",
    "2600.00001",
    "0703.0001",
    "1412.00001",
    "1501.0001",
    "hep-th/0705001",
    "2606.23693v0",
]
NO_IDENTITIES += ["hep-th/9913001", "2606.236931", "x2606.23693", "2606.23693 2606.23694", "٢٦٠٦.٢٣٦٩٣", "post/1"]


@pytest.mark.parametrize(("text", "arxiv_id", "version"), IDENTITIES)
def test_an_identifier_is_read_in_every_form(text: str, arxiv_id: str, version: int | None) -> None:
    """Prefix, version and the class of an old identifier are told apart from the identifier."""
    found = read_identity(text)
    assert found is not None
    assert (found.arxiv_id, found.version, found.document_id) == (arxiv_id, version, f"arxiv:{arxiv_id}")


@pytest.mark.parametrize("text", NO_IDENTITIES)
def test_what_cannot_be_an_identifier_is_none(text: str) -> None:
    """Months are real and numbers have the length of their time."""
    assert read_identity(text) is None


def test_an_identifier_names_its_month() -> None:
    """Old identifiers carry the last two digits of years from 1991 to 2007."""
    for text, month in [("9107001", (1991, 7)), ("0703001", (2007, 3))]:
        found = read_identity(f"hep-th/{text}")
        assert found is not None and found.month == date(*month, 1)


def test_columns_of_identifiers_follow_the_same_rules() -> None:
    """Scalar and column forms agree on every form above; a stated version wins over a written one."""
    texts = [text.strip() for text, *_ in IDENTITIES] + NO_IDENTITIES
    frame = pl.DataFrame({"id": texts}).with_columns(identity_columns(pl.col("id"), pl.lit(None, pl.Int16)))
    for text, row in zip(texts, frame.iter_rows(named=True), strict=True):
        found = read_identity(text)
        assert row["arxiv_id"] == (found.arxiv_id if found else None), text
        if found:
            assert row["version"] == (found.version or 1)
            assert row["id_month"] == midnight(found.month)
    assert pl.select(*identity_columns(pl.lit("2606.23693v3"), pl.lit(5, pl.Int16)))["version"].item() == 5


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  We\n  show\t$x$ ", "We show $x$"),
        ("a\x00b\x0bc\x1fd\x7f", "abcd"),
        ("it\x92s", "it’s"),
        ("e\u0301", "é"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\ud800b", "a\ufffdb"),
        (" \x00 ", None),
        (None, None),
        (3, None),
    ],
)
def test_text_is_cleaned_and_latex_kept(text: object, clean: str | None) -> None:
    """White space collapses, controls go, windows-1252 is understood, the result is NFC."""
    assert clean_text(text) == clean


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=12), max_size=6))
@example(["\x1c", "\x85", "\u180e", "a \u2028b", "\x80\x81", "\ufeff", None, "", " ", "plain"])
def test_columns_of_text_are_cleaned_as_single_texts(texts: list[str | None]) -> None:
    """Whatever is in a column, both forms agree, and a second cleaning changes nothing."""
    series = pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)}).select(clean_column(pl.col("t")))["t"]
    assert series.to_list() == [clean_text(text) for text in texts]
    assert [clean_text(text) for text in series] == series.to_list()


CATEGORIES = "cs.CL q-bio.GN hep-th astro-ph cond-mat.mes-hall physics.flu-dyn math-ph q-alg cs.CL eess.SY"
FOREIGN = "I.2.7 68T05 F.2.2, cs math CS.CL cs.cl1 hep-th; (Primary) cs.CLX physics.a-b-c-d-e"


def test_categories_are_arxivs_alone_each_once_in_order() -> None:
    """ACM and MSC classes, archives that need a class, and other spellings are dropped."""
    expected = list(dict.fromkeys(CATEGORIES.split()))
    assert list(read_categories(f"{CATEGORIES} {FOREIGN}".split())) == expected
    words = f"{CATEGORIES} {FOREIGN}"
    frame = pl.DataFrame({"categories": [words], "first": [None]}, schema={"categories": pl.String, "first": pl.String})
    assert frame.select(categories_column(pl.String(), pl.col("first")))["first"].to_list() == [expected]
    listed = pl.DataFrame({"categories": [words.split()], "first": ["hep-th"]})
    moved = ["hep-th", *(name for name in expected if name != "hep-th")]
    assert listed.select(categories_column(listed.schema["categories"], pl.col("first")))["first"].to_list() == [moved]


DOIS = [
    ("10.1103/PhysRevD.93.016005", "10.1103/physrevd.93.016005"),
    ("https://doi.org/10.1000/ABC", "10.1000/abc"),
    ("doi:10.1000/a.", "10.1000/a"),
    ("10.1103/A, 10.1103/B;10.1103/C", "10.1103/a"),
    ("10.1103/A 10.1103/B", "10.1103/a"),
    (
        "10.1002/(SICI)1099-0690(199801)1998:1<1::AID-X>3.0.CO;2-X",
        "10.1002/(sici)1099-0690(199801)1998:1<1::aid-x>3.0.co;2-x",
    ),
    ("see journal", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "doi"), DOIS)
def test_the_first_doi_without_prefix_in_lower_case(text: str, doi: str | None) -> None:
    """Several are separated by blanks, commas or semicolons; a DOI may hold the last two."""
    assert read_doi(text) == doi
    assert pl.select(doi_column(pl.lit(text))).item() == doi


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the authors", True),
        ("5 pages. The submission is withdrawn at the request of the authors", True),
        ("Withdrawn: error in Table 2", True),
        ("Withdrawing temporarily to coordinate revisions", True),
        ("We have decided to withdraw this paper", True),
        ("The author requests withdrawal due to errors", True),
        ("decided to withdraw from arXiv", True),
        ("Accepted at X (withdrawn before presentation)", False),
        ("A study of cash withdrawal", False),
        ("troops have been withdrawn", False),
        (None, False),
    ],
)
def test_a_comment_that_announces_a_withdrawal(comment: str | None, withdrawn: bool) -> None:
    """Papers about withdrawals are not withdrawn; both forms agree."""
    assert (withdrawal(comment, None) is not None) == withdrawn
    frame = pl.DataFrame(
        {"comment": [comment], "abstract": [None]}, schema={"comment": pl.String, "abstract": pl.String}
    )
    assert frame.select(withdrawal_columns())["is_withdrawn"].to_list() == [withdrawn]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("Mon, 01 Jun 2026 17:59:59 GMT", (2026, 6, 1, 17, 59, 59)),
        ("Mon, 1 Jun 2026 17:59:59 -0400", (2026, 6, 1, 21, 59, 59)),
        ("1 Jun 2026 00:00 EDT", (2026, 6, 1, 4)),
        ("Mon, 01 Jun 2026 17:59:60 GMT", None),
        ("Mon, 01 Jun 2026 25:61:00 GMT", None),
        ("Mon, 01 Jun 2026 17:59:59", None),
        ("Mon, 01 Jun 2026 17:59:59 CEST", None),
        ("Mon, 30 Feb 2026 17:59:59 GMT", None),
        ("Mon, 01 Mai 2026 17:59:59 GMT", None),
        ("06/01/2026", None),
        ("Mon, 01 Jun 0001 00:00:00 +2359", None),
        ("Mon, 01 Jun 2026 17:59:59 +9900", None),
        (None, None),
    ],
)
def test_rfc_822_times_are_read_strictly(text: str | None, utc: tuple[int, ...] | None) -> None:
    """What is ambiguous, impossible or without a zone is None."""
    moment = in_utc(read_rfc822(text))
    if text and "0001" in text:
        assert out_of_range(moment, None)
    else:
        assert moment == (datetime(*utc, tzinfo=UTC) if utc else None)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "text", ["2026-06-24T00:00:00", "2026-02-30T00:00:00Z", "2026-W02-1", "20260624T000000Z", None]
)
def test_iso_times_are_read_strictly(text: str | None) -> None:
    """A zone is needed; week dates and packed forms are refused."""
    assert read_iso(text) is None


def test_iso_times_and_days() -> None:
    """Fractions of a second are kept to the microsecond."""
    assert in_utc(read_iso("2026-06-24T00:00:00.1234567-04:00")) == datetime(2026, 6, 24, 4, 0, 0, 123456, UTC)
    assert read_day("2026-06-24") == read_day("2026-06-24T10:19:23Z") == date(2026, 6, 24)
    assert read_day("2026-02-30") is read_day("2011") is read_day(None) is None


def test_out_of_range_is_before_1990_or_more_than_a_day_ahead() -> None:
    """Without a time of answer only the lower bound holds."""
    seen = datetime(2026, 6, 24, tzinfo=UTC)
    assert not out_of_range(datetime(2026, 6, 25, tzinfo=UTC), seen)
    assert out_of_range(datetime(2026, 6, 25, 0, 0, 1, tzinfo=UTC), seen)
    assert out_of_range(datetime(1989, 12, 31, tzinfo=UTC), None)
    assert not out_of_range(datetime(2099, 1, 1, tzinfo=UTC), None)
    assert not out_of_range(None, seen)
