"""A step runs when something that it declares to read has changed, and only then; nothing half-made is ever used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.errors import AlmanacError, ContractBroken, StoreDamaged
from almanac_assets.store import lake as lake_module
from almanac_assets.store.lake import Kept, Lake, Product
from almanac_assets.store.steps import Given, Made, Step, folder_fingerprint, run_step
from tests.contract.rows import frames

SCHEMA = pl.Schema({"id": pl.String(), "number": pl.Int64(), "note": pl.String()})
SUMS = pl.Schema({"id": pl.String(), "sum": pl.Int64()})
WORDS = Product("_words", SCHEMA, ("id",), "Words.", "g")
TOTALS = Product("_totals", SUMS, ("id",), "Totals.", "g")
SCHEMAS = {"_words": SCHEMA, "_totals": SUMS}


class Stopwatch:
    """A clock that stands still."""

    def now(self) -> Any:
        raise AssertionError("a step reads no clock")

    def elapsed(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Toy(Step):
    """A step outside of the rooms, which states its code version itself."""

    code: str = "1"

    @property
    def code_version(self) -> str:
        return self.code


@dataclass
class Counted:
    """A function that remembers with which parts or rows it was called."""

    function: Callable[..., Any]
    calls: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **inputs: Any) -> Any:
        self.calls.append(inputs)
        return self.function(**inputs)


def words(*rows: tuple[str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def doubled(words: pl.DataFrame, **_: Any) -> pl.DataFrame:
    return words.select("id", sum=pl.col("number") * 2)


def put(lake: Lake, stamp: str = "s", product: Product = WORDS, **parts: Any) -> Kept:
    """Make these frames the current parts of a product."""
    return lake.point(product.name, {part: lake.keep(product, part, stamp, rows) for part, rows in parts.items()})


def run(lake: Lake, step: Step, given: Mapping[str, Given] | None = None) -> Made:
    (made,) = run_step(lake, step, SCHEMAS, given or {}, Stopwatch())
    return made


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def make() -> Counted:
    return Counted(doubled)


@pytest.fixture
def step(make: Counted) -> Toy:
    """Totals from the numbers of words; their notes are not read."""
    return Toy((TOTALS,), make, {"_words": ("id", "number")})


def totals(lake: Lake) -> dict[str, int]:
    return dict(lake.current("_totals").frame(("id", "sum"), SUMS).iter_rows())


def test_a_step_runs_once_for_equal_inputs(lake: Lake, step: Toy, make: Counted) -> None:
    """The second run finds what the first has made, even if the input was written anew."""
    put(lake, all=words(("a", 1, "x"), ("b", 2, "y")))
    assert not run(lake, step).reused and totals(lake) == {"a": 2, "b": 4}
    put(lake, "other", all=words(("b", 2, "y"), ("a", 1, "x")))
    assert run(lake, step).reused and totals(lake) == {"a": 2, "b": 4}
    assert len(make.calls) == 1


def test_a_step_is_given_the_columns_it_declares_and_no_others(lake: Lake, step: Toy, make: Counted) -> None:
    """The declaration cannot lie; a private product's name loses its underscore."""
    put(lake, all=words(("a", 1, "x")))
    run(lake, step)
    assert make.calls[0]["words"].columns == ["id", "number"]


def test_a_column_that_is_not_read_may_change(lake: Lake, step: Toy, make: Counted) -> None:
    """Another note re-runs nothing; another number does."""
    put(lake, all=words(("a", 1, "x")))
    run(lake, step)
    put(lake, "s2", all=words(("a", 1, "another note")))
    assert run(lake, step).reused
    put(lake, "s3", all=words(("a", 7, "x")))
    assert not run(lake, step).reused and totals(lake) == {"a": 14}
    assert len(make.calls) == 2


def test_other_code_runs_again(lake: Lake, step: Toy, make: Counted) -> None:
    """The code version is part of the stamp."""
    put(lake, all=words(("a", 1, "x")))
    run(lake, step)
    run(lake, replace(step, code="2"))
    assert len(make.calls) == 2


def test_another_schema_or_key_runs_again(lake: Lake, step: Toy, make: Counted) -> None:
    """What a product promises is part of the stamp."""
    put(lake, all=words(("a", 1, "x")))
    run(lake, step)
    run(lake, replace(step, products=(replace(TOTALS, key=("sum",)),)))
    wider = replace(TOTALS, schema=pl.Schema({"id": pl.String(), "sum": pl.Float64()}))
    run(lake, replace(step, products=(wider,)))
    assert len(make.calls) == 3


def test_a_changed_description_of_a_published_column_makes_the_file_anew() -> None:
    """Descriptions travel in the file, the long ones to their last letter."""
    contract = TABLES["documents"]
    at = contract.column_names.index("title")
    long = "title as plain text, and so on " * 5
    one, two = (
        replace(contract, columns=(*contract.columns[:at], replace(contract.columns[at], description=said)))
        for said in (long + "a", long + "b")
    )
    assert Product.published(one).fingerprint != Product.published(two).fingerprint


