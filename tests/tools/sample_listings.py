"""Hugging Face's daily papers and pages of OpenAlex works."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import zstandard
from sample_payload import Payload, clocked, json_body
from sample_wire import Record

DAILY = "https://huggingface.co/api/daily_papers"
OPENALEX = "https://api.openalex.org/works"
# Days of the month's trending list that were recorded; the counts differ between the two.
TRENDING_DAYS = (dt.date(2026, 4, 28), dt.date(2026, 4, 30))
OFF_TOPIC = ("2603.28032", "2604.02296", "2604.14141")  # drones, video editing, 3D reconstruction
LISTED_DAYS = ("2026-04-08", "2026-04-23", "2026-05-06", "2026-05-07", "2026-05-08")
LISTED_TIME = dt.time(8, 0, tzinfo=dt.UTC)  # when the counts of the listed days were read
# What the recording of 2026-06-12 holds and this sample does not: a model's texts, and people and pictures.
LEFT_OUT = (
    "ai_summary", "ai_keywords", "ai_summary_model", "submittedOnDailyBy", "submittedBy", "isAuthorParticipating",
    "githubRepoAddedBy", "discussionId", "mediaUrls", "thumbnail",
)  # fmt: skip
NEW_YORK = dt.timedelta(hours=4)  # the outer time of an entry lies this much before the paper's own
OPENALEX_TIME = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)
# The one id of OpenAlex that is known for sure; all others of the page are simulated, far beyond those given out.
REAL_OPENALEX = {"acl:P02-1040": 2101105183}
FIRST_SIMULATED = 99_000_000_001
CITED = ("2001.08361", "2210.10760", "2304.01373", "2305.14314", "2407.21787", "2502.05171")


def daily_payloads(shared: Path, records: list[Record]) -> list[Payload]:
    """The month's trending papers twice, five listed days, and the recording of 2026-06-12."""
    return [*trending(shared), *listed(shared, {record.id: record for record in records}), recorded_day(shared)]


def trending(shared: Path) -> list[Payload]:
    """The same request two days apart: upvotes and stars have moved."""
    versions = pl.read_parquet(shared / "feeds" / "hf_daily_papers_versions.parquet")
    payloads = []
    for day in TRENDING_DAYS:
        rows = versions.filter((pl.col("captured_at").dt.date() == day) & ~pl.col("paper_id").is_in(list(OFF_TOPIC)))
        entries = [trending_entry(row) for row in rows.sort("rank").iter_rows(named=True)]
        payloads.append(daily(rows["captured_at"][0], "?month=2026-04&sort=trending", f"trending_{day}", entries))
    return payloads


def trending_entry(row: dict[str, Any]) -> dict[str, Any]:
    """One entry of the recorded list, in the form of the service."""
    outer = dt.datetime.fromisoformat(row["published_date"])
    # Hours of the evening in New York stand for the day that begins there in UTC.
    inner = (
        dt.datetime.combine(outer.date() + dt.timedelta(days=1), dt.time()) if outer.hour >= 19 else outer + NEW_YORK
    )
    paper = entry_paper(row["paper_id"], row["title"], row["summary"], row["authors"], inner, row["upvotes"])
    links = {"githubRepo": row["github_url"], "githubStars": row["github_stars"], "projectPage": row["project_url"]}
    paper |= {name: value for name, value in links.items() if value is not None}
    return {"paper": paper, "publishedAt": stamp(outer), "title": paper["title"]}


