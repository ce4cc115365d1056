"""What one OAI-PMH record says, for each metadata format that arXiv speaks: arXivRaw, arXiv and oai_dc.

Formats are described at https://info.arxiv.org/help/oa/. Only arXivRaw tells all versions with their times. In the
`arXiv` format `created` was the first submission on the old server; the server in service since March 2025 fills it
with the date of the newest version, so there it dates version 1 only where the identifier leaves no other choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.authors import Author, split_authors
from almanac_assets.harvest.formats.times import in_utc, midnight, read_day, read_rfc822
from almanac_assets.harvest.formats.values import Identity, clean_text, read_categories
from almanac_assets.harvest.formats.xml_bytes import full_text, local_name, namespace

SOURCE_TYPE_WITHDRAWN = "I"  # arXiv's mark of a version whose files are not to be had
OLD_SERVER = "export.arxiv.org/oai2"  # answered until March 2025

_VERSION = re.compile(r"v?([1-9]\d{0,2})")
_COMMENT_LABEL = re.compile(r"^Comments?:\s*")


@dataclass(frozen=True, slots=True)
class Dates:
    """What a record's metadata tell of time: version 1, this version, the newest one, and how exact they are."""

    published: datetime | None
    precision: str
    version: int = 1
    version_at: datetime | None = None
    updated_at: datetime | None = None
    files_withdrawn: bool = False


class Fields:
    """The children of an element by local name, in order; with `only`, those of that namespace alone."""

    def __init__(self, parent: etree._Element, only: str | None = None) -> None:
        self._children: dict[str, list[etree._Element]] = {}
        for child in parent:
            if only is None or namespace(child) == only:
                self._children.setdefault(local_name(child), []).append(child)

    def elements(self, name: str) -> list[etree._Element]:
        """All children of this name."""
        return self._children.get(name, [])

    def texts(self, name: str) -> list[str]:
        """The texts of all children of this name that have one."""
        return [text for element in self.elements(name) if (text := clean_text(full_text(element)))]

    def text(self, name: str) -> str | None:
        """The text of the first child of this name that has one."""
        return next(iter(self.texts(name)), None)


def raw_dates(fields: Fields) -> Dates:
    """Times of an arXivRaw record; FeedBroken with bad_date where a version's number or time cannot be read."""
    versions: list[tuple[int, datetime, bool]] = []
    for element in fields.elements("version"):
        inner = Fields(element)
        stated, numbered = inner.text("date"), _VERSION.fullmatch(element.get("version", ""))
        moment = in_utc(read_rfc822(stated))
        if numbered is None or moment is None:
            raise FeedBroken(
                "bad_date", f"version {element.get('version')!r} has the date {stated!r}: expected RFC 1123"
            )
        versions.append((int(numbered[1]), moment, inner.text("source_type") == SOURCE_TYPE_WITHDRAWN))
    if not versions:
        return Dates(None, "second")
    number, newest, withdrawn = max(versions)
    first = next((moment for n, moment, _ in versions if n == 1), None)
    return Dates(first, "second", number, newest, newest if number > 1 else None, withdrawn)


def arxiv_dates(fields: Fields, identity: Identity, *, created_is_first: bool) -> Dates:
    """Days of a record in `arXiv` format; see the module's note on `created`."""
    created, updated = read_day(fields.text("created")), read_day(fields.text("updated"))
    if created_is_first:
        newest = updated if updated and created and updated > created else None
        return Dates(midnight(created), "day", 1, midnight(newest or created), midnight(newest))
    if created is None:
        return Dates(None, "day")
    first = midnight(created) if created < identity.month else None
    replaced = (created.year, created.month) > (identity.month.year, identity.month.month)
    return Dates(first, "day", 1, midnight(created), midnight(created) if replaced else None)


def dublin_core_dates(fields: Fields) -> Dates:
    """Days of an oai_dc record: the earliest date is version 1, a later one the newest version."""
    days: list[date] = sorted(day for text in fields.texts("date") if (day := read_day(text)))
    if not days:
        return Dates(None, "day")
    newest = days[-1] if days[-1] > days[0] else None
    return Dates(midnight(days[0]), "day", 1, midnight(newest or days[0]), midnight(newest))


def structured_authors(fields: Fields) -> list[Author]:
    """Authors of the `arXiv` format: forenames, key name and suffix in reading order."""
    authors: list[Author] = []
    for element in (author for group in fields.elements("authors") for author in group):
        inner = Fields(element)
        name = " ".join(part for key in ("forenames", "keyname", "suffix") if (part := inner.text(key)))
        if name:
            authors.append((name, "; ".join(inner.texts("affiliation")) or None))
    return authors


def inverted_name(text: str) -> str:
    """`Özel, B.` as `B. Özel`; a third part is a suffix and goes last."""
    family, *rest = (part.strip() for part in text.split(","))
    return " ".join(part for part in (*rest[:1], family, *rest[1:]) if part)


def raw_authors(fields: Fields) -> list[Author]:
    """Authors of an arXivRaw record, from its one string."""
    return split_authors(fields.text("authors") or "")


def dublin_core_authors(fields: Fields) -> list[Author]:
    """Authors of an oai_dc record, one creator each."""
    return [(name, None) for text in fields.texts("creator") if (name := inverted_name(text))]


def set_categories(sets: Iterable[str]) -> tuple[str, ...]:
    """Categories from header sets: `cs:cs:CL` is cs.CL, `physics:cond-mat:mtrl-sci` cond-mat.mtrl-sci, `physics:hep-th`
    hep-th; a set that names only an archive with classes tells none."""
    names = []
    for path in sets:
        parts = path.split(":")
        names.append(f"{parts[1]}.{parts[2]}" if len(parts) == 3 else parts[-1])
    return read_categories(names)


def dublin_core_texts(fields: Fields) -> tuple[str | None, str | None]:
    """Abstract and comment of an oai_dc record: its first description and, without the label, its second."""
    descriptions = fields.texts("description")
    comment = _COMMENT_LABEL.sub("", descriptions[1]) if len(descriptions) > 1 else None
    return (descriptions[0] if descriptions else None), comment or None
