"""Where a request may go, what it may carry there, and how often."""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.harvest.fetch_errors import FetchFailed, Interrupted
from almanac_assets.harvest.limits import HostRule, Limiter
from almanac_assets.harvest.network_guard import is_public
from almanac_assets.harvest.redaction import MASK, Redactor, Secret
from tests.harvest.asking import WHOLE, Waiting, client, request
from tests.harvest.loopback import Asked, Piece, head, in_turn, page, serving

KEY = "marker-3f9a77/+key"
HEADER, ARGUMENT = Secret("x-api-key", KEY), Secret("api_key", KEY, "query")


def moved(to: str, status: int = 302) -> list[Piece]:
    return [head(status, location=to, content_length=0)]


def hops(*targets: str) -> list[list[Piece]]:
    """A redirect that stays, then those that lead away."""
    return [moved("/here"), *map(moved, targets)]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("151.101.3.42", True),
        ("2606:4700::6810:84e5", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:151.101.3.42", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_only_the_public_network_is_public(address: str, public: bool) -> None:
    """Also through the forms of IPv6 that carry an IPv4 address."""
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"])
def test_no_way_of_writing_it_leads_to_this_machine(host: str) -> None:
    """The address is looked at, not its spelling."""
    with serving(in_turn(page(WHOLE))) as server:
        with pytest.raises(FetchFailed, match="not reached"):
            client().get(request(f"http://{host}:{server.port}/"))
        assert server.asked == []


def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """It is looked up once, and what was looked at is what is connected to; one private address among public ones is enough."""
    found = [["151.101.3.42", "127.0.0.1"], ["127.0.0.1"]]
    with serving(in_turn(page(WHOLE))) as server:
        asking = client(resolver=lambda host, port: found.pop(0))
        for _ in range(2):
            with pytest.raises(FetchFailed, match=r"feeds\.example is 127\.0\.0\.1"):
                asking.get(request(f"http://feeds.example:{server.port}/"))
        assert server.asked == [] and found == []


def test_the_certificate_is_asked_for_by_name_and_the_socket_opened_by_address() -> None:
    """A second address is tried where the first does not answer."""
    closed = "127.0.0.2"
    with serving(in_turn(page(WHOLE))) as server:
        asking = replace(
            client(resolver=lambda host, port: [closed, "127.0.0.1"]),
            allowed=frozenset({("feeds.example", server.port)}),
        )
        assert asking.get(request(f"http://feeds.example:{server.port}/")).body == WHOLE
        assert server.asked[0].headers["host"] == f"feeds.example:{server.port}"


def test_a_name_that_nobody_knows_ends_at_once() -> None:
    """So does a port that nobody listens on, and one that speaks no TLS; none is asked twice in a row."""

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    waiting = Waiting()
    with pytest.raises(FetchFailed, match="not reached: Temporary failure in name resolution"):
        client(waiting=waiting, resolver=unknown).get(request("https://feeds.example/"))
    with serving(in_turn(page(WHOLE))) as server:
        with pytest.raises(FetchFailed) as told:
            client(server, waiting=waiting, tries=1).get(request(f"https://127.0.0.1:{server.port}/"))
        gone = server
    assert "not reached" in str(told.value) or isinstance(told.value, Interrupted)
    with pytest.raises(FetchFailed, match="not reached"):
        client(gone, waiting=waiting).get(request(gone.url()))
    assert waiting.slept == []


def test_a_name_server_that_is_silent_ends_at_the_deadline() -> None:
    """The system's resolver knows no timeout of its own."""
    import threading

    forever = threading.Event()
    asking = client(resolver=lambda host, port: [str(forever.wait(3))])
    with pytest.raises(FetchFailed, match="no name server answered in time"):
        asking.get(request("http://feeds.example/", seconds=0.3))
    forever.set()


def test_redirects_are_followed_five_times() -> None:
    """Both addresses are told, and whether it is for good."""
    with serving(in_turn(*[moved("/next", 301)] * 5, page(WHOLE))) as server:
        answer = client(server).get(request(server.url("/first")))
        assert (answer.url, answer.final_url, answer.moved) == (server.url("/first"), server.url("/next"), True)
    with serving(in_turn(moved("/"))) as server:
        with pytest.raises(FetchFailed, match="more than 5 redirects"):
            client(server).get(request(server.url()))
        assert len(server.asked) == 6


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "ftp://feeds.example/",
        "//user:word@127.0.0.1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://0x7f.1:1/",
        "",
        "http://[",
        "data:,x",
    ],
)
def test_redirects_are_checked_like_first_addresses(target: str) -> None:
    """No other scheme, no login, no private address, and somewhere."""
    pieces: Sequence[Piece] = moved(target) if target else [head(302, content_length=0)]
    with serving(in_turn(pieces)) as server:
        with pytest.raises(FetchFailed) as told:
            client(server).get(request(server.url()))
        assert len(server.asked) == 1
    assert "word" not in str(told.value)


