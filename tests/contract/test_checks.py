"""Each law of the contract as SQL: it is broken exactly by the rows that break it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from almanac_assets.contract import TABLES, Column
from almanac_assets.contract.checks import Check, column_laws, literal, quoted, reference_check, table_checks
from almanac_assets.release.queries import Finding, in_memory, run_check, show_tables
from tests.contract.rows import EARLY, MADE, frame, frames, replaced, row


def findings(folder: Path, tables: dict[str, pl.DataFrame]) -> dict[str, Finding]:
    """`table.check` -> how it came out, over frames written as they are, whatever they hold."""
    found: dict[str, Finding] = {}
    with in_memory() as connection:
        for name, rows in tables.items():
            rows.write_parquet(folder / f"{name}.parquet")
        show_tables(connection, {name: [folder / f"{name}.parquet"] for name in tables})
        for name in tables:
            reference = reference_check(TABLES[name])
            checks = table_checks(TABLES[name])
            checks += [reference] if reference and set(reference.needs) <= set(tables) else []
            found |= {f"{name}.{check.name}": run_check(connection, check) for check in checks}
    return found


def broken(folder: Path, tables: dict[str, pl.DataFrame]) -> dict[str, list[str]]:
    """The checks that failed, with the first words of each example: the law."""
    return {
        name: [example.split(" at ")[0] for example in finding.examples]
        for name, finding in findings(folder, tables).items()
        if not finding.passed
    }


def broken_alone(folder: Path, table: str, *rows: dict[str, Any]) -> list[str]:
    """Each law of `values` that these rows of one table break, once per row that breaks it."""
    frame(table, list(rows)).write_parquet(folder / f"{table}.parquet")
    with in_memory() as connection:
        show_tables(connection, {table: [folder / f"{table}.parquet"]})
        _, values = table_checks(TABLES[table])
        return [law for (law,) in connection.sql(f"SELECT broken FROM ({values.sql}) ORDER BY ALL").fetchall()]


def test_empty_tables_pass(tmp_path: Path) -> None:
    """A table without rows breaks no law."""
    assert broken(tmp_path, {name: frame(name, []) for name in TABLES}) == {}


def test_rows_made_from_the_contract_pass(tmp_path: Path) -> None:
    """The rows that the other tests start from keep every law, references included."""
    tables = frames(3)
    found = findings(tmp_path, tables)
    assert [str(finding) for finding in found.values() if not finding.passed] == []
    assert {name.split(".")[0] for name in found if name.endswith(".references")} > {"mentions", "events"}


@pytest.mark.parametrize("name", MADE)
def test_a_null_in_a_column_that_has_none_is_found(tmp_path: Path, name: str) -> None:
    """For every not-null column of every table, one null breaks the law that names it, once."""
    required = [column.name for column in TABLES[name].columns if not column.nullable]
    laws = broken_alone(tmp_path, name, *(row(name, i, **{at: None}) for i, at in enumerate(required)))
    assert [laws.count(f"{at} is not null") for at in required] == [1] * len(required)


@pytest.mark.parametrize("name", MADE)
def test_an_empty_text_is_found(tmp_path: Path, name: str) -> None:
    """Empty text is neither a value nor a null."""
    texts = [column.name for column in TABLES[name].columns if column.type_name == "text"]
    laws = broken_alone(tmp_path, name, *(row(name, i, **{at: ""}) for i, at in enumerate(texts)))
    assert [laws.count(f"{at} is never empty text") for at in texts] == [1] * len(texts)


@pytest.mark.parametrize("name", MADE)
def test_a_value_out_of_range_is_found(tmp_path: Path, name: str) -> None:
    """Both bounds themselves are allowed; just outside of them each law is broken once."""
    inside: list[dict[str, Any]] = []
    outside: list[dict[str, Any]] = []
    expected = []
    for column in TABLES[name].columns:
        for bound, sign, step in ((column.low, ">=", -1), (column.high, "<=", 1)):
            if bound is None or column.is_list:
                continue
            is_real = column.type_name == "float64"
            expected.append(f"{column.name} {sign} {bound:g}")
            inside.append(row(name, len(inside), **{column.name: bound if is_real else int(bound)}))
            beyond = bound + step * 1e-6 if is_real else int(bound) + step
            outside.append(row(name, len(outside), **{column.name: beyond}))
    assert not set(expected) & set(broken_alone(tmp_path, name, *inside))
    laws = broken_alone(tmp_path, name, *outside)
    assert [laws.count(law) for law in expected] == [1] * len(expected)


@pytest.mark.parametrize("name", MADE)
def test_a_value_outside_its_closed_list_or_pattern_is_found(tmp_path: Path, name: str) -> None:
    """Closed lists and patterns hold for the whole value, not for a part of it."""
    rows: list[dict[str, Any]] = []
    expected = []
    for column in TABLES[name].columns:
        if column.type_name == "text" and column.allowed:
            expected.append(f"{column.name} is in its closed list")
            rows.append(row(name, len(rows), **{column.name: column.allowed[0] + "s"}))
        if column.type_name == "text" and column.pattern:
            expected.append(f"{column.name} has its pattern")
            rows.append(row(name, len(rows), **{column.name: "\n é"}))
    laws = broken_alone(tmp_path, name, *rows)
    assert [laws.count(law) for law in expected] == [1] * len(expected)


@pytest.mark.parametrize("name", MADE)
def test_a_number_that_is_none_is_found(tmp_path: Path, name: str) -> None:
    """NaN and infinity are no values."""
    numbers = [column.name for column in TABLES[name].columns if column.type_name == "float64"]
    none = [float("nan"), float("inf"), float("-inf")]
    laws = broken_alone(tmp_path, name, *(row(name, 0, **{at: value}) for at in numbers for value in none))
    assert [laws.count(f"{at} is finite") for at in numbers] == [3] * len(numbers)


def violations(column: Column, values: list[Any]) -> list[str]:
    """The laws of a column that these values break, one row per value, over a table made by hand."""
    with in_memory() as connection:
        connection.register("t", pa.table({"x": pa.array(values, column.type)}))
        laws = column_laws(column)
        counts = [(law, connection.sql(f"SELECT count(*) FROM t WHERE {sql}").fetchall()[0][0]) for law, sql in laws]
        return [law for law, count in counts if count]


def test_the_elements_of_a_list_are_held_to_the_same_laws() -> None:
    """Null, empty, unlisted or ill-formed elements are found wherever they stand; an empty list is fine."""
    texts = Column(pa.list_(pa.string()), "texts", allowed=("a", "b"), pattern="[ab]", name="x")
    assert violations(texts, [["a", "b"], [], ["b"]]) == []
    assert violations(texts, [["a"], ["a", None]]) == ["x holds no null"]
    assert violations(texts, [["a"], None]) == ["x is not null"]
    assert violations(texts, [["a", ""]]) == [
        "x is never empty text",
        "x is in its closed list",
        "x has its pattern",
    ]
    numbers = Column(pa.list_(pa.int8()), "numbers", low=-127, high=127, name="x")
    assert violations(numbers, [[-127, 127], []]) == []
    assert violations(numbers, [[0, -128]]) == ["x >= -127"]


def test_a_null_breaks_no_law_of_a_nullable_column() -> None:
    """A nullable column may be null whatever list, range or pattern its values have."""
    listed = Column(pa.string(), "text", True, allowed=("a",), pattern="a", name="x")
    assert violations(listed, [None, "a"]) == []
    ranged = Column(pa.float64(), "number", True, low=0, high=1, name="x")
    assert violations(ranged, [None, 0.0, 1.0]) == []


def test_a_repeated_key_is_found_and_counted(tmp_path: Path) -> None:
    """Two rows of one key are one finding that names the key."""
    twice = pl.concat([frame("documents", [row("documents", 0), row("documents", 1)])] * 2)
    found = findings(tmp_path, {"documents": twice})["documents.key"]
    assert found.rows == 2
    assert found.examples[0] == "key is unique at arxiv:2606.00000, 2"
    assert str(found).startswith("key: 2 rows break it, such as key is unique at arxiv:2606.00000, 2; ")


def test_a_key_of_two_columns_is_unique_as_a_pair(tmp_path: Path) -> None:
    """Neither half of a key need be unique."""
    authors = [row("document_authors", 0, position=n) for n in (1, 2)] + [row("document_authors", 1)]
    assert findings(tmp_path, {"document_authors": frame("document_authors", authors)})["document_authors.key"].passed


def test_a_dangling_reference_is_found(tmp_path: Path) -> None:
    """For every single-valued reference of every table, a value without its row is found under the column's name."""
    tables = frames(2)
    loose, expected = dict(tables), set()
    for name in MADE:
        for column, table, _ in TABLES[name].references:
            if not column.is_list:
                nowhere = row(name, 9, **{column.name: "nowhere"})
                loose[name] = pl.concat([loose[name], frame(name, [nowhere])])
                expected.add((name, f"{column.name} stands in {table}"))
    with in_memory() as connection:
        found = set()
        for name, rows in loose.items():
            rows.write_parquet(tmp_path / f"{name}.parquet")
        show_tables(connection, {name: [tmp_path / f"{name}.parquet"] for name in loose})
        for name in loose:
            check = reference_check(TABLES[name])
            laws = connection.sql(f"SELECT broken FROM ({check.sql})").fetchall() if check else []
            found |= {(name, law) for (law,) in laws}
    assert found >= expected


