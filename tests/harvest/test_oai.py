"""OAI-PMH answers as records."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.records import RECORDS, Facts

from .payloads import metadata_record, oai, raw_record

OLD = "http://export.arxiv.org/oai2"


def at(*parts: int) -> datetime:
    """A time in UTC."""
    return datetime(*parts, tzinfo=UTC)


def version(number: int, date: str, more: str = "") -> str:
    """A version element of arXivRaw."""
    return f'<version version="v{number}"><date>{date}</date>{more}</version>'


def test_a_record_in_arxivraw_fills_every_column_it_can() -> None:
    """White space collapses, LaTeX stays, the first category is the primary."""
    more = "<comments>4 pages</comments><journal-ref>J. X 1</journal-ref><doi>10.1000/ABC</doi><license>http://l/</license>"
    parsed = parse(oai(raw_record(more=more)))
    assert parsed.records.schema == RECORDS
    assert parsed.records.row(0, named=True) == {
        "ordinal": 0,
        "document_id": "arxiv:2606.01234",
        "arxiv_id": "2606.01234",
        "url": None,
        "kind": "preprint",
        "text_basis": None,
        "version": 1,
        "title": "On $k$-sparse probes",
        "abstract": "We show things.",
        "authors": ["Ada B.", 'J\\"urgen C.'],
        "affiliations": [None, "Lab Y"],
        "categories": ["cs.CL", "stat.ML"],
        "category_scheme": "arxiv",
        "links": [],
        "comment": "4 pages",
        "journal_ref": "J. X 1",
        "doi": "10.1000/abc",
        "licence": "http://l/",
        "published_at": at(2026, 6, 1, 17, 59, 59),
        "published_precision": "second",
        "published_basis": "stated",
        "version_at": at(2026, 6, 1, 17, 59, 59),
        "updated_at": None,
        "captured_at": None,
        "datestamp": date(2026, 6, 24),
        "announce_type": None,
        "is_deleted": False,
        "is_withdrawn": False,
        "withdrawn_reason": None,
    }


def test_versions_give_the_number_and_three_times_in_any_order() -> None:
    """The newest version is the record; version 1 dates the paper."""
    versions = version(2, "Tue, 23 Jun 2026 08:01:10 GMT") + version(1, "Mon, 01 Jun 2026 17:59:59 GMT")
    row = parse(oai(raw_record(versions=versions))).records.row(0, named=True)
    assert row["version"] == 2
    assert row["published_at"] == at(2026, 6, 1, 17, 59, 59)
    assert row["version_at"] == row["updated_at"] == at(2026, 6, 23, 8, 1, 10)


def test_without_version_1_the_month_of_the_identifier_dates_the_paper() -> None:
    """A list of versions that begins at 2 says nothing on the submission."""
    row = parse(oai(raw_record(versions=version(2, "Tue, 23 Jun 2026 08:01:10 GMT")))).records.row(0, named=True)
    assert (row["published_at"], row["published_precision"], row["published_basis"]) == (
        at(2026, 6, 1),
        "month",
        "identifier",
    )


@pytest.mark.parametrize("stated", ["yesterday", "Mon, 31 Jun 2026 17:59:59 GMT", "Mon, 01 Jun 2026 17:59:59", ""])
def test_an_unreadable_version_date_rejects_the_record(stated: str) -> None:
    """In arXivRaw the times of the versions are the point; a guess would be worse than a reject."""
    assert parse(oai(raw_record(versions=version(1, stated)))).rejects["reason"].to_list() == ["bad_date"]


def test_a_withdrawn_version_is_told_by_its_source_type_or_by_the_comment() -> None:
    """The reason is the comment, where there is one."""
    empty = version(1, "Mon, 01 Jun 2026 17:59:59 GMT", "<size>0kb</size><source_type>I</source_type>")
    page = oai(
        raw_record("2606.00001", versions=empty, more="<comments>error in Table 2</comments>")
        + raw_record("2606.00002", more="<comments>This paper has been withdrawn by the authors</comments>")
        + raw_record("2606.00003", abstract="This paper and abstract have been withdrawn.")
        + raw_record("2606.00004", more="<comments>ICAPS 2025 (withdrawn before presentation)</comments>")
        + raw_record("2606.00005", abstract="Funds were withdrawn from the paper company.")
    )
    records = parse(page).records
    assert records["is_withdrawn"].to_list() == [True, True, True, False, False]
    assert records["withdrawn_reason"].to_list()[:2] == [
        "error in Table 2",
        "This paper has been withdrawn by the authors",
    ]


def test_a_deleted_header_is_a_tombstone_without_title() -> None:
    """It says that the record went, and when; nothing is rejected."""
    gone = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:hep-th/9901001</identifier>'
        "<datestamp>2026-06-24</datestamp></header></record>"
    )
    row = parse(oai(gone)).records.row(0, named=True)
    assert (row["document_id"], row["is_deleted"], row["title"]) == ("arxiv:hep-th/9901001", True, None)
    assert row["datestamp"] == date(2026, 6, 24)


def test_a_live_record_without_metadata_breaks_the_protocol() -> None:
    """Only a deleted header may stand alone."""
    bare = "<record><header><identifier>oai:arXiv.org:2606.00001</identifier></header></record>"
    assert parse(oai(bare)).rejects["reason"].to_list() == ["protocol_error"]


ARXIV = (
    "<id>{id}</id><created>{created}</created>{updated}<authors><author><keyname>C</keyname><forenames>Jürgen</forenames>"
    "<suffix>Jr.</suffix><affiliation>Lab Y</affiliation></author><author><keyname>CDF</keyname></author></authors>"
    "<title>Probes</title><categories>cs.CL I.2.7 cs.CL</categories><abstract>Text</abstract>"
)


@pytest.mark.parametrize(
    ("base", "identifier", "created", "updated", "published", "updated_at"),
    [
        (OLD, "1706.05371", "2017-06-16", "2017-12-12", (at(2017, 6, 16), "day", "stated"), at(2017, 12, 12)),
        (OLD, "1706.05371", "2017-06-16", "", (at(2017, 6, 16), "day", "stated"), None),
        ("new", "0811.2813", "2011-02-02", "2011-02-03", (at(2008, 11, 1), "month", "identifier"), at(2011, 2, 2)),
        ("new", "2606.00001", "2026-05-30", "", (at(2026, 5, 30), "day", "stated"), None),
        ("new", "2606.00001", "2026-06-03", "", (at(2026, 6, 1), "month", "identifier"), None),
        ("new", "2606.00001", "soon", "", (at(2026, 6, 1), "month", "identifier"), None),
    ],
)
def test_created_dates_version_1_only_on_the_old_server(
    base: str, identifier: str, created: str, updated: str, published: tuple[object, ...], updated_at: datetime | None
) -> None:
    """Today's server writes the newest version's day there, so only a day before the identifier's month is certain."""
    inner = ARXIV.format(id=identifier, created=created, updated=f"<updated>{updated}</updated>" if updated else "")
    page = oai(metadata_record(identifier, "arXiv", inner), base=OLD if base == OLD else "https://oaipmh.arxiv.org/oai")
    row = parse(page).records.row(0, named=True)
    assert (row["published_at"], row["published_precision"], row["published_basis"]) == published
    assert row["updated_at"] == updated_at


