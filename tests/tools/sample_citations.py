"""Semantic Scholar's pages of citations with their contexts, for Pythia and for some works of the ACL Anthology."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from sample_payload import Payload, clocked, json_body
from sample_wire import Record

TEXTS = Path(__file__).parent / "sample_texts" / "pythia_contexts.yaml"
API = "https://api.semanticscholar.org/graph/v1/paper"
FIELDS = "contexts,contextsWithIntent,intents,isInfluential,title,abstract,year,venue,corpusId,externalIds,authors"
PYTHIA, PYTHIA_IN_FILES = "2304.01373", "w-bab914423e9f"
DAYS = (dt.date(2026, 6, 12), dt.date(2026, 6, 19))
TIME = dt.time(8, 0, tzinfo=dt.UTC)
LAG = dt.timedelta(days=10)  # a new paper enters the index some days after its listing; how many is our choice
NAMES_PYTHIA = re.compile(r"\b[Pp]ythia\b")
OTHER_PYTHIAS = ("2602.00141", "2602.16037")  # a generator of collision events, a tool for prompts: no citing papers
# Papers that a seed page lists as citing Pythia, whose abstract does not name it: an edge without a sentence.
CITING_BY_SEED = (
    "2305.14314", "2407.21787", "2502.05171", "2602.04572", "2604.16197", "2605.07105", "2605.08740", "2605.10504",
    "2605.24754", "2605.24981", "2605.30462", "2606.05932", "2606.07604",
)  # fmt: skip
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
SENTENCE_LENGTHS = range(40, 600)  # code points; shorter ones are fragments, longer ones lists run together
# Cited works of the Anthology whose contexts are free: tools, metrics, methods, a baseline, an evaluation.
ANTHOLOGY = ("P07-2045", "W07-0734", "P10-2041", "P08-1068", "J97-1003", "W02-1011", "P02-1040")


def citation_payloads(shared: Path, records: list[Record]) -> list[Payload]:
    """Pythia's citations on two days, those of the Anthology's works once, and what is known of the cited works."""
    folder, payloads = shared / "citations", []
    rewritten = rewritten_rows(folder)
    for day in DAYS:
        clock = clocked(dt.datetime.combine(day, TIME))
        real = [row for record in newest_first(records, day) if (row := pythia_row(record))]
        for name, rows, offset, basis in (
            ("pythia_01", real, 0, ""),
            ("pythia_02", rewritten, len(real), "rewritten"),
        ):
            more = {"next": len(real)} if rows is real else {}
            url = citations_url(f"ARXIV:{PYTHIA}", offset, len(real))
            body = json_body({"offset": offset, **more, "data": rows})
            payloads.append(answer(next(clock), url, f"citations/{day}/{name}.json", body, basis))
    clock = clocked(dt.datetime.combine(DAYS[0], TIME) + dt.timedelta(minutes=1))
    for cited in ANTHOLOGY:
        body = json_body({"offset": 0, "data": anthology_rows(folder, cited)})
        url = citations_url(f"ACL:{cited}", 0, 100)
        payloads.append(answer(next(clock), url, f"citations/{DAYS[0]}/{cited}.json", body))
    pythia = next(record for record in records if record.id == PYTHIA)
    works = [work({"ArXiv": PYTHIA}, pythia.title, 2023, list(pythia.authors), pythia.abstract), None]
    works += anthology_works(folder)
    url = f"{API}/batch?fields=title,abstract,year,venue,corpusId,externalIds,authors"
    payloads.append(answer(next(clock), url, f"citations/{DAYS[0]}/works.json", json_body(works)))
    return payloads


def answer(at: dt.datetime, url: str, file: str, body: str, text_basis: str = "") -> Payload:
    """A payload of this service."""
    return Payload(at, "semantic-scholar", url, file, "application/json", body, text_basis=text_basis)


def citations_url(cited: str, offset: int, limit: int) -> str:
    """The request for a page of the works that cite one."""
    return f"{API}/{cited}/citations?fields={FIELDS}&offset={offset}&limit={limit}"


def newest_first(records: list[Record], day: dt.date) -> list[Record]:
    """The papers that the index knows on a day, newest first as the service orders them."""
    known = [record for record in records if record.listed <= day - LAG]
    return sorted(known, key=lambda record: (record.versions[0].date.replace(tzinfo=None), record.id), reverse=True)


def pythia_row(record: Record) -> dict[str, Any] | None:
    """A paper of the sample as a citing one: with the sentences of its abstract that name Pythia, which are CC0."""
    if record.id in (PYTHIA, *OTHER_PYTHIAS) or record.id in rewritten_arxiv_ids():
        return None
    sentences = [text for text in SENTENCE_END.split(record.abstract) if NAMES_PYTHIA.search(text)]
    if not sentences and record.id not in CITING_BY_SEED:
        return None
    usable = [text for text in sentences if len(text) in SENTENCE_LENGTHS]
    year = record.versions[0].date.year
    citing = work({"ArXiv": record.id}, record.title, year, list(record.authors), record.abstract or None, "arXiv.org")
    return row(citing, usable)


def rewritten_arxiv_ids() -> tuple[str, ...]:
    """Papers of the sample that stand on the page of rewritten sentences instead: one row for one citing work."""
    return ("2509.23024",)


def rewritten_rows(folder: Path) -> list[dict[str, Any]]:
    """The papers of NeurIPS 2025 that cite Pythia, with our wording of their sentences."""
    contexts = yaml.safe_load(TEXTS.read_text("utf-8"))
    cites = pl.read_parquet(folder / "contexts.parquet").filter(pl.col("cited_id") == PYTHIA_IN_FILES)
    papers = {row["citing_id"]: row for row in pl.read_parquet(folder / "citing_papers.parquet").iter_rows(named=True)}
    rows = []
    for citing_id, title in sorted(set(cites.select("citing_id", "citing_title").iter_rows())):
        known = papers.get(citing_id, {"arxiv_id": None, "authors": []})
        ids = {"ArXiv": known["arxiv_id"]} if known["arxiv_id"] else {}
        citing = work(
            ids, " ".join(title.split()), 2025, list(known["authors"]), None, "Neural Information Processing Systems"
        )
        rows.append(row(citing, contexts[citing_id.removeprefix("openreview:")]))
    return rows


def anthology_rows(folder: Path, cited: str) -> list[dict[str, Any]]:
    """Real sentences (ScisummNet, CC BY 4.0) in which papers of the Anthology cite one work."""
    contexts = pl.read_parquet(folder / "acl_contexts.parquet").filter(
        (pl.col("source") == "scisummnet")
        & (pl.col("cited_id") == f"acl:{cited}")
        & pl.col("citing_title").is_not_null()
    )
    rows = []
    for key, group in contexts.sort("citing_id", "context_id").group_by("citing_id", maintain_order=True):
        first = group.row(0, named=True)
        ids = {"ACL": str(key[0]).removeprefix("acl:")}
        rows.append(row(work(ids, first["citing_title"], first["citing_year"], []), group["context"].to_list()))
    return rows


def anthology_works(folder: Path) -> list[dict[str, Any]]:
    """The cited works of the Anthology, without abstract: its licence is not that of the sentences."""
    rows = pl.read_parquet(folder / "acl_works.parquet").filter(
        pl.col("cited_id").is_in([f"acl:{cited}" for cited in ANTHOLOGY])
    )
    known = {row["cited_id"]: row for row in rows.iter_rows(named=True)}
    ordered = [known[f"acl:{cited}"] for cited in ANTHOLOGY]
    return [
        work(
            {"ACL": entry["cited_id"].removeprefix("acl:")}, entry["title"], entry["year"], list(entry["authors"] or [])
        )
        for entry in ordered
    ]


def row(citing: dict[str, Any], contexts: list[str]) -> dict[str, Any]:
    """One citation; intents are the service's own judgement, which no file of ours holds, so none are stated."""
    return {
        "contexts": contexts,
        "intents": [],
        "contextsWithIntent": [{"context": text, "intents": []} for text in contexts],
        "isInfluential": False,
        "citingPaper": citing,
    }


def work(
    ids: dict[str, Any], title: str, year: int, authors: list[str], abstract: str | None = None, venue: str = ""
) -> dict[str, Any]:
    """A paper object; the service's own ids are not known, hence null as for works that it could not resolve."""
    return {
        "paperId": None,
        "corpusId": None,
        "externalIds": ids,
        "title": title,
        "abstract": abstract,
        "venue": venue,
        "year": year,
        "authors": [{"authorId": None, "name": name} for name in authors],
    }
