"""The shipped sample keeps what its README promises."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
import yaml
from lxml import etree

from almanac_assets.entities.overrides import load_overrides
from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.records import Parsed
from almanac_assets.harvest.sources import load_sources

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
README = (SAMPLE / "README.md").read_text("utf-8")
LEDGER = [json.loads(line) for line in (SAMPLE / "ledger.jsonl").read_text("utf-8").splitlines()]
NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "r": "http://arxiv.org/OAI/arXivRaw/"}
XML = [entry for entry in LEDGER if entry["file"].endswith(".xml")]
ARXIV = [entry for entry in LEDGER if entry["file"].startswith(("oai/", "rss/"))]
HARVESTED = [entry for entry in LEDGER if entry["file"].startswith("oai/")]
TREES = {entry["file"]: etree.fromstring((SAMPLE / entry["file"]).read_bytes()) for entry in XML}
REWRITTEN = [entry for entry in LEDGER if entry.get("text_basis") == "rewritten"]
LAST_DAY = "2026-06-19"
PYTHIA = "arxiv:2304.01373"
IN_A_ROW = 8  # words that two texts may not share in a row unless one was taken from the other
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
    """Every harvested paper by id as the newest harvest shows it."""
    found = {}
    for entry in HARVESTED:
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


@pytest.fixture(scope="module")
def read() -> dict[str, Parsed]:
    """Every payload as the formats read it, by file."""
    return {
        entry["file"]: parse((SAMPLE / entry["file"]).read_bytes(), entry["source"], entry["url"]) for entry in LEDGER
    }


def stated(read: dict[str, Parsed], frame: str, *, of: str = "") -> pl.DataFrame:
    """One frame of all payloads whose file begins with `of`, with the file in a column of its own."""
    frames: list[pl.DataFrame] = [
        getattr(parsed, frame).with_columns(file=pl.lit(file)) for file, parsed in read.items() if file.startswith(of)
    ]
    return pl.concat(frames)


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of IN_A_ROW words of a text, without case, marks and markup."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"<[^>]*>", " ", text.lower()))
    return {tuple(words[start : start + IN_A_ROW]) for start in range(len(words) - IN_A_ROW + 1)}


def test_every_payload_is_in_the_ledger_with_its_hash() -> None:
    """No file without a line, no line without a file, no body twice, and the bytes are those that were written."""
    files = [path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.*") if path.suffix in (".xml", ".json")]
    assert sorted(files) == sorted(entry["file"] for entry in LEDGER)
    assert len({entry["sha256"] for entry in LEDGER}) == len(LEDGER)
    for entry in LEDGER:
        assert hashlib.sha256((SAMPLE / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_the_ledger_is_in_order_and_its_keys_are_those_of_the_readme() -> None:
    """One form for all lines; payloads by time of fetching, never two at once."""
    keys = ["source", "url", "fetched_at", "sha256", "file", "origin", "media_type", "http_status"]
    assert all([key for key in entry if key != "text_basis"] == keys for entry in LEDGER)
    assert all(f"`{entry['origin']}`" in README for entry in LEDGER)
    moments = [entry["fetched_at"] for entry in LEDGER]
    assert moments == sorted(set(moments))


def test_every_payload_belongs_to_the_source_that_claims_its_url() -> None:
    """The ledger's source is the registry's answer."""
    sources = load_sources(ROOT / "data" / "sources.yaml", ROOT / "data" / "arxiv_categories.csv")
    assert all(sources.claiming(entry["url"], None) == entry["source"] for entry in LEDGER)


def test_the_sample_is_small_and_says_that_it_is_reconstructed() -> None:
    """Less than 3 MiB, and no file could be taken for a recording."""
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MOST_BYTES
    assert all(b"not a recording" in (SAMPLE / entry["file"]).read_bytes()[:300] for entry in XML)
    assert all(licence in README for licence in ("CC0 1.0", "CC BY 4.0"))


def test_counts_are_those_of_the_readme() -> None:
    """Papers, payloads, days, and papers from March on."""
    first = [submitted(raw)[0] for raw in papers().values()]
    days = sorted({moment.date() for moment in first})
    recent = sum(day >= dt.date(2026, 3, 1) for day in (moment.date() for moment in first))
    assert len(first) >= 300 and len(days) >= 60
    assert f"{len(ARXIV)} payloads with {len(first)} distinct papers" in README
    assert f"{len(LEDGER)} payloads" in README
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
        for entry in HARVESTED
        for raw in TREES[entry["file"]].iterfind(".//r:arXivRaw", NAMES)
    )
    assert sum(count == 2 for count in seen.values()) == 3 + 4 + 7 + 6


def test_nothing_is_harvested_before_it_happened() -> None:
    """Submission, day of change and fetch follow each other."""
    for entry in XML:
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
    for entry in ARXIV:
        category = entry["file"].split("/")[-1].removesuffix(".xml")
        for item in feed(entry["file"]):
            if item.find("guid") is not None:
                cross = "cross" in item.findtext("{*}announce_type", "")
                assert cross == (item.findtext("category") != category)


def test_one_item_names_no_paper() -> None:
    """It is well-formed, without title, link and guid, and not on the last day."""
    nameless = [(entry["file"], item) for entry in ARXIV for item in feed(entry["file"]) if item.find("guid") is None]
    assert [file for file, _ in nameless] == ["rss/2026-06-10/cs.CL.xml"]
    assert nameless[0][1].find("title") is None and nameless[0][1].find("link") is None


def test_quiet_days_are_valid_answers_without_papers() -> None:
    """A Saturday's feeds have no items, a Sunday's harvest is the protocol's own error."""
    assert [feed(f"rss/2026-06-13/{category}.xml") for category in ("cs.AI", "cs.CL", "cs.LG")] == [[], [], []]
    error = TREES["oai/2026-06-14/page_01.xml"].find("o:error", NAMES)
    assert error is not None and error.get("code") == "noRecordsMatch"


