"""The shipped sample keeps what its README promises."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from almanac_assets.harvest.sources import load_sources

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
README = (SAMPLE / "README.md").read_text("utf-8")
LEDGER = [json.loads(line) for line in (SAMPLE / "ledger.jsonl").read_text("utf-8").splitlines()]
NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "r": "http://arxiv.org/OAI/arXivRaw/"}
TREES = {entry["file"]: etree.fromstring((SAMPLE / entry["file"]).read_bytes()) for entry in LEDGER}
LAST_DAY = "2026-06-19"
MOST_BYTES = 3 * 1024 * 1024
REVISED, WITHDRAWN = "2605.22579", "2601.09200"
# What the seed pages show, by the titles under which arXiv has it.
SEED_TITLES = (
    "Layer Equivalence Is Not a Property of Layers Alone",
    "LLMs as Noisy Channels: A Shannon Perspective on Model Capacity and Scaling Laws",
    "Many Circuits, One Mechanism",
    "Beyond Temperature: Hyperfitting as a Late-Stage Geometric Expansion",
    "When Do LLM Agents Treat Surface Noise Differently from Semantic Noise?",
    "From Observation to Intervention: A Causal Audit of Expert Importance",
    "Variable-Width Transformers",
    "Token-Operations-Oriented Inference Optimization",
    "How LoRA Remembers?",
    "Predictable Confabulations",
    "Continual LLM Upcycling",
    "Language Model Behavioral Phases are Consistent",
    "From Competition to Collaboration",
    "Finite-Size Gradient Transport",
    "Feature Starvation as Geometric Instability",
    "Theoretical Limits of Language Model Alignment",
    "Causal Dimensionality of Transformer Representations",
    "Learning Less Is More",
    "Polymorphism Is Rotation",
    "Motion-Compensated Weight Compression",
    "Large Language Model Selection with Limited Annotations",
    "idSCD",
    "The Reliability Gap in Benchmark Auditing",
    "A Pre-Registered Causal Partition",
    "Pattern Selectivity is Not Task-Causal Structure",
    "Contribution Weights",
)


def day_of(entry: dict[str, Any]) -> str:
    """The day on which a payload was fetched."""
    return str(entry["fetched_at"])[:10]


def papers(*, before_last_day: bool = False) -> dict[str, etree._Element]:
    """Every paper by id as the newest harvest shows it."""
    found = {}
    for entry in LEDGER:
        if not (before_last_day and day_of(entry) == LAST_DAY):
            for raw in TREES[entry["file"]].iterfind(".//r:arXivRaw", NAMES):
                found[told(raw, "id")] = raw
    return found


def told(raw: etree._Element, name: str) -> str:
    """The text of one element of an arXivRaw record, white space collapsed, empty where it is absent."""
    return " ".join((raw.findtext(f"r:{name}", namespaces=NAMES) or "").split())


def submitted(raw: etree._Element) -> list[dt.datetime]:
    """When each version was submitted, in order."""
    return [parsedate_to_datetime(date.text) for date in raw.iterfind("r:version/r:date", NAMES)]


def feed(file: str) -> list[etree._Element]:
    """The items of one RSS payload."""
    return list(TREES[file].iterfind("channel/item"))


def test_every_payload_is_in_the_ledger_with_its_hash() -> None:
    """No file without a line, no line without a file, and the bytes are those that were written."""
    files = [path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.xml")]
    assert sorted(files) == sorted(entry["file"] for entry in LEDGER)
    for entry in LEDGER:
        assert hashlib.sha256((SAMPLE / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_the_ledger_is_in_order_and_its_keys_are_those_of_the_readme() -> None:
    """One form for all lines; payloads by time of fetching, never two at once."""
    keys = ["source", "url", "fetched_at", "sha256", "file", "origin", "media_type", "http_status"]
    assert all(list(entry) == keys and entry["origin"] == "reconstructed" for entry in LEDGER)
    moments = [entry["fetched_at"] for entry in LEDGER]
    assert moments == sorted(set(moments))


def test_every_payload_belongs_to_the_source_that_claims_its_url() -> None:
    """The ledger's source is the registry's answer."""
    sources = load_sources(ROOT / "data" / "sources.yaml", ROOT / "data" / "arxiv_categories.csv")
    assert all(sources.claiming(entry["url"], None) == entry["source"] for entry in LEDGER)


def test_the_sample_is_small_and_says_that_it_is_reconstructed() -> None:
    """Less than 3 MiB, and no file could be taken for a recording."""
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MOST_BYTES
    assert all(b"not a recording" in (SAMPLE / entry["file"]).read_bytes()[:300] for entry in LEDGER)
    assert "CC0 1.0" in README


def test_counts_are_those_of_the_readme() -> None:
    """Papers, payloads, days, and papers from March on."""
    first = [submitted(raw)[0] for raw in papers().values()]
    days = sorted({moment.date() for moment in first})
    recent = sum(day >= dt.date(2026, 3, 1) for day in (moment.date() for moment in first))
    assert len(first) >= 300 and len(days) >= 60
    assert f"{len(LEDGER)} payloads with {len(first)} distinct papers" in README
    assert f"{len(days)} distinct days from {days[0]} to {days[-1]}; {recent} of them from March 2026 on" in README


def test_every_seed_that_the_corpus_holds_is_there() -> None:
    """Pages, similar papers and the explorer list can be drawn from the sample."""
    titles = [told(raw, "title") for raw in papers().values()]
    missing = [seed for seed in SEED_TITLES if not any(title.startswith(seed) for title in titles)]
    assert missing == []


def test_a_harvest_of_several_pages_is_chained_by_tokens() -> None:
    """Each page but the last hands over the token that asks for the next; the last one's is empty."""
    for folder in sorted((SAMPLE / "oai").iterdir()):
        pages = [entry for entry in LEDGER if entry["file"].startswith(f"oai/{folder.name}/")]
        tokens = [TREES[page["file"]].find(".//o:resumptionToken", NAMES) for page in pages]
        if len(pages) == 1:
            assert tokens == [None]
            continue
        for token, following in zip(tokens, pages[1:], strict=False):
            assert token is not None and token.get("expirationDate")
            assert parse_qs(urlsplit(following["url"]).query)["resumptionToken"] == [token.text]
        assert tokens[-1] is not None and not tokens[-1].text


