"""Read the daily papers of Hugging Face: arXiv papers that people listed on a day, with votes and links.

Source: https://huggingface.co/api/daily_papers. The outer `publishedAt` lies four hours before the paper's own, often on the
day before, and is not read; neither is `ai_summary`, which a model wrote. Counts are told as they stood at the fetch.
"""

from __future__ import annotations

from typing import Any

from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.json_bytes import at, count_at, objects, shape, text_at
from almanac_assets.harvest.formats.times import in_utc, read_iso
from almanac_assets.harvest.formats.values import read_identity
from almanac_assets.harvest.records import OBSERVATIONS, Facts, Observation, Parsed, Record, rows_frame

FORMAT = "hf_daily_papers"
# Measure, and where it stands in an entry.
COUNTS = {"upvotes": ("paper", "upvotes"), "comments": ("numComments",), "github_stars": ("paper", "githubStars")}


def read_daily_papers(entries: list[Any], url: str | None = None, notes: tuple[str, ...] = ()) -> Parsed:
    """The papers of a list and their counts; `url` is the address that was asked.

    Which version of the paper is meant is not told, so it counts as the first; the date that is told is the first's. An
    entry whose id is not arXiv's is rejected.
    """
    collector = Collector(None)
    counts: list[Observation] = []
    for ordinal, entry in enumerate(entries):
        if not isinstance(at(entry, "paper"), dict):
            collector.reject(ordinal, None, "schema_changed", f"expected an object with paper, found {shape(entry)}")
            continue
        counts += _read_entry(ordinal, entry, collector)
    read = collector.parsed(Facts(FORMAT, claimed_url=url, notes=notes))
    kept = set(read.records["ordinal"])
    observations = rows_frame([count for count in counts if count.ordinal in kept], OBSERVATIONS)
    return Parsed(read.facts, read.records, read.rejects, observations=observations)


def _read_entry(ordinal: int, entry: dict[str, Any], collector: Collector) -> list[Observation]:
    stated = text_at(entry, "paper", "id")
    identity = read_identity(stated)
    if identity is None:
        found = f"expected an arXiv identifier, found {stated or 'none'}"
        collector.reject(ordinal, stated, "missing_id", found)
        return []
    told = in_utc(read_iso(text_at(entry, "paper", "publishedAt")))
    exact = "day" if told and (told.hour, told.minute, told.second) == (0, 0, 0) else "second"
    moment, precision, basis = published(told, exact, "stated", identity)
    authors = tuple(
        name
        for _, author in objects(at(entry, "paper", "authors"))
        if at(author, "hidden") is not True and (name := text_at(author, "name"))
    )
    links = (text_at(entry, "paper", name) for name in ("githubRepo", "projectPage"))
    record = Record(
        ordinal,
        identity.document_id,
        identity.arxiv_id,
        title=text_at(entry, "paper", "title"),
        abstract=text_at(entry, "paper", "summary"),
        authors=authors,
        affiliations=(None,) * len(authors),
        links=tuple(dict.fromkeys(link for link in links if link and link.startswith(("https://", "http://")))),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
    )
    collector.keep(record, stated)
    counts = ((measure, count_at(entry, *path)) for measure, path in COUNTS.items())
    return [
        Observation(ordinal, identity.document_id, measure, value) for measure, value in counts if value is not None
    ]
