"""Payloads come back as the bytes they were, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.errors import StoreDamaged
from almanac_assets.store.payloads import PayloadStore


def packed(store: PayloadStore, name: str) -> Path:
    return store.folder / name[:2] / f"{name}.zst"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.one_of(st.binary(max_size=3000), st.binary(min_size=1, max_size=8).map(lambda piece: piece * 5000)))
def test_any_bytes_come_back(body: bytes) -> None:
    """The name is the sha256 of the bytes, and the bytes are the ones that were kept."""
    with TemporaryDirectory() as folder:
        store = PayloadStore(Path(folder))
        name = store.keep(body)
        assert name == hashlib.sha256(body).hexdigest()
        assert store.body(name) == body


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    """Keeping again changes nothing on disk."""
    store = PayloadStore(tmp_path)
    name = store.keep(b"body")
    before = packed(store, name).stat()
    assert store.keep(b"body") == name
    assert packed(store, name).stat().st_mtime_ns == before.st_mtime_ns
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_any_flipped_bit_is_found(tmp_path: Path) -> None:
    """A damaged payload gives StoreDamaged or, where the bit does not matter, the right bytes; never other bytes."""
    store = PayloadStore(tmp_path)
    body = b"<rss>" + b"an item, " * 40
    name = store.keep(body)
    whole = packed(store, name).read_bytes()
    found = 0
    for bit in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << (bit % 8)
        packed(store, name).write_bytes(bytes(damaged))
        try:
            assert store.body(name) == body
        except StoreDamaged as error:
            assert name in str(error) and error.remedy
            found += 1
    assert found > 0.95 * len(whole) * 8


@pytest.mark.parametrize("kept", [0, 1, 10, -1])
def test_a_cut_payload_is_found(tmp_path: Path, kept: int) -> None:
    """Half a file is no payload."""
    store = PayloadStore(tmp_path)
    name = store.keep(b"a body " * 100)
    packed(store, name).write_bytes(packed(store, name).read_bytes()[:kept])
    with pytest.raises(StoreDamaged, match=name):
        store.body(name)


def test_a_payload_under_a_wrong_name_is_found(tmp_path: Path) -> None:
    """A whole file that holds other bytes than its name says is damaged too."""
    store = PayloadStore(tmp_path)
    one, two = store.keep(b"one"), store.keep(b"two")
    packed(store, one).write_bytes(packed(store, two).read_bytes())
    with pytest.raises(StoreDamaged, match="does not hold the bytes"):
        store.body(one)


def test_a_missing_payload_is_named(tmp_path: Path) -> None:
    """The message tells which payload lacks, and what to do."""
    for read in (PayloadStore(tmp_path).body, PayloadStore(tmp_path).file):
        with pytest.raises(StoreDamaged, match="import"):
            read("0" * 64)


def test_importing_again_mends_a_damaged_payload(tmp_path: Path) -> None:
    """The remedy that the error names works: the sound bytes take the place of the damaged ones."""
    store = PayloadStore(tmp_path)
    name = store.keep(b"body")
    packed(store, name).write_bytes(b"rubbish")
    assert store.keep(b"body") == name
    assert store.body(name) == b"body"


def test_a_bulk_file_is_kept_as_it_is(tmp_path: Path) -> None:
    """Byte for byte under its hash, nothing beside it, and mended when it is imported again."""
    file = tmp_path / "corpus.parquet"
    file.write_bytes(b"PAR1 and more")
    store = PayloadStore(tmp_path / "store")
    name = store.keep_file(file)
    assert name == hashlib.sha256(b"PAR1 and more").hexdigest()
    assert store.file(name).read_bytes() == b"PAR1 and more"
    store.file(name).write_bytes(b"rubbish")
    store.keep_file(file)
    assert store.file(name).read_bytes() == b"PAR1 and more"
    assert [path.name for path in store.file(name).parent.iterdir()] == [f"{name}.parquet"]
