"""Rebuild data/sample from the corpus in the folder named by ALMANAC_SHARED.

    ALMANAC_SHARED=... python tests/tools/make_sample.py data/sample

Writes payloads and ledger.jsonl; README.md is kept by hand. The same corpus gives the same bytes: choices among equals
fall by a hash of the paper's id, never by chance or by the clock. This module draws the papers of arXiv and writes its
harvests and feeds; the other services have modules of their own (sample_posts, sample_papers, sample_citations,
sample_listings), and what is written by hand lies in sample_texts/.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from sample_citations import citation_payloads
from sample_listings import daily_payloads, openalex_payloads
from sample_papers import looked_up, lookup_payloads
from sample_payload import PAUSE, Payload
from sample_posts import feed_payloads
from sample_wire import RSS, Record, Version, drawn, oai_harvest, rss_day

PAGE_SIZE = 60  # the live service sends more; small pages make every harvest need a token
DAY = dt.timedelta(days=1)
LAST_DAY = dt.date(2026, 6, 19)
# Day of a harvest and its `from`: the day of the last one that bore records, as arXiv advises; border days come twice.
HARVESTS = (
    (dt.date(2026, 4, 1), dt.date(2025, 8, 1)),
    (dt.date(2026, 5, 1), dt.date(2026, 4, 1)),
    (dt.date(2026, 6, 1), dt.date(2026, 5, 1)),
    (dt.date(2026, 6, 12), dt.date(2026, 6, 1)),
    (dt.date(2026, 6, 14), dt.date(2026, 6, 13)),  # a look on Sunday at the weekend alone, which has no records
    (LAST_DAY, dt.date(2026, 6, 12)),
)
HARVEST_TIME, RSS_TIME = dt.time(6, 0, 0, tzinfo=dt.UTC), dt.time(4, 30, 0, tzinfo=dt.UTC)
RSS_DAYS = (dt.date(2026, 5, 19), dt.date(2026, 6, 10), dt.date(2026, 6, 13), LAST_DAY)  # 06-13 is a Saturday
RSS_CATEGORIES = ("cs.AI", "cs.CL", "cs.LG")
DAMAGED = (dt.date(2026, 6, 10), "cs.CL")

# The papers that the pages in seeds/ show and the corpus holds; for those of the listings, which do not tell the
# primary category, the one that the page names (else None: the first listing stands in).
SEEDS: dict[str, str | None] = {
    "2510.24963": None, "2602.04572": None, "2605.02968": None, "2605.05341": None, "2605.07105": None,
    "2605.08740": None, "2605.10504": None, "2605.16234": "cs.LG", "2605.18732": None, "2605.22579": None,
    "2605.23901": "cs.LG", "2605.24577": None, "2605.24754": None, "2605.24981": None, "2605.25981": None,
    "2605.30260": None, "2605.30462": None, "2606.03305": None, "2606.05378": None, "2606.05932": None,
    "2606.06267": None, "2606.07604": None, "2606.10703": "cs.CL", "2606.10722": None, "2606.18246": None,
    "2606.20295": "cs.CL",
}  # fmt: skip
REVISED = "2605.22579"  # its abstract's last sentence and its comment arrive with the simulated v2
WITHDRAWN = "2601.09200"  # really withdrawn, day unknown; the comment is the authors' own
# What the seeds speak of; a record that names more of it is preferred.
TOPICS = (
    r"\bPythia\b",
    r"\bOLMo",
    r"\bQwen3",
    r"\bLlama-?3\.1",
    r"\bQ?LoRA\b",
    r"[Ss]caling [Ll]aw",
    r"\b[Cc]ircuits?\b",
    r"[Mm]echanistic [Ii]nterpretab",
    r"\b[Pp]run(e|ed|ing)\b",
    r"\bMoE\b|[Mm]ixture[- ]of[- ][Ee]xperts",
    r"\b[Qq]uanti[sz]ation",
    r"[Ss]parse [Aa]utoencoder",
    r"\bDPO\b|[Pp]reference [Oo]ptimi[sz]ation",
    r"\bGRPO\b|\bRLVR\b",
    r"[Ll]ooped|[Rr]ecurrent[- ][Dd]epth",
    r"[Mm]emori[sz]ation",
)
# Papers a day by their topics alone, from each first day on; RSS days take RSS_QUOTA instead.
QUOTAS = ((dt.date(2026, 3, 1), 2), (dt.date(2026, 4, 1), 3), (dt.date(2026, 5, 1), 4), (dt.date(2026, 6, 1), 6))
RSS_QUOTA = 14
NEIGHBOURS = 4  # nearest papers taken along with each seed
MAX_VERSION = 2  # the dates of middle versions are not known, so papers with more versions are left out
CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")  # the corpus mixes in ACM and MSC classes


def main() -> None:
    shared, out = Path(os.environ["ALMANAC_SHARED"]), Path(sys.argv[1])
    records = [record_of(row) for row in chosen(corpus(shared / "corpus"))]
    single = looked_up(shared)
    newest = [states(record)[-1] for record in records] + single
    payloads = [*harvests(records), *rss_payloads(records), *lookup_payloads(single), *feed_payloads(shared)]
    payloads += [*citation_payloads(shared, newest), *daily_payloads(shared, records)]
    payloads += openalex_payloads(shared, newest)
    for old in sorted(file for pattern in ("*/**/*.xml", "*/**/*.json") for file in out.glob(pattern)):
        old.unlink()
    for payload in payloads:
        (out / payload.file).parent.mkdir(parents=True, exist_ok=True)
        (out / payload.file).write_bytes(payload.body.encode())
    lines = [json.dumps(payload.line()) + "\n" for payload in sorted(payloads)]
    (out / "ledger.jsonl").write_text("".join(lines), "utf-8")
    days = {record.versions[0].date.date() for record in records}
    print(len(records), "papers,", len(days), "days,", len(payloads), "payloads")


def corpus(folder: Path) -> list[dict[str, Any]]:
    """Every paper that may be chosen, with the topics it names and the day it was listed."""
    main_file = pl.scan_parquet(folder / "arxiv_ai_recent.parquet").with_columns(extra=False)
    listings = pl.scan_parquet(folder / "arxiv_listing_extra.parquet").filter(pl.col("id").is_in(list(SEEDS)))
    listings = listings.rename({"listings": "categories"}).with_columns(extra=True)
    text = pl.col("title") + " " + pl.col("abstract")
    return (
        pl.concat([main_file, listings], how="diagonal_relaxed")
        .with_columns(
            topics=pl.sum_horizontal(text.str.contains(topic).cast(pl.Int32) for topic in TOPICS),
            pythia=text.str.contains(TOPICS[0]),
            listed=pl.coalesce("listed_on", pl.col("date") + DAY),
            number=pl.col("version_seen").fill_null(1),
        )
        .filter(
            pl.col("id").is_in([*SEEDS, WITHDRAWN])
            | ((pl.col("number") <= MAX_VERSION) & (pl.col("topics") > 0) & (pl.col("listed") <= LAST_DAY))
        )
        .sort("id")
        .collect()
        .to_dicts()
    )


def chosen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sample: seeds, their neighbours, what names Pythia, and of each day from March on the richest in topics."""
    taken = {row["id"] for row in rows if row["id"] in SEEDS or row["id"] == WITHDRAWN or row["pythia"]}
    taken |= neighbours(rows)
    by_day: dict[dt.date, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (-row["topics"], drawn(row["id"]))):
        by_day.setdefault(row["listed"], []).append(row)
    for day, of_day in sorted(by_day.items()):
        taken |= {row["id"] for row in of_day[: quota(day)]}
    return [row for row in rows if row["id"] in taken]


