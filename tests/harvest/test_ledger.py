"""The fetch ledger: what was written comes back, whatever the order, and damage is told by line."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.errors import StoreDamaged
from almanac_assets.harvest.ledger import BULK_PART, FETCHES, Fetch, Ledger, fetches_by_part, fingerprint

NOON = datetime(2026, 6, 24, 12, tzinfo=UTC)
ONE = Fetch("a" * 64, "arxiv-oai", NOON, 10, url="https://oaipmh.arxiv.org/oai?verb=Identify", http_status=200)

texts = st.text(max_size=12)
fetches = st.builds(
    Fetch,
    payload_sha256=st.sampled_from(["a" * 64, "b" * 64]),
    source_id=st.sampled_from(["arxiv-oai", "arxiv-cs.CL"]),
    fetched_at=st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    bytes=st.integers(0, 2**40),
    url=st.none() | texts,
    http_status=st.none() | st.integers(100, 599),
    media_type=st.none() | texts,
    recorded_from=st.none() | texts,
    bulk_rows=st.none() | st.integers(1, 10**7),
    part=st.none() | texts,
)


@settings(deadline=None, max_examples=50)
@given(written=st.lists(fetches, max_size=6), seed=st.randoms(use_true_random=False))
def test_what_is_written_comes_back_in_one_order(written: list[Fetch], seed: Random) -> None:
    """Each fetch once, equal in all fields, however they were appended; any text may stand in a field."""
    shuffled = list(written)
    seed.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        together, apart = Ledger(Path(folder, "one.jsonl")), Ledger(Path(folder, "two.jsonl"))
        assert together.append(written) == len(set(written))
        for fetch in shuffled:
            apart.append([fetch])
        assert set(together.fetches()) == set(written)
        assert together.fetches() == apart.fetches()
        assert together.append(written) == 0
        assert fingerprint(together.fetches()) == fingerprint(apart.fetches())


def test_a_ledger_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Nothing was fetched yet."""
    assert Ledger(tmp_path / "ledger.jsonl").fetches() == []


def test_times_come_back_in_utc(tmp_path: Path) -> None:
    """The same moment told in another zone is the same fetch."""
    eastern = Fetch(**ONE.__dict__ | {"fetched_at": NOON.astimezone(timezone(timedelta(hours=-4)))})
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.append([eastern])
    assert ledger.fetches() == [ONE]
    assert ledger.append([ONE]) == 0


@pytest.mark.parametrize(
    "damage",
    [
        '{"payload_sha256": "aaaa", "source_id"',
        "[]",
        "7",
        json.dumps({"payload_sha256": "a" * 64}),
        ONE.to_line().replace("2026-06-24T12:00:00Z", "yesterday"),
        ONE.to_line().replace("2026-06-24T12:00:00Z", "2026-06-24T12:00:00"),
        ONE.to_line().replace('"bytes": 10', '"bytes": "ten"'),
        ONE.to_line().replace('"bytes": 10', '"bytes": 10, "colour": "red"'),
        "\udcff",
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, damage: str) -> None:
    """File, line, what is wrong and what to do: the ledger is data and is never read half."""
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(f"{ONE.to_line()}\n\n{damage}\n".encode(errors="surrogateescape"))
    with pytest.raises(StoreDamaged, match=r"ledger\.jsonl, line 3: .* — remove the line"):
        Ledger(file).fetches()


def test_a_line_without_its_end_does_not_swallow_the_next(tmp_path: Path) -> None:
    """A program that died between the line and its end leaves a whole fetch."""
    file = tmp_path / "ledger.jsonl"
    file.write_text(ONE.to_line())
    ledger = Ledger(file)
    assert ledger.append([Fetch("b" * 64, "arxiv-oai", NOON, 1)]) == 1
    assert len(ledger.fetches()) == 2


def test_a_part_is_the_utc_day_of_the_fetch() -> None:
    """A pull that crosses midnight lies in two parts."""
    late = Fetch("b" * 64, "arxiv-oai", datetime(2026, 6, 25, 0, 1, tzinfo=UTC), 10)
    parts = fetches_by_part([ONE, late])
    assert {name: part.height for name, part in parts.items()} == {"2026-06-24": 1, "2026-06-25": 1}
    assert all(part.schema == FETCHES for part in parts.values())


def test_a_bulk_file_is_cut_into_parts_of_20_000_rows() -> None:
    """Each part knows its first row and its rows; the last may be shorter."""
    parts = fetches_by_part([Fetch("a" * 64, "arxiv-bulk", NOON, 10, bulk_rows=2 * BULK_PART + 1)])
    assert {name: part.select("first_row", "rows", "is_bulk").row(0) for name, part in parts.items()} == {
        "import-aaaaaaaa-0001": (0, 20_000, True),
        "import-aaaaaaaa-0002": (20_000, 20_000, True),
        "import-aaaaaaaa-0003": (40_000, 1, True),
    }


def test_two_imports_of_one_file_are_two_fetches() -> None:
    """Taken in for another day the same rows are read under both times; neither import hides the other."""
    again = Fetch("a" * 64, "arxiv-bulk", NOON + timedelta(days=1), 10, bulk_rows=5)
    parts = fetches_by_part([Fetch("a" * 64, "arxiv-bulk", NOON, 10, bulk_rows=5), again])
    assert parts["import-aaaaaaaa-0001"]["fetched_at"].to_list() == [NOON, NOON + timedelta(days=1)]
