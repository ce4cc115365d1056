"""What a hostile or broken server can do to a request: the client takes a whole answer or none, in bounded time."""

from __future__ import annotations

import gzip
import logging
import time
import zlib
from collections.abc import Sequence

import pytest

from almanac_assets.harvest.fetch_errors import FetchFailed, Interrupted, SourceSaidNo
from almanac_assets.harvest.inflate import Caps
from tests.harvest.asking import WHOLE, Waiting, client, request
from tests.harvest.loopback import HOLD, RESET, Piece, dripped, head, in_turn, packed, page, serving

SOON = 1.5  # seconds within which every deadline of 0.6 must have ended a request


def asked_once(pieces: Sequence[Piece], **stated: object) -> bytes | None:
    """What one try makes of an answer."""
    with serving(in_turn(pieces)) as server:
        return client(server, tries=1).get(request(server.url(), **stated)).body


def fault(pieces: Sequence[Piece], **stated: object) -> FetchFailed:
    """How one try fails."""
    begun = time.monotonic()
    with pytest.raises(FetchFailed) as told:
        asked_once(pieces, **stated)
    assert time.monotonic() - begun < SOON
    assert "\n" not in str(told.value)
    return told.value


def test_a_whole_answer_comes_as_it_is() -> None:
    """Plain, packed, in several members, in pieces, and in chunks."""
    members = gzip.compress(WHOLE[:9], mtime=0) + gzip.compress(WHOLE[9:], mtime=0)
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (WHOLE[:9], WHOLE[9:])) + b"0\r\n\r\n"
    assert asked_once(page(WHOLE)) == WHOLE
    assert asked_once(packed(WHOLE)) == WHOLE
    assert asked_once(page(members, content_encoding="gzip")) == WHOLE
    assert asked_once([head(transfer_encoding="chunked") + chunked]) == WHOLE
    assert asked_once([head() + WHOLE]) == WHOLE  # no length: it ends with the connection, and is whole by its last tag


@pytest.mark.parametrize(
    "pieces",
    [
        dripped(head(content_length=len(WHOLE)), 0.05),
        [head(content_length=len(WHOLE)), *dripped(WHOLE, 0.05)],
        [head(content_length=len(WHOLE)) + WHOLE[:3], HOLD],
        [HOLD],
        [piece for _ in range(50) for piece in (head(103), 0.05)],
    ],
    ids=["header by bytes", "body by bytes", "a stall", "silence", "endless 103"],
)
def test_slowness_ends_at_the_deadline(pieces: Sequence[Piece]) -> None:
    """One deadline holds for the whole answer, however it is drawn out; it may be tried again."""
    told = fault(pieces)
    assert isinstance(told, Interrupted)
    assert "0.6 s" in str(told)


def test_an_endless_body_ends_at_the_cap() -> None:
    """Bytes on the wire are counted as they come."""
    told = fault([head(transfer_encoding="chunked"), *[b"2000\r\n" + b"x" * 8192 + b"\r\n"] * 1000])
    assert "65,536 bytes" in str(told) and not isinstance(told, Interrupted)


def test_a_length_beyond_the_cap_is_refused_before_the_body() -> None:
    """Nothing is read of it."""
    assert "announced" in str(fault([head(content_length=99999999999999)]))


@pytest.mark.parametrize(
    "pieces",
    [
        [head(content_length=1000) + WHOLE],
        [head(transfer_encoding="chunked") + b"36\r\n" + WHOLE[:20]],
        [head() + WHOLE[:-9]],
        page(gzip.compress(WHOLE, mtime=0)[:-9], content_encoding="gzip"),
        page(gzip.compress(WHOLE, mtime=0)[:12], content_encoding="gzip"),
        page(b"", content_encoding="gzip"),
        [head(content_length=1000) + WHOLE[:20], RESET],
        [RESET],
        [],
    ],
    ids=["length", "chunk", "no length", "gzip", "gzip early", "gzip of nothing", "reset inside", "reset", "closed"],
)
def test_a_cut_answer_is_tried_again_and_never_taken(pieces: Sequence[Piece]) -> None:
    """Half a body is nothing, whatever its headers say."""
    assert isinstance(fault(pieces), Interrupted)
    with serving(in_turn(pieces, page(WHOLE))) as server:
        assert client(server).get(request(server.url())).body == WHOLE


