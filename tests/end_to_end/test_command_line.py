"""The `almanac` command: what it says, above all when something is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from almanac_assets import settings
from almanac_assets.cli import main

PAGE = settings.SAMPLE / "oai" / "2026-05-01" / "page_01.xml"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are recorded in a home of the test's own."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))


def almanac(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def one_line(result: Result) -> str:
    """The single line that a refused command says."""
    assert result.exit_code == 1, result.output
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.output
    return lines[0]


@pytest.fixture
def copied_root(sample_root: Path, tmp_path: Path) -> Path:
    """A workspace with two releases that a test may spoil."""
    root = tmp_path / "root"
    shutil.copytree(sample_root, root)
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- what is asked for is not there -------------------------------------------------------------------------------


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The path and what to do."""
    said = one_line(almanac("build", "--payloads", tmp_path / "nowhere", "--out", tmp_path / "out"))
    assert "nowhere" in said and "does not exist" in said and "check the path" in said


def test_a_folder_without_payloads_is_named(tmp_path: Path) -> None:
    """An empty folder is no harvest."""
    (tmp_path / "empty").mkdir()
    said = one_line(almanac("build", "--payloads", tmp_path / "empty", "--out", tmp_path / "out"))
    assert "empty" in said and "—" in said


def test_a_day_before_the_first_fetch_is_named(tmp_path: Path) -> None:
    """Nothing was fetched until then."""
    said = one_line(almanac("build", "--until", "2020-01-01", "--out", tmp_path / "out"))
    assert "no fetch up to 2020-01-01" in said and "a later day" in said


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("a file")
    said = one_line(almanac("build", "--payloads", settings.SAMPLE, "--out", tmp_path / "out"))
    assert "cannot write into" in said and "out" in said


def test_payloads_need_a_folder_for_what_is_made() -> None:
    """The sample's own folder is never mixed with other data."""
    assert "--out DIR" in one_line(almanac("build", "--payloads", settings.SAMPLE))


def test_an_unknown_profile_is_named(tmp_path: Path) -> None:
    """With the profiles there are."""
    said = one_line(almanac("build", "--profile", "sampel", "--out", tmp_path / "out"))
    assert "unknown profile 'sampel'" in said and "sample" in said.split("—")[1]


def test_an_unknown_release_is_named(sample_root: Path) -> None:
    """With the releases there are."""
    said = one_line(almanac("verify", "2026.6.9", "--out", sample_root))
    assert "unknown release '2026.6.9'" in said and "2026.6.2" in said


def test_a_corpus_without_the_needed_columns_is_named(tmp_path: Path) -> None:
    """The columns that are there and those that lack."""
    import polars as pl

    file = tmp_path / "wrong.parquet"
    pl.DataFrame({"id": ["2601.00001"], "title": ["A title"], "published": ["2026-01-01"]}).write_parquet(file)
    said = one_line(almanac("build", "--corpus", file, "--out", tmp_path / "out", "--as-of", "2026-01-02"))
    assert "wrong.parquet" in said and "abstract" in said and "categories" in said


