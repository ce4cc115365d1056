"""Releases are named by month and number, ordered by what they stand for, and pointed to by one file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from almanac_assets.errors import NameUnknown, StoreDamaged
from almanac_assets.release.releases import NAME, Release, Releases


def release(folder: Path, name: str, as_of: str) -> Release:
    """A release of which there is nothing but a manifest."""
    (folder / name).mkdir(parents=True)
    (folder / name / "manifest.json").write_text(json.dumps({"release": name, "as_of": as_of}))
    return Release(folder / name)


def point(folder: Path, text: str) -> None:
    (folder / "latest.json").write_text(text)


@pytest.mark.parametrize("name", ["2026.6.1", "2026.12.10", "1999.1.123"])
def test_a_name_is_year_month_number(name: str) -> None:
    """No leading zeros."""
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["2026.06.1", "2026.13.1", "2026.0.1", "2026.6.0", "2026.6", "v2026.6.1", "٢٠٢٦.6.1"])
def test_other_names_are_none(name: str) -> None:
    """A folder of another name is no release."""
    assert not NAME.fullmatch(name)


def test_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    """2026.6.10 comes after 2026.6.9, though not in the alphabet."""
    for number in (10, 9, 2, 1):
        release(tmp_path, f"2026.6.{number}", "2026-06-19T06:00:00Z")
    assert [r.number[2] for r in Releases(tmp_path).all()] == [1, 2, 9, 10]


def test_the_time_it_stands_for_comes_before_the_number(tmp_path: Path) -> None:
    """A backfill of an earlier day with a later number is not newer."""
    release(tmp_path, "2026.6.2", "2026-06-19T06:00:00Z")
    release(tmp_path, "2026.6.3", "2026-06-11T06:00:00Z")
    release(tmp_path, "2026.5.1", "2026-05-30T06:00:00Z")
    assert [r.name for r in Releases(tmp_path).all()] == ["2026.5.1", "2026.6.3", "2026.6.2"]


def test_what_is_no_release_is_not_seen(tmp_path: Path) -> None:
    """Stages, files and stray folders are passed over."""
    release(tmp_path, "2026.6.1", "2026-06-19T06:00:00Z")
    for stray in (".staging-2026.6.2-77", "old", "2026.6.2.copy"):
        (tmp_path / stray).mkdir()
    (tmp_path / "2026.6.9").touch()
    assert [r.name for r in Releases(tmp_path).all()] == ["2026.6.1"]
    assert Releases(tmp_path / "absent").all() == []


def test_the_predecessor_is_the_newest_with_an_earlier_time(tmp_path: Path) -> None:
    """A release of the same time is no predecessor."""
    release(tmp_path, "2026.5.1", "2026-05-30T06:00:00Z")
    release(tmp_path, "2026.6.1", "2026-06-11T06:00:00Z")
    release(tmp_path, "2026.6.2", "2026-06-11T06:00:00Z")
    release(tmp_path, "2026.6.3", "2026-06-19T06:00:00Z")
    releases = Releases(tmp_path)

    def before(*moment: int) -> str | None:
        found = releases.before(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]
        return found.name if found else None

    assert before(2026, 6, 19, 6) == "2026.6.2"
    assert before(2026, 6, 11, 6) == "2026.5.1"
    assert before(2027, 1, 1) == "2026.6.3"
    assert before(2026, 5, 30, 6) is None


def test_the_next_name_is_the_next_number_of_the_month(tmp_path: Path) -> None:
    """Numbers are never used twice, and each month begins at 1."""
    releases = Releases(tmp_path)
    june = datetime(2026, 6, 19, tzinfo=UTC)
    assert releases.next_name(june) == "2026.6.1"
    release(tmp_path, "2026.6.9", "2026-06-19T06:00:00Z")
    release(tmp_path, "2026.6.2", "2026-06-19T06:00:00Z")
    assert releases.next_name(june) == "2026.6.10"
    assert releases.next_name(datetime(2026, 7, 1, tzinfo=UTC)) == "2026.7.1"


def test_the_month_is_that_of_utc(tmp_path: Path) -> None:
    """Midnight in another zone does not move a release to another month."""
    ahead = datetime(2026, 7, 1, 3, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert Releases(tmp_path).next_name(ahead) == "2026.6.1"


def test_latest_is_what_the_pointer_names(tmp_path: Path) -> None:
    """None before the first release; a release by its name or by `latest`."""
    releases = Releases(tmp_path)
    assert releases.latest() is None
    one = release(tmp_path, "2026.6.1", "2026-06-19T06:00:00Z")
    point(tmp_path, json.dumps({"release": "2026.6.1", "manifest_sha256": one.manifest_sha256}))
    found = releases.latest()
    assert found is not None and found.name == "2026.6.1"
    assert releases.named("latest").folder == releases.named("2026.6.1").folder == tmp_path / "2026.6.1"


def test_an_unknown_name_is_told_with_the_known_ones(tmp_path: Path) -> None:
    """Paths are no names."""
    release(tmp_path, "2026.6.1", "2026-06-19T06:00:00Z")
    for name in ("2026.6.2", "newest", "../2026.6.1", ""):
        with pytest.raises(NameUnknown) as caught:
            Releases(tmp_path).named(name)
        assert caught.value.known == ["latest", "2026.6.1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"release": "2026.6.1"}',
        '{"release": "2026.6.7", "manifest_sha256": "00"}',
        '{"release": "../2026.6.1", "manifest_sha256": "00"}',
        '{"release": 5, "manifest_sha256": "00"}',
        '{"release": "2026.6.1", "manifest_sha256": "00"}',
    ],
)
def test_a_damaged_pointer_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    """Unreadable, naming nothing, or written for another manifest: StoreDamaged with a remedy, never another release."""
    release(tmp_path, "2026.6.1", "2026-06-19T06:00:00Z")
    point(tmp_path, text)
    with pytest.raises(StoreDamaged) as caught:
        Releases(tmp_path).latest()
    assert caught.value.remedy and str(tmp_path) in str(caught.value)


def test_a_release_without_a_readable_manifest_is_damaged(tmp_path: Path) -> None:
    """The message names the file."""
    (tmp_path / "2026.6.1").mkdir()
    with pytest.raises(StoreDamaged, match=r"manifest\.json"):
        Releases(tmp_path).all()
