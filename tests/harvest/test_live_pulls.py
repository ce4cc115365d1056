"""Pulling sources over a server on this machine: what is kept, what is told, and what the next pull goes on from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.documents.parse import PARSED_RECORDS, PAYLOAD_FACTS
from almanac_assets.errors import StoreDamaged
from almanac_assets.harvest.attempts import ATTEMPTS, Attempt, Attempts, attempts_frame, nothing_answered
from almanac_assets.harvest.health import feed_health
from almanac_assets.harvest.ledger import FETCHES
from almanac_assets.harvest.validators import FULL_EVERY, Validators
from tests.harvest import payloads
from tests.harvest.asking import BEGIN
from tests.harvest.loopback import RESET, Asked, Piece, head, page
from tests.harvest.pulled import Answer, frames
from tests.harvest.pulling import KEY, Hosts, by_host, pulling

RSS = payloads.rss(payloads.rss_item())
PAGE = payloads.oai(payloads.raw_record())
FEEDS = [{"how": "feed", "sources": ["arxiv-cs.CL", "openai-news", "arxiv-cs.LG"]}]
NOTHING = (pl.DataFrame(schema=FETCHES), pl.DataFrame(schema=PAYLOAD_FACTS), pl.DataFrame(schema=PARSED_RECORDS))


def test_every_answer_is_kept_with_its_line(tmp_path: Path) -> None:
    """Bytes in the store, address, time and status in the ledger."""
    hosts: Hosts = {"rss.arxiv.org": [page(RSS, content_type="text/xml; charset=utf-8")], "openai.com": [page(RSS)]}
    with pulling(tmp_path, FEEDS, by_host(hosts)) as (puller, _, _):
        made = puller.pull()
    first, *_ = fetches = puller.ledger.fetches()
    assert [attempt.outcome for attempt in made] == ["answered"] * 3
    assert {fetch.source_id for fetch in fetches} == {"arxiv-cs.CL", "openai-news", "arxiv-cs.LG"}
    assert (first.url, first.http_status, first.media_type) == ("https://rss.arxiv.org/rss/cs.CL", 200, "text/xml")
    assert first.recorded_from is None and puller.store.body(first.payload_sha256) == RSS


def test_one_upstream_can_be_pulled_by_itself(tmp_path: Path) -> None:
    """Its sources, in the order of the plan."""
    with pulling(tmp_path, FEEDS, by_host({"rss.arxiv.org": [page(RSS)]})) as (puller, _, _):
        assert [one.source_id for one in puller.pull("arxiv_listings")] == ["arxiv-cs.CL", "arxiv-cs.LG"]


def test_a_source_that_fails_loses_nothing_of_the_others(tmp_path: Path) -> None:
    """It is told with its own line, and stands in the health of feeds without a payload."""
    hosts: Hosts = {"rss.arxiv.org": [page(RSS)]}
    with pulling(tmp_path, FEEDS, by_host(hosts)) as (puller, _, waiting):
        waiting.at = BEGIN + timedelta(hours=4)
        made = puller.pull()
    assert [one.outcome for one in made] == ["answered", "refused", "answered"]
    assert made[1].message == "https://openai.com/news/rss.xml: status 404: not here"
    assert nothing_answered(made) is None
    health = feed_health(*NOTHING, attempts_frame(puller.attempts.all()))
    assert health.schema == TABLES["feed_health"].polars_schema
    assert health.select("source_id", "outcome", "http_status", "bytes", "items").rows() == [
        ("openai-news", "refused", 404, 0, 0)
    ]
    assert health["payloads"].to_list() == [[]] and health["message"][0] == made[1].message


def test_without_a_network_every_source_fails_with_its_own_line(tmp_path: Path) -> None:
    """Nothing is kept; the error of the whole says how many."""
    with pulling(tmp_path, FEEDS, by_host({})) as (puller, server, waiting):
        pass
    made = puller.pull()
    assert [one.outcome for one in made] == ["error"] * 3
    assert len({one.message for one in made}) == 3 and all("not reached" in (one.message or "") for one in made)
    assert waiting.slept == [] and server.asked == [] and puller.ledger.fetches() == []
    assert "none of 3 sources answered" in str(nothing_answered(made))
    health = feed_health(*NOTHING, attempts_frame(puller.attempts.all()))
    assert health["outcome"].to_list() == ["error"] * 3


def test_an_unchanged_feed_is_not_sent_again(tmp_path: Path) -> None:
    """The second pull names what it knows; no new line of the ledger, and the health says not_modified."""
    etag = {"etag": '"a"', "last_modified": "Wed, 24 Jun 2026 00:00:00 GMT"}

    def answer(asked: Asked) -> Sequence[Piece]:
        return [head(304, **etag)] if asked.headers.get("if-none-match") == '"a"' else page(RSS, **etag)

    plan: list[dict[str, object]] = [{"how": "feed", "sources": ["arxiv-cs.CL"]}]
    with pulling(tmp_path, plan, answer) as (puller, server, waiting):
        puller.pull()
        waiting.at += timedelta(days=1)
        (second,) = puller.pull()
    assert second.outcome == "not_modified" and len(puller.ledger.fetches()) == 1
    assert server.asked[1].headers["if-modified-since"] == etag["last_modified"]
    health = feed_health(*frames(Answer("arxiv-cs.CL", "2026-06-24T00:00", RSS)), attempts_frame(puller.attempts.all()))
    assert health["outcome"].to_list() == ["new", "not_modified"]
    assert health["payloads"].list.len().to_list() == [1, 0]


def test_a_source_that_never_changes_its_word_is_read_in_full_now_and_then(tmp_path: Path) -> None:
    """Some servers keep their ETag whatever they send."""

    def answer(asked: Asked) -> Sequence[Piece]:
        return [head(304)] if "if-none-match" in asked.headers else page(RSS, etag='"a"')

    plan: list[dict[str, object]] = [{"how": "feed", "sources": ["arxiv-cs.CL"]}]
    with pulling(tmp_path, plan, answer) as (puller, _, waiting):
        outcomes = []
        for _ in range(FULL_EVERY + 2):
            outcomes.append(puller.pull()[0].outcome)
            waiting.at += timedelta(days=1)
    assert outcomes == ["answered"] + ["not_modified"] * FULL_EVERY + ["answered"]


def test_the_word_that_nothing_changed_is_worth_nothing_without_the_body(tmp_path: Path) -> None:
    """Then all of it is asked for once more."""

    def answer(asked: Asked) -> Sequence[Piece]:
        return [head(304)] if "if-none-match" in asked.headers else page(RSS, etag='"a"')

    plan: list[dict[str, object]] = [{"how": "feed", "sources": ["arxiv-cs.CL"]}]
    with pulling(tmp_path, plan, answer) as (puller, server, _):
        puller.pull()
        for file in (tmp_path / "payloads").rglob("*.zst"):
            file.write_bytes(b"damaged")
        (second,) = puller.pull()
    assert second.outcome == "answered" and len(server.asked) == 3
    assert puller.store.body(puller.ledger.fetches()[0].payload_sha256) == RSS


def test_a_harvest_that_breaks_off_keeps_its_pages_and_not_its_mark(tmp_path: Path) -> None:
    """The next one begins where the last whole one ended."""
    first = PAGE.replace(b"</ListRecords>", b"<resumptionToken>t</resumptionToken></ListRecords>")
    plan: list[dict[str, object]] = [{"how": "oai", "sources": ["arxiv-oai"]}]
    broken: Hosts = {"oaipmh.arxiv.org": [page(first), [RESET]]}
    with pulling(tmp_path, plan, by_host(broken)) as (puller, _, waiting):
        (attempt,) = puller.pull()
        assert attempt.outcome == "answered" and attempt.answers == 1 and attempt.marks == ()
        assert "asked 4 times" in (attempt.message or "") and len(waiting.slept) == 3
        assert attempt.elapsed_ms == round(sum(waiting.slept) * 1000)
    health = feed_health(*frames(Answer("arxiv-oai", "2026-06-24T00:00", first)), attempts_frame(puller.attempts.all()))
    assert health.select("outcome", "items", "message").rows() == [("new", 1, attempt.message)]
    whole: Hosts = {"oaipmh.arxiv.org": [page(first), page(PAGE)]}
    with pulling(tmp_path, plan, by_host(whole)) as (puller, server, _):
        (attempt,) = puller.pull()
        assert dict(attempt.marks) == {"all": "2026-06-25"} and "from=2026-06-17" in server.asked[0].target
        puller.pull()
        assert "from=2026-06-22" in server.asked[2].target


def test_a_page_that_is_no_answer_is_not_kept(tmp_path: Path) -> None:
    """A page of maintenance is no empty harvest, and no payload either."""
    hosts: Hosts = {"oaipmh.arxiv.org": [page(b"<html><title>Maintenance</title></html>")]}
    with pulling(tmp_path, [{"how": "oai", "sources": ["arxiv-oai"]}], by_host(hosts)) as (puller, _, _):
        (attempt,) = puller.pull()
    assert attempt.outcome == "error" and "HTML" in (attempt.message or "") and puller.ledger.fetches() == []


def test_a_feed_that_moved_for_good_is_told(tmp_path: Path) -> None:
    """It is followed, and the line says where the registry should point."""

    def answer(asked: Asked) -> Sequence[Piece]:
        there = asked.target == "/new"
        return page(RSS) if there else [head(301, location="https://openai.com/new", content_length=0)]

    with pulling(tmp_path, [{"how": "feed", "sources": ["openai-news"]}], answer) as (puller, _, _):
        (attempt,) = puller.pull()
    assert attempt.outcome == "answered"
    assert attempt.message == "https://openai.com/news/rss.xml has moved to https://openai.com/new"


def test_no_key_is_written_to_any_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Both indexes get theirs, and repeat it in errors; ledgers, store, validators and logs hold none of it."""
    asked_with: list[str] = []

    def answer(asked: Asked) -> Sequence[Piece]:
        asked_with.append(asked.headers.get("x-api-key", "") + asked.target)
        status = 403 if "api.openalex.org" in asked.headers["host"] else 200
        body = json.dumps({"offset": 0, "data": [], "message": f"key {KEY} is bad"}).encode()
        return page(body, status) if status == 403 else page(b'{"offset": 0, "data": []}')

    plan: list[dict[str, object]] = [
        {"how": "citations", "sources": ["semantic-scholar"], "works": ["arxiv:2304.01373"]},
        {"how": "works", "sources": ["openalex"], "works": ["arxiv:2304.01373"]},
    ]
    with caplog.at_level("DEBUG"), pulling(tmp_path, plan, answer) as (puller, _, _):
        made = puller.pull()
    assert len(asked_with) == 2 and all(KEY in text for text in asked_with)
    assert [one.outcome for one in made] == ["answered", "refused"]
    assert "status 403" in (made[1].message or "") and "key" in (made[1].message or "")
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert written and not [file for file in written if KEY.encode() in file.read_bytes()]
    assert KEY not in caplog.text and KEY not in repr(made)


