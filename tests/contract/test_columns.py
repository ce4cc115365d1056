"""What every published column and table must say about itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from almanac_assets.contract import TABLES, Contract, lists
from almanac_assets.contract import column as c
from almanac_assets.contract.table import TYPE_NAMES, Rule, Table, unique

COLUMNS = [(contract, column) for contract in TABLES.values() for column in contract.columns]
EACH_TABLE = pytest.mark.parametrize("contract", TABLES.values(), ids=list(TABLES))

# Ids that point into more than one table, so that no single reference can hold them.
POINT_ANYWHERE = {
    "list_notes.subject_id": "a document, event or entity, as list_name says",
    "redirects.from_id": "an id of the kind that `kind` names, or a slug",
    "evidence.subject_id": "a row of the table that subject_table names",
}
# Closed lists that no column uses yet, with the reason why they stand there.
LISTS_IN_WAITING: dict[str, str] = {}


@EACH_TABLE
def test_a_column_says_what_it_means(contract: Contract) -> None:
    """A description of more than a word, without a full stop and without promises for later."""
    for column in contract.columns:
        assert len(column.description) >= 8, column.description
        assert not column.description.endswith(".")
        assert not {"TODO", "FIXME", "XXX", "TBD"} & set(column.description.upper().split())
        assert "|" not in column.description and "\n" not in column.description


@EACH_TABLE
def test_a_number_time_or_date_has_a_unit(contract: Contract) -> None:
    """A reader never guesses what a number counts; texts and truth values have no unit."""
    for column in contract.columns:
        is_number = column.type_name not in ("text", "bool", "list<text>")
        assert bool(column.unit) == is_number


@EACH_TABLE
def test_a_range_is_a_range(contract: Contract) -> None:
    """Bounds stand on numbers only, the lower one below the upper one, whole ones on whole numbers inside the type."""
    for column in contract.columns:
        bounds = [bound for bound in (column.low, column.high) if bound is not None]
        if not bounds:
            continue
        inner = column.type.value_type if column.is_list else column.type
        assert pa.types.is_integer(inner) or pa.types.is_floating(inner)
        assert bounds == sorted(bounds)
        if pa.types.is_integer(inner):
            for bound in bounds:
                assert pa.scalar(int(bound), inner).as_py() == bound


@EACH_TABLE
def test_whole_numbers_never_fall_below_a_stated_bound(contract: Contract) -> None:
    """Counts, positions, ranks and spans all have a least value."""
    for column in contract.columns:
        if pa.types.is_integer(column.type):
            assert column.low is not None


@EACH_TABLE
def test_a_closed_list_is_not_empty_and_has_no_double(contract: Contract) -> None:
    """A closed list holds distinct lower-case names."""
    for column in contract.columns:
        if column.allowed is None:
            continue
        assert column.allowed and len(set(column.allowed)) == len(column.allowed)
        assert all(value and value == value.lower() and " " not in value for value in column.allowed)
        assert column.type_name in ("text", "list<text>")


@EACH_TABLE
def test_an_id_has_a_pattern_or_a_reference(contract: Contract) -> None:
    """No id is free text, but for those that may point into several tables."""
    for column in contract.columns:
        is_text_id = column.type_name == "text" and column.name.endswith(
            ("_id", "sha256", "_hash", "slug", "orcid", "doi")
        )
        if is_text_id and f"{contract.name}.{column.name}" not in POINT_ANYWHERE:
            assert column.pattern or column.refers_to


@EACH_TABLE
def test_a_type_is_one_that_all_readers_take_alike(contract: Contract) -> None:
    """Only the types named in TYPE_NAMES, a list is never null, and `since` is no later than the schema version."""
    for column in contract.columns:
        assert column.type in TYPE_NAMES
        assert not (column.is_list and column.nullable)
        numbers = [tuple(int(n) for n in version.split(".")) for version in (column.since, contract.schema_version)]
        assert numbers == sorted(numbers)


def test_every_id_that_points_anywhere_exists() -> None:
    """The list of exceptions names no column that is gone."""
    assert set(POINT_ANYWHERE) <= {f"{contract.name}.{column.name}" for contract, column in COLUMNS}


@EACH_TABLE
def test_the_key_comes_first_and_is_never_null(contract: Contract) -> None:
    """The key's columns open the table, in the order of the key."""
    assert contract.key and contract.column_names[: len(contract.key)] == list(contract.key)
    assert not any(contract.column(name).nullable for name in contract.key)


