"""Bytes of a payload to records: the format is told from the bytes, never from a name.

Known are OAI-PMH answers (arXivRaw, arXiv, oai_dc), the feeds of arXiv and its query API, feeds of laboratories (RSS, RDF,
Atom, JSON Feed), JSON of the APIs in `json_answers`, and the JSON lines of the arXiv metadata snapshot. Parquet files are
read by path, by `bulk.read_bulk`.
"""

from __future__ import annotations

import polars as pl

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats.arxiv_api import is_query_answer, read_query_answer
from almanac_assets.harvest.formats.feeds import read_feed
from almanac_assets.harvest.formats.json_answers import read_json
from almanac_assets.harvest.formats.oai import read_oai
from almanac_assets.harvest.formats.xml_bytes import local_name, read_tree, refuse_unreadable, shown
from almanac_assets.harvest.records import Facts, Parsed, unusable

UNKNOWN = "unknown"

__all__ = ["parse"]

GOOD = (None, 200)  # statuses of an answer that is what was asked for; None for a file


def parse(body: bytes, source_id: str = "unlisted", url: str | None = None, status: int | None = None) -> Parsed:
    """Read a payload; bytes of any kind give a result, at worst one reject for the whole payload.

    `source_id` names the space in which a post's own id is unique; arXiv's ids are their own. `url` is the address that
    was asked, which some answers need to be understood. Of an answer with another `status` than 200 nothing is kept.
    """
    parsed = _read(body, source_id, url)
    if status in GOOD:
        return parsed
    whole = parsed.rejects.filter(pl.col("ordinal").is_null())
    reason, told = (
        whole.select("reason", "detail").row(0) if whole.height else ("protocol_error", "the body is kept unread")
    )
    return unusable(parsed.facts, reason, f"expected an answer with status 200, found {status}: {told}")


def _read(body: bytes, source_id: str, url: str | None) -> Parsed:
    try:
        trimmed = refuse_unreadable(body)
        if trimmed[:1] in (b"{", b"["):
            return read_json(trimmed, source_id, url)
        if b"<" not in trimmed[:4]:
            raise FeedBroken("not_xml", f"expected XML or JSON lines, found {shown(trimmed)}")
        return _read_xml(trimmed, source_id)
    except FeedBroken as broken:
        return unusable(Facts(UNKNOWN), broken.reason, broken.detail)


def _read_xml(body: bytes, source_id: str) -> Parsed:
    root, notes = read_tree(body)
    name = local_name(root)
    if name in ("OAI-PMH", "record"):
        return read_oai(root, notes)
    if is_query_answer(root):
        return read_query_answer(root, notes)
    if parsed := read_feed(root, source_id, notes):
        return parsed
    raise FeedBroken("wrong_type", f"expected OAI-PMH, RSS, RDF or Atom, found the root element {name or 'none'}")
