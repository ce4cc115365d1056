"""The wire forms of arXiv that the sample is written in: OAI-PMH pages (arXivRaw) and RSS days.

Both follow what the live services send since 2024 and 2025: the order of elements, single-quoted attributes in tokens
and errors, day-wide datestamps, one text of authors, an abstract wrapped by hand and begun with two blanks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import textwrap
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

SALT = "almanac-sample-1"  # change it to draw another sample
OAI = "https://oaipmh.arxiv.org/oai"
RSS = "https://rss.arxiv.org/rss/"
MARK = "<!-- Reconstructed from arXiv metadata (CC0 1.0); not a recording of the live service. -->"
NEW_YORK_SUMMER = dt.timezone(dt.timedelta(hours=-4))  # every RSS day of the sample lies in summer time
ABSTRACT_WIDTH = 78  # arXiv keeps abstracts as their authors wrapped them, most below 80 columns
TOKEN_LIFE = dt.timedelta(days=1)  # tokens die at the next midnight UTC
# Archives that arXiv groups under physics; all others are groups of their own.
PHYSICS = {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex"}
PHYSICS |= {"nucl-th", "physics", "quant-ph"}
ANNOUNCED = ("new", "cross", "replace", "replace-cross")  # also their order in the file


@dataclass(frozen=True)
class Version:
    """One version of a paper: its number, when it was submitted, and whether it takes the paper back."""

    number: int
    date: dt.datetime
    withdrawn: bool = False


@dataclass(frozen=True)
class Record:
    """A paper as a service answers it on one day: `listed` is the day of its last change."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    comment: str | None
    versions: tuple[Version, ...]
    listed: dt.date


def drawn(name: str) -> str:
    """A stable order without meaning."""
    return hashlib.sha256(f"{SALT} {name}".encode()).hexdigest()


def oai_record(record: Record) -> str:
    """One record element in the form arXivRaw; without an abstract where none is known."""
    abstract = f"    <abstract>{escape(wrapped(record.abstract))}</abstract>\n" if record.abstract else ""
    sets = "".join(f"\n    <setSpec>{set_spec(category)}</setSpec>" for category in sorted(record.categories))
    comments = f"\n    <comments>{escape(record.comment)}</comments>" if record.comment else ""
    return (
        f"<record>\n  <header>\n    <identifier>oai:arXiv.org:{record.id}</identifier>\n"
        f"    <datestamp>{record.listed}</datestamp>{sets}\n  </header>\n  <metadata>\n"
        '  <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">\n'
        f"    <id>{record.id}</id>\n    <submitter>{escape(record.authors[0])}</submitter>\n"
        + "".join(oai_version(version) for version in record.versions)
        + f"    <title>{escape(record.title)}</title>\n    <authors>{escape(', '.join(record.authors))}</authors>\n"
        f"    <categories>{' '.join(record.categories)}</categories>{comments}\n"
        f"{abstract}  </arXivRaw>\n  </metadata>\n</record>"
    )


def oai_version(version: Version) -> str:
    """A version element; a withdrawn version is the one without bytes and with source type I."""
    gone = "<size>0kb</size><source_type>I</source_type>" if version.withdrawn else ""
    date = f"{version.date:%a, %d %b %Y %H:%M:%S GMT}"
    return f'    <version version="v{version.number}"><date>{date}</date>{gone}</version>\n'