@EACH_TABLE
def test_every_reference_names_a_key_of_the_same_type(contract: Contract) -> None:
    """A foreign key points to the whole key of a table that is published."""
    for column, table, there in contract.references:
        assert TABLES[table].key == (there,)
        inner = column.type.value_type if column.is_list else column.type
        assert TABLES[table].column(there).type == inner


@EACH_TABLE
def test_a_table_says_what_a_row_is_and_what_it_answers(contract: Contract) -> None:
    """Title, a sentence, a question, a group and a version."""
    assert contract.title and contract.group and contract.primary_source
    assert contract.description.endswith(".") and contract.question.endswith("?")
    assert len(contract.schema_version.split(".")) == 3


@EACH_TABLE
def test_a_rule_has_a_name_of_its_own_and_a_sentence(contract: Contract) -> None:
    """Messages of broken rules can be told apart."""
    names = [rule.name for rule in contract.rules]
    assert len(set(names)) == len(names)
    assert all(rule.says and rule.broken_when for rule in contract.rules)


@EACH_TABLE
def test_a_derived_table_ends_with_its_method(contract: Contract) -> None:
    """What a rule has made names the rule, in the last column; the contract's own tables and inputs have none."""
    has_method = contract.column_names[-1] == "method" and contract.name != "methods"
    assert has_method == (contract.name not in ("sources", "payloads", "methods", "quality", "tables", "columns"))


@EACH_TABLE
def test_the_parquet_schema_carries_the_meaning(contract: Contract) -> None:
    """Description and unit travel as field metadata, nullability as itself, and list elements are never null."""
    for column, field in zip(contract.columns, contract.arrow_schema, strict=True):
        assert field.metadata[b"description"].decode() == column.description
        assert field.metadata.get(b"unit", b"").decode() == (column.unit or "")
        assert field.nullable == column.nullable
        assert not column.is_list or not field.type.value_field.nullable
    assert contract.arrow_schema.metadata[b"almanac.table"].decode() == contract.name
    assert list(contract.polars_schema) == contract.column_names


def used_lists() -> Iterator[str]:
    folder = Path(lists.__file__).parent
    for module in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "lists":
                yield node.attr


def test_every_closed_list_is_used_or_waits_for_a_reason() -> None:
    """No list lies about that no column is held to."""
    named = {name for name in vars(lists) if name.isupper()}
    assert named - set(used_lists()) == set(LISTS_IN_WAITING)
    assert all(LISTS_IN_WAITING.values())


def test_lists_that_name_tables_name_published_ones() -> None:
    """record_history knows only tables that there are."""
    assert set(lists.HISTORY_TABLES) <= set(TABLES)


def test_a_key_that_is_no_column_is_refused() -> None:
    """A table cannot be declared with a key that it does not have."""
    with pytest.raises(TypeError, match="absent"):

        class Nowhere(Table, key=("absent",), group="g", title="t", question="q?"):
            """A row."""

            present = c.text("the only column")


def test_a_class_becomes_a_contract() -> None:
    """Name, columns and description come from the class; the order of columns is that of the class."""

    class TwoWords(Table, key=("first",), group="g", title="t", question="q?", rules=(Rule("r", "says", "1 = 2"),)):
        """A row,
        told over two lines."""

        first = c.text("the key")
        second = c.count("a number", unit="things")

    contract = TwoWords.contract
    assert contract.name == "two_words"
    assert contract.column_names == ["first", "second"]
    assert contract.description == "A row, told over two lines."
    assert contract.column("second").unit == "things" and contract.column("second").low == 0
    assert "two_words" not in TABLES


def test_a_unique_column_is_a_rule() -> None:
    """`unique` says in SQL that a value stands once."""
    rule = unique("slug", "entities")
    assert rule.name == "slug_unique" and "HAVING count(*) > 1" in rule.broken_when


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://arxiv.org/abs/2606.01234", True),
        ("http://example.org", True),
        ("https://example.org?page=2", True),
        ("https://example.org/a@b", True),
        ("https://name:word@example.org/", False),
        ("https://token@example.org", False),
        ("ftp://example.org/", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://example.org/a b", False),
    ],
)
def test_an_address_is_http_without_user_and_password(address: str, fits: bool) -> None:
    """The pattern of addresses refuses other schemes, blanks and credentials."""
    import re

    pattern = c.url("an address").pattern
    assert pattern is not None
    assert bool(re.fullmatch(pattern, address)) == fits
