"""Whatever the bytes are, `parse` answers: with records, with nothing, or with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.harvest.formats import parse, xml_bytes
from almanac_assets.harvest.records import RECORDS, REJECTS

from .payloads import oai, raw_record, rss, rss_item, snapshot_line

PAGE = oai(raw_record())
DTD = b'<!DOCTYPE a [<!ENTITY j "jj">]>'
UTF_16_DTD = f'<?xml version="1.0" encoding="utf-16"?>{DTD.decode()}<a>&j;</a>'.encode("utf-16")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b" \n\t", "empty_body"),
        (b"\x1f\x8b\x08junk", "content_coding"),
        (b"Resource not found.", "not_xml"),
        (b"<!DOCTYPE html><html><body>captcha</body></html>", "wrong_type"),
        (b"<html><body>captcha</body></html>", "wrong_type"),
        (b"<!-- hello --><HTML>", "wrong_type"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "wrong_type"),
        (b'<?xml version="1.0"?>\n' + DTD + b"<a>&j;</a>", "doctype_refused"),
        (b"<!-- x -->" + DTD + b"<rss/>", "doctype_refused"),
        (UTF_16_DTD, "doctype_refused"),
        (PAGE[:-30], "truncated"),
        (PAGE[: len(PAGE) // 2], "truncated"),
        (PAGE.replace(b"We show", b"We \xe9 show"), "bad_encoding"),
        (PAGE.replace(b"UTF-8", b"x-none"), "bad_encoding"),
        (PAGE.replace(b"UTF-8", b"UTF-7"), "bad_encoding"),
        (PAGE.replace(b"We show", b"AT&T"), "not_xml"),
        (PAGE.replace(b"We show", b"&#xD800;"), "not_xml"),
        (PAGE.replace(b"We show", b"<b>"), "not_xml"),
        (PAGE.replace(b"We show", b"<dc:x/>"), "not_xml"),
        (b"<rss>" + b"<a>" * 300 + b"</a>" * 300 + b"</rss>", "too_deep"),
        (b"<urlset><url/></urlset>", "wrong_type"),
        (b"<OAI-PMH><ListRecords/></OAI-PMH>", "wrong_namespace"),
        (b"<rss version='2.0'/>", "schema_changed"),
        (b'[{"id": "2606.01234"}]', "schema_changed"),
        (b'{\n"papers": []\n}', "schema_changed"),
        (b'[{"id": "2606.01', "truncated"),
        (b"{" * 200_000, "not_json"),
        (b'{"a":' * 200_000 + b"\n", "too_deep"),
    ],
)
def test_a_payload_that_cannot_be_read_gives_one_reason(body: bytes, reason: str) -> None:
    """Nothing of it is kept, and the reject names the whole payload or, for JSON lines, the line."""
    parsed = parse(body)
    assert parsed.outcome == "error"
    assert parsed.rejects["reason"].to_list() == [reason]


def test_a_payload_over_the_cap_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cap is on bytes, before any parser sees them."""
    monkeypatch.setattr(xml_bytes, "MAX_PAYLOAD_BYTES", 100)
    assert parse(PAGE).rejects["reason"].to_list() == ["too_large"]


@pytest.mark.parametrize(
    ("before", "after", "abstract"),
    [
        (b"We show", b"We\x00 sh\x0bow", "We show things."),
        (b"We show", b"We&#0; sh&#xB;ow", "We show things."),
        (b"We show", b"We&nbsp;show&mdash;", "We show— things."),
    ],
)
def test_what_xml_forbids_but_no_text_needs_is_mended_and_noted(before: bytes, after: bytes, abstract: str) -> None:
    """Control characters go, HTML's names of characters become characters, and the facts say so."""
    parsed = parse(PAGE.replace(before, after))
    assert parsed.records["abstract"].to_list() == [abstract]
    assert len(parsed.facts.notes) == 1


def test_byte_order_mark_and_blank_lines_before_the_declaration_do_no_harm() -> None:
    """Both are common and lose nothing."""
    assert parse(b"\xef\xbb\xbf\n\n" + PAGE).records.height == 1


def test_utf_16_and_latin_1_are_read_as_declared() -> None:
    """The bytes say what they are; nothing is guessed."""
    text = PAGE.decode().replace("We show", "Wé show")
    for name in ("UTF-16", "ISO-8859-1"):
        parsed = parse(text.replace("UTF-8", name).encode(name))
        assert parsed.records["abstract"].to_list() == ["Wé show things."], name


def test_details_are_one_printable_line() -> None:
    """A reject cannot forge a line of a log: control characters are written as escapes, and the length is bounded."""
    body = oai(f"<error code='badArgument'>{'x' * 500}\n\u200e\x85</error>", verb="")
    detail = parse(body).rejects["detail"][0]
    assert len(detail) <= 300 and detail.isprintable()


def test_a_bad_record_loses_nothing_else() -> None:
    """Of three records the one without a title is rejected; the others keep their places."""
    page = oai(raw_record("2606.00001") + raw_record("2606.00002", title=" ") + raw_record("2606.00003"))
    parsed = parse(page)
    assert parsed.records["ordinal"].to_list() == [0, 2]
    assert parsed.rejects.rows() == [
        (1, "record 1 (oai:arXiv.org:2606.00002)", "missing_title", "expected a title, found none")
    ]


def test_a_repeated_record_is_dropped_if_it_says_the_same_and_rejected_if_not() -> None:
    """The first of a payload stays; the same version under another title is a fault of the source."""
    same, other = raw_record(), raw_record(title="Another title")
    parsed = parse(oai(same + same + other))
    assert parsed.records["ordinal"].to_list() == [0]
    assert parsed.rejects.select("ordinal", "reason").rows() == [(2, "duplicate_id")]
    assert "other title" in parsed.rejects["detail"][0]


@pytest.mark.parametrize("date", ["Mon, 01 Jun 1989 17:59:59 GMT", "Sat, 27 Jun 2026 17:59:59 GMT"])
def test_a_date_before_arxiv_or_after_the_answer_is_out_of_range(date: str) -> None:
    """The answer is of 2026-06-25, 06:00; a day of slack is allowed."""
    versions = f'<version version="v1"><date>{date}</date></version>'
    assert parse(oai(raw_record(versions=versions))).rejects["reason"].to_list() == ["date_out_of_range"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_parse_never_raises_on_random_bytes(body: bytes) -> None:
    """Any bytes give frames of the two schemas."""
    parsed = parse(body)
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([PAGE, rss(rss_item()), snapshot_line()]),
    st.integers(0, 2000),
    st.integers(0, 40),
    st.binary(max_size=20),
)
def test_parse_never_raises_on_damaged_payloads(body: bytes, at: int, length: int, put: bytes) -> None:
    """A good payload with a piece cut out and another put in is read, or refused, but never crashes."""
    damaged = body[:at] + put + body[at + length :]
    parsed = parse(damaged)
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS
    assert all(detail.isprintable() and len(detail) <= 300 for detail in parsed.rejects["detail"])
