"""Which reader a feed in XML belongs to: arXiv announces papers in feeds, laboratories publish posts in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import etree

from almanac_assets.harvest.formats.arxiv_rdf import is_arxiv_rdf, read_arxiv_rdf
from almanac_assets.harvest.formats.arxiv_rss import ARXIV, ATOM, read_atom, read_rss
from almanac_assets.harvest.formats.atom import read_atom_feed
from almanac_assets.harvest.formats.rss import RDF, read_rss_feed
from almanac_assets.harvest.formats.xml_bytes import local_name, namespace
from almanac_assets.harvest.records import Parsed


def read_feed(root: etree._Element, source_id: str, notes: tuple[str, ...]) -> Parsed | None:
    """The feed below `root`, read; None where the root is that of no feed we know."""
    name, space = local_name(root), namespace(root)
    if name == "rss":
        return read_rss(root, notes) if _is_arxiv(root) else read_rss_feed(root, source_id, notes)
    if name == "feed" and space == ATOM:
        return read_atom(root, notes) if _is_arxiv(root) else read_atom_feed(root, source_id, notes)
    if name == "RDF" and space == RDF:
        channel = next((child for child in root if local_name(child) == "channel"), None)
        if channel is not None and is_arxiv_rdf(channel):
            return read_arxiv_rdf(channel, [child for child in root if local_name(child) == "item"], notes)
        return read_rss_feed(root, source_id, notes)
    return None


def _is_arxiv(root: etree._Element) -> bool:
    """Whether a feed declares arXiv's namespace, or names a page of arXiv as its own."""
    if ARXIV in root.nsmap.values():
        return True
    head = next((child for child in root if local_name(child) == "channel"), root)
    named = [child.text or "" for child in head if local_name(child) in ("link", "id")]
    named += [child.get("href", "") for child in head if local_name(child) == "link"]
    return any(_is_arxivs(link) for link in named)


def _is_arxivs(link: str) -> bool:
    try:
        host = urlsplit(link.strip()).hostname or ""
    except ValueError:  # brackets that are no IPv6 address
        return False
    return host == "arxiv.org" or host.endswith(".arxiv.org")