def set_spec(category: str) -> str:
    """The OAI set of a category: group, archive and, where there is one, subject."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in PHYSICS else archive
    return f"{group}:{archive}:{subject}" if subject else f"{group}:{archive}"


def wrapped(abstract: str) -> str:
    """An abstract as arXiv stores it: two blanks first, then lines of at most ABSTRACT_WIDTH columns."""
    lines = textwrap.wrap(abstract, ABSTRACT_WIDTH, initial_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def oai_harvest(
    records: list[Record], since: dt.date, at: dt.datetime, size: int, pause: dt.timedelta
) -> list[tuple[str, dt.datetime, str]]:
    """The pages of one harvest in order, as (url, time of the answer, body).

    Records go by day of last change, then id. A window without records is answered by the error noRecordsMatch, one
    that fits a page bears no token, the last of several pages bears an empty one.
    """
    asked = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": str(since)}
    if not records:
        error = "The combination of the values of the arguments results in an empty list."
        return [(f"{OAI}?{urlencode(asked)}", at, oai_page(at, asked, f"<error code='noRecordsMatch'>{error}</error>"))]
    ordered = sorted(records, key=lambda record: (record.listed, record.id))
    pages, query = [], asked
    for start in range(0, len(ordered), size):
        token = ""
        if len(ordered) > size:
            more = start + size < len(ordered)
            token = quote(urlencode({**asked, "skip": start + size})) if more else ""
        body = "\n".join(oai_record(record) for record in ordered[start : start + size])
        midnight = f"{at.date() + TOKEN_LIFE}T00:00:00Z"
        end = f"\n<resumptionToken expirationDate='{midnight}'>{token}</resumptionToken>" if token else ""
        if len(ordered) > size and not token:
            end = "\n<resumptionToken/>"
        pages.append(
            (f"{OAI}?{urlencode(query)}", at, oai_page(at, query, f"<ListRecords>\n{body}{end}\n</ListRecords>"))
        )
        query, at = {"verb": "ListRecords", "resumptionToken": token}, at + pause
    return pages


def oai_page(at: dt.datetime, query: dict[str, str], body: str) -> str:
    """The envelope of every OAI-PMH answer."""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in query.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{MARK}\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"\n'
        '         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
        '         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
        'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
        f"<responseDate>{at:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n<request{attributes}>{OAI}</request>\n{body}\n</OAI-PMH>\n"
    )


def rss_day(records: list[Record], category: str, day: dt.date, built: dt.datetime, *, damaged: bool = False) -> str:
    """The feed of one category on one day of announcement; `damaged` adds an item that names no paper."""
    items = sorted((ANNOUNCED.index(announced(record, category)), record.id, record) for record in records)
    midnight = format_datetime(dt.datetime.combine(day, dt.time(), NEW_YORK_SUMMER))
    body = "".join(rss_item(record, category, midnight) for _, _, record in items)
    if damaged:
        body += (
            "    <item>\n      <description>Abstract: an item without title, link and guid.</description>\n"
            f"      <category>{category}</category>\n      <pubDate>{midnight}</pubDate>\n    </item>\n"
        )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n{MARK}\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'version="2.0">\n  <channel>\n    <title>{category} updates on arXiv.org</title>\n'
        f"    <link>http://rss.arxiv.org/rss/{category}</link>\n"
        f"    <description>{category} updates on the arXiv.org e-print archive.</description>\n"
        f'    <atom:link href="http://rss.arxiv.org/rss/{category}" rel="self" type="application/rss+xml"/>\n'
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n    <language>en-us</language>\n"
        f"    <lastBuildDate>{format_datetime(built)}</lastBuildDate>\n"
        f"    <managingEditor>rss-help@arxiv.org</managingEditor>\n    <pubDate>{midnight}</pubDate>\n"
        "    <skipDays>\n      <day>Sunday</day>\n      <day>Saturday</day>\n    </skipDays>\n"
        f"{body}  </channel>\n</rss>\n"
    )


def announced(record: Record, category: str) -> str:
    """How the feed of a category announces a paper: relative to that category, as the live service does."""
    first = record.versions[-1].number == 1
    if record.categories[0] == category:
        return "new" if first else "replace"
    return "cross" if first else "replace-cross"


def rss_item(record: Record, category: str, midnight: str) -> str:
    """One item; the link bears no version, the guid does."""
    kind, name = announced(record, category), f"{record.id}v{record.versions[-1].number}"
    categories = "".join(f"      <category>{value}</category>\n" for value in record.categories)
    return (
        f"    <item>\n      <title>{escape(record.title)}</title>\n      <link>https://arxiv.org/abs/{record.id}</link>\n"
        f"      <description>arXiv:{name} Announce Type: {kind} \nAbstract: {escape(record.abstract)}</description>\n"
        f'      <guid isPermaLink="false">oai:arXiv.org:{name}</guid>\n{categories}'
        f"      <pubDate>{midnight}</pubDate>\n      <arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        f"      <dc:creator>{escape(', '.join(record.authors))}</dc:creator>\n    </item>\n"
    )
