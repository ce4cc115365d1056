"""The live path: the sample served by a machine that stands for all of its sources, and no network at all."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from almanac_assets import settings
from almanac_assets.cli import main
from almanac_assets.defs.build import build
from almanac_assets.defs.resources import WorkspaceResource, plan, sources
from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.attempts import Attempts
from almanac_assets.harvest.client import Client
from almanac_assets.harvest.ledger import Ledger
from almanac_assets.harvest.limits import Limiter
from almanac_assets.harvest.live import Puller
from almanac_assets.harvest.pull_plan import Plan
from almanac_assets.harvest.validators import Validators
from almanac_assets.release.releases import Releases
from almanac_assets.store.workspace import Workspace
from tests.harvest import payloads
from tests.harvest.loopback import Asked, Piece, Server, page, serving

TABLES = ("documents", "document_versions", "document_authors", "document_categories", "document_vectors", "mentions")
# No source says of itself that its texts are in our own words; the ledger of the sample does.
NOT_TOLD = {"documents": ["text_basis"]}


@dataclass
class Recorded:
    """The answers of the sample, served day by day; the time is that at which the last of them was fetched."""

    lines: list[dict[str, Any]]
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    today: list[dict[str, Any]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def elapsed(self) -> float:
        return self.at.timestamp()

    def begin(self, day: str) -> None:
        self.today = [line for line in self.lines if line["fetched_at"].startswith(day)]
        self.at = datetime.fromisoformat(self.today[0]["fetched_at"])

    def answer(self, asked: Asked) -> Sequence[Piece]:
        """The exact answer of the day, else the next one of the same kind: what windows a harvest asks for is its affair."""
        url = f"https://{asked.headers['host']}{asked.target}"
        found = next((line for line in self.today if unquote(line["url"]) == unquote(url)), None)
        found = found or next((line for line in self.today if kind(line["url"]) == kind(url)), None)
        if found is None:
            return page(b"nothing of that kind on that day", 404)
        self.today.remove(found)
        self.at = datetime.fromisoformat(found["fetched_at"])
        return page((settings.SAMPLE / found["file"]).read_bytes(), content_type=found["media_type"] or "text/xml")


def kind(url: str) -> tuple[object, ...]:
    """Host, path, verb and what is asked for, without the window."""
    parts = urlsplit(unquote(url))
    asked = parse_qs(parts.query)
    told = [asked.get(name, [""])[0].split(":")[0] for name in ("verb", "filter", "offset")]
    return parts.hostname, parts.path, *told, "resumptionToken" in asked


def plan_of(day: list[dict[str, Any]]) -> Plan:
    """The adapters that the lines of a day come from."""
    pulls: list[dict[str, Any]] = []
    for source_id in dict.fromkeys(line["source"] for line in day):
        urls = [line["url"] for line in day if line["source"] == source_id]
        endpoint = sources().get(source_id).endpoint
        if any("verb=ListRecords" in url for url in urls):
            pulls.append({"how": "oai", "sources": [source_id], "overlap_days": 0})
        elif urls == [endpoint]:
            pulls.append({"how": "feed", "sources": [source_id]})
        elif source_id == "hf-daily-papers":
            pulls.append({"how": "daily", "sources": [source_id], "days": 1})
        elif source_id == "semantic-scholar":
            named = [urlsplit(url).path.split("/paper/")[1].split("/")[0] for url in urls if "/citations" in url]
            works = [f"{work.split(':')[0].lower()}:{work.split(':')[1]}" for work in dict.fromkeys(named)]
            pulls.append({"how": "citations", "sources": [source_id], "works": works})
        elif source_id == "openalex":
            dois = [
                doi for url in urls for doi in parse_qs(urlsplit(url).query)["filter"][0].split(":", 1)[1].split("|")
            ]
            pulls.append(
                {"how": "works", "sources": [source_id], "works": [f"doi:{doi}" for doi in dois if "/" in doi]}
            )
    return Plan.model_validate({"pause": 0, "pulls": pulls})


def left_over(day: list[dict[str, Any]]) -> Plan:
    """Single addresses for what no adapter has asked for, such as one record."""
    pulls = [
        {
            "how": "addresses",
            "sources": [line["source"]],
            "expects": "json" if "json" in (line["media_type"] or "") else "xml",
            "addresses": [line["url"]],
        }
        for line in day
    ]
    return Plan.model_validate({"pause": 0, "pulls": pulls})


def pulled(root: Path, recorded: Recorded, server: Server, asked: Plan) -> None:
    workspace = Workspace(root)
    folder = workspace.ledger_file.parent
    client = Client(
        limiter=Limiter((), 0.0, recorded, lambda seconds: None),
        clock=recorded,
        sleep=lambda seconds: None,
        allowed=frozenset({server.address}),
        route=server.url().rstrip("/"),
    )
    Puller(
        client,
        workspace.payloads,
        Ledger(workspace.ledger_file),
        Attempts(folder / "attempts.jsonl"),
        Validators(folder / "validators.json"),
        sources(),
        asked,
    ).pull()
    client.close()


def test_what_is_pulled_makes_the_documents_of_the_sample(sample_root: Path, tmp_path: Path) -> None:
    """Every payload of the sample comes over the wire by the adapter of its source, at the time of its ledger."""
    lines = [json.loads(line) for line in (settings.SAMPLE / "ledger.jsonl").read_text("utf-8").splitlines()]
    recorded = Recorded(sorted(lines, key=lambda line: line["fetched_at"]))
    with serving(recorded.answer) as server:
        for day in sorted({line["fetched_at"][:10] for line in lines}):
            recorded.begin(day)
            pulled(tmp_path, recorded, server, plan_of(recorded.today))
            if recorded.today:
                pulled(tmp_path, recorded, server, left_over(recorded.today))
            assert recorded.today == []
    fetches = Ledger(Workspace(tmp_path).ledger_file).fetches()
    assert {(one.source_id, one.payload_sha256, one.fetched_at) for one in fetches} == {
        (line["source"], line["sha256"], datetime.fromisoformat(line["fetched_at"])) for line in lines
    }

    build(WorkspaceResource(root=str(tmp_path), profile="none"), record=False)
    live, sample = Releases(tmp_path / "releases").latest(), Releases(sample_root / "releases").latest()
    assert live and sample and live.as_of == sample.as_of
    for name in TABLES:
        dropped = NOT_TOLD.get(name, [])
        assert_frame_equal(live.table(name).drop(dropped), sample.table(name).drop(dropped))


def nobody() -> str:
    """An address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def health_in_lake(root: Path) -> pl.DataFrame:
    kept = Workspace(root).lake.current("feed_health")
    (part,) = kept.parts.values()
    return pl.read_parquet(part.path)


