"""The lake: what steps have made, kept under the stamp of all that went into it, so that nothing is made twice.

    lake/<product>/<part>/<stamp>.parquet     never changed once written; several stamps may lie side by side
    lake/<product>/current.json               which of them the last build used

A part is a UTC day of fetching (`2026-02-27`), a piece of a bulk import (`import-0001`), or `all`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from almanac_assets.contract.table import Contract
from almanac_assets.errors import ContractBroken, StoreDamaged
from almanac_assets.store.files import write_text, writing
from almanac_assets.store.tables import (
    LAKE_LEVEL,
    PUBLISHED_LEVEL,
    Written,
    conform,
    read_frame,
    read_written,
    write_table,
)

WHOLE = "all"


@dataclass(frozen=True)
class Product:
    """A table that a step makes: published (it has a contract) or private (a name with a leading underscore)."""

    name: str
    schema: pl.Schema
    key: tuple[str, ...]
    says: str
    group: str
    contract: Contract | None = None

    @staticmethod
    def published(contract: Contract) -> Product:
        return Product(
            contract.name, contract.polars_schema, contract.key, contract.description, contract.group, contract
        )

    def table(self, frame: pl.DataFrame) -> pa.Table:
        """The frame in the product's columns, types and order."""
        if self.contract:
            return conform(frame, self.contract)
        if set(frame.columns) != set(self.schema):
            found = f"differing in {sorted(set(frame.columns) ^ set(self.schema))}"
            raise ContractBroken(self.name, "*", "exactly the product's columns", found)
        return frame.select(list(self.schema)).cast(self.schema).sort(self.key).to_arrow().combine_chunks()

    @property
    def fingerprint(self) -> str:
        # Descriptions and units stand in the file too. Arrow's own text of a schema cuts them short, so they are listed.
        promised = self.contract.columns if self.contract else ()
        fields = [(c.name, str(c.type), c.nullable, c.description, c.unit) for c in promised]
        version = self.contract.schema_version if self.contract else ""
        shape = f"{version}\0{fields}" if fields else str(self.schema)
        return hashlib.sha256(f"{self.name}\0{self.key}\0{shape}".encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """The parts of a product that the last build used."""

    product: str
    parts: Mapping[str, Written]

    @property
    def rows(self) -> int:
        return sum(written.rows for written in self.parts.values())

    def fingerprint(self, columns: tuple[str, ...]) -> str:
        """Hash of the values of these columns over all parts."""
        digest = hashlib.sha256()
        for part in sorted(self.parts):
            hashes = self.parts[part].columns
            digest.update(part.encode() + b"\0")
            digest.update("\0".join(f"{name}={hashes[name]}" for name in sorted(columns)).encode())
        return digest.hexdigest()

    def part(self, name: str) -> Kept:
        return Kept(self.product, {WHOLE: self.parts[name]})

    @property
    def content_hash(self) -> str:
        """Hash of all values; for a product of one part, the content hash of its table."""
        if set(self.parts) == {WHOLE}:
            return self.parts[WHOLE].content_hash
        joined = "\0".join(f"{part}={self.parts[part].content_hash}" for part in sorted(self.parts))
        return hashlib.sha256(joined.encode()).hexdigest()

    def frame(self, columns: tuple[str, ...], schema: pl.Schema) -> pl.DataFrame:
        """These columns of all parts, in the order of the parts' names."""
        if not self.parts:
            return pl.DataFrame(schema={name: schema[name] for name in columns})
        return pl.concat(
            [read_frame(self.parts[part].path, list(columns)).select(columns) for part in sorted(self.parts)],
            rechunk=False,
        )


class Lake:
    """A folder of products with their stamps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, product: Product, part: str, stamp: str) -> Written | None:
        """What was made under this stamp before, or None."""
        path = self._path(product.name, part, stamp)
        if not path.exists():
            return None
        try:
            return read_written(path)
        except StoreDamaged:
            path.unlink()  # a half file of a killed build: made anew
            return None

    def keep(self, product: Product, part: str, stamp: str, frame: pl.DataFrame) -> Written:
        """Write a part under its stamp."""
        path = self._path(product.name, part, stamp)
        aside = path.with_suffix(".part")
        level = PUBLISHED_LEVEL if product.contract else LAKE_LEVEL
        table = product.table(frame)
        with writing(str(path)):
            try:
                # Not flushed to disk: what a loss of power leaves behind is found damaged and made anew.
                written = write_table(aside, table, level=level, key=product.key)
                aside.replace(path)
            finally:
                aside.unlink(missing_ok=True)
        return Written(path, written.rows, written.columns)

    def point(self, product: str, parts: Mapping[str, Written]) -> Kept:
        """Say that these parts are the current ones."""
        names = {part: parts[part].path.relative_to(self.folder).as_posix() for part in sorted(parts)}
        write_text(self.folder / product / "current.json", json.dumps(names, indent=1) + "\n")
        return Kept(product, dict(parts))

    def current(self, product: str) -> Kept:
        """The parts that the last build used; StoreDamaged if the product was never made."""
        pointer = self.folder / product / "current.json"
        try:
            names = json.loads(pointer.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreDamaged(
                f"{product} has not been made in {self.folder}", remedy="materialize what it is made from first"
            ) from error
        return Kept(product, {part: read_written(self.folder / name) for part, name in names.items()})

    def _path(self, product: str, part: str, stamp: str) -> Path:
        return self.folder / product / part / f"{stamp}.parquet"
