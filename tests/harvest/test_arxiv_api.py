"""Answers of arXiv's query API as records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from almanac_assets.harvest.formats import parse

HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom"><id>https://arxiv.org/api/abc</id><title>arXiv Query: x</title>'
    "<updated>2026-06-12T22:09:33Z</updated>"
    '<link href="https://arxiv.org/api/query?search_query=x&amp;start=0" type="application/atom+xml"/>'
)


def entry(
    identifier: str = "http://arxiv.org/abs/2606.01234v2", title: str = "On $k$-sparse\n  probes", more: str = ""
) -> str:
    """An entry in the order of 2026."""
    return (
        f"<entry><id>{identifier}</id><title>{title}</title><updated>2026-06-05T08:00:00Z</updated>"
        f'<link href="https://arxiv.org/abs/2606.01234v2" rel="alternate"/><summary>  We show\nthings.</summary>'
        '<category term="stat.ML"/><category term="cs.CL"/><category term="68T05"/>'
        "<published>2026-06-01T17:59:59Z</published><arxiv:comment>9 pages</arxiv:comment>"
        '<arxiv:primary_category term="cs.CL"/><arxiv:doi>10.1000/ABC</arxiv:doi>'
        "<author><name>Ada B.</name><arxiv:affiliation>Lab Y</arxiv:affiliation></author>"
        f"<author><name>Jürgen C.</name></author>{more}</entry>"
    )


def answer(entries: str, total: int = 1, start: int = 0) -> bytes:
    counts = f"<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>"
    return f"{HEAD}{counts}{entries}</feed>".encode()


def test_an_entry_becomes_a_record() -> None:
    """`published` is version 1, `updated` this version; the primary category comes first."""
    parsed = parse(answer(entry()))
    row = parsed.records.row(0, named=True)
    assert (row["document_id"], row["version"], row["title"]) == ("arxiv:2606.01234", 2, "On $k$-sparse probes")
    assert (row["abstract"], row["comment"], row["doi"]) == ("We show things.", "9 pages", "10.1000/abc")
    assert (row["authors"], row["affiliations"]) == (["Ada B.", "Jürgen C."], ["Lab Y", None])
    assert row["categories"] == ["cs.CL", "stat.ML"]
    assert row["published_at"] == datetime(2026, 6, 1, 17, 59, 59, tzinfo=UTC)
    assert row["version_at"] == row["updated_at"] == datetime(2026, 6, 5, 8, tzinfo=UTC)
    assert parsed.facts.format == "arxiv_api"
    assert parsed.facts.claimed_url == "https://arxiv.org/api/query?search_query=x&start=0"
    assert (parsed.facts.stated_total, parsed.facts.is_last_page) == (1, True)
    assert parsed.facts.answered_at == datetime(2026, 6, 12, 22, 9, 33, tzinfo=UTC)


def test_a_first_version_was_not_updated() -> None:
    """Its `updated` repeats `published`."""
    row = parse(answer(entry("http://arxiv.org/abs/2606.01234v1"))).records.row(0, named=True)
    assert (row["version"], row["updated_at"]) == (1, None)


def test_an_error_comes_as_an_entry() -> None:
    """With status 400, in some deployments with 200."""
    error = (
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>"
        "<summary>incorrect id format for abc</summary></entry>"
    )
    for status in (200, 400):
        parsed = parse(answer(error), status=status)
        assert parsed.rejects["reason"].to_list() == ["protocol_error"]
        assert "incorrect id format for abc" in parsed.rejects["detail"][0]


@pytest.mark.parametrize(("total", "start", "outcome"), [(500, 100, "error"), (0, 0, "empty"), (100, 100, "empty")])
def test_an_empty_page_before_the_end_of_the_list_is_a_failure(total: int, start: int, outcome: str) -> None:
    """The API gives such pages for minutes; behind the end, or with no match, there is nothing to give."""
    parsed = parse(answer("", total, start))
    assert parsed.outcome == outcome
    if outcome == "error":
        assert parsed.rejects["reason"].to_list() == ["protocol_error"]
        assert "empty page before total" in parsed.rejects["detail"][0]


def test_a_bad_entry_loses_itself_only() -> None:
    """Identity and title are what a record cannot do without."""
    entries = entry("http://arxiv.org/abs/nonsense") + entry(title=" ") + entry("http://arxiv.org/abs/2606.00002v1")
    parsed = parse(answer(entries, 3))
    assert parsed.rejects.select("ordinal", "reason").rows() == [(0, "missing_id"), (1, "missing_title")]
    assert parsed.records["document_id"].to_list() == ["arxiv:2606.00002"]