def listed(shared: Path, records: dict[str, Record]) -> list[Payload]:
    """Papers of the sample on the day they were listed, with the counts of that morning."""
    known = pl.read_parquet(shared / "gold" / "hf_daily_papers" / "train.parquet")
    payloads = []
    for day in LISTED_DAYS:
        rows = known.filter((pl.col("listed") == day) & pl.col("arxiv_id").is_in(sorted(records))).sort("arxiv_id")
        entries = []
        for row in rows.iter_rows(named=True):
            record, inner = records[row["arxiv_id"]], dt.datetime.fromisoformat(row["published"])
            paper = entry_paper(record.id, record.title, record.abstract, list(record.authors), inner, row["upvotes"])
            paper["submittedOnDailyAt"] = stamp(dt.datetime.fromisoformat(day))
            paper |= {"organization": {"name": row["organization"]}} if row["organization"] else {}
            outer = {"publishedAt": stamp(inner - NEW_YORK), "title": record.title, "numComments": row["comments"]}
            entries.append({"paper": paper, **outer})
        at = dt.datetime.combine(dt.date.fromisoformat(day), LISTED_TIME)
        payloads.append(daily(at, f"?date={day}", f"day_{day}", entries))
    return payloads


def entry_paper(
    name: str, title: str, summary: str, authors: list[str], published: dt.datetime, upvotes: int
) -> dict[str, Any]:
    """The paper object of an entry; its summary is arXiv's abstract."""
    return {
        "id": name,
        "authors": [{"name": author, "hidden": False} for author in authors],
        "publishedAt": stamp(published),
        "title": " ".join(title.split()),
        "summary": " ".join(summary.split()),
        "upvotes": upvotes,
    }


def recorded_day(shared: Path) -> Payload:
    """The recorded list of 2026-06-12 without the texts that a model wrote and without names of submitters."""
    with (shared / "feeds" / "recorded_hf_daily_papers.jsonl.zst").open("rb") as packed:
        stream = zstandard.ZstdDecompressor().stream_reader(packed)
        answer = json.loads(io.TextIOWrapper(stream, "utf-8").readline())
    entries = json.loads(answer["response"]["body"])
    at = dt.datetime.fromisoformat(answer["captured_at"]).astimezone(dt.UTC)
    return daily(at, "?date=2026-06-12", "day_2026-06-12", [trimmed(entry) for entry in entries], "recorded, shortened")


