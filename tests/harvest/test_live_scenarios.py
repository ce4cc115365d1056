"""Recorded sequences of failures, replayed to the live path: those that a pull decides; the others are for readers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from almanac_assets.harvest.attempts import Attempt
from tests.harvest import payloads
from tests.harvest.loopback import RESET, Piece, head, in_turn
from tests.harvest.pulling import pulling

pytestmark = pytest.mark.shared

OAI = [{"how": "oai", "sources": ["arxiv-oai"]}]
FEED = [{"how": "feed", "sources": ["openai-news"]}]
LIST = [{"how": "feed", "sources": ["arxiv-cs.CL"]}]
CITED = [{"how": "citations", "sources": ["semantic-scholar"], "works": ["arxiv:2304.01373"]}]
WORKS = [{"how": "works", "sources": ["openalex"], "works": ["arxiv:2304.01373"]}]
QUERY = [
    {
        "how": "addresses",
        "sources": ["arxiv-api"],
        "expects": "xml",
        "addresses": ["https://export.arxiv.org/api/query?id_list=abc"],
    }
]
GOOD = {"arxiv_oai": payloads.oai(payloads.raw_record()), "semanticscholar": b'{"offset": 0, "data": []}'}


@dataclass(frozen=True)
class Expected:
    """What a pull comes to: its outcome, how many requests and payloads, a word of the message, the least waited for."""

    pulls: list[dict[str, Any]]
    outcome: str
    asked: int
    kept: int
    told: str = ""
    waited: float = 0.0


EXPECTED = {
    "oai-503-seconds": Expected(OAI, "answered", 2, 1, waited=20),
    "oai-503-date": Expected(OAI, "answered", 2, 1, waited=90),
    "oai-503-none": Expected(OAI, "answered", 3, 1, waited=15),
    "oai-503-forever": Expected(OAI, "error", 4, 0, "asked 4 times", waited=180),
    "oai-token-expired": Expected(OAI, "answered", 4, 4),
    "oai-no-records": Expected(OAI, "answered", 1, 1),
    "oai-bad-argument": Expected(OAI, "answered", 1, 1, "badArgument"),
    "oai-truncated": Expected(OAI, "answered", 2, 1, waited=5),
    "oai-html-200": Expected(OAI, "error", 1, 0, "HTML"),
    "oai-moved": Expected(OAI, "answered", 2, 1, "has moved to"),
    "oai-same-token": Expected(OAI, "answered", 2, 2, "in a circle"),
    "rss-400-feed": Expected(LIST, "refused", 1, 0, "status 400"),
    "api-429": Expected(QUERY, "answered", 4, 1, waited=60 + 120 + 240),
    "api-400-error-entry": Expected(QUERY, "refused", 1, 0, "status 400"),
    "feed-charset": Expected(FEED, "answered", 1, 1),
    "feed-moved-home": Expected(FEED, "error", 2, 0, "HTML"),
    "feed-huge": Expected(FEED, "error", 1, 0, "bytes"),
    "feed-entity-bomb": Expected(FEED, "error", 1, 0, "document type"),
    "s2-429-no-key": Expected(CITED, "refused", 4, 0, "status 429", waited=60 + 120 + 240),
    "s2-403": Expected(CITED, "refused", 1, 0, "it may want a key"),
    "openalex-budget": Expected(WORKS, "refused", 1, 0, "budget is spent"),
    "crossref-404-text": Expected(WORKS, "refused", 1, 0, "status 404: Resource not found."),
    "net-timeout": Expected(FEED, "answered", 2, 1, waited=5),
    "net-reset-midbody": Expected(FEED, "answered", 2, 1, waited=5),
    "gzip-broken": Expected(FEED, "answered", 2, 1, waited=5),
}


def token(text: str) -> bytes:
    ended = f"<resumptionToken>{text}</resumptionToken></ListRecords>"
    return GOOD["arxiv_oai"].replace(b"</ListRecords>", ended.encode())


def body_of(described: str | None, source: str) -> bytes:
    """The bytes that a step describes."""
    good = GOOD.get(source, payloads.rss(payloads.rss_item()))
    told = (described or "").removeprefix("@")
    if not (described or "").startswith("@"):
        return told.encode()
    if told.startswith("error:"):
        return payloads.oai(f"<error code='{told[6:]}'>told</error>", verb="")
    if "last-page-empty-token" in told:
        return token("")
    if "token" in told:
        return token("t")
    if "cut" in told:
        return good[: len(good) * 6 // 10]
    if told == "truncated gzip":
        return gzip.compress(good, mtime=0)[:-9]
    if "60 MB" in told:
        return b"<rss>" + b"<item/>" * (9 << 20)
    if "nested entities" in told:
        return b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
    return good


def pieces(step: dict[str, Any], source: str) -> Sequence[Piece]:
    error = step.get("error", "")
    good = body_of("@good", source)
    if "timeout" in error:
        return [RESET]  # whether a read ends by silence or by a break is tried elsewhere; both may pass
    if "reset" in error:
        return [head(content_length=len(good)) + good[: len(good) * 4 // 10], RESET]
    body = body_of(step["body"], source)
    stated = {"Content-Length": len(body)} | step["headers"]
    return [head(step["status"], **{name.replace("-", "_"): value for name, value in stated.items()}) + body]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_pull_comes_to_what_the_scenario_expects(name: str, shared: Path, tmp_path: Path) -> None:
    """Requests, payloads kept, outcome, message and patience."""
    scenarios = json.loads((shared / "feeds" / "fault_scenarios.json").read_text("utf-8"))["scenarios"]
    scenario = next(one for one in scenarios if one["id"] == name)
    answers = [
        pieces(step, scenario["source"]) for step in scenario["steps"] for _ in range(int(step.get("repeat", 1)))
    ]
    expected = EXPECTED[name]
    with pulling(tmp_path, expected.pulls, in_turn(*answers)) as (puller, server, waiting):
        (attempt,) = puller.pull()
    assert isinstance(attempt, Attempt)
    assert (attempt.outcome, len(server.asked), attempt.answers) == (expected.outcome, expected.asked, expected.kept)
    assert expected.told in (attempt.message or "") and (bool(expected.told) or attempt.message is None)
    assert expected.waited <= sum(waiting.slept) <= expected.waited * 1.25
    moves = (
        expected.outcome == "answered"
        and expected.pulls is OAI
        and not (expected.told and "moved" not in expected.told)
    )
    assert bool(attempt.marks) == moves


def test_every_scenario_of_the_transport_is_replayed(shared: Path) -> None:
    """The rest is decided when payloads are read, or asks for state that single pulls do not have."""
    scenarios = json.loads((shared / "feeds" / "fault_scenarios.json").read_text("utf-8"))["scenarios"]
    left = {one["id"] for one in scenarios} - EXPECTED.keys()
    assert left == {
        "oai-shift",
        "rss-weekend",
        "rss-holiday",
        "rss-empty-workday",
        "rss-stale",
        "rss-304",
        "api-empty-page",
        "feed-collapse",
        "feed-guid-churn",
        "feed-url-rewrite",
        "feed-date-now",
        "s2-batch-null",
        "s2-limit-9999",
        "openalex-301",
        "hf-outer-date",
        "clock-dst",
    }
