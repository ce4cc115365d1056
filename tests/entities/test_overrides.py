"""The file of overrides: what is read, and what is refused with file, entry, expectation and finding."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from almanac_assets import settings
from almanac_assets.entities.overrides import Merge, Name, OverridesBroken, load_overrides

REST = "reason: looked at, reviewed_by: Almanac, since: 2026-06-19"


def written(folder: Path, *entries: str) -> Path:
    """A folder with an entities.yaml of these flow mappings."""
    (folder / "entities.yaml").write_text("".join(f"- {{{entry}, {REST}}}\n" for entry in entries), encoding="utf-8")
    return folder


FOO, BAR = "{type: model, name: Foo}", "{type: model, name: Bar}"


def test_no_file_is_no_override(tmp_path: Path) -> None:
    """Overrides are optional, and so is what an empty file holds."""
    assert load_overrides(tmp_path) == ()
    (tmp_path / "entities.yaml").write_text("# none\n", encoding="utf-8")
    assert load_overrides(tmp_path) == ()


def test_an_entry_is_read_with_the_moment_from_which_it_holds(tmp_path: Path) -> None:
    """A day holds from its first moment in UTC."""
    (merge,) = load_overrides(written(tmp_path, f"action: merge, into: foo-0123abcd, from: [{BAR}]"))
    assert isinstance(merge, Merge)
    assert (merge.into, merge.from_) == ("foo-0123abcd", (Name(type="model", name="Bar"),))
    assert merge.holds_from == datetime(2026, 6, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (f"action: marge, entity: {FOO}", "entry 1.*merge.*marge"),
        (f"action: rename, entity: {FOO}", "entry 1, to.*nothing"),
        (f"action: rename, entity: {FOO}, to: X, too: Y", "entry 1, too"),
        ("action: rename, entity: {type: modell, name: Foo}, to: X", "entry 1.*one of model.*modell"),
        ("action: rename, entity: Foo, to: X", "entry 1.*Foo"),
        (f"action: merge, into: {FOO}, from: []", "entry 1, from"),
        (f"action: split, entity: {FOO}, into: [{{name: A, aliases: []}}]", "entry 1, into.0.aliases"),
        (f"action: set_type, entity: {FOO}, to: thing", "entry 1, to.*one of.*thing"),
    ],
)
def test_a_wrong_entry_is_refused_by_number_and_field(tmp_path: Path, entry: str, told: str) -> None:
    """One clear error that names file, entry, expectation, finding and remedy."""
    with pytest.raises(OverridesBroken, match=rf"(?s)^entities.yaml: {told}.*mend it") as caught:
        load_overrides(written(tmp_path, entry))
    assert caught.value.entry.startswith("entry 1")


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ((f"action: rename, entity: {FOO}, to: A", f"action: rename, entity: {FOO}, to: B"), "second rename"),
        (
            (f"action: merge, into: {BAR}, from: [{FOO}]", f"action: merge, into: x-01234567, from: [{FOO}]"),
            "second merge of the model 'Foo', after entry 1",
        ),
        ((f"action: merge, into: {BAR}, from: [{FOO}]", f"action: merge, into: {FOO}, from: [{BAR}]"), "into itself"),
        ((f"action: merge, into: {FOO}, from: [{FOO}]",), "into itself"),
        (
            (
                f"action: forbid_alias, entity: {FOO}, alias: F",
                f"action: split, entity: {FOO}, into: [{{name: G, aliases: [F]}}]",
            ),
            "second verdict on an alias",
        ),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, entries: tuple[str, ...], told: str) -> None:
    """Two verdicts on one thing have no right order."""
    with pytest.raises(OverridesBroken, match=told):
        load_overrides(written(tmp_path, *entries))


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    """Neither broken YAML nor a mapping is taken for a list, and no tag runs code."""
    for text, told in (("a: [", "line"), ("action: merge", "a list of entries"), ("- !!python/object:x {}", "YAML")):
        (tmp_path / "entities.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(OverridesBroken, match=told):
            load_overrides(tmp_path)


def test_the_shipped_overrides_are_sound() -> None:
    """data/overrides/ keeps the format."""
    load_overrides(settings.DATA / "overrides")
