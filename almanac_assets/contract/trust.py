"""How far to trust it: evidence, methods, changes between releases, and the description of the tables themselves."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table


class Evidence(
    Table,
    key=("evidence_id",),
    group="trust",
    title="Evidence",
    question="Where does it say so?",
    rules=(Rule("span_not_empty", "end lies behind start", '"end" <= start'),),
):
    """Spans of documents that published values follow from."""

    evidence_id = c.text("id of the span", pattern=r"e-[0-9a-f]{16}")
    subject_table = c.enum("table that holds the text", lists.EVIDENCE_TABLES)
    subject_id = c.text("key of the row there")
    field = c.enum("field of that row", lists.EVIDENCE_FIELDS)
    start = c.int32("begin of the span, included", low=0, unit="code points")
    end = c.int32("end of the span, excluded", low=1, unit="code points")
    quote = c.text("the words; null where the source forbids to republish them", nullable=True)
    quote_hash = c.text("first 16 bytes of the sha256 of the words", pattern=r"[0-9a-f]{32}")
    method = c.method()


class Methods(
    Table,
    key=("method",),
    group="trust",
    title="Methods",
    question="By which rule, with which parameters, was this made?",
    primary_source="code",
):
    """Every rule and model that made a row of the release."""

    method = c.text("name and version", pattern=r"[a-z_.]+@\d+")
    title = c.text("the rule in a few words")
    description = c.text("what it does and what it follows")
    parameters = c.text("parameters as canonical JSON")
    model_sha256 = c.text("sha256 of the model's files, where there is a model", nullable=True, pattern=r"[0-9a-f]{64}")
    training_data = c.text("what the model or constants were fitted on", nullable=True)
    licence = c.text("licence of the model's files", nullable=True)


class Quality(
    Table,
    key=("measure", "set", "split", "slice"),
    group="trust",
    title="Quality",
    question="How often are values of this kind right, on how many hand-labelled rows?",
    primary_source="evaluation",
    rules=(Rule("interval_holds_value", "low <= value <= high", "value < low OR value > high"),),
):
    """Figures of the shipped rules on labelled sets, each with its n and how it was measured."""

    measure = c.text("what is measured, as in 'citations.role.accuracy'", pattern=r"[a-z0-9_.]+")
    set = c.text("labelled set")
    split = c.enum("part of the set", lists.SPLITS)
    slice = c.text("part of the rows: 'all', or a label")
    value = c.number("the figure", unit="as the measure")
    low = c.number("lower end of the 95 % interval", nullable=True, unit="as the measure")
    high = c.number("upper end of the 95 % interval", nullable=True, unit="as the measure")
    n = c.count("rows that the figure rests on", unit="rows")
    better = c.enum("whether higher or lower is better", lists.BETTER)
    anchor_name = c.text("what to compare it with", nullable=True)
    anchor_value = c.number("figure of the anchor on the same rows", nullable=True, unit="as the measure")
    measured_method = c.text("method that was measured, name and version", refers_to="methods.method")
    note = c.text("how it was measured, and what it leaves out", nullable=True)


class Redirects(
    Table,
    key=("kind", "from_id"),
    group="trust",
    title="Redirects",
    question="Where did this id go?",
    primary_source="derived",
):
    """Ids that no longer stand for a record of their own, and names that changed, with where they lead."""

    kind = c.enum("kind of record", lists.REDIRECT_KINDS)
    from_id = c.text("id or slug that was published before")
    to_ids = c.texts("where it leads: one id for a merge or rename, several for a split")
    reason = c.enum("why it leads there", lists.REDIRECT_REASONS)
    detail = c.text("the reason in words")
    since = c.time("from when on")
    method = c.method()


class Changes(
    Table,
    key=("table_name", "row_key", "column_name"),
    group="trust",
    title="Changes",
    question="What is different from the release before, and why?",
    primary_source="previous release",
):
    """Every cell that differs from the previous release, with its cause; empty for a first release."""

    table_name = c.text("table that changed")
    row_key = c.text("key of the row as a canonical JSON list")
    column_name = c.text("column that changed; * for an added or removed row")
    change = c.enum("what happened to the row", lists.CHANGES)
    before = c.text("value in the previous release as canonical JSON", nullable=True)
    after = c.text("value in this release as canonical JSON", nullable=True)
    cause = c.enum("why it differs", lists.CAUSES)
    cause_detail = c.text("the document, method or window that caused it", nullable=True)
    method = c.method()


class RecordHistory(
    Table,
    key=("table_name", "row_key", "valid_from"),
    group="trust",
    title="History of records",
    question="What did Almanac say about this on a given date?",
    primary_source="previous release",
    rules=(Rule("valid_in_order", "valid_to lies behind valid_from", "valid_to <= valid_from"),),
):
    """Each published state of entities, events and aliases with the span of releases in which it was true."""

    table_name = c.enum("table of the record", lists.HISTORY_TABLES)
    row_key = c.text("key of the row as a canonical JSON list")
    valid_from = c.time("as_of of the release that first said so")
    valid_to = c.time("as_of of the release that first said otherwise; null while it holds", nullable=True)
    row = c.text("the whole row as canonical JSON")
    method = c.method()


class Tables(
    Table,
    key=("table_name",),
    group="trust",
    title="Tables",
    question="Which tables are in the release?",
    primary_source="contract",
):
    """The tables of this release with their sizes and hashes."""

    table_name = c.text("name of the table")
    title = c.text("its title")
    description = c.text("what a row of it is")
    rows = c.count("rows; null for this table itself, which cannot count itself", nullable=True, unit="rows")
    bytes = c.count("size of the Parquet file; null for this table", nullable=True, unit="bytes")
    sha256 = c.text("sha256 of the Parquet file; null for this table", nullable=True, pattern=r"[0-9a-f]{64}")
    content_hash = c.text(
        "hash of the values, free of the writer; null for this table", nullable=True, pattern=r"[0-9a-f]{64}"
    )
    schema_version = c.text("version of the table's contract", pattern=r"\d+\.\d+\.\d+")
    key = c.texts("key columns in order")
    primary_source = c.text("what its rows are made from")


class Columns(
    Table,
    key=("table_name", "position"),
    group="trust",
    title="Columns",
    question="What does this column mean, and what may it hold?",
    primary_source="contract",
):
    """The data dictionary: every column of every table."""

    table_name = c.text("name of the table", refers_to="tables.table_name")
    position = c.int16("1 is the first column", low=1, unit="position")
    column_name = c.text("name of the column")
    type = c.text("type as the dictionary writes it")
    nullable = c.flag("may be null")
    description = c.text("what it means")
    unit = c.text("unit of its values", nullable=True)
    minimum = c.number("least value allowed", nullable=True, unit="as the column")
    maximum = c.number("greatest value allowed", nullable=True, unit="as the column")
    allowed = c.texts("the closed list, empty where there is none")
    references = c.text("table.column that its values stand in", nullable=True)
    since = c.text("schema_version of the table in which the column appeared", pattern=r"\d+\.\d+\.\d+")