def test_alternating_inputs_are_both_kept(lake: Lake, step: Toy, make: Counted) -> None:
    """Going back to an earlier input finds the earlier product."""
    first, second = words(("a", 1, "x")), words(("a", 2, "x"))
    for rows in (first, second, first, second):
        put(lake, str(rows["number"][0]), all=rows)
        run(lake, step)
        assert totals(lake) == {"a": rows["number"][0] * 2}
    assert len(make.calls) == 2


def given_words(loads: list[str], fingerprint: str = "f") -> dict[str, Given]:
    return {"list": Given(lambda: loads.append("loaded") or ["w"], fingerprint)}  # type: ignore[func-returns-value]


def test_what_is_given_is_loaded_only_when_needed(lake: Lake, make: Counted) -> None:
    """A word list is read from disk by the run that uses it, and a changed one runs the step again."""
    step = Toy((TOTALS,), make, {"_words": ("id", "number")}, given=("list",))
    put(lake, all=words(("a", 1, "x")))
    loads: list[str] = []
    run(lake, step, given_words(loads))
    assert make.calls[0]["list"] == ["w"] and loads == ["loaded"]
    run(lake, step, given_words(loads))
    assert loads == ["loaded"]
    run(lake, step, given_words(loads, "another list"))
    assert loads == ["loaded", "loaded"] and len(make.calls) == 2


def test_each_part_is_made_from_its_own_part_alone(lake: Lake, make: Counted) -> None:
    """A new day costs a day's work; the parts that did not change stay the same files."""
    step = Toy((TOTALS,), make, {"_words": ("id", "number")}, shape="each_part", partitioned=("_words",))
    put(lake, **{"2026-06-01": words(("a", 1, "x")), "2026-06-02": words(("b", 2, "x"))})
    assert run(lake, step).parts_made == 2
    before = {part: written.path for part, written in lake.current("_totals").parts.items()}
    put(
        lake,
        "s2",
        **{
            "2026-06-01": words(("a", 1, "x")),
            "2026-06-02": words(("b", 5, "x")),
            "2026-06-03": words(("c", 3, "x")),
        },
    )
    made = run(lake, step)
    assert made.parts_made == 2 and len(make.calls) == 4
    assert totals(lake) == {"a": 2, "b": 10, "c": 6}
    assert made.kept.parts["2026-06-01"].path == before["2026-06-01"]
    assert list(lake.current("_totals").parts) == ["2026-06-01", "2026-06-02", "2026-06-03"]


def test_a_part_that_is_gone_leaves_the_product(lake: Lake, make: Counted) -> None:
    """The current state holds the parts of the current inputs and no others."""
    step = Toy((TOTALS,), make, {"_words": ("id", "number")}, shape="each_part", partitioned=("_words",))
    put(lake, one=words(("a", 1, "x")), two=words(("b", 2, "x")))
    run(lake, step)
    put(lake, one=words(("a", 1, "x")))
    assert run(lake, step).reused and totals(lake) == {"a": 2}


def splitting(make: Counted) -> Toy:
    return Toy((TOTALS,), make, {"_words": ("id", "number")}, shape="split", partitioned=("_words",))


def test_a_split_keeps_the_parts_that_did_not_change(lake: Lake) -> None:
    """A part of a split is stamped by its own values: what hangs on an unchanged part is not made again."""
    make = Counted(lambda words: {str(k[0]): v for k, v in grouped(words).items()})
    put(lake, one=words(("a1", 1, "x"), ("b1", 2, "x")))
    assert run(lake, splitting(make)).parts_made == 2
    before = {part: written.path for part, written in lake.current("_totals").parts.items()}
    put(lake, "s2", one=words(("a1", 1, "x"), ("b1", 9, "x"), ("c1", 3, "x")))
    made = run(lake, splitting(make))
    assert made.parts_made == 2 and set(made.kept.parts) == {"a", "b", "c"}
    assert made.kept.parts["a"].path == before["a"] and made.kept.parts["b"].path != before["b"]


def grouped(words: dict[str, pl.DataFrame]) -> dict[tuple[object, ...], pl.DataFrame]:
    rows = pl.concat(words.values()).select("id", sum="number").with_columns(letter=pl.col("id").str.head(1))
    parts = rows.partition_by("letter", as_dict=True, maintain_order=True)
    return {key: part.drop("letter") for key, part in parts.items()}


def test_a_split_is_remembered_and_its_memory_may_be_lost(lake: Lake) -> None:
    """Equal inputs split once; a part file that is missing or half written has the split made again."""
    make = Counted(lambda words: {str(k[0]): v for k, v in grouped(words).items()})
    put(lake, one=words(("a1", 1, "x"), ("b1", 2, "x")))
    made = run(lake, splitting(make))
    assert run(lake, splitting(make)).reused and len(make.calls) == 1
    damaged = made.kept.parts["a"].path
    damaged.write_bytes(damaged.read_bytes()[:50])
    assert run(lake, splitting(make)).parts_made == 1
    assert totals(lake) == {"a1": 1, "b1": 2}


