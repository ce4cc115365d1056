"""Every difference from the release before has a row and a cause, and every published state can be asked for again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.release.history import record_history
from almanac_assets.release.releases import Release
from tests.contract.rows import EARLY, frame, frames, row
from tests.release.made import FIRST, SECOND, THIRD, causes, put


def release(root: Path, name: str) -> Release:
    return Release(root / "releases" / name)


def test_a_first_release_has_nothing_to_compare(published: Path) -> None:
    """No changes, no predecessor, and every state holds from its as_of on."""
    first = release(published, "2026.6.1")
    assert first.table("changes").height == 0 and first.manifest["previous"] is None
    history = first.table("record_history")
    assert set(history["valid_from"]) == {FIRST} and history["valid_to"].null_count() == history.height == 6


def test_documents_differ_for_these_causes(published: Path) -> None:
    """A revision, a new document, and one that was merely seen again, cell by cell."""
    found = causes(release(published, "2026.6.2"), "documents")
    revised, seen, new = (f'["arxiv:2606.0000{i}"]' for i in range(3))
    assert found == {
        (revised, "title", "changed", "revised_document"),
        (revised, "content_hash", "changed", "revised_document"),
        (revised, "last_seen_at", "changed", "revised_document"),
        (seen, "last_seen_at", "changed", "new_observation"),
        (new, "*", "added", "new_document"),
    }


def test_what_hangs_on_a_document_has_its_cause(published: Path) -> None:
    """An event's headline follows from the revision of its lead, and its detail names the document."""
    second = release(published, "2026.6.2")
    assert causes(second, "events") == {
        ('["ev-0000000000000000"]', "headline", "changed", "revised_document"),
        ('["ev-0000000000000002"]', "*", "added", "new_document"),
    }
    details = second.table("changes").filter(table_name="events").sort("row_key")["cause_detail"].to_list()
    assert details == ["arxiv:2606.00000", "arxiv:2606.00002"]


def test_a_change_tells_before_and_after(published: Path) -> None:
    """As canonical JSON; an added row has neither, for it stands in its table."""
    rows = release(published, "2026.6.2").table("changes").filter(table_name="documents")
    title = rows.filter(column_name="title").row(0, named=True)
    assert (title["before"], title["after"]) == ('"text 0"', '"A better title"')
    added = rows.filter(change="added").row(0, named=True)
    assert (added["before"], added["after"]) == (None, None)


def test_tables_that_did_not_change_have_no_rows(published: Path) -> None:
    """Only what differs is listed, and descriptions of the release itself are not compared."""
    changed = set(release(published, "2026.6.2").table("changes")["table_name"])
    assert changed == {"documents", "events", "event_documents"}


def test_the_changes_lead_from_one_release_to_the_next(published: Path) -> None:
    """Keys added and removed, and cells after, applied to the first release, give the rows of the second."""
    first, second = release(published, "2026.6.1"), release(published, "2026.6.2")
    for name in ("documents", "events", "event_documents", "entities"):
        key = list(TABLES[name].key)
        rows = {json.dumps([r[k] for k in key]): r for r in first.table(name).to_dicts()}
        target = {json.dumps([r[k] for k in key]): r for r in second.table(name).to_dicts()}
        for change in second.table("changes").filter(table_name=name).to_dicts():
            at = json.dumps(json.loads(change["row_key"]))
            if change["change"] == "removed":
                del rows[at]
            elif change["change"] == "added":
                rows[at] = target[at]
            else:
                rows[at] = rows[at] | {change["column_name"]: read(change["after"], target[at][change["column_name"]])}
        assert rows == target, name


def read(text: str, like: Any) -> Any:
    value = json.loads(text)
    return datetime.fromisoformat(value) if isinstance(like, datetime) else value


def test_changed_code_is_a_cause_with_a_detail(copy: Path) -> None:
    """A table made by other code may differ, add and lose rows; withdrawn documents and corrections say so themselves."""
    tables = {name: release(copy, "2026.6.2").table(name) for name in frames(0)}
    documents = tables["documents"].with_columns(
        is_withdrawn=pl.Series([True, False, False]),
        comment=pl.Series([None, "12 pages", None], dtype=pl.String),
        last_seen_at=pl.lit(THIRD),
    )
    changed = tables | {
        "documents": documents,
        "mentions": tables["mentions"].with_columns(confidence=pl.Series([0.0, 0.75])),
        "similar_papers": tables["similar_papers"].with_columns(reason=pl.lit("other words")),
        "evidence": tables["evidence"].head(1),
        "citation_contexts": tables["citation_contexts"].with_columns(pl.col("evidence_id").first()),
    }
    third = put(copy, changed, THIRD, code={"mentions": "code-2"}).release
    by_document = {(key[-3], column): cause for key, column, _, cause in causes(third, "documents")}
    assert by_document[("0", "is_withdrawn")] == "withdrawn_document"
    assert by_document[("1", "comment")] == "source_correction"
    assert by_document[("2", "last_seen_at")] == "new_observation"
    mentions = third.table("changes").filter(table_name="mentions")
    assert mentions.select("column_name", "cause", "cause_detail").rows() == [
        ("confidence", "source_correction", "arxiv:2606.00001")
    ]
    assert {cause for *_, cause in causes(third, "similar_papers")} == {"withdrawn_document", "source_correction"}
    assert [(change, cause) for *_, change, cause in causes(third, "evidence")] == [("removed", "resolution")]


