"""Daily papers of Hugging Face as records and counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from almanac_assets.harvest.formats import parse

URL = "https://huggingface.co/api/daily_papers?date=2026-06-12"


def entry(**changes: Any) -> dict[str, Any]:
    """One entry of the list; a change to the paper itself is given as `paper`."""
    paper = {
        "id": "2606.00467",
        "title": "On the\n limits of probes",
        "summary": "We probe\nthings.",
        "authors": [{"name": "Ada B.", "hidden": False}, {"name": "Carl D.", "hidden": True}, {"_id": "x"}],
        "publishedAt": "2026-05-30T00:00:00.000Z",
        "submittedOnDailyAt": "2026-06-12T00:00:00.000Z",
        "upvotes": 3,
        "ai_summary": "A model wrote this.",
        "githubRepo": "https://github.com/a/b",
        "githubStars": 12,
        "projectPage": "https://a.example/b",
    }
    outer = {"publishedAt": "2026-05-29T20:00:00.000Z", "title": "outer", "numComments": 2}
    return outer | changes | {"paper": paper | changes.get("paper", {})}


def body(*entries: Any) -> bytes:
    return json.dumps(list(entries)).encode()


def test_an_entry_becomes_a_record_of_arxiv() -> None:
    """The paper's own date counts, not the outer one, which lies four hours before it; what a model wrote is not read."""
    parsed = parse(body(entry()), "hf-daily-papers", URL)
    row = parsed.records.row(0, named=True)
    assert (row["document_id"], row["arxiv_id"], row["url"]) == ("arxiv:2606.00467", "2606.00467", None)
    assert (row["title"], row["abstract"]) == ("On the limits of probes", "We probe things.")
    assert (row["authors"], row["affiliations"]) == (["Ada B."], [None])
    assert row["published_at"] == datetime(2026, 5, 30, tzinfo=UTC)
    assert (row["published_precision"], row["published_basis"]) == ("day", "stated")
    assert row["links"] == ["https://github.com/a/b", "https://a.example/b"]
    assert (parsed.facts.format, parsed.facts.claimed_url) == ("hf_daily_papers", URL)


def test_counts_are_observations_of_the_paper() -> None:
    """Each with its measure; when they stood so is told by the fetch."""
    rows = parse(body(entry())).observations.rows()
    assert rows == [
        (0, "arxiv:2606.00467", "upvotes", 3, None),
        (0, "arxiv:2606.00467", "comments", 2, None),
        (0, "arxiv:2606.00467", "github_stars", 12, None),
    ]


def test_optional_fields_may_lack() -> None:
    """Half of the papers have no repository."""
    parsed = parse(body(entry(numComments=None, paper={"githubRepo": None, "githubStars": None, "projectPage": "-"})))
    assert parsed.records["links"].to_list() == [[]]
    assert parsed.observations["measure"].to_list() == ["upvotes"]


def test_a_time_is_kept_as_exactly_as_it_is_told() -> None:
    """Midnight is a day; no date at all leaves the month of the identifier."""
    papers = [{"publishedAt": "2026-05-30T17:20:01.000Z"}, {"id": "2606.00468", "publishedAt": None}]
    records = parse(body(*(entry(paper=paper) for paper in papers))).records
    assert records["published_precision"].to_list() == ["second", "month"]
    assert records["published_basis"].to_list() == ["stated", "identifier"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry(paper={"id": "spaces/x"}), "missing_id"),
        (entry(paper={"title": None}), "missing_title"),
        (entry(paper={"id": "2606.00001", "title": "Other"}), "duplicate_id"),
        (None, "schema_changed"),
        ({"title": "no paper"}, "schema_changed"),
    ],
)
def test_a_bad_entry_loses_itself_and_its_counts_only(bad: Any, reason: str) -> None:
    """The others keep their places."""
    parsed = parse(body(entry(paper={"id": "2606.00001"}), bad, entry(paper={"id": "2606.00002"})))
    assert parsed.records["ordinal"].to_list() == [0, 2]
    assert parsed.rejects.select("ordinal", "reason").rows() == [(1, reason)]
    assert set(parsed.observations["ordinal"]) == {0, 2}


def test_a_day_without_papers_is_empty() -> None:
    """And no fault."""
    assert parse(b"[]", "hf-daily-papers", URL).outcome == "empty"