def test_harvests_overlap_by_their_border_day() -> None:
    """Some papers come twice unchanged, as they do from the live service."""
    seen = Counter(
        (told(raw, "id"), len(submitted(raw)))
        for tree in TREES.values()
        for raw in tree.iterfind(".//r:arXivRaw", NAMES)
    )
    assert sum(count == 2 for count in seen.values()) == 3 + 4 + 7 + 6


def test_nothing_is_harvested_before_it_happened() -> None:
    """Submission, day of change and fetch follow each other."""
    for entry in LEDGER:
        for record in TREES[entry["file"]].iterfind(".//o:record", NAMES):
            stamp = record.findtext("o:header/o:datestamp", namespaces=NAMES)
            moments = submitted(record.find(".//r:arXivRaw", NAMES))
            assert moments == sorted(moments) and str(moments[-1].date()) < stamp <= day_of(entry)


def test_the_last_day_revises_one_paper() -> None:
    """Version 2 adds the last sentence and the comment, and is announced as a replacement."""
    before, after = papers(before_last_day=True)[REVISED], papers()[REVISED]
    assert [len(submitted(raw)) for raw in (before, after)] == [1, 2]
    assert told(after, "abstract").startswith(told(before, "abstract"))
    assert "Late-Stage LoRA" in told(after, "abstract") and "Late-Stage LoRA" not in told(before, "abstract")
    assert (told(before, "comments"), told(after, "comments")) == ("", "Accepted at ICML 2026")
    kinds = {item.findtext("guid"): item.findtext("{*}announce_type") for item in feed(f"rss/{LAST_DAY}/cs.CL.xml")}
    assert kinds[f"oai:arXiv.org:{REVISED}v2"] == "replace"


def test_the_last_day_withdraws_one_paper() -> None:
    """Version 2 has no bytes and says why; the text of version 1 stays."""
    before, after = papers(before_last_day=True)[WITHDRAWN], papers()[WITHDRAWN]
    newest = after.findall("r:version", NAMES)[-1]
    assert (newest.findtext("r:size", namespaces=NAMES), newest.findtext("r:source_type", namespaces=NAMES)) == (
        "0kb",
        "I",
    )
    assert told(after, "comments").startswith("This paper is withdrawn") and told(before, "comments") == ""
    assert told(after, "abstract") == told(before, "abstract")
    others = [raw for name, raw in papers().items() if name != WITHDRAWN]
    assert not any("withdrawn" in told(raw, "comments").lower() for raw in others)


def test_the_last_day_brings_new_papers() -> None:
    """The second release differs from the first by more than changes."""
    assert len(papers().keys() - papers(before_last_day=True).keys()) == 34


def test_cross_lists_are_announced_relative_to_the_feed() -> None:
    """A paper is new in the feed of its primary category and a cross-list in the others."""
    for entry in LEDGER:
        category = entry["file"].split("/")[-1].removesuffix(".xml")
        for item in feed(entry["file"]):
            if item.find("guid") is not None:
                cross = "cross" in item.findtext("{*}announce_type", "")
                assert cross == (item.findtext("category") != category)


def test_one_item_names_no_paper() -> None:
    """It is well-formed, without title, link and guid, and not on the last day."""
    nameless = [(entry["file"], item) for entry in LEDGER for item in feed(entry["file"]) if item.find("guid") is None]
    assert [file for file, _ in nameless] == ["rss/2026-06-10/cs.CL.xml"]
    assert nameless[0][1].find("title") is None and nameless[0][1].find("link") is None


def test_quiet_days_are_valid_answers_without_papers() -> None:
    """A Saturday's feeds have no items, a Sunday's harvest is the protocol's own error."""
    assert [feed(f"rss/2026-06-13/{category}.xml") for category in ("cs.AI", "cs.CL", "cs.LG")] == [[], [], []]
    error = TREES["oai/2026-06-14/page_01.xml"].find("o:error", NAMES)
    assert error is not None and error.get("code") == "noRecordsMatch"


@pytest.mark.shared
def test_the_sample_is_what_its_tool_writes(shared: Path, tmp_path: Path) -> None:
    """The same corpus gives the same bytes, whatever the hash seed."""
    tool = ROOT / "tests" / "tools" / "make_sample.py"
    environment = {**os.environ, "ALMANAC_SHARED": str(shared), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, env=environment, capture_output=True)
    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()}
    del kept["README.md"]
    assert made == kept