def test_every_payload_is_read_by_its_format(read: dict[str, Parsed]) -> None:
    """One record in an RSS day of arXiv and one in a laboratory's feed cannot be read; all else can."""
    formats = {entry["source"]: read[entry["file"]].facts.format for entry in LEDGER}
    assert set(formats.values()) == {"oai", "arxiv_rss", "rss", "hf_daily_papers", "semantic_scholar", "openalex"}
    rejects = stated(read, "rejects").filter(pl.col("ordinal").is_not_null())
    assert sorted(rejects["file"]) == ["feeds/2026-06-01/deepmind-blog.xml", "rss/2026-06-10/cs.CL.xml"]
    assert [f for f, parsed in read.items() if parsed.outcome == "error"] == []


def test_the_sample_is_as_wide_as_it_must_be(read: dict[str, Parsed]) -> None:
    """Documents of many days, and sentences enough for several cited works."""
    records = stated(read, "records").filter(pl.col("title").is_not_null())
    contexts = stated(read, "contexts").unique(["citing", "cited", "sentence"])
    per_work = contexts.group_by("cited").agg(pl.len(), works=pl.col("citing").n_unique())
    assert records["document_id"].n_unique() >= 300
    assert records["published_at"].dt.date().n_unique() >= 90
    assert contexts.height >= 110
    assert per_work.filter((pl.col("len") >= 12) & (pl.col("works") >= 6)).height >= 5
    assert f"{records['document_id'].n_unique()} documents" in README and f"{contexts.height} sentences" in README


def test_pythia_has_more_citing_works_than_its_seed_page_needs(read: dict[str, Parsed]) -> None:
    """On the last day more than before; a paper that has no sentence is an edge all the same."""
    edges = stated(read, "edges", of="citations/").filter(pl.col("cited") == PYTHIA)
    before = edges.filter(~pl.col("file").str.contains(LAST_DAY))["citing"].n_unique()
    assert 22 <= before < edges["citing"].n_unique()
    cited_with_words = stated(read, "contexts").filter(pl.col("cited") == PYTHIA)["citing"].n_unique()
    assert 19 <= cited_with_words < edges["citing"].n_unique()


def test_texts_of_our_own_are_marked_and_no_others_are() -> None:
    """Posts with texts and the sentences of NeurIPS papers; arXiv's and the Anthology's are real."""
    posts = [entry["file"] for entry in LEDGER if entry["file"].startswith("feeds/")]
    files = {file for file in posts if "huggingface" not in file}
    files |= {entry["file"] for entry in LEDGER if "pythia_02" in entry["file"]}
    assert {entry["file"] for entry in REWRITTEN} == files


def test_posts_of_the_seed_pages_keep_their_true_days(read: dict[str, Parsed]) -> None:
    """A post that is years old when it is first seen is still years old."""
    posts = stated(read, "records", of="feeds/2026-06-01")
    days = {row["title"]: f"{row['published_at']:%Y-%m-%d}" for row in posts.iter_rows(named=True)}
    assert days["Scaling laws for neural language models"] == "2020-01-23"
    assert days["Scaling laws for reward model overoptimization"] == "2022-10-19"
    assert days["Optimizing your LLM in production"] == "2023-09-15"
    assert days["Making LLMs even more accessible with bitsandbytes, 4-bit quantization and QLoRA"] == "2023-05-24"


