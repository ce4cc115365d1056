"""What a newcomer gets from `make build`: two releases of the sample, whole and true."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

import almanac_assets
from almanac_assets.contract import TABLES
from almanac_assets.errors import NameUnknown
from almanac_assets.release.releases import Release, Releases
from almanac_assets.release.verify import verify


@pytest.fixture(scope="module")
def releases(sample_root: Path) -> Releases:
    return Releases(sample_root / "releases")


@pytest.fixture(scope="module")
def second(releases: Releases) -> Release:
    found = releases.latest()
    assert found is not None
    return found


def test_two_releases_the_second_after_the_first(releases: Releases) -> None:
    """The first holds all but the last day; the second names the first as its predecessor."""
    first, second = releases.all()
    assert (first.name, second.name) == ("2026.6.1", "2026.6.2")
    assert first.as_of < second.as_of
    assert second.manifest["previous"]["release"] == first.name
    assert json.loads((releases.folder / "latest.json").read_text())["release"] == second.name


def test_every_table_of_the_contract_is_there_and_filled(second: Release) -> None:
    """No table of the second release is empty."""
    rows = {name: second.table(name).height for name in TABLES}
    assert [name for name, count in rows.items() if not count] == []


def test_both_releases_are_sound(releases: Releases) -> None:
    """Checksums, three readers, values and every check of the contract."""
    assert {release.name: verify(release.folder) for release in releases.all()} == {"2026.6.1": [], "2026.6.2": []}


def test_the_last_day_shows_in_the_changes(second: Release) -> None:
    """New papers, a revision and a withdrawal, each with its cause; nothing without one."""
    causes = set(second.table("changes")["cause"])
    assert {"new_document", "revised_document", "withdrawn_document"} <= causes
    assert "unexplained" not in causes


def test_the_revision_has_two_versions_and_one_event(second: Release) -> None:
    """A second version joins the event of the first."""
    versions = second.table("document_versions")
    revised = versions.filter(pl.col("version") == 2, pl.col("changed").list.contains("text"))["document_id"].to_list()
    assert revised
    leads = second.table("events").filter(pl.col("lead_document_id").is_in(revised))
    assert leads.height == len(revised)


def test_the_malformed_items_are_in_quarantine_with_their_reason(second: Release) -> None:
    """One item of a listing and one of a laboratory's feed have no id; nothing else is lost."""
    assert second.table("quarantine").sort("source_id").select("source_id", "reason").rows() == [
        ("arxiv-cs.CL", "missing_id"),
        ("deepmind-blog", "missing_id"),
    ]


def test_pythia_keeps_its_pinned_id(second: Release) -> None:
    """Ids of the gazetteer are kept for ever."""
    pythia = second.table("entities").filter(pl.col("entity_id") == "pythia-6884907e")
    assert pythia["name"].to_list() == ["Pythia"]
    assert pythia["type"].to_list() == ["model"]


def test_ids_of_the_first_release_stay(releases: Releases) -> None:
    """No entity of the first release is gone or renamed in the second."""
    first, second = (release.table("entities").select("entity_id", "slug") for release in releases.all())
    assert first.join(second, on=["entity_id", "slug"], how="anti").height == 0


def test_the_spans_are_what_they_say(second: Release) -> None:
    """Every mention and every evidence quote is found at its place in the published text."""
    documents = second.table("documents").select("document_id", "title", "text")
    cut = pl.col("whole").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    named = second.table("mentions").join(documents, on="document_id")
    whole = pl.when(pl.col("field") == "title").then("title").otherwise("text")
    assert named.with_columns(whole=whole).filter(cut != pl.col("surface")).height == 0
    texts = pl.concat(
        [
            frame.unpivot(index=frame.columns[0], variable_name="field", value_name="whole")
            .rename({frame.columns[0]: "subject_id"})
            .with_columns(subject_table=pl.lit(table))
            for table, frame in {
                "documents": documents,
                "works": second.table("works").select("work_id", "title", "abstract"),
                "citation_contexts": second.table("citation_contexts").select("context_id", "sentence"),
            }.items()
        ]
    )
    spans = second.table("evidence").join(texts, on=["subject_table", "subject_id", "field"])
    assert spans.height == second.table("evidence").height
    assert spans.filter(cut != pl.col("quote")).height == 0


def test_a_rewritten_text_is_never_quoted(second: Release) -> None:
    """Texts in our own words are pointed at, and the page of the release says so."""
    own = second.table("documents").filter(pl.col("text_basis") == "rewritten").select(subject_id="document_id")
    said = second.table("citation_contexts").filter(pl.col("text_basis") == "rewritten").select(subject_id="context_id")
    assert own.height >= 20 and said.height >= 20
    spans = second.table("evidence").filter(pl.col("field").is_in(["text", "sentence"]))
    assert spans.join(pl.concat([own, said]), on="subject_id")["quote"].null_count() >= 40
    assert spans.join(pl.concat([own, said]), on="subject_id").filter(pl.col("quote").is_not_null()).height == 0
    assert "rewritten" in (second.folder / "README.md").read_text(encoding="utf-8")


def test_parts_add_up(second: Release) -> None:
    """Importance and similarity are sums of their published parts."""
    points = second.table("importance_parts").group_by("event_id").agg(pl.col("points").sum().round(6))
    joined = second.table("events").join(points, on="event_id")
    assert joined.height == second.table("events").height
    assert joined.filter((pl.col("points") - pl.col("importance_score")).abs() > 1e-6).height == 0


def test_the_state_of_a_record_as_of_the_first_release(releases: Releases) -> None:
    """record_history gives every entity as it was published before."""
    first, second = releases.all()
    history = second.table("record_history").filter(pl.col("table_name") == "entities")
    then = history.filter(
        pl.col("valid_from") <= first.as_of, pl.col("valid_to").is_null() | (pl.col("valid_to") > first.as_of)
    )
    counts = {json.loads(row)["entity_id"]: json.loads(row)["mention_count"] for row in then["row"]}
    published = first.table("entities").select("entity_id", "mention_count")
    assert counts == dict(published.iter_rows())


def test_the_views_open_from_anywhere(second: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """views.sql works from another folder once release_dir is set."""
    monkeypatch.chdir(tmp_path)
    connection = duckdb.connect()
    connection.execute(f"SET VARIABLE release_dir = '{second.folder.as_posix()}'")
    connection.execute((second.folder / "views.sql").read_text())
    assert connection.sql("SELECT count(*) FROM events").fetchall()[0][0] == second.table("events").height


def test_load_by_name(sample_root: Path) -> None:
    """`almanac_assets.load` gives a frame, and says what there is when a name is unknown."""
    assert almanac_assets.load("events", folder=sample_root).height
    with pytest.raises(NameUnknown, match="unknown table 'evnts'"):
        almanac_assets.load("evnts", folder=sample_root)
    with pytest.raises(NameUnknown, match="unknown release"):
        almanac_assets.load("events", "1999.1.1", folder=sample_root)