def test_a_dangling_reference_in_a_list_is_found(tmp_path: Path) -> None:
    """Every element of a list is looked up, not the first alone."""
    tables = frames(2)
    known = tables["entities"]["entity_id"][0]
    told = replaced(tables["mentions"], 0, candidates=[known, "ghost-00000000"])
    fine = replaced(tables["mentions"], 0, candidates=[known])
    assert broken(tmp_path, tables | {"mentions": fine}) == {}
    assert broken(tmp_path, tables | {"mentions": told}) == {"mentions.references": ["candidates stands in entities"]}


def test_a_null_reference_refers_to_nothing(tmp_path: Path) -> None:
    """Null foreign keys need no row."""
    tables = frames(2)
    assert tables["document_authors"]["entity_id"].null_count() == 2
    assert findings(tmp_path, tables)["document_authors.references"].passed


# table, law, the values of a row that break it, the values of one that does not
LATER = EARLY + timedelta(days=1)
BROKEN_RULES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "documents",
        "day_of_published",
        {"published_at": EARLY, "day": LATER.date()},
        {"published_at": EARLY, "day": EARLY.date()},
    ),
    ("documents", "title_only_has_no_text", {"text": None}, {"text": None, "text_basis": "title_only"}),
    (
        "documents",
        "reason_only_if_withdrawn",
        {"withdrawn_reason": "error in a proof"},
        {"withdrawn_reason": "error in a proof", "is_withdrawn": True},
    ),
    ("documents", "seen_in_order", {"first_seen_at": LATER}, {"first_seen_at": EARLY}),
    ("mentions", "span_not_empty", {"start": 1, "end": 1, "surface": ""}, {"start": 1, "end": 2}),
    ("mentions", "span_is_surface", {"start": 0, "end": 3, "surface": "né"}, {"start": 0, "end": 2, "surface": "né"}),
    ("mentions", "linked_or_told_why", {"unresolved_reason": "generic"}, {"unresolved_reason": None}),
    ("mentions", "link_has_rule", {"link_rule": None}, {"link_rule": "case"}),
    ("entities", "seen_in_order", {"first_seen_at": LATER}, {"first_seen_at": EARLY}),
    (
        "entities",
        "description_has_evidence",
        {"description": "a model"},
        {"description": "a model", "description_evidence_id": "e-" + "0" * 16},
    ),
    (
        "entities",
        "lifecycle_has_evidence",
        {"lifecycle": "released"},
        {"lifecycle": "released", "lifecycle_evidence_id": "e-" + "0" * 16},
    ),
    ("entities", "slug_unique", {"slug": "slug-1"}, {"slug": "slug-2"}),
    (
        "entities",
        "not_own_parent",
        {"parent_entity_id": "thing-00000000"},
        {"parent_entity_id": "thing-00000001"},
    ),
    ("events", "summary_as_its_basis", {"summary": None}, {"summary": None, "summary_basis": "none"}),
    ("events", "day_of_occurred", {"occurred_at": EARLY}, {"occurred_at": EARLY, "day": EARLY.date()}),
    ("events", "slug_unique", {"slug": "slug-1"}, {"slug": "slug-2"}),
    ("similar_papers", "not_itself", {"other_document_id": "arxiv:2606.00000"}, {}),
    (
        "similar_papers",
        "parts_add_up",
        {"score": 0.5, "text_part": 0.3},
        {"score": 0.5, "text_part": 0.3, "entity_part": 0.2},
    ),
    ("related_events", "not_itself", {"other_event_id": "ev-" + "0" * 16}, {}),
    ("related_events", "parts_add_up", {"score": 0.5, "guide_part": 0.4}, {"score": 0.5, "guide_part": 0.5}),
    ("entity_cooccurrence", "not_itself", {"other_entity_id": "thing-00000000"}, {}),
    ("similar_entities", "not_itself", {"other_entity_id": "thing-00000000"}, {}),
    ("similar_entities", "parts_add_up", {"score": 0.5, "name_part": 0.4}, {"score": 0.5, "name_part": 0.5}),
    ("guides", "slug_unique", {"slug": "slug-1"}, {"slug": "slug-2"}),
    ("entity_relations", "not_itself", {"other_entity_id": "thing-00000000"}, {}),
    ("entity_judgements", "in_order", {"left": "b", "right": "a"}, {"left": "a", "right": "b"}),
    ("citations", "not_itself", {"citing_work_id": "arxiv:2606.00000"}, {}),
    ("citation_contexts", "unclear_has_no_roles", {"role": "unclear"}, {"role": "unclear", "roles": []}),
    (
        "citation_contexts",
        "marker_in_order",
        {"marker_start": 4, "marker_end": 4},
        {"marker_start": 4, "marker_end": 5},
    ),
    (
        "citation_summaries",
        "sentence_if_classified",
        {"hub_class": "mixed"},
        {"hub_class": "mixed", "hub_sentence": "Mixed: 3 of 10"},
    ),
    (
        "citation_summaries",
        "works_add_up",
        {"classified_works": 2, "citing_with_context": 3},
        {"classified_works": 2, "unclear_works": 1, "citing_with_context": 3},
    ),
    (
        "citation_summaries",
        "contested_says_why",
        {"is_contested": True},
        {"is_contested": True, "contested_reason": "5 of 20 dispute it"},
    ),
    (
        "citation_breakdown",
        "share_of_count",
        {"count": 1, "of": 2, "share": 0.4, "high": 1.0},
        {"count": 1, "of": 2, "share": 0.5, "high": 1.0},
    ),
    ("citation_breakdown", "interval_holds_share", {"share": 0.5}, {"share": 0.5, "high": 0.6}),
    ("citing_papers", "takeaway_as_its_basis", {"takeaway": "It works."}, {"takeaway_basis": "none"}),
    (
        "citing_papers",
        "representative_has_rank",
        {"is_representative": True, "representative_rank": 1},
        {"is_representative": True, "representative_rank": 1, "representative_reason": "recent"},
    ),
    ("quality", "interval_holds_value", {"value": 0.5, "low": 0.6}, {"value": 0.5, "low": 0.4, "high": 0.6}),
    ("evidence", "span_not_empty", {"start": 5, "end": 5}, {"start": 5, "end": 6}),
    (
        "record_history",
        "valid_in_order",
        {"valid_from": LATER, "valid_to": LATER},
        {"valid_from": EARLY, "valid_to": LATER},
    ),
]