def test_https_is_never_left_for_http() -> None:
    """Checked before anything is sent."""
    import httpx

    response = httpx.Response(302, headers={"location": "http://feeds.example/"})
    with pytest.raises(FetchFailed, match="from https to http"):
        client()._next("https://feeds.example/", httpx.URL("https://feeds.example/"), response)


def test_a_key_goes_to_the_first_origin_only() -> None:
    """As a header or as an argument, and not to another port of the same host."""
    for secret in (HEADER, ARGUMENT):
        with serving(in_turn(page(WHOLE))) as other, serving(in_turn(*hops(other.url("/there")))) as first:
            client(first, other, secrets=[secret]).get(request(first.url("/?a=1"), secret=secret))
        sent = ["x-api-key" in asked.headers or "api_key=" in asked.target for asked in (*first.asked, *other.asked)]
        assert sent == [True, True, False]


def test_a_key_that_a_server_sends_back_goes_nowhere_else() -> None:
    """A redirect that carries it to another origin is refused."""

    def echo(asked: Asked) -> list[Piece]:
        return moved(f"http://127.0.0.1:1{asked.target}")

    with serving(echo) as server, pytest.raises(FetchFailed, match="carries the key") as told:
        client(server, secrets=[ARGUMENT]).get(request(server.url("/works?a=1"), secret=ARGUMENT))
    assert "marker" not in str(told.value)


def test_no_key_is_in_answers_messages_or_logs(caplog: pytest.LogCaptureFixture) -> None:
    """Wherever the server puts it."""

    def echo(asked: Asked) -> list[Piece]:
        return page(f"bad key {KEY} in {asked.target}".encode(), 500)

    with caplog.at_level(logging.DEBUG), serving(echo) as server, pytest.raises(Interrupted) as told:
        client(server, secrets=[ARGUMENT]).get(request(server.url("/works?a=1"), secret=ARGUMENT))
    with caplog.at_level(logging.DEBUG), serving(in_turn(page(WHOLE))) as server:
        answer = client(server, secrets=[ARGUMENT]).get(request(server.url("/works?a=1"), secret=ARGUMENT))
        assert "marker" in server.asked[0].target
    shown = f"{told.value!r} {told.value} {answer!r} {ARGUMENT!r} {caplog.text}"
    assert "marker" not in shown and MASK in shown
    assert answer.url.endswith("/works?a=1")


@given(st.text(min_size=6, max_size=40).filter(str.strip), st.text(max_size=40), st.text(max_size=40))
def test_no_known_key_survives_redaction(key: str, before: str, after: str) -> None:
    """In any text around it; what masks it may hold the letters of a very odd key."""
    redactor = Redactor([Secret("x", key)])
    assert key not in redactor.text(before + key + after).replace(MASK, "\0")


def test_arguments_named_like_keys_are_masked_whoever_wrote_them() -> None:
    """Resumption tokens are none, and stay."""
    redactor = Redactor()
    assert redactor.url("https://me:word@a.example/x?api_key=1&b=2&resumptionToken=t#f") == (
        "https://a.example/x?b=2&resumptionToken=t"
    )
    assert redactor.text("see https://me:word@a.example/?token=abc&b=1") == f"see https://a.example/?token={MASK}&b=1"


def test_hosts_of_a_group_share_their_turns() -> None:
    """arXiv's three services are asked three seconds apart, others are not held up."""
    waiting = Waiting()
    limiter = Limiter((HostRule("arxiv", ("arxiv.org",), 3.0),), 0.0, waiting, waiting.sleep)
    for host in ("oaipmh.arxiv.org", "rss.arxiv.org", "feeds.example", "ARXIV.org", "notarxiv.org"):
        with limiter.turn(host):
            pass
    assert waiting.slept == [3.0, 3.0]


def test_turns_are_shared_with_other_processes(tmp_path: Path) -> None:
    """Through a file; one that says nothing, or a time to come, holds nobody up for longer than the pause."""
    waiting = Waiting()
    rules = (HostRule("arxiv", ("arxiv.org",), 3.0),)
    for _ in range(2):
        with Limiter(rules, 0.0, waiting, waiting.sleep, tmp_path).turn("arxiv.org"):
            pass
    assert waiting.slept == [3.0]
    for written in ("2099-01-01T00:00:00+00:00", "nonsense", "2026-06-24T00:00:00"):
        (tmp_path / "arxiv.turn").write_text(written)
        with Limiter(rules, 0.0, waiting, waiting.sleep, tmp_path).turn("arxiv.org"):
            pass
    assert waiting.slept == [3.0, 3.0]


def test_own_pauses_never_undercut_those_between_requests() -> None:
    """Whatever the server's Retry-After, a group of hosts is not asked more often than its rule says."""
    waiting = Waiting()
    rules = (HostRule("here", ("127.0.0.1",), 3.0),)
    with serving(in_turn(page(b"", 503, retry_after=0), page(WHOLE))) as server:
        client(server, waiting=waiting, rules=rules).get(request(server.url()))
    assert sum(waiting.slept) == 3.0
