"""Nothing is made twice: what did not change, or what a step does not read, costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from almanac_assets.defs.build import Built, build
from almanac_assets.defs.resources import WorkspaceResource
from almanac_assets.defs.steps import PRODUCTS

Builder = Callable[[Path, Path], Built]

# What a changed payload must touch even if it says the same: the rooms that know of payloads.
# What is read from payloads, and the one table below that looks for addresses in comments.
KNOW_PAYLOADS = {name for name, product in PRODUCTS.items() if product.group in ("harvest", "documents")}
KNOW_PAYLOADS |= {name for name in PRODUCTS if name.startswith("_read_")} | {"entity_external_ids"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memo")


def replaced(file: Path, old: str, new: str) -> str:
    """Change a payload; return what it held."""
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), encoding="utf-8")
    return before


def test_the_first_build_makes_everything(build_folder: Builder, own_files: Path, root: Path) -> None:
    """Every product is made once."""
    assert set(build_folder(own_files, root).made) == set(PRODUCTS)


def test_the_second_build_makes_nothing(build_folder: Builder, own_files: Path, root: Path) -> None:
    """The same payloads again: no step runs, no release is made."""
    again = build_folder(own_files, root)
    assert again.made == ()
    assert not again.is_new


def test_a_changed_comment_stops_at_the_documents(build_folder: Builder, own_files: Path, root: Path) -> None:
    """An author's comment is read by no step below documents: none of them runs, and the change is published."""
    page = own_files / "oai" / "2026-05-01" / "page_02.xml"
    before = replaced(page, "<comments>10 pages, 5 figures</comments>", "<comments>11 pages, 5 figures</comments>")
    changed = build_folder(own_files, root)
    page.write_text(before, encoding="utf-8")
    assert changed.is_new
    assert "documents" in changed.made
    assert set(changed.made) <= KNOW_PAYLOADS


def test_a_changed_text_runs_its_descendants_only(build_folder: Builder, own_files: Path, root: Path) -> None:
    """A new sentence reaches text, names and events; the other days' parts are not read again."""
    page = own_files / "oai" / "2026-05-01" / "page_02.xml"
    before = replaced(page, "<abstract>  ", "<abstract>  We study Pythia-410M. ")
    changed = build_folder(own_files, root)
    page.write_text(before, encoding="utf-8")
    assert {"documents", "_found", "_vectors", "mentions", "events", "similar_papers"} <= set(changed.made)
    assert not {"sources", "methods", "_known_ids"} & set(changed.made)
    parts = sorted(path.name for path in (root / "lake" / "_records").iterdir() if path.is_dir())
    files = {part: len(list((root / "lake" / "_records" / part).glob("*.parquet"))) for part in parts}
    assert files["2026-05-01"] == 3  # as it was, with the changed comment, with the new sentence
    assert files["2026-05-19"] == 1


def test_what_was_made_before_is_found_again(build_folder: Builder, own_files: Path, root: Path) -> None:
    """Back to the first payloads: everything still lies under its stamp."""
    back = build_folder(own_files, root)
    assert back.made == ()
    assert back.release.name.endswith(".1")


def test_reparse_gives_the_same_release(sample_root: Path, tmp_path: Path) -> None:
    """An empty lake and the raw payloads alone give the same bytes of every table."""
    import shutil

    shutil.copytree(sample_root / "raw", tmp_path / "raw")
    again = build(WorkspaceResource(root=str(tmp_path), profile="none", until="2026-06-18"), record=False)
    first = sample_root / "releases" / "2026.6.1"
    assert (again.release.folder / "SHA256SUMS").read_text() == (first / "SHA256SUMS").read_text()
