"""Why a list is short or empty."""

from __future__ import annotations

from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.identity import event_id
from almanac_assets.relatedness.list_notes import list_notes
from tests.events.rows import document, documents

FULL = {"similar_papers": 10, "related_events": 8, "similar_entities": 12, "event_guides": 3, "entity_guides": 3}
SUBJECTS = {"similar_papers": "document_id", "related_events": "event_id", "event_guides": "event_id"}
HERE = "e-here"


def told(changes: dict[str, Any] | None = None, others: int = 30, named: bool = True, **shown: int) -> dict[str, str]:
    """The notes on one paper with its event and one entity, by list; all lists of all others are full."""
    papers = [document(f"arxiv:full-{n}", kind="preprint") for n in range(others)]
    mine = document(**({"kind": "preprint"} | (changes or {})))
    every = [*papers, mine]
    ids = {
        "document_id": [paper["document_id"] for paper in every],
        "event_id": [event_id(paper["document_id"]) for paper in every],
        "entity_id": [*(f"e-{n}" for n in range(others)), HERE],
    }
    basis = ["none" if paper["text"] is None else "extractive" for paper in every]
    lists = {}
    for name, most in FULL.items():
        key = SUBJECTS.get(name, "entity_id")
        counts = [most] * others + [shown.get(name, most)]
        rows = [subject for subject, count in zip(ids[key], counts, strict=True) for _ in range(count)]
        lists[name] = pl.DataFrame({key: rows}, schema={key: pl.String})
    with_names = ids["document_id"] if named else ids["document_id"][:-1]
    made = list_notes(
        documents(*every),
        pl.DataFrame({"event_id": ids["event_id"], "summary_basis": basis}),
        pl.DataFrame({"entity_id": [*ids["entity_id"], "e-nowhere"], "event_count": [1] * (others + 1) + [0]}),
        pl.DataFrame({"document_id": with_names}, schema={"document_id": pl.String}),
        **lists,
    )
    assert made.schema == TABLES["list_notes"].polars_schema
    assert (made["shown"] <= made["eligible"]).all()
    assert not made.select("subject_id", "list_name").is_duplicated().any()
    assert set(made["subject_id"]) <= {mine["document_id"], event_id(mine["document_id"]), HERE}
    return dict(made.select("list_name", "note").iter_rows())


def test_a_full_list_needs_no_note() -> None:
    """Nor an entity that nothing names."""
    assert told() == {}


def test_a_short_list_tells_the_floor() -> None:
    """How many there are of how many, and what the others lack."""
    assert told(similar_papers=3)["similar_papers"] == (
        "3 of 10: none of the other papers that were compared scores 0.3 or more"
    )
    assert told(related_events=0)["related_events"] == (
        "0 of 8: none of the other events that were compared scores 0.26 or more"
    )
    assert told(similar_entities=11)["similar_entities"] == (
        "11 of 12: none of the other entities that were compared scores 0.35 or more"
    )


def test_a_small_corpus_is_told() -> None:
    """Where all others are listed, no floor is to blame."""
    assert told(others=2, similar_papers=2)["similar_papers"] == "2 of 10: there are no other papers"
    assert told(others=0, related_events=0)["related_events"] == "0 of 8: there are no other events"


def test_lists_of_guides_tell_what_is_lacking() -> None:
    """None at all, or no further one."""
    assert told(event_guides=0)["event_guides"].startswith(
        "0 of 3: it is not near the middle of any guide (cosine 0.48"
    )
    assert told(event_guides=1)["event_guides"].startswith("1 of 3: beside its best guide")
    assert told(entity_guides=0)["entity_guides"].startswith("0 of 3: no guide holds 0.15 or more of its events")
    assert told(entity_guides=2)["entity_guides"].startswith("2 of 3: no other guide holds")


def test_a_post_has_no_similar_papers_and_no_note_on_them() -> None:
    """The list is one of papers."""
    assert told({"kind": "post"}, similar_papers=0) == {}


def test_a_document_without_names_says_why() -> None:
    """Another language, only a title, or simply none."""
    assert told(named=False) == {"mentions": "no known or defined name stands in title or text"}
    assert told({"language": "fr"}, named=False) == {"mentions": "no names are looked for in texts in 'fr'"}
    assert told({"text": None}, named=False)["mentions"] == "there is only a title, and it holds no known name"


def test_an_event_without_summary_says_why() -> None:
    """The subject is the event, since the summary is the event's."""
    assert told({"text": None}) == {"summary": "there is only a title to go by"}