def quota(day: dt.date) -> int:
    """How many papers a day gives by topics alone."""
    return RSS_QUOTA if day in RSS_DAYS else max((count for first, count in QUOTAS if day >= first), default=0)


def neighbours(rows: list[dict[str, Any]]) -> set[str]:
    """The NEIGHBOURS nearest papers of each seed, by cosine over the words present, weighed by rarity."""
    words = {row["id"]: set(re.findall(r"[a-z]{3,}", f"{row['title']} {row['abstract']}".lower())) for row in rows}
    frequency = Counter(word for present in words.values() for word in present)
    weight = {word: math.log(len(rows) / count) ** 2 for word, count in frequency.items()}
    norm = {name: math.sqrt(math.fsum(weight[word] for word in present)) for name, present in words.items()}
    found = set()
    for seed in SEEDS:
        near = {
            name: math.fsum(weight[word] for word in present & words[seed]) / norm[name]
            for name, present in words.items()
            if name not in SEEDS
        }
        found |= set(sorted(near, key=lambda name: (-round(near[name], 9), name))[:NEIGHBOURS])
    return found


def record_of(row: dict[str, Any]) -> Record:
    """A row of the corpus as a record; a day without a time gets one that follows from the id."""
    seconds = int(drawn(row["id"])[:8], 16) % (24 * 60 * 60)
    first = row["published"] or dt.datetime.combine(row["date"], dt.time()) + dt.timedelta(seconds=seconds)
    versions, listed = [Version(1, first)], row["listed"]
    if row["number"] > 1 and row["id"] != WITHDRAWN:
        versions.append(Version(row["number"], row["updated"]))
        listed = row["updated"].date() + DAY
    categories = [category for category in dict.fromkeys(row["categories"]) if CATEGORY.fullmatch(category)]
    primary = SEEDS.get(row["id"])
    return Record(
        id=row["id"],
        title=" ".join(row["title"].split()),
        abstract=" ".join(row["abstract"].split()),
        authors=tuple(row["authors"]),
        categories=tuple(dict.fromkeys([primary, *categories] if primary else categories)),
        comment=row["comment"],
        versions=tuple(versions),
        listed=listed,
    )