def test_a_further_sight_alone_moves_no_neighbours(copy: Path) -> None:
    """What other documents moved is not put down to a document that was merely seen again."""
    tables = {name: release(copy, "2026.6.2").table(name) for name in frames(0)}
    changed = tables | {
        "documents": tables["documents"].with_columns(last_seen_at=pl.lit(THIRD)),
        "similar_papers": tables["similar_papers"].with_columns(reason=pl.lit("other words")),
    }
    third = put(copy, changed, THIRD).release
    assert {cause for *_, cause in causes(third, "documents")} == {"new_observation"}
    assert {cause for *_, cause in causes(third, "similar_papers")} == {"neighbour"}


def test_history_closes_what_no_longer_holds(published: Path) -> None:
    """A changed row's old state ends where the new one begins; an unchanged one keeps its beginning."""
    history = release(published, "2026.6.2").table("record_history")

    def spans(table: str, key: str) -> list[tuple[datetime, datetime | None]]:
        rows = history.filter(table_name=table, row_key=json.dumps([key])).sort("valid_from")
        return list(rows.select("valid_from", "valid_to").iter_rows())

    assert spans("events", "ev-0000000000000000") == [(FIRST, SECOND), (SECOND, None)]
    assert spans("events", "ev-0000000000000001") == [(FIRST, None)]
    assert spans("events", "ev-0000000000000002") == [(SECOND, None)]
    assert spans("entities", "thing-00000000") == [(FIRST, None)]


def as_of(history: pl.DataFrame, moment: datetime) -> dict[str, Any]:
    """What was said of each event at a moment: the query of the docs."""
    held = history.filter(
        (pl.col("table_name") == "events")
        & (pl.col("valid_from") <= moment)
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") > moment))
    )
    return {key: json.loads(row)["headline"] for key, row in held.select("row_key", "row").iter_rows()}


def test_an_old_state_can_be_asked_for(published: Path) -> None:
    """The newest release answers for any date what the release of that date said."""
    history = release(published, "2026.6.2").table("record_history")
    zero, one, two = (f'["ev-000000000000000{i}"]' for i in range(3))
    assert as_of(history, FIRST) == {zero: "text 0", one: "text 1"}
    assert as_of(history, SECOND) == {zero: "A better title", one: "text 1", two: "text 2"}
    assert as_of(history, EARLY) == {}


def events(*headlines: str) -> dict[str, pl.DataFrame]:
    rows = [row("events", i, headline=said) for i, said in enumerate(headlines)]
    return {
        "events": frame("events", rows),
        "entities": frame("entities", []),
        "entity_aliases": frame("entity_aliases", []),
    }


def test_a_state_that_comes_back_is_a_new_span() -> None:
    """A, then B, then A again, then gone: three spans, no two of one row that overlap, and none left open."""
    history = record_history(events("A"), None, FIRST)
    history = record_history(events("B"), history, SECOND)
    history = record_history(events("A"), history, THIRD)
    end = THIRD.replace(day=21)
    history = record_history(events(), history, end).sort("valid_from")
    assert history.select("valid_from", "valid_to").rows() == [(FIRST, SECOND), (SECOND, THIRD), (THIRD, end)]
    assert [json.loads(text)["headline"] for text in history["row"]] == ["A", "B", "A"]
    assert history.schema == TABLES["record_history"].polars_schema


def test_the_whole_row_is_kept(published: Path) -> None:
    """A state is the row as it was published, every column of it."""
    second = release(published, "2026.6.2")
    open_now = second.table("record_history").filter((pl.col("table_name") == "events") & pl.col("valid_to").is_null())
    assert open_now.height == 3
    published_rows = {r["event_id"]: r for r in second.table("events").to_dicts()}
    for text in open_now["row"]:
        kept = json.loads(text)
        assert list(kept) == TABLES["events"].column_names
        assert kept["headline"] == published_rows[kept["event_id"]]["headline"]
