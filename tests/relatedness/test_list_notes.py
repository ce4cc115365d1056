"""Why a list is short or empty."""

from __future__ import annotations

from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.events.identity import event_id
from almanac_assets.relatedness.list_notes import list_notes
from almanac_assets.relatedness.similar_papers import WEIGHTS
from tests.events.rows import document, documents


def notes(
    *papers: dict[str, Any], similar: dict[str, int] | None = None, named: tuple[str, ...] = ()
) -> dict[str, str]:
    """The notes by subject and list; `similar` counts the rows of each list, `named` are documents with mentions."""
    rows = [{"document_id": name, "rank": n} for name, count in (similar or {}).items() for n in range(1, count + 1)]
    made = list_notes(
        documents(*papers),
        pl.DataFrame(rows, schema={"document_id": pl.String, "rank": pl.Int16}),
        pl.DataFrame({"document_id": list(named)}, schema={"document_id": pl.String}),
    )
    assert made.schema == TABLES["list_notes"].polars_schema
    assert (made["shown"] <= made["eligible"]).all()
    return {f"{row['subject_id']} {row['list_name']}": row["note"] for row in made.iter_rows(named=True)}


def crowd(count: int = 30) -> list[dict[str, Any]]:
    """Papers with full lists and names."""
    return [document(f"arxiv:full-{n}") for n in range(count)]


def told(paper: dict[str, Any], similar: int = WEIGHTS.shown, named: bool = True) -> dict[str, str]:
    """The notes on one paper among thirty whose lists are full."""
    others = crowd()
    full = {other["document_id"]: WEIGHTS.shown for other in others}
    mine = paper["document_id"]
    names = (*full, mine) if named else tuple(full)
    return notes(paper, *others, similar=full | {mine: similar}, named=names)


def test_a_full_list_needs_no_note() -> None:
    """Ten similar papers, names, a summary."""
    assert told(document()) == {}


def test_a_short_list_tells_the_floor() -> None:
    """How many there are of how many, and what the others lack."""
    near = "no other of the 40 papers with the nearest texts scores 0.35 or more"
    assert told(document(), similar=3) == {"arxiv:1 similar_papers": f"3 of 10: {near}"}
    assert told(document(), similar=0) == {"arxiv:1 similar_papers": f"0 of 10: {near}"}


def test_a_small_corpus_is_told() -> None:
    """Where all others are listed, no floor is to blame."""
    assert notes(document(), named=("arxiv:1",)) == {"arxiv:1 similar_papers": "0 of 10: there are no other papers"}
    two = notes(document(), document("arxiv:2"), similar={"arxiv:1": 1, "arxiv:2": 1}, named=("arxiv:1", "arxiv:2"))
    assert set(two.values()) == {"1 of 10: there are no other papers"}


def test_a_paper_without_names_says_why() -> None:
    """Another language, only a title, or simply none."""
    assert told(document(), named=False) == {"arxiv:1 mentions": "no known or defined name stands in title or text"}
    assert told(document(language="fr"), named=False) == {
        "arxiv:1 mentions": "no names are looked for in texts in 'fr'"
    }
    assert told(document(text=None), named=False)["arxiv:1 mentions"] == (
        "there is only a title, and it holds no known name"
    )


def test_an_event_without_summary_says_why() -> None:
    """The subject is the event, since the summary is the event's."""
    assert told(document(text=None)) == {f"{event_id('arxiv:1')} summary": "there is only a title to go by"}
