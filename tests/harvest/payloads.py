"""Small payloads for the tests of the formats, put together from parts that a test can change."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

RAW = "http://arxiv.org/OAI/arXivRaw/"
V1 = '<version version="v1"><date>Mon, 01 Jun 2026 17:59:59 GMT</date></version>'


def raw_record(
    identifier: str = "2606.01234",
    *,
    header: str | None = None,
    versions: str = V1,
    title: str = "On $k$-sparse\n  probes",
    authors: str = 'Ada B., J\\"urgen C. (Lab Y)',
    categories: str = "cs.CL stat.ML",
    abstract: str = "  We show\nthings.",
    more: str = "",
) -> str:
    """A record in arXivRaw."""
    return (
        f"<record><header><identifier>{header or 'oai:arXiv.org:' + identifier}</identifier>"
        "<datestamp>2026-06-24</datestamp><setSpec>cs:cs:CL</setSpec><setSpec>stat:stat:ML</setSpec></header>"
        f'<metadata><arXivRaw xmlns="{RAW}"><id>{identifier}</id>{versions}<title>{escape(title)}</title>'
        f"<authors>{escape(authors)}</authors><categories>{categories}</categories>"
        f"{more}<abstract>{escape(abstract)}</abstract></arXivRaw></metadata></record>"
    )


def metadata_record(identifier: str, form: str, inner: str) -> str:
    """A record whose metadata element is written out by the test."""
    return (
        f"<record><header><identifier>oai:arXiv.org:{identifier}</identifier><datestamp>2026-06-24</datestamp>"
        f"<setSpec>cs:cs:CL</setSpec><setSpec>physics:hep-th</setSpec><setSpec>cs</setSpec></header>"
        f"<metadata><{form}>{inner}</{form}></metadata></record>"
    )


def oai(
    inner: str,
    *,
    verb: str = "ListRecords",
    request: str = 'verb="ListRecords" metadataPrefix="arXivRaw" from="2026-06-23" until="2026-06-24"',
    base: str = "https://oaipmh.arxiv.org/oai",
    answered: str = "2026-06-25T06:00:04Z",
) -> bytes:
    """An OAI-PMH answer; with an empty verb `inner` stands directly in the envelope."""
    body = f"<{verb}>{inner}</{verb}>" if verb else inner
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{answered}</responseDate><request {request}>{base}</request>{body}</OAI-PMH>"
    ).encode()


def rss_item(
    guid: str = "oai:arXiv.org:2606.01234v1",
    *,
    kind: str = "new",
    title: str = "Probes",
    text: str | None = None,
    creator: str = "Ada B., Carl D. (Lab Y)",
    more: str = "",
) -> str:
    """An item of rss.arxiv.org."""
    head = f"arXiv:2606.01234v1 Announce Type: {kind} \nAbstract: "
    return (
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/2606.01234</link>"
        f"<description>{escape(head + ('We show things.' if text is None else text))}</description>"
        f'<guid isPermaLink="false">{guid}</guid><category>cs.CL</category><category>cs.AI</category>'
        "<pubDate>Wed, 24 Jun 2026 00:00:00 -0400</pubDate>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"<dc:creator>{escape(creator)}</dc:creator>{more}</item>"
    )


def rss(
    items: str, *, title: str = "cs.CL updates on arXiv.org", link: str = "http://rss.arxiv.org/rss/cs.cl"
) -> bytes:
    """A channel of rss.arxiv.org."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        f"<title>{title}</title><link>{link}</link><description>updates</description>"
        f'<atom:link href="{link}" rel="self"/><lastBuildDate>Wed, 24 Jun 2026 04:00:11 +0000</lastBuildDate>'
        f"<pubDate>Wed, 24 Jun 2026 00:00:00 -0400</pubDate>{items}</channel></rss>"
    ).encode()


def atom(entries: str, *, updated: str = "2026-06-24T04:00:04.123487+00:00", title: str = "cs.CL updates") -> bytes:
    """A feed of rss.arxiv.org in its Atom form."""
    return (
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs.CL</id>'
        f"<title>{title}</title><updated>{updated}</updated><subtitle>why not</subtitle>"
        f'<link href="http://rss.arxiv.org/atom/cs.CL" rel="self"/>{entries}</feed>'
    ).encode()


ATOM_ENTRY = (
    "<entry><id>oai:arXiv.org:2606.01234v1</id><title>Probes</title><updated>2026-06-24T04:00:04+00:00</updated>"
    "<summary>arXiv:2606.01234v1 Announce Type: new \nAbstract: We show things.</summary>"
    '<category term="cs.CL"/><category term="I.2.7"/><published>2026-06-24T00:00:00-04:00</published>'
    "<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Ada B.</dc:creator></entry>"
)


def snapshot_line(**changes: Any) -> bytes:
    """A line of the metadata snapshot; a field given as None is written as null."""
    paper = {
        "id": "0704.0001",
        "submitter": "Ada B.",
        "authors": "Ada B., Carl D.",
        "title": "Prompt\n  production",
        "comments": "37 pages",
        "journal-ref": "Phys.Rev.D76:013009,2007",
        "doi": "10.1103/PhysRevD.76.013009",
        "report-no": None,
        "categories": "hep-ph",
        "license": None,
        "abstract": "  A fully\ndifferential calculation.\n",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
        ],
        "update_date": "2008-11-26",
        "authors_parsed": [["B.", "Ada", ""], ["D.", "Carl", "Jr.", "Lab Y"]],
    }
    return json.dumps(paper | changes).encode() + b"\n"
