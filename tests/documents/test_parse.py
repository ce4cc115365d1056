"""Payloads to plain records."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from almanac_assets import settings
from almanac_assets.documents.parse import (
    PARSED_RECORDS,
    PARSED_REJECTS,
    PAYLOAD_FACTS,
    content_hashes,
    parsed_part,
    plain_names,
)
from almanac_assets.documents.quarantine import quarantine
from almanac_assets.harvest.ledger import Fetch, fetches_by_part
from almanac_assets.harvest.records import Record, records_frame
from almanac_assets.harvest.sources import load_sources
from almanac_assets.store.payloads import PayloadStore
from tests.documents.rows import at
from tests.harvest import payloads


def names(*authors: str, places: tuple[str | None, ...] = ()) -> dict[str, list[list[str | None]]]:
    """Authors and affiliations of one record after cleaning, beside an untouched one."""
    written = Record(0, "arxiv:1", "1", title="T", authors=authors, affiliations=places or (None,) * len(authors))
    plain = Record(1, "arxiv:2", "2", title="T", authors=("Eve F.",), affiliations=("Lab Z",))
    made = plain_names(records_frame([written, plain]))
    assert made["authors"].to_list()[1] == ["Eve F."]
    assert made["affiliations"].to_list()[1] == ["Lab Z"]
    return {name: [column.to_list()[0]] for name, column in made.items()}


@pytest.mark.parametrize(
    ("written", "read"),
    [("Andr\\'e B.", "André B."), ("{\\L}ukasz K.", "Łukasz K."), ('J\\"urgen C.', "Jürgen C."), ("Ada B.", "Ada B.")],
)
def test_names_are_read_without_latex(written: str, read: str) -> None:
    """As authors write them on paper."""
    assert names(written)["authors"] == [[read]]


def test_affiliations_too_and_they_stay_beside_their_author() -> None:
    """A missing one stays missing."""
    made = names("Andr\\'e B.", "Carl D.", places=(None, 'Universit\\"at zu K\\"oln'))
    assert made == {"authors": [["André B.", "Carl D."]], "affiliations": [[None, "Universität zu Köln"]]}


def test_records_without_authors_pass() -> None:
    """Empty lists stay empty, and an empty frame is fine."""
    made = plain_names(records_frame([Record(0, "arxiv:1", "1", title="T")]))
    assert made["authors"].to_list() == [[]]
    assert plain_names(records_frame([]))["authors"].to_list() == []


def test_the_content_hash_is_of_title_and_text() -> None:
    """A title without text differs from the same title with an empty neighbour; no title, no hash."""
    hashes = content_hashes(pl.Series(["A", "A", "AB", None]), pl.Series(["B", None, None, "B"]))
    assert hashes.null_count() == 1
    assert hashes.drop_nulls().n_unique() == 3


def part_of(tmp_path: Path, *bodies: bytes) -> dict[str, pl.DataFrame]:
    """The three frames of a part that holds these payloads."""
    store = PayloadStore(tmp_path)
    fetches = [Fetch(store.keep(body), "arxiv-oai", at("2026-06-25"), len(body)) for body in bodies]
    return parsed_part(
        fetches_by_part(fetches)["2026-06-25"], store, load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)
    )


def test_a_part_keeps_its_schemas_with_records_and_without(tmp_path: Path) -> None:
    """Steps below read by name and type, on a quiet day too."""
    bodies = [payloads.oai(payloads.raw_record()), b"<html></html>", payloads.rss("")]
    for some in (bodies, bodies[1:]):
        made = part_of(tmp_path, *some)
        assert made["_records"].schema == PARSED_RECORDS
        assert made["_rejects"].schema == PARSED_REJECTS
        assert made["_payload_facts"].schema == PAYLOAD_FACTS
        assert made["_payload_facts"].height == len(some)


def test_a_bad_payload_loses_nothing_else(tmp_path: Path) -> None:
    """It is one reject with its reason; the records of the others are there."""
    made = part_of(tmp_path, b"no feed at all", payloads.oai(payloads.raw_record()))
    assert made["_records"]["document_id"].to_list() == ["arxiv:2606.01234"]
    assert made["_rejects"]["reason"].to_list() == ["not_xml"]


def test_titles_texts_and_names_come_out_plain(tmp_path: Path) -> None:
    """White space collapsed, LaTeX read."""
    row = part_of(tmp_path, payloads.oai(payloads.raw_record()))["_records"].row(0, named=True)
    assert (row["title"], row["text"]) == ("On k-sparse probes", "We show things.")
    assert row["authors"] == ["Ada B.", "Jürgen C."]


def test_a_withdrawal_is_read_from_the_comment(tmp_path: Path) -> None:
    """The reason is the comment as written."""
    gone = payloads.raw_record(more="<comments>Withdrawn: error in Table 2</comments>")
    row = part_of(tmp_path, payloads.oai(gone))["_records"].row(0, named=True)
    assert (row["is_withdrawn"], row["withdrawn_reason"]) == (True, "Withdrawn: error in Table 2")


def test_a_reject_is_quarantined_once_at_its_first_fetch(tmp_path: Path) -> None:
    """The same bytes fetched on two days hold the same fault; its id names payload and place, not the wording."""
    rejects = part_of(tmp_path, payloads.rss(payloads.rss_item(guid="", title="Damaged")))["_rejects"]
    later = rejects.with_columns(fetched_at=pl.lit(at("2026-06-26")), detail=pl.lit("told in other words"))
    both, one = quarantine(pl.concat([later, rejects])), quarantine(rejects)
    assert both.equals(one)
    assert both["first_seen_at"].to_list() == [at("2026-06-25")]
    assert quarantine(later)["quarantine_id"].to_list() == one["quarantine_id"].to_list()