def test_a_bomb_is_refused_while_it_unfolds() -> None:
    """Inflated bytes are counted as they are made; memory holds no more than the cap."""
    bomb = gzip.compress(b"<a>" + bytes(64 << 20), mtime=0)
    told = fault(page(bomb, content_encoding="gzip"), caps=Caps(wire=1 << 20, inflated=1 << 20), seconds=5.0)
    assert "1,048,576" in str(told) and not isinstance(told, Interrupted)


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (page(gzip.compress(WHOLE, mtime=0) + b"more", content_encoding="gzip"), "follow the end"),
        (page(gzip.compress(WHOLE, mtime=0)[:-8] + bytes(8), content_encoding="gzip"), "gzip"),
        (page(WHOLE, content_encoding="gzip"), "gzip"),
        (page(gzip.compress(WHOLE, mtime=0)), "without its header"),
        (page(gzip.compress(gzip.compress(WHOLE, mtime=0), mtime=0), content_encoding="gzip, gzip"), "coding"),
        (page(zlib.compress(WHOLE), content_encoding="deflate"), "coding"),
        (page(WHOLE, content_encoding="x-foo"), "coding"),
        (page(b""), "expected a payload"),
        (page(b"  \n"), "expected a payload"),
        (page(b"<!doctype html><html><title>Are you human?</title></html>"), "HTML"),
        (page(b"Rate exceeded."), "expected XML"),
        (page(b'{"a": 1}'), "expected XML"),
        (page(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "document type"),
        ([b"junk\r\n\r\n"], "no HTTP answer"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"], "no HTTP answer"),
        ([head(transfer_encoding="chunked") + b"zz\r\n"], "no HTTP answer"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"], "no HTTP answer"),
        ([b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"], "no HTTP answer"),
        (page(b"", 204), "expected status 200"),
        (page(WHOLE, 206), "expected status 200"),
        (page(b"", 304), "expected status 200"),
    ],
)
def test_what_is_no_answer_is_refused_at_once(pieces: Sequence[Piece], found: str) -> None:
    """One clear line; asking again would bring the same."""
    told = fault(pieces)
    assert found in str(told)
    assert not isinstance(told, Interrupted)


def test_json_is_told_from_what_is_cut_and_from_pages() -> None:
    """Whether its values are right is for the reader of the format."""
    assert asked_once(page(b'{"data": []}'), expects="json") == b'{"data": []}'
    assert asked_once(page(b"[NaN]"), expects="json") == b"[NaN]"
    assert isinstance(fault(page(b'{"data": ['), expects="json"), Interrupted)
    assert "expected JSON" in str(fault(page(b"<html></html>"), expects="json"))


def test_a_faulty_but_whole_feed_is_taken() -> None:
    """It is set aside later, with its reason, and its bytes are kept."""
    faulty = b"<rss><item>AT&T</item></rss>"
    assert asked_once(page(faulty)) == faulty


def test_charsets_of_the_header_decide_nothing() -> None:
    """Bytes stay bytes."""
    for charset in ("zlib", "utf-16", "rot13", "bogus"):
        assert asked_once(page(WHOLE, content_type=f"text/xml; charset={charset}")) == WHOLE


@pytest.mark.parametrize(("status", "kind"), [(400, SourceSaidNo), (403, SourceSaidNo), (404, SourceSaidNo)])
def test_a_no_is_not_asked_again(status: int, kind: type[FetchFailed]) -> None:
    """The line shows the status and what the page says."""
    with serving(in_turn(page(b"<p>Feed error for\n query: cs.ZZ</p>", status))) as server:
        with pytest.raises(kind) as told:
            client(server).get(request(server.url()))
        assert len(server.asked) == 1
    assert f"status {status}: Feed error for query: cs.ZZ" in str(told.value)
    assert told.value.outcome == "refused"


def test_after_a_forbidden_the_host_is_left_alone() -> None:
    """Some sources take further requests for an attack."""
    with serving(in_turn(page(b"no", 403), page(WHOLE))) as server:
        asking = client(server)
        for _ in range(3):
            with pytest.raises(SourceSaidNo):
                asking.get(request(server.url()))
        assert len(server.asked) == 1


def test_the_tries_are_bounded_and_the_pauses_grow() -> None:
    """5, 10 and 20 seconds, up to a quarter longer by a seeded draw; then the host is left alone for this run."""
    waiting = Waiting()
    with serving(in_turn(page(b"<html>busy</html>", 503))) as server:
        asking = client(server, waiting=waiting)
        with pytest.raises(Interrupted, match=r"status 503: busy \(asked 4 times\)"):
            asking.get(request(server.url()))
        with pytest.raises(SourceSaidNo, match="not asked"):
            asking.get(request(server.url()))
        assert len(server.asked) == 4
    assert [least <= pause <= least * 1.25 for least, pause in zip((5, 10, 20), waiting.slept, strict=True)] == [
        True
    ] * 3


def test_too_many_requests_are_answered_by_minutes_of_silence() -> None:
    """Where the server does not say how long."""
    waiting = Waiting()
    with serving(in_turn(page(b"Rate exceeded.", 429), page(b"", 429), page(WHOLE))) as server:
        assert client(server, waiting=waiting).get(request(server.url())).body == WHOLE
    assert waiting.slept[0] >= 60 and waiting.slept[1] >= 120


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("20", 20.0),
        ("0", 0.0),
        ("99999", 600.0),
        ("Wed, 24 Jun 2026 00:01:30 GMT", 90.0),
        ("Tue, 23 Jun 2026 00:00:00 GMT", 0.0),
        ("Thu, 25 Jun 2026 00:00:00 GMT", 600.0),
    ],
)
def test_the_server_says_how_long_to_wait(stated: str, seconds: float) -> None:
    """In seconds or as a date, never longer than ten minutes."""
    waiting = Waiting()
    with serving(in_turn(page(b"", 503, retry_after=stated), page(WHOLE))) as server:
        client(server, waiting=waiting).get(request(server.url()))
    assert waiting.slept == [seconds]


@pytest.mark.parametrize("stated", ["3.5", "-5", "soon", "1e3", "9" * 40, "Wed, 24 Jun 2026"])
def test_other_words_for_waiting_say_nothing(stated: str) -> None:
    """Then our own pause counts."""
    waiting = Waiting()
    with serving(in_turn(page(b"", 503, retry_after=stated), page(WHOLE))) as server:
        client(server, waiting=waiting).get(request(server.url()))
    assert 5 <= waiting.slept[0] <= 6.25


def test_a_date_to_wait_for_counts_from_the_servers_own_clock() -> None:
    """Two clocks need not agree."""
    waiting = Waiting()
    dates = {"retry_after": "Wed, 24 Jun 2020 00:01:30 GMT", "date": "Wed, 24 Jun 2020 00:00:00 GMT"}
    with serving(in_turn(page(b"", 503, **dates), page(WHOLE))) as server:
        client(server, waiting=waiting).get(request(server.url()))
    assert waiting.slept == [90.0]


def test_a_spent_budget_ends_the_pull_at_once() -> None:
    """No tries are burnt on a source that says when it will answer again."""
    spent = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "30000"}
    with serving(in_turn(page(b"{}", 429, **spent))) as server:
        with pytest.raises(SourceSaidNo, match="renewed in 30000 s"):
            client(server).get(request(server.url()))
        assert len(server.asked) == 1


def test_a_request_says_who_asks_and_nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name and version, gzip alone, no connection kept, no proxy, no cookie."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(in_turn(page(WHOLE, set_cookie="a=b"))) as server:
        asking = client(server)
        for _ in range(2):
            asking.get(request(server.url()))
        for asked in server.asked:
            assert asked.headers["user-agent"].startswith("Almanac/0.")
            assert asked.headers["accept-encoding"] == "gzip"
            assert asked.headers["connection"] == "close"
            assert "cookie" not in asked.headers


def test_libraries_do_not_log_addresses(caplog: pytest.LogCaptureFixture) -> None:
    """They would write keys down."""
    with serving(in_turn(page(WHOLE))) as server, caplog.at_level(logging.INFO):
        client(server).get(request(server.url("/?x=marker")))
    assert "marker" not in caplog.text