@pytest.mark.parametrize(
    ("table", "rule", "breaking", "keeping"), BROKEN_RULES, ids=[f"{case[0]}.{case[1]}" for case in BROKEN_RULES]
)
def test_a_law_between_columns_is_broken_when_it_should(
    tmp_path: Path, table: str, rule: str, breaking: dict[str, Any], keeping: dict[str, Any]
) -> None:
    """Each rule finds the row that breaks it and leaves the one alone that keeps it."""
    says = next(each.says for each in TABLES[table].rules if each.name == rule)
    second = row(table, 1)
    assert f"{rule}: {says}" in broken_alone(tmp_path, table, row(table, 0, **breaking), second)
    assert f"{rule}: {says}" not in broken_alone(tmp_path, table, row(table, 0, **keeping), second)


def test_every_law_between_columns_has_its_case() -> None:
    """A new rule needs a row that breaks it, above."""
    rules = {(contract.name, rule.name) for contract in TABLES.values() for rule in contract.rules}
    assert rules == {(table, rule) for table, rule, _, _ in BROKEN_RULES}


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Los_Angeles"])
def test_days_are_utc_whatever_the_machine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """The law of the day reads UTC under any local time zone."""
    monkeypatch.setenv("TZ", zone)
    late = EARLY.replace(hour=23)
    assert broken_alone(tmp_path, "documents", row("documents", 0, published_at=late, day=late.date())) == []


