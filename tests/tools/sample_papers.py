"""Single arXiv records (GetRecord) of the papers that the seed pages show and no file with abstracts holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from sample_payload import Payload, clocked
from sample_wire import OAI, Record, Version, drawn, oai_page, oai_record

TEXTS = Path(__file__).parent / "sample_texts" / "papers.yaml"
DAYS = (dt.date(2026, 6, 12), dt.date(2026, 6, 19))  # a paper is looked up on the first of these that knows it
TIME = dt.time(6, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def looked_up(shared: Path) -> list[Record]:
    """The records of sample_texts/papers.yaml; an abstract that a seed page shows is taken from that page."""
    return [paper(entry, shared) for entry in yaml.safe_load(TEXTS.read_text("utf-8"))]


def paper(entry: dict[str, Any], shared: Path) -> Record:
    """One record; its hour, which is not known, follows from the id."""
    seconds = int(drawn(entry["id"])[:8], 16) % (24 * 60 * 60)
    first = dt.datetime.combine(entry["day"], dt.time()) + dt.timedelta(seconds=seconds)
    return Record(
        id=entry["id"],
        title=entry["title"],
        abstract=abstract_of_seed(shared, *entry["abstract_of_seed"]) if "abstract_of_seed" in entry else "",
        authors=tuple(entry["authors"]),
        categories=tuple(entry["categories"]),
        comment=entry.get("comment"),
        versions=(Version(1, first),),
        listed=entry["day"] + DAY,
    )


def abstract_of_seed(shared: Path, page: str, first: str, last: str) -> str:
    """The abstract that a page shows, from its first words to its last, white space collapsed."""
    text = " ".join((shared / "seeds" / page).read_text("utf-8").split())
    start = text.index(first)
    return text[start : text.index(last, start) + len(last)]


def lookup_payloads(records: list[Record]) -> list[Payload]:
    """One GetRecord answer for each paper."""
    payloads = []
    clocks = {day: clocked(dt.datetime.combine(day, TIME)) for day in DAYS}
    for record in records:
        day = next(day for day in DAYS if record.listed <= day)
        at = next(clocks[day])
        query = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{record.id}", "metadataPrefix": "arXivRaw"}
        body = oai_page(at, query, f"<GetRecord>\n{oai_record(record)}\n</GetRecord>")
        url = f"{OAI}?{urlencode(query, safe=':')}"
        payloads.append(Payload(at, "arxiv-oai", url, f"lookups/{day}/{record.id}.xml", "text/xml", body))
    return payloads