def test_structured_authors_and_foreign_classes() -> None:
    """Names are put in reading order; ACM classes and repetitions leave the categories."""
    inner = ARXIV.format(id="2606.00001", created="2026-06-03", updated="")
    row = parse(oai(metadata_record("2606.00001", "arXiv", inner))).records.row(0, named=True)
    assert row["authors"] == ["Jürgen C Jr.", "CDF"]
    assert row["affiliations"] == ["Lab Y", None]
    assert row["categories"] == ["cs.CL"]


def test_dublin_core_gives_the_first_date_and_takes_categories_from_the_sets() -> None:
    """The first description is the abstract, the second the comment; the DOI is one of the identifiers."""
    inner = (
        "<title>Probes</title><creator>Özel, B.</creator><creator>Smith, John, Jr.</creator><subject>Physics</subject>"
        "<description>Text</description><description>Comment: 4 pages</description><date>2024-01-23</date>"
        "<date>2013-03-08</date><identifier>http://arxiv.org/abs/1303.2033</identifier>"
        "<identifier>doi:10.1103/PhysRevD.77.047702</identifier>"
    )
    row = parse(oai(metadata_record("1303.2033", "dc", inner))).records.row(0, named=True)
    assert (row["published_at"], row["updated_at"]) == (at(2013, 3, 8), at(2024, 1, 23))
    assert row["authors"] == ["B. Özel", "John Smith Jr."]
    assert (row["abstract"], row["comment"], row["doi"]) == ("Text", "4 pages", "10.1103/physrevd.77.047702")
    assert row["categories"] == ["cs.CL", "hep-th"]


def test_a_record_of_another_repository_has_no_identity_unless_an_arxiv_id_is_in_it() -> None:
    """The header may be foreign as long as the metadata names a paper."""
    foreign = metadata_record("x", "dc", "<title>Sample</title><identifier>{}</identifier>")
    foreign = foreign.replace("oai:arXiv.org:x", "oai:test.example.com:1")
    page = oai(foreign.format("http://test.example.com/1") + foreign.format("http://arxiv.org/abs/1303.2033v2"))
    parsed = parse(page)
    assert parsed.records["document_id"].to_list() == ["arxiv:1303.2033"]
    assert parsed.rejects.select("ordinal", "locator", "reason").rows() == [
        (0, "record 0 (oai:test.example.com:1)", "missing_id")
    ]


