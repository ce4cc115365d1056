"""Bytes of a payload to records: the format is told from the bytes, never from a name.

Known are OAI-PMH answers (arXivRaw, arXiv, oai_dc), the RSS and Atom feeds of rss.arxiv.org, and the JSON lines of the
arXiv metadata snapshot. Parquet files of metadata are read by `corpus.read_corpus`, by path.
"""

from __future__ import annotations

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats.arxiv_rss import ATOM, read_atom, read_rss
from almanac_assets.harvest.formats.oai import read_oai
from almanac_assets.harvest.formats.snapshot import read_snapshot
from almanac_assets.harvest.formats.xml_bytes import local_name, namespace, read_tree, refuse_unreadable, shown
from almanac_assets.harvest.records import Facts, Parsed, unusable

UNKNOWN = "unknown"

__all__ = ["parse"]


def parse(body: bytes) -> Parsed:
    """Read a payload; bytes of any kind give a result, at worst one reject for the whole payload."""
    try:
        trimmed = refuse_unreadable(body)
        if trimmed[:1] in (b"{", b"["):
            return read_snapshot(trimmed)
        if b"<" not in trimmed[:4]:
            raise FeedBroken("not_xml", f"expected XML or JSON lines, found {shown(trimmed)}")
        return _read_xml(trimmed)
    except FeedBroken as broken:
        return unusable(Facts(UNKNOWN), broken.reason, broken.detail)


def _read_xml(body: bytes) -> Parsed:
    root, notes = read_tree(body)
    name = local_name(root)
    if name in ("OAI-PMH", "record"):
        return read_oai(root, notes)
    if name == "rss":
        return read_rss(root, notes)
    if name == "feed" and namespace(root) == ATOM:
        return read_atom(root, notes)
    raise FeedBroken("wrong_type", f"expected OAI-PMH, rss or an Atom feed, found the root element {name or 'none'}")