# -- payloads that cannot be read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("empty.xml", b"", "empty_body"),
        ("cut.xml", PAGE.read_bytes()[:5000], "truncated"),
        ("page.xml", b"<!DOCTYPE html><html><body>Please log in</body></html>", None),
        ("noise.xml", b"\x00\x01\x02 this is no feed", None),
    ],
)
def test_an_unreadable_payload_is_set_aside_and_nothing_else_is_lost(
    tmp_path: Path, name: str, body: bytes, reason: str | None
) -> None:
    """The good page is published, the bad one stands in quarantine with its reason."""
    import polars as pl

    folder = tmp_path / "payloads"
    folder.mkdir()
    shutil.copy(PAGE, folder / "good.xml")
    (folder / name).write_bytes(body)
    done = almanac("build", "--payloads", folder, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    (release,) = (tmp_path / "out" / "releases").glob("2026.*")
    aside = pl.read_parquet(release / "tables" / "quarantine.parquet")
    assert aside.height == 1 and (reason is None or aside["reason"].to_list() == [reason])
    assert pl.read_parquet(release / "tables" / "documents.parquet").height > 10
    assert "1 records in quarantine" in done.output


def test_only_unreadable_payloads_leave_the_last_release_alone(copied_root: Path, tmp_path: Path) -> None:
    """A failed build changes no byte of what was published."""
    before = contents(copied_root / "releases")
    (tmp_path / "bad").mkdir()
    one_line(almanac("build", "--payloads", tmp_path / "bad", "--out", copied_root))
    assert contents(copied_root / "releases") == before


# -- the other commands --------------------------------------------------------------------------------------------


def test_parse_tells_a_row_per_file_and_stores_nothing(tmp_path: Path) -> None:
    """file, format, outcome, items, reason, seconds."""
    (tmp_path / "broken.xml").write_bytes(PAGE.read_bytes()[:900])
    shutil.copy(PAGE, tmp_path / "good.xml")
    done = almanac("parse", tmp_path, "--json", tmp_path / "rows.json")
    assert done.exit_code == 0, done.output
    rows = {row["file"]: row for row in json.loads((tmp_path / "rows.json").read_text())}
    assert set(rows["good.xml"]) == {"file", "format", "outcome", "items", "rejected", "reason", "seconds"}
    assert rows["good.xml"]["outcome"] == "new" and rows["good.xml"]["items"] > 10
    assert rows["broken.xml"]["outcome"] == "error" and "truncated" in rows["broken.xml"]["reason"]
    assert {path.name for path in tmp_path.iterdir()} == {"broken.xml", "good.xml", "rows.json"}


def test_parse_of_something_missing_is_one_line(tmp_path: Path) -> None:
    """With the path."""
    assert "nowhere" in one_line(almanac("parse", tmp_path / "nowhere"))


def test_verify_names_the_damaged_file(copied_root: Path) -> None:
    """One flipped bit is found."""
    table = copied_root / "releases" / "2026.6.2" / "tables" / "events.parquet"
    body = bytearray(table.read_bytes())
    body[len(body) // 2] ^= 1
    table.write_bytes(body)
    done = almanac("verify", "--out", copied_root)
    assert done.exit_code == 1 and "events.parquet" in done.stderr


def test_verify_of_a_sound_release(sample_root: Path) -> None:
    """By name or by the newest."""
    assert "sound" in almanac("verify", "--out", sample_root).output
    assert "sound" in almanac("verify", "2026.6.1", "--out", sample_root).output


def test_doctor_looks_at_everything(sample_root: Path) -> None:
    """Python, packages, shipped files, ledger, releases."""
    said = almanac("doctor", "--out", sample_root).output
    assert all(word in said for word in ("python", "polars", "ledger", "latest 2026.6.2"))


def test_reparse_without_payloads_says_what_to_do(tmp_path: Path) -> None:
    """There is nothing to read again."""
    assert "almanac build" in one_line(almanac("reparse", "--out", tmp_path))


@pytest.mark.parametrize("command", ["build", "reparse", "parse", "verify", "doctor", "ui", "docs"])
def test_every_command_has_help_worth_reading(command: str) -> None:
    """A sentence on what it does and one on each option."""
    said = almanac(command, "--help").output
    assert len(said.splitlines()) >= 6 and "Usage" in said


def test_a_gate_is_accepted_with_a_reason_only() -> None:
    """An exception leaves its reason in the manifest."""
    assert "--because" in one_line(almanac("build", "--accept", "documents.rows"))


def test_nothing_listens_on_other_addresses() -> None:
    """The UI is bound to this machine."""
    source = (settings.CHECKOUT / "almanac_assets" / "cli.py").read_text(encoding="utf-8")
    assert '"-h", "127.0.0.1"' in source and "0.0.0.0" not in source