def test_one_story_comes_from_two_sources(read: dict[str, Parsed]) -> None:
    """Posts name papers that the sample holds."""
    posts, papers_held = stated(read, "records", of="feeds/"), set(stated(read, "records")["arxiv_id"].drop_nulls())
    named = {link.rsplit("/", 1)[-1] for links in posts["links"] for link in links}
    assert {"2001.08361", "2210.10760", "2506.21552"} <= named & papers_held


def test_some_documents_have_a_title_only(read: dict[str, Parsed]) -> None:
    """All posts of Hugging Face, one of OpenAI, and the papers of which no file of ours holds the abstract."""
    bare = stated(read, "records").filter(pl.col("abstract").is_null() & pl.col("title").is_not_null())
    count = {source: bare.filter(pl.col("file").str.contains(source)).height for source in ("huggingface", "openai")}
    assert count == {"huggingface": 2 * 19, "openai": 2 * 1}
    assert bare.filter(pl.col("arxiv_id").is_not_null() & ~pl.col("file").str.starts_with("lookups/")).height == 0


def test_the_last_day_renames_a_model_and_speaks_to_machines(read: dict[str, Parsed]) -> None:
    """An edited post says that Bard is Gemini; a simulated one gives instructions, and says that it is simulated."""
    before, after = (stated(read, "records", of=f"feeds/{day}") for day in ("2026-06-01", LAST_DAY))
    renames = [frame["abstract"].str.contains("Bard is renamed to Gemini").sum() for frame in (before, after)]
    assert renames == [0, 1]
    speaks = after.filter(pl.col("abstract").str.contains("Ignore all previous instructions"))
    assert speaks["title"].str.starts_with("Simulated: ").to_list() == [True]
    assert "simulated" in speaks["url"][0] and "simulated post" in README


def test_counts_move_between_two_looks(read: dict[str, Parsed]) -> None:
    """Upvotes of the same papers differ from one capture of the listing to the next."""
    seen = stated(read, "observations", of="daily_papers/trending").filter(pl.col("measure") == "upvotes")
    assert seen.group_by("subject").agg(pl.col("value").n_unique())["value"].max() == 2


def test_simulated_ids_are_told() -> None:
    """Ids of OpenAlex that nobody gave out lie far beyond those that were, and README and ledger say so."""
    pages = [entry for entry in LEDGER if entry["source"] == "openalex"]
    ids = {found for entry in pages for found in re.findall(r"W\d+", (SAMPLE / entry["file"]).read_text("utf-8"))}
    assert {number for number in ids if not number.startswith("W990000000")} == {"W2101105183"}
    assert all("simulated" in entry["origin"] for entry in pages) and "W2101105183" in README


def test_overrides_hold_from_the_last_day_on() -> None:
    """One of each kind, so that the second release tells of them."""
    entries = load_overrides(ROOT / "data" / "overrides")
    assert {entry.action for entry in entries} >= {"merge", "rename", "forbid_alias"}
    assert all(f"{entry.since}" == LAST_DAY and entry.reviewed_by == "Almanac" for entry in entries)


def test_no_text_that_a_model_wrote_is_there() -> None:
    """The listing's own summaries are left out."""
    assert not any(b"ai_summary" in (SAMPLE / entry["file"]).read_bytes() for entry in LEDGER)


@pytest.mark.shared
def test_no_post_of_ours_repeats_a_recorded_one(shared: Path, read: dict[str, Parsed]) -> None:
    """No eight words in a row of our posts stand in the texts of any recorded feed of these laboratories."""
    ours = set().union(*(runs(text) for text in stated(read, "records", of="feeds/")["abstract"].drop_nulls()))
    versions = pl.scan_parquet(shared / "feeds" / "lab_feed_versions.parquet")
    labs = pl.col("feed").str.contains("^(openai|deepmind|google|anthropic_news)")
    newest = versions.filter(labs).sort("captured_at").group_by("feed").last().collect()
    theirs = (
        item.findtext("description") or ""
        for xml in newest["xml"]
        for item in etree.fromstring(xml.encode()).iter("item")
    )
    assert ours.isdisjoint(set().union(*map(runs, theirs)))


@pytest.mark.shared
def test_no_sentence_of_ours_repeats_the_original(shared: Path, read: dict[str, Parsed]) -> None:
    """Nor do the rewritten citing sentences follow those of the papers word by word."""
    file = ROOT / "tests" / "tools" / "sample_texts" / "pythia_contexts.yaml"
    ours = set().union(*(runs(text) for texts in yaml.safe_load(file.read_text("utf-8")).values() for text in texts))
    theirs = pl.read_parquet(shared / "citations" / "contexts.parquet", columns=["context"])["context"]
    assert ours.isdisjoint(set().union(*map(runs, theirs)))


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
