"""Where it comes from: the sources, what was pulled from them, and what of it could not be used."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Table

SHA256 = r"[0-9a-f]{64}"


class Sources(
    Table,
    key=("source_id",),
    group="harvest",
    title="Sources",
    question="Whose word is this, and under which licence?",
    primary_source="data/sources.yaml",
):
    """Every upstream that Almanac knows, with its licence and how much its word counts."""

    source_id = c.text("id of the source, stable for ever", pattern=r"[A-Za-z0-9.-]+")
    name = c.text("full name, as in 'arXiv cs.LG (Machine Learning)'")
    short_name = c.text("name for narrow places, as in 'arXiv · cs.LG'")
    kind = c.enum("what sort of upstream it is", lists.SOURCE_KINDS)
    publisher = c.text("who publishes it")
    homepage = c.url("page for people; null for payloads of unknown origin", nullable=True)
    endpoint = c.url("address that is pulled; null where nothing is pulled", nullable=True)
    access = c.enum("how it is reached", lists.ACCESS)
    licence = c.text("licence of what the source gives, as an SPDX id where one exists")
    licence_url = c.url("text of the licence", nullable=True)
    redistribution = c.enum("how much of its texts a release may hold", lists.REDISTRIBUTION)
    standing = c.score("how much its word counts in importance, a judgement")
    standing_reason = c.text("why the standing is what it is")


class Payloads(
    Table,
    key=("payload_sha256",),
    group="harvest",
    title="Payloads",
    question="Which bytes does this row come from, and when were they fetched?",
    primary_source="fetch ledger",
):
    """Every distinct body that was fetched or imported, named by the hash of its bytes."""

    payload_sha256 = c.text("sha256 of the uncompressed bytes", pattern=SHA256)
    source_id = c.text("source that answered", refers_to="sources.source_id")
    url = c.url("address asked, without secrets; null for a file whose origin is not recorded", nullable=True)
    fetched_at = c.time("first time these bytes were fetched, by the ledger or the recording")
    http_status = c.int16(
        "HTTP status; null for an imported file", nullable=True, low=100, high=599, unit="HTTP status"
    )
    media_type = c.text("media type as answered, or as sniffed for a file", nullable=True)
    bytes = c.count("length of the uncompressed body", unit="bytes")
    items = c.count("records read from it, rejected ones included", unit="records")
    recorded_from = c.text("where a file that was not fetched by us comes from; null for our own pulls", nullable=True)


class FeedHealth(
    Table,
    key=("source_id", "fetched_at"),
    group="harvest",
    title="Feed health",
    question="Did the last pull of this source work, and did it bring anything?",
    primary_source="fetch ledger",
):
    """One row per pull of a source: what came, and whether something was to be expected."""

    source_id = c.text("source pulled", refers_to="sources.source_id")
    fetched_at = c.time("when the pull began")
    outcome = c.enum("how it went", lists.OUTCOMES)
    http_status = c.int16("HTTP status of the last answer", nullable=True, low=100, high=599, unit="HTTP status")
    bytes = c.count("bytes of all answers", unit="bytes")
    items = c.count("records read, rejected ones included", unit="records")
    new_items = c.count(
        "records whose document and version were not known before that day (UTC), nor told before by this source",
        unit="records",
    )
    elapsed_ms = c.count("time the pull took; null for imports", nullable=True, unit="milliseconds")
    payloads = c.texts("the bodies of this pull", refers_to="payloads.payload_sha256")
    message = c.text("one line on what went wrong, null when nothing did", nullable=True)
    expected = c.enum("whether the source's calendar promised news for that day", lists.EXPECTED_NEWS)
    method = c.method()


class Coverage(
    Table,
    key=("source_id", "window_start"),
    group="harvest",
    title="Coverage",
    question="Is this window of the source whole?",
    primary_source="fetch ledger",
):
    """What was got of each source's window, against what could be expected."""

    source_id = c.text("source pulled", refers_to="sources.source_id")
    window_start = c.time("begin of the window, included")
    window_end = c.time("end of the window, excluded")
    expected = c.count("records that the window should hold; null where nobody tells", nullable=True, unit="records")
    expected_basis = c.enum("who tells how many to expect", lists.COVERAGE_BASIS)
    got = c.count("distinct records read", unit="records")
    status = c.enum("got against expected", lists.COVERAGE_STATUS)
    missing = c.texts("up to 20 ids that are known to lack")
    note = c.text("what the numbers do not say", nullable=True)
    method = c.method()


class Quarantine(
    Table,
    key=("quarantine_id",),
    group="harvest",
    title="Quarantine",
    question="What was fetched and could not be used, and why?",
    primary_source="payloads",
):
    """Each record or whole payload that could not be read, with its reason; the bytes are kept."""

    quarantine_id = c.text("id of the rejected record", pattern=r"q-[0-9a-f]{16}")
    source_id = c.text("source of the payload", refers_to="sources.source_id")
    payload_sha256 = c.text("payload it stands in", refers_to="payloads.payload_sha256")
    locator = c.text("where in the payload: ordinal and id as far as known, or 'whole payload'")
    reason = c.enum("why it was set aside", lists.QUARANTINE_REASONS)
    detail = c.text("one line: what was expected and what was found")
    first_seen_at = c.time("when the payload was fetched")
    resolved_in = c.text(
        "release in which the record could be read after all", nullable=True, pattern=r"[0-9]{4}\.[0-9]{1,2}\.[0-9]+"
    )
    method = c.method()
