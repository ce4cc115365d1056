"""The pages that readers know, each drawn from the tables by one query with one parameter: docs/queries/."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from almanac_assets import settings
from almanac_assets.release.releases import Release, Releases

QUERIES = settings.CHECKOUT / "docs" / "queries"
Page = dict[str, Any]

SHANNON, LAYERS, PYTHIA_PAPER, CIRCUITS = "arxiv:2605.23901", "arxiv:2605.16234", "arxiv:2304.01373", "arxiv:2407.10827"
SEEN_ON_PYTHIA = (
    "LLMs as Noisy Channels: A Shannon Perspective",
    "Many Circuits, One Mechanism",
    "Layer Equivalence Is Not a Property of Layers Alone",
)
HEAD = ("importance", "source", "occurred_at", "url", "headline")


@pytest.fixture(scope="module")
def release(sample_root: Path) -> Release:
    found = Releases(sample_root / "releases").latest()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def page(release: Release) -> Callable[[str, str], Page]:
    """Run the query of a page over the views that the release ships."""
    connection = duckdb.connect()
    for path in sorted((release.folder / "tables").glob("*.parquet")):
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")

    def draw(name: str, id_: str) -> Page:
        answer = connection.execute((QUERIES / f"{name}_page.sql").read_text(encoding="utf-8"), {"id": id_})
        columns = [column[0] for column in answer.description or []]
        (row,) = answer.fetchall()
        return dict(zip(columns, row, strict=True))

    return draw


def notes_of(drawn: Page, list_name: str) -> list[str]:
    return [note["note"] for note in drawn["notes"] or [] if note["list"] == list_name]


def told(item: Page) -> bool:
    """The head of a listed event is whole; its summary is there unless its document has a title only."""
    return all(item[name] is not None for name in HEAD) and 1 <= item["importance"] <= 10


ENTITY: dict[str, Callable[[Page], bool]] = {
    "kind": lambda p: p["type"] == "model",
    "name": lambda p: p["name"] == "Pythia",
    "state": lambda p: p["record_status"] == "active",
    "id": lambda p: p["entity_id"] == "pythia-6884907e",
    "number of events": lambda p: p["event_count"] == len(p["recent_events"]) >= 3,
    "first seen": lambda p: p["first_seen_at"] is not None and p["first_published_at"] < p["first_seen_at"],
    "aliases": lambda p: (
        "Pythia" in {alias["alias"] for alias in p["aliases"]} and all(a["rule"] for a in p["aliases"])
    ),
    "co-occurring entities": lambda p: (
        len(p["co_occurring"]) >= 3 and all(c["documents"] >= 1 for c in p["co_occurring"])
    ),
    "more like this": lambda p: 1 <= len(p["more_like_this"]) <= 12 and all(m["reason"] for m in p["more_like_this"]),
    "recent events": lambda p: all(
        any(title.lower() in event["headline"].lower() for event in p["recent_events"]) for title in SEEN_ON_PYTHIA
    ),
    "importance of events": lambda p: all(1 <= event["importance"] <= 10 for event in p["recent_events"]),
    "source of events": lambda p: all(event["source"] for event in p["recent_events"]),
    "age of events": lambda p: all(event["occurred_at"] for event in p["recent_events"]),
    "link of events": lambda p: all(event["url"].startswith("http") for event in p["recent_events"]),
    "headline of events": lambda p: all(event["headline"] for event in p["recent_events"]),
    "summary of events": lambda p: all(event["summary"] for event in p["recent_events"]),
}


def related_slot(number: int) -> Callable[[Page], bool]:
    """The head of the related event at this rank, or the note that says why the list ends before it."""

    def holds(drawn: Page) -> bool:
        listed = {item["rank"]: item for item in drawn["related_events"] or []}
        if number in listed:
            return told(listed[number]) and bool(listed[number]["reason"])
        return bool(notes_of(drawn, "related_events"))

    return holds


def event_elements(title: str, source: str) -> dict[str, Callable[[Page], bool]]:
    return {
        "importance": lambda p: 1 <= p["importance"] <= 10 and bool(p["importance_parts"]),
        "source": lambda p: p["source"] == source,
        "age": lambda p: p["occurred_at"] is not None,
        "headline": lambda p: p["headline"].startswith(title),
        "summary": lambda p: p["summary"] == " ".join(s["sentence"] for s in p["sentences"]) != "",
        "related guides": lambda p: bool(p["related_guides"]) or bool(notes_of(p, "event_guides")),
    } | {f"related event {number}": related_slot(number) for number in range(1, 9)}


HUB: dict[str, Callable[[Page], bool]] = {
    "class": lambda p: p["hub_class"] == "tool_reference",
    "title": lambda p: p["title"].startswith("Pythia: A Suite for Analyzing Large Language Models"),
    "sentence": lambda p: str(p["classified_works"]) in p["hub_sentence"] and "interval" in p["hub_sentence"],
    "abstract": lambda p: "16 LLMs" in p["abstract"],
    "role summary": lambda p: all(r["low"] <= r["share"] <= r["high"] for r in p["roles"]) and len(p["roles"]) >= 2,
    "polarity summary": lambda p: all(r["count"] <= r["of"] for r in p["polarities"]) and len(p["polarities"]) >= 1,
    "representative citing papers": lambda p: (
        len(p["representative"]) >= 5 and all(r["reason"] for r in p["representative"])
    ),
    "titles in the explorer": lambda p: len(p["explorer"]) == p["citing_found"] >= 19,
    "takeaways in the explorer": lambda p: sum(paper["takeaway"] is not None for paper in p["explorer"]) >= 10,
}


def similar_slot(number: int) -> Callable[[Page], bool]:
    """Title, authors and date of the similar paper at this rank, with its reason; or why the list ends before it."""

    def holds(drawn: Page) -> bool:
        listed = {item["rank"]: item for item in drawn["similar_papers"] or []}
        if number in listed:
            item = listed[number]
            return bool(item["title"] and item["published_at"] and item["reason"])
        return bool(notes_of(drawn, "similar_papers"))

    return holds


PAPER: dict[str, Callable[[Page], bool]] = {
    "title": lambda p: p["title"] == "LLM Circuit Analyses Are Consistent Across Training and Scale",
    "authors": lambda p: len(p["authors"]) >= 1,
    "abstract": lambda p: "300 billion tokens" in p["abstract"],
    "categories": lambda p: p["categories"] == ["cs.LG", "cs.CL"],
    "date": lambda p: p["published_at"].date().isoformat() == "2024-07-15",
    "link": lambda p: p["url"] == "https://arxiv.org/abs/2407.10827",
} | {f"similar paper {number}": similar_slot(number) for number in range(1, 5)}

ELEMENTS = [
    *(("entity", "pythia-6884907e", name, holds) for name, holds in ENTITY.items()),
    *(
        ("event", SHANNON, name, holds)
        for name, holds in event_elements(
            "LLMs as Noisy Channels: A Shannon Perspective", "arXiv cs.LG (Machine Learning)"
        ).items()
    ),
    *(
        ("event", LAYERS, name, holds)
        for name, holds in event_elements("Layer Equivalence Is Not", "arXiv cs.LG (Machine Learning)").items()
    ),
    *(("hub", PYTHIA_PAPER, name, holds) for name, holds in HUB.items()),
    *(("paper", CIRCUITS, name, holds) for name, holds in PAPER.items()),
]


def test_all_elements_are_asked() -> None:
    """16 of the entity page, 14 of each of two event pages, 9 of the hub page, 10 of the paper page."""
    assert len(ELEMENTS) == 63


@pytest.mark.parametrize(
    ("name", "id_", "element", "holds"),
    ELEMENTS,
    ids=[f"{name} {id_}: {element}" for name, id_, element, _ in ELEMENTS],
)
def test_an_element_of_a_page_can_be_drawn(
    page: Callable[[str, str], Page], name: str, id_: str, element: str, holds: Callable[[Page], bool]
) -> None:
    """Each part that such a page shows is in the answer of its one query."""
    assert holds(page(name, id_)), f"{element} of {id_} cannot be drawn by docs/queries/{name}_page.sql"


def test_a_false_friend_is_not_similar(release: Release, page: Callable[[str, str], Page]) -> None:
    """Papers that share the word "consistent" with one on consistent circuits, and nothing else, are not on its list."""
    friends = ["arxiv:2305.18411", "arxiv:2507.17951", "arxiv:2606.05688", "arxiv:2606.14579"]
    documents = release.table("documents")
    titles = documents.filter(pl.col("document_id").is_in(friends))["title"].to_list()
    assert len(titles) == len(friends) and all("consistent" in title.lower() for title in titles)
    listed = {item["document_id"] for item in page("paper", CIRCUITS)["similar_papers"]}
    assert listed and not listed & set(friends)


def test_a_page_is_found_by_slug_and_by_document(page: Callable[[str, str], Page]) -> None:
    """One parameter, whichever name the reader has at hand."""
    assert page("entity", "pythia")["entity_id"] == "pythia-6884907e"
    shannon = page("event", SHANNON)
    assert page("event", shannon["slug"])["event_id"] == page("event", shannon["event_id"])["event_id"]
