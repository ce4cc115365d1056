"""A published table is one class; everything that describes or guards it derives from that class.

Facts of the table (key, group, title) are class keywords, because columns are called name, title, key and text too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar

import polars as pl
import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """One published column: its type, what it means, and what it may hold."""

    type: pa.DataType
    description: str
    nullable: bool = False
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] | None = None
    pattern: str | None = None
    refers_to: str | None = None  # "table.column" of a foreign key
    since: str = "1.0.0"  # the table's schema_version in which it first appeared
    name: str = ""

    @property
    def type_name(self) -> str:
        """The type as the data dictionary writes it: text, time, date, count, float64, list<text> ..."""
        return TYPE_NAMES[self.type]

    @property
    def is_list(self) -> bool:
        return bool(pa.types.is_list(self.type))


TYPE_NAMES = {
    pa.string(): "text",
    pa.timestamp("us", "UTC"): "time",
    pa.date32(): "date",
    pa.bool_(): "bool",
    pa.int8(): "int8",
    pa.int16(): "int16",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.list_(pa.string()): "list<text>",
    pa.list_(pa.int8()): "list<int8>",
}


@dataclass(frozen=True)
class Rule:
    """A law between columns: `broken_when` is an SQL condition that holds for exactly the rows that break it."""

    name: str
    says: str
    broken_when: str


def unique(column: str, table: str) -> Rule:
    """No two rows of the table have the same value in this column, which is not its key."""
    repeated = f"SELECT {column} FROM {table} GROUP BY {column} HAVING count(*) > 1"
    return Rule(f"{column}_unique", f"no two rows have the same {column}", f"{column} IN ({repeated})")


@dataclass(frozen=True)
class Contract:
    """All that is promised of one published table."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    group: str
    primary_source: str
    schema_version: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    question: str = ""  # one question that the table answers, for the docs

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def references(self) -> list[tuple[Column, str, str]]:
        """(column, table, column there) for each foreign key."""
        found = []
        for column in self.columns:
            if column.refers_to:
                table, _, there = column.refers_to.partition(".")
                found.append((column, table, there))
        return found

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Parquet schema: types, nullability, descriptions and units as field metadata."""
        fields = []
        for column in self.columns:
            metadata = {"description": column.description} | ({"unit": column.unit} if column.unit else {})
            arrow_type = pa.list_(pa.field("element", column.type.value_type, False)) if column.is_list else column.type
            fields.append(pa.field(column.name, arrow_type, column.nullable, metadata))
        facts = {"almanac.table": self.name, "almanac.schema_version": self.schema_version}
        return pa.schema(fields, metadata=facts)

    @property
    def polars_schema(self) -> pl.Schema:
        empty = pl.from_arrow(pa.schema([(c.name, c.type) for c in self.columns]).empty_table())
        assert isinstance(empty, pl.DataFrame)
        return empty.schema

    @property
    def stated_schema(self) -> pl.Schema:
        """The columns without the method, which is added where several rooms' rows become the table."""
        return pl.Schema({name: kind for name, kind in self.polars_schema.items() if name != "method"})


class Table:
    """The base of every published table's class; a subclass registers its contract."""

    contract: ClassVar[Contract]
    _by_module: ClassVar[dict[str, list[Contract]]] = {}

    def __init_subclass__(
        cls,
        *,
        key: tuple[str, ...],
        group: str,
        title: str,
        question: str,
        primary_source: str = "derived",
        schema_version: str = "1.0.0",
        rules: tuple[Rule, ...] = (),
    ) -> None:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        columns = tuple(replace(value, name=at) for at, value in vars(cls).items() if isinstance(value, Column))
        missing = set(key) - {column.name for column in columns}
        if missing:
            raise TypeError(f"{cls.__name__}: key names no column of the table: {sorted(missing)}")
        cls.contract = Contract(
            name=name,
            title=title,
            description=" ".join((cls.__doc__ or "").split()),
            key=key,
            group=group,
            primary_source=primary_source,
            schema_version=schema_version,
            columns=columns,
            rules=rules,
            question=question,
        )
        Table._by_module.setdefault(cls.__module__, []).append(cls.contract)


def registered(modules: list[str]) -> dict[str, Contract]:
    """The contracts of these modules' classes, in the order of modules and of classes in them."""
    return {contract.name: contract for module in modules for contract in Table._by_module.get(module, [])}
