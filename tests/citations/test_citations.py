"""Who cites whom, each pair once, and who says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from almanac_assets.citations.edges import LIST_LEAST, citations
from almanac_assets.contract import TABLES
from tests.citations.rows import (
    context,
    contexts,
    edge,
    published_ids,
    read_contexts,
    read_edges,
    read_works,
    said,
    source,
    sources,
    stated,
    work,
    works,
)

CITED = [f"arxiv:2304.0000{number}" for number in range(LIST_LEAST + 1)]
EARLY = datetime(2026, 5, 1, tzinfo=UTC)


def table(
    *edges: dict[str, Any],
    sentences: tuple[dict[str, Any], ...] = (),
    shown: tuple[dict[str, Any], ...] = (),
    of: pl.DataFrame | None = None,
    read: pl.DataFrame | None = None,
) -> list[dict[str, Any]]:
    """The table `citations` among arxiv:1, arxiv:2 and CITED, all of them known with a title."""
    ids = published_ids("arxiv:1", "arxiv:2", "arxiv:untitled", *CITED)
    titled = works(*(work(id_) for id_ in ids["id"] if id_ != "arxiv:untitled"))
    made = citations(
        read_edges(*edges),
        read_contexts(*sentences),
        read_works() if read is None else read,
        ids,
        titled,
        contexts(*shown),
        sources(source(), source("other")) if of is None else of,
    )
    assert made.schema == TABLES["citations"].polars_schema
    return made.rows(named=True)


def test_a_pair_stands_once_with_all_who_report_it() -> None:
    """Intents are joined, influential is what any of them says, first_seen_at the earliest."""
    (row,) = table(
        edge("arxiv:2", "arxiv:1", s2_intents=["methodology", "no such intent"], s2_is_influential=False),
        edge("arxiv:2", "arxiv:1", source_id="other", s2_intents=["background"], fetched_at=EARLY),
    )
    assert (row["sources"], row["s2_intents"]) == (["index", "other"], ["background", "methodology"])
    assert (row["s2_is_influential"], row["first_seen_at"], row["disagreement"]) == (False, EARLY, None)


def test_influential_is_null_where_nobody_says() -> None:
    """True if any statement says so."""
    assert table(edge("arxiv:2", "arxiv:1"))[0]["s2_is_influential"] is None
    told = [edge("arxiv:2", "arxiv:1", s2_is_influential=value) for value in (None, False, True)]
    assert table(*told)[0]["s2_is_influential"] is True


def test_a_sentence_that_cites_is_a_citation() -> None:
    """Whether or not an index lists the edge; sentences count as far as they are published."""
    (row,) = table(
        sentences=(said("arxiv:2", "arxiv:1"), said("arxiv:2", "arxiv:1", "Hidden [4].")), shown=(context("arxiv:2"),)
    )
    assert (row["citing_work_id"], row["context_count"]) == ("arxiv:2", 1)


def test_a_work_does_not_cite_itself_and_untitled_works_are_left_out() -> None:
    """Preprint and published form are one work that cites itself no more."""
    assert table(edge("arxiv:1", "arxiv:1"), edge("arxiv:untitled", "arxiv:1"), edge("arxiv:unheard", "arxiv:1")) == []


def test_an_index_that_lists_references_without_the_pair_disagrees() -> None:
    """Only where it lists references of the citing work and knows the cited one."""
    listed = [edge("arxiv:2", cited) for cited in CITED[:LIST_LEAST]]
    missing = edge("arxiv:2", CITED[-1], source_id="other", payload_sha256="bb")
    knows = read_works(stated("Known", arxiv_id=CITED[-1].removeprefix("arxiv:")))
    told = {row["cited_work_id"]: row["disagreement"] for row in table(*listed, missing, read=knows)}
    assert told[CITED[-1]] == "Index lists 5 references of the citing work, and this is none of them"
    assert told[CITED[0]] is None
    assert {row["disagreement"] for row in table(*listed, missing)} == {None}
    assert {row["disagreement"] for row in table(*listed[1:], missing, read=knows)} == {None}


def test_a_bulk_file_denies_nothing() -> None:
    """It holds a selection."""
    listed = [edge("arxiv:2", cited) for cited in CITED[:LIST_LEAST]]
    missing = edge("arxiv:2", CITED[-1], source_id="other", payload_sha256="bb")
    knows = read_works(stated("Known", arxiv_id=CITED[-1].removeprefix("arxiv:")))
    terms = sources(source(kind="bulk_file"), source("other"))
    assert {row["disagreement"] for row in table(*listed, missing, read=knows, of=terms)} == {None}
