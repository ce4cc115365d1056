"""Parquet files of citing sentences, reference lists and works."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from almanac_assets import settings
from almanac_assets.documents.parse import parsed_part
from almanac_assets.errors import InputMissing
from almanac_assets.harvest.bulk import bulk_rows, read_bulk
from almanac_assets.harvest.citation_files import is_citation_file, read_citation_file
from almanac_assets.harvest.coverage import coverage
from almanac_assets.harvest.formats.collect_works import LONGEST
from almanac_assets.harvest.health import feed_health
from almanac_assets.harvest.intake import take_in_bulk, take_in_folder
from almanac_assets.harvest.ledger import Ledger, fetches_by_part
from almanac_assets.harvest.records import CONTEXTS, EDGES, WORKS, Parsed
from almanac_assets.harvest.sources import load_sources
from almanac_assets.store.payloads import PayloadStore

from .payloads import oai, raw_record

PYTHIA = "w-bab914423e9f"
ROW = {
    "context_id": "c-1",
    "citing_id": "openreview:3D88hCO0Gd",
    "citing_title": "Tree  sampling",
    "citing_year": 2025,
    "citing_venue": "NeurIPS 2025",
    "cited_id": PYTHIA,
    "cited_title": "Pythia: a suite",
    "cited_year": 2023,
    "cited_arxiv_id": "2304.01373",
    "context": "We run all our\nexperiments on Pythia [4, 7].",
    "section": "4 Experiments",
    "marker": "[4, 7]",
    "polarity": "positive",
}


def read(folder: Path, *rows: dict[str, Any]) -> Parsed:
    """A file of these rows, each with the fields of ROW where it does not say otherwise, read at once."""
    file = folder / "contexts.parquet"
    pl.DataFrame([ROW | row for row in rows], infer_schema_length=None).write_parquet(file)
    return read_citation_file(file, 0, len(rows))


def test_a_sentence_tells_two_works_an_edge_and_its_mark(tmp_path: Path) -> None:
    """Labels that somebody gave it are not read."""
    parsed = read(tmp_path, {})
    works = {row["ids"][0]: row for row in parsed.works.iter_rows(named=True)}
    assert list(works) == ["openreview:3D88hCO0Gd", "arxiv:2304.01373"]
    assert works["openreview:3D88hCO0Gd"]["title"] == "Tree sampling"
    assert works["openreview:3D88hCO0Gd"]["venue"] == "NeurIPS 2025"
    assert works["arxiv:2304.01373"]["ids"][-1] == f"local:{PYTHIA}"
    assert parsed.edges.rows() == [(0, "openreview:3D88hCO0Gd", "arxiv:2304.01373", [], None)]
    context = parsed.contexts.row(0, named=True)
    sentence = "We run all our experiments on Pythia [4, 7]."
    assert (context["sentence"], context["text_basis"], context["section"]) == (sentence, "sentence", "4 Experiments")
    assert sentence[context["marker_start"] : context["marker_end"]] == "[4, 7]"
    assert (parsed.works.schema, parsed.edges.schema, parsed.contexts.schema) == (WORKS, EDGES, CONTEXTS)
    assert parsed.facts.format == "citations"


def test_without_a_column_for_the_mark_the_only_one_is_taken(tmp_path: Path) -> None:
    """Several could be meant: then none."""
    file = tmp_path / "acl.parquet"
    rows = [
        {"citing_id": "acl:C02-1021", "cited_id": "acl:A00-1031", "context": "We use TnT (Brants, 2000) for tagging."},
        {"citing_id": "acl:C02-1021", "cited_id": "acl:A00-1031", "context": "Lin (1993) and Brants (2000) are used."},
    ]
    pl.DataFrame(rows).write_parquet(file)
    parsed = read_citation_file(file, 0, 2)
    assert parsed.contexts.select("citing", "cited", "position", "marker_start", "marker_end").rows() == [
        ("acl:C02-1021", "acl:A00-1031", 0, 11, 25),
        ("acl:C02-1021", "acl:A00-1031", 1, None, None),
    ]
    assert parsed.works.is_empty()


def test_a_work_without_another_id_goes_by_the_one_of_the_file(tmp_path: Path) -> None:
    """A title alone does not name it in an edge: two works can share one."""
    parsed = read(tmp_path, {"cited_arxiv_id": None})
    assert parsed.edges["cited"].to_list() == [f"local:{PYTHIA}"]
    parsed = read(tmp_path, {"cited_arxiv_id": None, "cited_id": "12"})
    assert parsed.edges["cited"][0].startswith("title:")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"citing_id": None, "citing_title": None}, "missing_id"),
        ({"cited_id": "12", "cited_title": None, "cited_arxiv_id": None}, "missing_id"),
        ({"citing_id": "arxiv:2304.01373"}, "duplicate_id"),
        ({"context": "too short [4]"}, "truncated"),
        ({"context": None}, "truncated"),
        ({"context": "x" * (LONGEST + 1)}, "too_large"),
    ],
)
def test_a_bad_row_loses_itself_only(tmp_path: Path, row: dict[str, Any], reason: str) -> None:
    """The other rows keep their places."""
    parsed = read(tmp_path, {}, row, {"context": "Another one that cites Pythia [4, 7]."})
    assert parsed.rejects.select("ordinal", "reason").rows() == [(1, reason)]
    assert parsed.contexts["ordinal"].to_list() == [0, 2]
    assert parsed.contexts["position"].to_list() == [0, 1]


def test_parts_together_are_the_whole(tmp_path: Path) -> None:
    """Positions, repetitions and works do not depend on where the file is cut."""
    rows = [
        {"context": f"Sentence {n % 5} uses Pythia [4, 7] here.", "citing_id": f"acl:P0{n % 2}-1001"} for n in range(9)
    ]
    whole = read(tmp_path, *rows)
    parts = [read_citation_file(tmp_path / "contexts.parquet", first, 2) for first in range(0, 9, 2)]
    assert pl.concat(part.contexts for part in parts).equals(whole.contexts)
    assert pl.concat(part.works for part in parts).equals(whole.works)
    assert pl.concat(part.edges for part in parts).unique(["citing", "cited"]).height == whole.edges.height
    assert whole.contexts.select(pl.struct("citing", "cited", "sentence").is_duplicated().any()).item() is False


def test_works_are_read_with_authors_as_list_or_text(tmp_path: Path) -> None:
    """Summaries that people wrote and counts are not read."""
    file = tmp_path / "works.parquet"
    base = {"title": "Pythia", "year": 2023, "abstract": "We  show.", "human_summary": "no", "contexts": 3}
    for authors in (["Ada B.", "Carl D."], "Ada B., Carl D., et al"):
        rows = [
            {"cited_id": "acl:P01-1001", "authors": authors} | base,
            {"cited_id": "acl:P01-1002", "authors": authors},
        ]
        pl.DataFrame(rows).write_parquet(file)
        parsed = read_citation_file(file, 0, 2)
        work = parsed.works.row(0, named=True)
        assert (work["ids"][0], work["authors"], work["abstract"]) == (
            "acl:P01-1001",
            ["Ada B.", "Carl D."],
            "We show.",
        )
        assert parsed.rejects.select("ordinal", "reason").rows() == [(1, "missing_title")]


def test_a_reference_list_is_edges_alone(tmp_path: Path) -> None:
    """Without titles there is nothing to say of the works."""
    file = tmp_path / "edges.parquet"
    rows = [{"citing_id": "openreview:GSAKL9tc7L", "cited_id": PYTHIA}] * 2
    pl.DataFrame(rows).write_parquet(file)
    parsed = read_bulk(file, 0, bulk_rows(file))
    assert parsed.edges.rows() == [(0, "openreview:GSAKL9tc7L", f"local:{PYTHIA}", [], None)]
    assert (parsed.works.height, parsed.contexts.height, parsed.outcome) == (0, 0, "new")


def test_columns_tell_a_citation_file_from_others(tmp_path: Path) -> None:
    """What is neither citations nor records of arXiv is refused with what it lacks."""
    assert is_citation_file(["citing_id", "cited_id"]) and is_citation_file(["cited_id", "title"])
    assert not is_citation_file(["id", "title", "abstract", "categories", "published"])
    file = tmp_path / "other.parquet"
    pl.DataFrame({"paper_id": ["x"]}).write_parquet(file)
    with pytest.raises(InputMissing, match="lacks the column id"):
        bulk_rows(file)


def test_a_folder_may_hold_citations_beside_payloads(tmp_path: Path) -> None:
    """They are a source of their own, dated by the other files; nothing tells which days they cover."""
    folder = tmp_path / "in"
    folder.mkdir()
    read(folder, {}, {"context": "Another one that cites Pythia [4, 7]."})
    (folder / "page.xml").write_bytes(oai(raw_record()))
    store, ledger = PayloadStore(tmp_path / "payloads"), Ledger(tmp_path / "ledger.jsonl")
    sources = load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)
    assert take_in_folder(folder, store, ledger, sources).files == 2
    citations = next(fetch for fetch in ledger.fetches() if fetch.source_id == "citation-files")
    assert (citations.fetched_at, citations.bulk_rows) == (datetime(2026, 6, 25, 6, 0, 4, tzinfo=UTC), 2)
    parts = fetches_by_part(ledger.fetches())
    made = [parsed_part(part, store, sources) for part in parts.values()]
    facts, records = (pl.concat(part[name] for part in made) for name in ("_payload_facts", "_records"))
    fetches = pl.concat(parts.values())
    assert "citation-files" not in coverage(fetches, facts, records)["source_id"].to_list()
    health = feed_health(fetches, facts, records)
    assert dict(health.select("source_id", "outcome").iter_rows()) == {"arxiv-oai": "new", "citation-files": "new"}


def test_a_file_that_nothing_dates_needs_as_of(tmp_path: Path) -> None:
    """Taken in alone; the message says what to give."""
    read(tmp_path, {})
    store, ledger = PayloadStore(tmp_path / "payloads"), Ledger(tmp_path / "ledger.jsonl")
    with pytest.raises(InputMissing, match="give --as-of DATE"):
        take_in_bulk(tmp_path / "contexts.parquet", store, ledger)
    assert take_in_bulk(tmp_path / "contexts.parquet", store, ledger, as_of=datetime(2026, 6, 30, tzinfo=UTC)).new == 1


@pytest.mark.shared
def test_a_whole_collection_is_read(shared: Path) -> None:
    """69,304 sentences: 6 repeat another of their pair, 2 have one work on both sides, nothing else is lost."""
    folder = shared / "citations"
    read_files = {file.stem: read_bulk(file, 0, bulk_rows(file)) for file in sorted(folder.glob("*.parquet"))}
    contexts = {name: parsed.contexts for name, parsed in read_files.items() if parsed.contexts.height}
    assert {name: frame.height for name, frame in contexts.items()} == {"acl_contexts": 20_046, "contexts": 49_250}
    assert contexts["contexts"]["marker_start"].count() == 48_986
    rejects = {name: parsed.rejects["reason"].to_list() for name, parsed in read_files.items() if parsed.rejects.height}
    assert rejects == {"acl_contexts": ["duplicate_id", "duplicate_id"]}
    assert read_files["reference_edges"].edges.height == 65_070
    pythia = contexts["contexts"].filter(pl.col("cited") == "arxiv:2304.01373")
    assert (pythia["citing"].n_unique(), pythia.height) == (19, 38)