def planned() -> set[str]:
    return {source.id for pull in plan().pulls for source in plan().sources_of(pull, sources())}


def some_answer(asked: Asked) -> Sequence[Piece]:
    """One day of one list and one page of records; everybody else is not found."""
    if asked.headers["host"] == "oaipmh.arxiv.org":
        return page(payloads.oai(payloads.raw_record() + payloads.raw_record("2606.05678", title="Another one")))
    if asked.target == "/rss/cs.CL":
        return page(payloads.rss(payloads.rss_item()))
    return page(b"not here", 404)


def test_a_first_pull_without_a_network_makes_no_release_and_says_why(tmp_path: Path) -> None:
    """The health of feeds in the lake has a row for each source."""
    with pytest.raises(AlmanacError, match=r"none of \d+ sources answered"):
        build(WorkspaceResource(root=str(tmp_path), profile="live", route=nobody()), record=False)
    assert Releases(tmp_path / "releases").all() == []
    health = health_in_lake(tmp_path)
    assert set(health["source_id"]) == planned() and set(health["outcome"]) == {"error"}
    assert health["message"].str.contains("not reached").all() and health["elapsed_ms"].is_not_null().all()


def test_the_command_tells_by_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0 with a warning while at least one source answers; 1 without any, and the last release stays."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    command = ["live", "--out", str(tmp_path / "out")]
    with serving(some_answer) as server:
        monkeypatch.setenv(settings.ROUTE_VARIABLE, server.url().rstrip("/"))
        first = CliRunner().invoke(main, command)
    assert first.exit_code == 0, first.output
    assert "sources did not answer" in first.output and "openai-news" in first.output
    made = Releases(tmp_path / "out" / "releases").latest()
    assert made and {"arxiv:2606.01234", "arxiv:2606.05678"} <= set(made.table("documents")["document_id"])
    outcomes = dict(made.table("feed_health").select("source_id", "outcome").rows())
    assert (outcomes["arxiv-oai"], outcomes["openai-news"]) == ("new", "refused")

    monkeypatch.setenv(settings.ROUTE_VARIABLE, nobody())
    second = CliRunner().invoke(main, command)
    assert second.exit_code == 1 and "none of" in second.output and "Traceback" not in second.output
    latest = Releases(tmp_path / "out" / "releases").latest()
    assert latest and latest.name == made.name
    assert (health_in_lake(tmp_path / "out")["outcome"] == "error").sum() >= len(planned()) - 2


def test_a_route_leads_to_this_machine_only(tmp_path: Path) -> None:
    """Nobody can be made to ask elsewhere."""
    with pytest.raises(AlmanacError, match=r"expected http://127\.0\.0\.1"):
        build(WorkspaceResource(root=str(tmp_path), profile="live", route="http://feeds.example"), record=False)