def trimmed(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without what LEFT_OUT names; of people and organizations only the names stay."""
    outer = {
        name: value for name, value in entry.items() if name not in (*LEFT_OUT, "paper", "organization", "summary")
    }
    paper = {name: value for name, value in entry["paper"].items() if name not in LEFT_OUT}
    paper["authors"] = [{"name": author["name"], "hidden": author["hidden"]} for author in paper["authors"]]
    if "organization" in paper:
        paper["organization"] = {"name": paper["organization"].get("fullname") or paper["organization"]["name"]}
    return {"paper": paper, **outer}


def daily(
    at: dt.datetime, query: str, name: str, entries: list[dict[str, Any]], origin: str = "reconstructed"
) -> Payload:
    """A payload of this service."""
    file = f"daily_papers/{name}.json"
    return Payload(at, "hf-daily-papers", DAILY + query, file, "application/json", json_body(entries), origin)


def stamp(at: dt.datetime) -> str:
    """A time as the service writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def openalex_payloads(shared: Path, records: list[Record]) -> list[Payload]:
    """Two pages: the works of arXiv that are cited, then papers of NeurIPS 2025 that cite at least two of them."""
    known = {record.id: record for record in records}
    folder = shared / "citations"
    works = pl.read_parquet(folder / "works.parquet").filter(pl.col("arxiv_id").is_in(list(CITED)))
    local = dict(works.select("cited_id", "arxiv_id").iter_rows())
    ids = {name: f"https://openalex.org/W{FIRST_SIMULATED + number}" for number, name in enumerate(CITED)}
    cited = [
        openalex_work(ids[name], name, known[name].title, list(known[name].authors), known[name]) for name in CITED
    ]
    edges = pl.read_parquet(folder / "reference_edges.parquet").filter(pl.col("cited_id").is_in(list(local)))
    papers = pl.read_parquet(folder / "citing_papers.parquet").filter(pl.col("arxiv_id").is_not_null())
    citing: list[dict[str, Any]] = []
    grouped = (
        edges.join(papers, on="citing_id")
        .group_by("arxiv_id")
        .agg(pl.col("cited_id").sort(), pl.col("title").first(), pl.col("authors").first())
    )
    for row in grouped.filter(pl.col("cited_id").list.len() >= 2).sort("arxiv_id").iter_rows(named=True):
        number = FIRST_SIMULATED + len(CITED) + len(citing)
        entry = openalex_work(f"https://openalex.org/W{number}", row["arxiv_id"], row["title"], list(row["authors"]))
        entry["referenced_works"] = sorted(ids[local[name]] for name in row["cited_id"])
        citing.append(entry)
    clock = clocked(OPENALEX_TIME)
    return [
        openalex_page(
            next(clock),
            "works_01",
            "doi:" + "|".join(f"10.48550/arxiv.{name}" for name in CITED),
            [bleu(folder), *cited],
        ),
        openalex_page(
            next(clock), "works_02", "cites:" + "|".join(ids[name].rsplit("/", 1)[-1] for name in CITED), citing
        ),
    ]


def openalex_page(at: dt.datetime, name: str, query: str, results: list[dict[str, Any]]) -> Payload:
    """A page of works; the cursor that follows the last one is null."""
    meta = {"count": len(results), "db_response_time_ms": 20, "page": None, "per_page": 200, "groups_count": None}
    body = json_body({"meta": meta | {"next_cursor": None}, "results": results, "group_by": []})
    url = f"{OPENALEX}?filter={quote(query, safe=':/|.')}&per-page=200&cursor=*"
    origin = "reconstructed, with simulated ids"
    return Payload(at, "openalex", url, f"openalex/{name}.json", "application/json", body, origin)


def openalex_work(
    name: str, arxiv_id: str, title: str, authors: list[str], record: Record | None = None
) -> dict[str, Any]:
    """A preprint as OpenAlex has it; counts are not known and not stated."""
    doi = f"https://doi.org/10.48550/arxiv.{arxiv_id}"
    year = record.versions[0].date.year if record else 2000 + int(arxiv_id[:2])
    return {
        "id": name,
        "doi": doi,
        "title": " ".join(title.split()),
        "display_name": " ".join(title.split()),
        "publication_year": year,
        "ids": {"openalex": name, "doi": doi},
        "language": "en",
        "primary_location": {
            "landing_page_url": f"https://arxiv.org/abs/{arxiv_id}",
            "source": {"display_name": "arXiv (Cornell University)"},
        },
        "type": "preprint",
        "authorships": [{"author": {"display_name": author}} for author in authors],
        "referenced_works": [],
        "related_works": [],
        "abstract_inverted_index": inverted(record.abstract) if record and record.abstract else None,
    }


def bleu(folder: Path) -> dict[str, Any]:
    """The work of the page whose id is OpenAlex's own."""
    row = pl.read_parquet(folder / "acl_works.parquet").filter(pl.col("cited_id") == "acl:P02-1040").row(0, named=True)
    name, doi = f"https://openalex.org/W{REAL_OPENALEX[row['cited_id']]}", "https://doi.org/10.3115/1073083.1073135"
    return {
        "id": name,
        "doi": doi,
        "title": row["title"],
        "display_name": row["title"],
        "publication_year": row["year"],
        "ids": {"openalex": name, "doi": doi},
        "language": "en",
        "primary_location": {"landing_page_url": doi, "source": None},
        "type": "article",
        "authorships": [{"author": {"display_name": author}} for author in row["authors"]],
        "referenced_works": [],
        "related_works": [],
        "abstract_inverted_index": None,
    }


def inverted(abstract: str) -> dict[str, list[int]]:
    """Words and their positions, in the order of first use."""
    index: dict[str, list[int]] = {}
    for position, word in enumerate(abstract.split()):
        index.setdefault(word, []).append(position)
    return index
