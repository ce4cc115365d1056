"""The checks of a table as SQL, derived from its contract: each query returns the offending rows and nothing else.

The same queries run as asset checks, as gates before a release is published, and in `almanac verify`. A table is
reached by a view of its own name, so that the queries hold no path.
"""

from __future__ import annotations

from dataclasses import dataclass

from almanac_assets.contract.table import Column, Contract


@dataclass(frozen=True)
class Check:
    """One law of a table; `sql` gives the rows that break it, with the broken law in the column `broken`."""

    name: str
    says: str
    sql: str
    needs: tuple[str, ...] = ()  # other tables that must be there as views


def table_checks(contract: Contract) -> list[Check]:
    """The checks that need the table alone: `key` and `values`."""
    return [key_check(contract), values_check(contract)]


def key_check(contract: Contract) -> Check:
    """No two rows have the same key."""
    key = ", ".join(quoted(name) for name in contract.key)
    return Check(
        "key",
        f"({', '.join(contract.key)}) is unique",
        f"SELECT 'key is unique' AS broken, {key}, count(*) AS rows FROM {quoted(contract.name)} "
        f"GROUP BY {key} HAVING count(*) > 1",
    )


def values_check(contract: Contract) -> Check:
    """Nullability, ranges, closed lists, patterns, no empty texts, and the laws between columns."""
    laws = [law for column in contract.columns for law in column_laws(column)]
    laws += [(f"{rule.name}: {rule.says}", rule.broken_when) for rule in contract.rules]
    key = ", ".join(quoted(name) for name in contract.key)
    selects = [
        f"SELECT {literal(says)} AS broken, {key} FROM {quoted(contract.name)} WHERE {broken_when}"
        for says, broken_when in laws
    ]
    return Check("values", "every value is as the contract says", " UNION ALL ".join(selects))


def reference_check(contract: Contract) -> Check | None:
    """Every foreign key stands in the table it refers to; None for a table without foreign keys."""
    selects = []
    for column, table, there in contract.references:
        key = ", ".join(f"t.{quoted(name)}" for name in contract.key)
        if column.is_list:
            rows = f"(SELECT *, unnest({quoted(column.name)}) AS one FROM {quoted(contract.name)}) AS t"
            value = "t.one"
        else:
            rows, value = f"{quoted(contract.name)} AS t", f"t.{quoted(column.name)}"
        selects.append(
            f"SELECT {literal(f'{column.name} stands in {table}')} AS broken, {key} FROM {rows} "
            f"WHERE {value} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {quoted(table)} AS o WHERE o.{quoted(there)} = {value})"
        )
    if not selects:
        return None
    needs = tuple(sorted({table for _, table, _ in contract.references} - {contract.name}))
    return Check("references", "every reference has its row", " UNION ALL ".join(selects), needs)


def column_laws(column: Column) -> list[tuple[str, str]]:
    """(what must hold, SQL condition of a row that breaks it) for one column."""
    name = quoted(column.name)
    laws = []
    if not column.nullable:
        laws.append((f"{column.name} is not null", f"{name} IS NULL"))
    element, any_element = name, "{}"
    if column.is_list:
        element, any_element = "x", f"len(list_filter({name}, lambda x: {{}})) > 0"
        laws.append((f"{column.name} holds no null", any_element.format("x IS NULL")))
    if column.type_name.endswith("text") or column.type_name == "list<text>":
        laws.append((f"{column.name} is never empty text", any_element.format(f"{element} = ''")))
    if column.allowed:
        closed = ", ".join(literal(value) for value in column.allowed)
        laws.append((f"{column.name} is in its closed list", any_element.format(f"{element} NOT IN ({closed})")))
    if column.pattern:
        matched = f"regexp_full_match({element}, {literal(column.pattern)})"
        laws.append((f"{column.name} has its pattern", any_element.format(f"NOT {matched}")))
    if column.low is not None:
        laws.append((f"{column.name} >= {column.low:g}", any_element.format(f"{element} < {column.low!r}")))
    if column.high is not None:
        laws.append((f"{column.name} <= {column.high:g}", any_element.format(f"{element} > {column.high!r}")))
    if column.type_name == "float64":
        laws.append((f"{column.name} is finite", f"NOT isfinite({name})"))
    return laws


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