def test_works_that_are_cited_most_are_asked_for_too(tmp_path: Path) -> None:
    """After those that the plan names, each once."""
    plan: list[dict[str, object]] = [
        {"how": "citations", "sources": ["semantic-scholar"], "works": ["arxiv:1"], "most_cited": 2}
    ]
    most: Callable[[int], list[str]] = lambda number: ["arxiv:1", "doi:10.1/x"][:number]  # noqa: E731
    hosts: Hosts = {"api.semanticscholar.org": [page(b'{"offset": 0, "data": []}')]}
    with pulling(tmp_path, plan, by_host(hosts)) as (puller, server, _):
        replace(puller, most_cited=most).pull()
    assert [asked.target.split("/")[4] for asked in server.asked] == ["ARXIV:1", "DOI:10.1"]


def test_pulls_of_one_quarter_of_an_hour_are_one_row(tmp_path: Path) -> None:
    """A pull that failed and one that worked ten minutes later: it worked, and both took time."""
    failed = Attempt("arxiv-cs.CL", BEGIN, 2000, "error", message="not reached")
    worked = Attempt("arxiv-cs.CL", BEGIN + timedelta(minutes=10), 500, "answered", 1, 200)
    answered = frames(Answer("arxiv-cs.CL", "2026-06-24T00:10", RSS))
    (row,) = feed_health(*answered, attempts_frame([failed, worked])).rows(named=True)
    assert (row["outcome"], row["elapsed_ms"], row["fetched_at"]) == ("new", 2500, BEGIN)


def test_attempts_are_data_that_is_never_lost(tmp_path: Path) -> None:
    """What is written is read again; a line that states none is named."""
    file = tmp_path / "attempts.jsonl"
    made = Attempt("arxiv-oai", BEGIN, 5, "answered", 3, 200, "one line", (("all", "2026-06-24"),))
    Attempts(file).append(made)
    assert Attempts(file).all() == [made] and Attempts(file).marks("arxiv-oai") == {"all": "2026-06-24"}
    file.write_bytes(file.read_bytes() + b'{"source_id": "x"}\n')
    with pytest.raises(StoreDamaged, match="line 2"):
        Attempts(file).all()


def test_damaged_validators_are_forgotten(tmp_path: Path) -> None:
    """All that they save is a transfer."""
    file = tmp_path / "validators.json"
    for content in ("{", "[]", '{"a": 1}', '{"a": {"b": 2}}'):
        file.write_text(content)
        assert Validators(file).known("a") is None


def test_frames_of_attempts_keep_their_schema() -> None:
    """Also without any."""
    assert attempts_frame([]).schema == ATTEMPTS