def test_at_most_three_examples_are_told_in_a_fixed_order(tmp_path: Path) -> None:
    """A message stays short, and the same rows give the same message."""
    rows = [row("documents", i, title="") for i in range(20)]
    found = findings(tmp_path, {"documents": frame("documents", rows)})["documents.values"]
    assert found.rows == 20
    assert [example.rsplit(" ", 1)[1] for example in found.examples] == [f"arxiv:2606.0000{i}" for i in range(3)]


def test_names_and_values_are_quoted() -> None:
    """Nothing in a name or a closed list can end its quotes."""
    assert quoted('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"
    with in_memory() as connection:
        assert connection.sql(f"SELECT {literal('it' + chr(39) + 's')} AS {quoted('a' + chr(34))}").fetchall()


def test_a_check_reads_only_the_views_it_needs() -> None:
    """A reference check names the other tables, and no table needs itself."""
    needs = {name: check.needs for name, contract in TABLES.items() if (check := reference_check(contract))}
    assert needs["mentions"] == ("documents", "entities", "methods")
    assert all(name not in tables for name, tables in needs.items())
    assert reference_check(TABLES["sources"]) is None


def test_a_check_over_a_missing_view_says_so() -> None:
    """A query for a table that is not there is an error, not a pass."""
    with in_memory() as connection, pytest.raises(duckdb.CatalogException):
        run_check(connection, Check("key", "unique", 'SELECT * FROM "nowhere"'))