def test_a_half_written_memory_of_a_split_never_comes_about(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is written like every other file: whole, or not at all."""
    make = Counted(lambda words: {str(k[0]): v for k, v in grouped(words).items()})
    put(lake, one=words(("a1", 1, "x")))

    def killed(self: Path, *_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        run(lake, splitting(make))
    monkeypatch.undo()
    assert run(lake, splitting(make)).parts_made == 1


@pytest.mark.parametrize("cut", [0, 8, -1])
def test_a_half_written_file_is_made_anew(lake: Lake, step: Toy, make: Counted, cut: int) -> None:
    """What a killed build has left under a stamp is not taken for a product."""
    put(lake, all=words(("a", 1, "x")))
    path = run(lake, step).kept.parts["all"].path
    path.write_bytes(path.read_bytes()[:cut])
    assert not run(lake, step).reused and totals(lake) == {"a": 2}
    assert len(make.calls) == 2


def test_several_products_are_made_together(lake: Lake) -> None:
    """If one of them is missing, the step runs, and all are there."""
    both = Counted(lambda words: {"_totals": doubled(words), "_kept": words.select("id")})
    kept = Product("_kept", pl.Schema({"id": pl.String()}), ("id",), "Ids.", "g")
    step = Toy((TOTALS, kept), both, {"_words": ("id", "number")})
    put(lake, all=words(("a", 1, "x")))
    made = run_step(lake, step, SCHEMAS, {}, Stopwatch())
    assert [one.product.name for one in made] == ["_totals", "_kept"]
    made[1].kept.parts["all"].path.unlink()
    assert not any(one.reused for one in run_step(lake, step, SCHEMAS, {}, Stopwatch()))


def test_a_step_whose_input_was_never_made_is_told_so(lake: Lake, step: Toy) -> None:
    """The message names the product and the remedy."""
    with pytest.raises(StoreDamaged, match=r"_words has not been made in .* — materialize"):
        run(lake, step)


def test_a_frame_that_breaks_its_promise_leaves_nothing(lake: Lake) -> None:
    """A published product is held to its contract, a private one to its columns, before anything is written."""
    with pytest.raises(ContractBroken, match="_totals"):
        lake.keep(TOTALS, "all", "s", pl.DataFrame({"id": ["a"]}))
    sources = Product.published(TABLES["sources"])
    with pytest.raises(ContractBroken, match="sources"):
        lake.keep(sources, "all", "s", frames(1)["sources"].drop("name"))
    assert [path for path in lake.folder.rglob("*") if path.is_file()] == []


def test_a_full_disk_leaves_no_stump(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """One AlmanacError names the file; no part of it lies about, and the product is what it was."""
    put(lake, all=words(("a", 1, "x")))

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lake_module, "write_table", full)
    with pytest.raises(AlmanacError, match=r"s2\.parquet could not be written: No space left"):
        lake.keep(WORDS, "all", "s2", words(("a", 2, "x")))
    assert sorted(path.name for path in lake.folder.rglob("*") if path.is_file()) == ["current.json", "s.parquet"]
    assert lake.current("_words").rows == 1


def test_the_pointer_holds_paths_below_the_lake(lake: Lake) -> None:
    """A lake that is moved or copied stays whole."""
    put(lake, all=words(("a", 1, "x")))
    assert json.loads((lake.folder / "_words" / "current.json").read_text()) == {"all": "_words/all/s.parquet"}
    lake.folder.rename(lake.folder.with_name("moved"))
    assert Lake(lake.folder.with_name("moved")).current("_words").rows == 1


def test_a_published_product_is_sorted_and_its_hash_is_that_of_its_table(lake: Lake) -> None:
    """The content hash of one whole part is the data version that a release states."""
    product = Product.published(TABLES["sources"])
    rows = frames(3)["sources"]
    kept = put(lake, product=product, all=rows.reverse())
    assert kept.content_hash == kept.parts["all"].content_hash
    assert kept.frame(("source_id",), rows.schema)["source_id"].to_list() == ["source-0", "source-1", "source-2"]


def test_no_part_is_an_empty_frame(lake: Lake) -> None:
    """A product without parts has its columns and no row."""
    kept = lake.point("_words", {})
    assert kept.frame(("number",), SCHEMA).schema == {"number": pl.Int64()}
    assert kept.rows == 0


def test_the_fingerprint_of_a_folder_is_its_names_and_bytes(tmp_path: Path) -> None:
    """A renamed, changed or moved file changes it; where the folder lies does not."""
    one, two = tmp_path / "one" / "words", tmp_path / "two" / "words"
    for folder in (one, two):
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "a.txt").write_text("a")
        (folder / "b.txt").write_text("b")
    assert folder_fingerprint(one) == folder_fingerprint(two)
    assert re.fullmatch("[0-9a-f]{64}", folder_fingerprint(one / "b.txt"))
    (two / "b.txt").rename(two / "c.txt")
    assert folder_fingerprint(one) != folder_fingerprint(two)
    (two / "c.txt").rename(two / "b.txt")
    (two / "b.txt").write_text("c")
    assert folder_fingerprint(one) != folder_fingerprint(two)
