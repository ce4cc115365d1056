"""Steps: pure functions from tables to tables, run only when something that they declare to read has changed.

The stamp of a step takes its code, its parameters, the schema it writes, and the content hashes of exactly the columns
it reads; the function is given those columns and no others, so the declaration cannot lie.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from almanac_assets.store.clock import Clock
from almanac_assets.store.code import code_version
from almanac_assets.store.content import column_hashes, table_hash
from almanac_assets.store.files import write_text
from almanac_assets.store.lake import WHOLE, Kept, Lake, Product

log = logging.getLogger("almanac.steps")


@dataclass(frozen=True)
class Given:
    """Something besides tables that a step is given, such as a word list: how to load it, and a hash of its bytes.

    It is loaded only when a step has to run.
    """

    load: Callable[[], Any]
    fingerprint: str


@dataclass(frozen=True)
class Step:
    """How some products are made.

    `shape` says how the work is cut: `whole` makes whole products from whole inputs; `each_part` makes each part of its
    products from the same part of its partitioned inputs; `split` returns {part: frame} itself, and is given its
    partitioned inputs as {part: frame}.
    """

    products: tuple[Product, ...]
    make: Callable[..., Any]
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    shape: Literal["whole", "each_part", "split"] = "whole"
    partitioned: tuple[str, ...] = ()  # the inputs taken part by part

    @property
    def name(self) -> str:
        return self.products[0].name

    @property
    def code_version(self) -> str:
        return code_version(self.make)


@dataclass(frozen=True)
class Made:
    """What became of one product of a step."""

    product: Product
    kept: Kept
    parts_made: int
    seconds: float

    @property
    def reused(self) -> bool:
        return self.parts_made == 0


def run_step(
    lake: Lake, step: Step, schemas: Mapping[str, pl.Schema], given: Mapping[str, Given], clock: Clock
) -> list[Made]:
    """Make the step's products, or find them under their stamps; then point the lake at them."""
    begin = clock.elapsed()
    inputs = {name: lake.current(name) for name in step.reads}
    things = {name: given[name] for name in step.given}
    if step.shape == "each_part":
        parts = sorted(set().union(*(inputs[name].parts for name in step.partitioned)))
        kept, made = _each_part(lake, step, schemas, inputs, things, parts)
    elif step.shape == "split":
        kept, made = _split(lake, step, schemas, inputs, things)
    else:
        kept, made = _part(lake, step, schemas, inputs, things, WHOLE)
    seconds = clock.elapsed() - begin
    results = [Made(product, lake.point(product.name, kept[product.name]), made, seconds) for product in step.products]
    for result in results:
        state = "unchanged" if result.reused else f"made in {seconds:.1f} s"
        log.info("%-22s %9s rows  %s", result.product.name, f"{result.kept.rows:,}", state)
    return results


def _each_part(
    lake: Lake,
    step: Step,
    schemas: Mapping[str, pl.Schema],
    inputs: Mapping[str, Kept],
    given: Mapping[str, Given],
    parts: list[str],
) -> tuple[dict[str, dict[str, Any]], int]:
    kept: dict[str, dict[str, Any]] = {product.name: {} for product in step.products}
    made = 0
    for part in parts:
        own = {name: kin.part(part) if name in step.partitioned else kin for name, kin in inputs.items()}
        part_kept, part_made = _part(lake, step, schemas, own, given, part)
        made += part_made
        for name, written in part_kept.items():
            kept[name] |= written
    return kept, made


def _part(
    lake: Lake,
    step: Step,
    schemas: Mapping[str, pl.Schema],
    inputs: Mapping[str, Kept],
    given: Mapping[str, Given],
    part: str,
) -> tuple[dict[str, dict[str, Any]], int]:
    stamp = _stamp(step, inputs, given)
    found = {product.name: lake.find(product, part, stamp) for product in step.products}
    if all(found.values()):
        return {name: {part: written} for name, written in found.items()}, 0
    frames = step.make(**_arguments(step, schemas, inputs, given))
    if isinstance(frames, pl.DataFrame):
        frames = {step.name: frames}
    return {product.name: {part: lake.keep(product, part, stamp, frames[product.name])} for product in step.products}, 1


def _split(
    lake: Lake, step: Step, schemas: Mapping[str, pl.Schema], inputs: Mapping[str, Kept], given: Mapping[str, Given]
) -> tuple[dict[str, dict[str, Any]], int]:
    """A part of a split product is stamped by its own values, so that an unchanged part stays the same file.

    What the whole split came to is remembered under the stamp of its inputs.
    """
    (product,) = step.products
    stamp = _stamp(step, inputs, given)
    memory = lake.folder / product.name / "splits" / f"{stamp}.json"
    if memory.exists():
        stamps: dict[str, str] = json.loads(memory.read_text(encoding="utf-8"))
        found = {part: lake.find(product, part, at) for part, at in stamps.items()}
        if all(found.values()):
            return {product.name: found}, 0
    kept, made = {}, 0
    stamps = {}
    for part, frame in step.make(**_arguments(step, schemas, inputs, given)).items():
        at = _frame_stamp(product, frame)
        written = lake.find(product, part, at)
        if written is None:
            written, made = lake.keep(product, part, at, frame), made + 1
        kept[part], stamps[part] = written, at
    write_text(memory, json.dumps(stamps, indent=1) + "\n")
    return {product.name: kept}, made


def _arguments(
    step: Step, schemas: Mapping[str, pl.Schema], inputs: Mapping[str, Kept], given: Mapping[str, Given]
) -> dict[str, Any]:
    frames: dict[str, Any] = {}
    for name, kin in inputs.items():
        columns, schema = step.reads[name], schemas[name]
        if step.shape == "split" and name in step.partitioned:
            frames[name.lstrip("_")] = {part: kin.part(part).frame(columns, schema) for part in sorted(kin.parts)}
        else:
            frames[name.lstrip("_")] = kin.frame(columns, schema)
    return frames | {name: thing.load() for name, thing in given.items()}


def _stamp(step: Step, inputs: Mapping[str, Kept], given: Mapping[str, Given]) -> str:
    lines = [step.code_version, *(product.fingerprint for product in step.products)]
    lines += [f"{name}:{inputs[name].fingerprint(step.reads[name])}" for name in sorted(inputs)]
    lines += [f"{name}:{given[name].fingerprint}" for name in sorted(given)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _frame_stamp(product: Product, frame: pl.DataFrame) -> str:
    columns = column_hashes(product.table(frame))
    return hashlib.sha256(f"{product.fingerprint}\0{table_hash(columns)}".encode()).hexdigest()[:32]


def folder_fingerprint(path: Path) -> str:
    """Hex sha256 over the names and bytes of a file or of all files below a folder."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    for file in files:
        digest.update(f"{file.relative_to(path.parent).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
