"""JSON of any API to what it says: the form is told from the keys, never from the address.

Read are JSON Feed, Hugging Face daily papers, Semantic Scholar, OpenAlex and the lines of the arXiv snapshot. Answers of
other APIs that recordings hold are named in their reject, so that nobody has to guess what was set aside.
"""

from __future__ import annotations

import re
from typing import Any

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats import daily_papers, openalex, semantic_scholar
from almanac_assets.harvest.formats.json_bytes import at, error_told, objects, read_value, shape
from almanac_assets.harvest.formats.json_feed import is_json_feed, read_json_feed
from almanac_assets.harvest.formats.snapshot import read_snapshot
from almanac_assets.harvest.records import Facts, Parsed, unusable, without_items

UNKNOWN = "unknown"
OPENALEX_ID = "https://openalex.org/"
SNAPSHOT_KEYS = frozenset({"id", "abstract", "authors_parsed", "categories", "journal-ref", "versions", "update_date"})
SNAPSHOT_LIKE = 3  # of those keys: a line of the snapshot from which a field was lost is still one
# Keys that only answers of this API have; the first that fits names what is not read.
NOT_READ: tuple[tuple[str, frozenset[str]], ...] = (
    ("a Crossref answer", frozenset({"message-type"})),
    ("a Crossref answer", frozenset({"DOI", "indexed"})),
    ("an Unpaywall answer", frozenset({"doi_url", "oa_locations"})),
    ("an Unpaywall answer", frozenset({"elapsed_seconds", "results"})),
    ("an OpenCitations answer", frozenset({"oci", "citing", "cited"})),
    ("an answer of Semantic Scholar about authors", frozenset({"authorId"})),
    ("recommendations of Semantic Scholar", frozenset({"recommendedPapers"})),
    ("an answer of Semantic Scholar about datasets", frozenset({"release_id"})),
    ("an answer of Semantic Scholar about datasets", frozenset({"dataset", "diffs"})),
    ("an answer of Semantic Scholar about datasets", frozenset({"name", "README", "files"})),
)

_GOES_ON = (b"{", b"[", b",", b":")  # no object ends with these, so the next line belongs to this one
_RELEASE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_json(body: bytes, source_id: str, url: str | None) -> Parsed:
    """What a JSON payload says; FeedBroken where the bytes are no JSON, or JSON of no form that is known.

    Bytes of which the first line is an object of its own and more lines follow are lines, each read for itself.
    """
    if _is_lines(body):
        return read_snapshot(body)
    value, notes = read_value(body)
    if is_json_feed(value):
        return read_json_feed(value, source_id, notes)
    if told := error_told(value):
        return unusable(Facts(UNKNOWN, claimed_url=url, notes=notes), "protocol_error", f"the API answered: {told}")
    name = not_read(value)
    if name:
        raise FeedBroken("wrong_type", f"{name}, which is not read")
    if _is_daily_papers(value):
        return daily_papers.read_daily_papers(value, url, notes)
    if _is_openalex(value):
        return openalex.read_openalex(value, url, notes)
    if _is_semantic_scholar(value):
        return semantic_scholar.read_semantic_scholar(value, url, notes)
    if isinstance(value, dict) and len(SNAPSHOT_KEYS & value.keys()) >= SNAPSHOT_LIKE and b"\n" not in body.strip():
        return read_snapshot(body)
    if value == []:
        return without_items(Facts(UNKNOWN, claimed_url=url))
    raise FeedBroken("schema_changed", f"expected an answer of a known API, found {shape(value)}")


def _is_lines(body: bytes) -> bool:
    """Whether the payload is lines of objects; one bad line in front does not make it another thing."""
    first, _, rest = body.partition(b"\n")
    first, rest = first.strip(), rest.lstrip()
    if first[:1] != b"{" or first[-1:] in _GOES_ON or not rest or rest[:1] in b",]}:":
        return False
    if first.endswith(b"}"):
        return True
    return any(line.strip()[:1] == b"{" and line.strip()[-1:] == b"}" for line in rest.split(b"\n", 2)[:2])


def not_read(value: Any) -> str | None:
    """The name of an API whose answers are told apart and not read; None for any other value."""
    first = next((member for _, member in objects(value)), value)
    inner = next((member for _, member in objects(at(value, "data"))), None)
    for name, keys in NOT_READ:
        if any(isinstance(held, dict) and keys <= held.keys() for held in (first, inner)):
            return name
    if isinstance(value, list) and value and all(isinstance(day, str) and _RELEASE_DAY.fullmatch(day) for day in value):
        return "an answer of Semantic Scholar about datasets"
    stated = at(value, "id")
    if isinstance(stated, str) and stated.startswith(OPENALEX_ID) and not _is_work_id(stated):
        return f"an OpenAlex answer about {stated.removeprefix(OPENALEX_ID)[:20]}"
    return None


def _is_work_id(stated: Any) -> bool:
    return isinstance(stated, str) and stated.startswith(f"{OPENALEX_ID}W")


def _is_daily_papers(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(at(entry, "paper"), dict) for entry in value)


def _is_openalex(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    works = [work for _, work in objects(value.get("results"))]
    is_page = isinstance(value.get("meta"), dict) and isinstance(value.get("results"), list)
    is_selection = {"doi", "open_access"} <= value.keys()
    return _is_work_id(value.get("id")) or is_page or is_selection or any(_is_work_id(at(w, "id")) for w in works)


def _is_semantic_scholar(value: Any) -> bool:
    """A paper, a batch with nulls for the unknown, a page of citations, references or matches, empty ones included."""
    rows = value if isinstance(value, list) else at(value, "data")
    if not isinstance(rows, list):
        return isinstance(value, dict) and "paperId" in value
    known = ("paperId", semantic_scholar.CITING, semantic_scholar.CITED)
    if any(name in row for _, row in objects(rows) for name in known):
        return True
    return isinstance(value, dict) and not rows and value.keys() <= {"data", "offset", "next", "total", "token"}