def states(record: Record) -> list[Record]:
    """A paper as it stood over time: one state, but for the revised and the withdrawn paper two."""
    if record.id not in (REVISED, WITHDRAWN):
        return [record]
    second = dt.datetime.combine(LAST_DAY - DAY, record.versions[0].date.time())
    gone = record.id == WITHDRAWN
    later = replace(record, versions=(*record.versions, Version(2, second, gone)), listed=LAST_DAY)
    sentences = re.split(r"(?<=\.) (?=[A-Z])", record.abstract)
    earlier = replace(record, comment=None, abstract=" ".join(sentences if gone else sentences[:-1]))
    return [earlier, later]


def harvests(records: list[Record]) -> list[Payload]:
    """The OAI-PMH pages of all harvests; each holds the state that was newest on its day."""
    payloads = []
    for day, since in HARVESTS:
        known = [max((s for s in states(r) if s.listed <= day), key=lambda s: s.listed, default=None) for r in records]
        window = [state for state in known if state and state.listed >= since]
        pages = oai_harvest(window, since, dt.datetime.combine(day, HARVEST_TIME), PAGE_SIZE, PAUSE)
        for number, (url, at, body) in enumerate(pages, 1):
            payloads.append(Payload(at, "arxiv-oai", url, f"oai/{day}/page_{number:02}.xml", "text/xml", body))
    return payloads


def rss_payloads(records: list[Record]) -> list[Payload]:
    """The RSS feeds of the chosen days, one payload per category."""
    payloads = []
    everything = [state for record in records for state in states(record)]
    for day in RSS_DAYS:
        at = dt.datetime.combine(day, RSS_TIME)
        for category in RSS_CATEGORIES:
            of_day = [state for state in everything if state.listed == day and category in state.categories]
            body = rss_day(of_day, category, day, at - DAY / 48, damaged=(day, category) == DAMAGED)
            file = f"rss/{day}/{category}.xml"
            payloads.append(Payload(at, f"arxiv-{category}", RSS + category, file, "application/rss+xml", body))
            at += PAUSE
    return payloads


if __name__ == "__main__":
    main()