def test_the_envelope_tells_when_what_and_how_much() -> None:
    """The old server's tokens carry a total."""
    token = '<resumptionToken cursor="0" completeListSize="1162">6960524|1001</resumptionToken>'
    assert parse(oai(raw_record() + token)).facts == Facts(
        format="oai",
        answered_at=at(2026, 6, 25, 6, 0, 4),
        claimed_url="https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-06-23&until=2026-06-24",
        oai_verb="ListRecords",
        window_from=date(2026, 6, 23),
        window_until=date(2026, 6, 24),
        stated_total=1162,
        resumption_token="6960524|1001",
        is_last_page=False,
    )


def test_a_request_by_token_still_tells_its_window() -> None:
    """arXiv's tokens can be read; others tell nothing and do no harm."""
    request = (
        'verb="ListRecords" resumptionToken="verb%3DListRecords%26from%3D2026-06-23%26until%3D2026-06-24%26skip%3D9"'
    )
    facts = parse(oai(raw_record(), request=request)).facts
    assert (facts.window_from, facts.window_until) == (date(2026, 6, 23), date(2026, 6, 24))
    assert parse(oai(raw_record(), request='verb="ListRecords" resumptionToken="6|1"')).facts.window_from is None


@pytest.mark.parametrize("end", ["", "<resumptionToken/>", "<resumptionToken> </resumptionToken>"])
def test_no_token_and_an_empty_one_both_end_the_list(end: str) -> None:
    """A single page has none, the last of several an empty one."""
    facts = parse(oai(raw_record() + end)).facts
    assert (facts.is_last_page, facts.resumption_token) == (True, None)


def test_nothing_found_is_empty_and_other_errors_are_errors() -> None:
    """A quiet window is no fault."""
    quiet = parse(oai("<error code='noRecordsMatch'>nothing</error>", verb=""))
    assert (quiet.outcome, quiet.facts.error_code, quiet.rejects.height) == ("empty", "noRecordsMatch", 0)
    expired = parse(oai("<error code='badResumptionToken'>expired</error>", verb=""))
    assert (expired.outcome, expired.facts.error_code) == ("error", "badResumptionToken")
    assert expired.rejects.rows() == [(None, "whole payload", "protocol_error", "badResumptionToken: expired")]


@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats", "ListIdentifiers"])
def test_answers_without_records_are_empty(verb: str) -> None:
    """They are well-formed and hold nothing to publish."""
    parsed = parse(oai("<header/>", verb=verb))
    assert (parsed.outcome, parsed.facts.oai_verb) == ("empty", verb)


def test_an_envelope_without_verb_or_error_breaks_the_protocol() -> None:
    """There is no such answer."""
    assert parse(oai("", verb="")).rejects["reason"].to_list() == ["protocol_error"]


def test_unknown_metadata_formats_are_reported_record_by_record() -> None:
    """A new format is news, not noise."""
    parsed = parse(oai(metadata_record("2606.00001", "marc", "<title>x</title>")))
    assert parsed.rejects["reason"].to_list() == ["schema_changed"]


def test_a_lone_record_is_read_as_some_recordings_keep_it() -> None:
    """Without envelope there are no facts but the format."""
    parsed = parse(raw_record().encode())
    assert parsed.records.height == 1 and parsed.facts == Facts("oai")


def test_frames_of_an_empty_payload_have_the_schema_too() -> None:
    """Concatenation over payloads needs no special case."""
    parsed = parse(oai("<error code='noRecordsMatch'/>", verb=""))
    assert pl.concat([parsed.records, parse(oai(raw_record())).records]).height == 1


def test_absurd_numbers_and_years_in_the_envelope_do_no_harm() -> None:
    """A total of thousands of digits is none; the last year of the calendar leaves no day behind it."""
    token = f'<resumptionToken completeListSize="{"9" * 5000}">x</resumptionToken>'
    parsed = parse(oai(raw_record() + token, answered="9999-12-31T23:59:59Z"))
    assert (parsed.records.height, parsed.facts.stated_total) == (1, None)


def test_comments_and_markup_within_a_field_do_not_enter_its_text() -> None:
    """The text of a title is its characters, those of inner elements included."""
    page = oai(raw_record(title="TITLE")).replace(b"TITLE", b"On <!-- not this --><i>sparse</i><?nor this?> probes")
    assert parse(page).records["title"].to_list() == ["On sparse probes"]
