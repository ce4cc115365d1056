"""Read the public arXiv metadata snapshot: JSON lines, one paper each, with all its versions.

Source: https://www.kaggle.com/datasets/Cornell-University/arxiv (CC0). A line that cannot be read loses that line and
nothing else. Numbers that JSON does not know (NaN, Infinity) are refused.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, NoReturn

from almanac_assets.harvest.authors import Author, split_authors
from almanac_assets.harvest.formats.collect import Collector, published
from almanac_assets.harvest.formats.times import in_utc, midnight, read_day, read_rfc822
from almanac_assets.harvest.formats.values import (
    clean_text,
    read_categories,
    read_doi,
    read_identity,
    withdrawal,
)
from almanac_assets.harvest.formats.xml_bytes import shown
from almanac_assets.harvest.records import Facts, Parsed, Record, unusable

FORMAT = "snapshot"

_NUMBER = re.compile(r"[1-9][0-9]{0,2}")


def read_snapshot(body: bytes) -> Parsed:
    """The papers of a snapshot, or of any part of it cut at line ends.

    The last line may lack its end; if it cannot be read then, it was cut off and is rejected as truncated.
    """
    facts = Facts(FORMAT)
    lines = body.split(b"\n")
    if reason := _one_value(lines, body):
        return unusable(facts, reason, f"expected one JSON object a line, found {shown(body)}")
    collector = Collector(None)
    filled = [line for line in lines if line.strip()]
    complete = not lines[-1].strip()
    for ordinal, line in enumerate(filled):
        paper, reason = _read_line(line)
        if paper is None:
            cut = ordinal == len(filled) - 1 and not complete and reason == "not_json"
            detail = f"expected a JSON object on the line, found {shown(line)}"
            collector.reject(ordinal, None, "truncated" if cut else reason, detail)
        else:
            _read_paper(ordinal, paper, collector)
    return collector.parsed(facts)


def _one_value(lines: list[bytes], body: bytes) -> str:
    """The reason against a payload that is a list, or one object spread over lines; empty for lines of a snapshot."""
    first = next((line for line in lines if line.strip()), b"").strip()
    if not first.startswith(b"[") and first != b"{":
        return ""
    paper, reason = _read_line(body)
    return "schema_changed" if paper is not None else reason


def _read_line(line: bytes) -> tuple[dict[str, Any] | None, str]:
    """The object on a line, or None and the reason."""
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        return None, "bad_encoding"
    except RecursionError:
        return None, "too_deep"
    except ValueError:
        return None, "not_json"
    return (value, "") if isinstance(value, dict) else (None, "schema_changed")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _read_paper(ordinal: int, paper: dict[str, Any], collector: Collector) -> None:
    stated = clean_text(paper.get("id"))
    identity = read_identity(stated)
    if identity is None:
        return collector.reject(
            ordinal, stated, "missing_id", f"expected an arXiv identifier, found {stated or 'none'}"
        )
    number, first, newest = _versions(paper.get("versions"))
    moment, precision, basis = published(first, "second", "stated", identity)
    authors = _authors(paper)
    comment, abstract = clean_text(paper.get("comments")), clean_text(paper.get("abstract"))
    reason = withdrawal(comment, abstract)
    changed = midnight(read_day(clean_text(paper.get("update_date"))))
    record = Record(
        ordinal=ordinal,
        document_id=identity.document_id,
        arxiv_id=identity.arxiv_id,
        version=number,
        title=clean_text(paper.get("title")),
        abstract=abstract,
        authors=tuple(name for name, _ in authors),
        affiliations=tuple(place for _, place in authors),
        categories=read_categories((clean_text(paper.get("categories")) or "").split()),
        comment=comment,
        journal_ref=clean_text(paper.get("journal-ref")),
        doi=read_doi(clean_text(paper.get("doi"))),
        licence=clean_text(paper.get("license")),
        published_at=moment,
        published_precision=precision,
        published_basis=basis,
        version_at=newest,
        updated_at=newest if number > 1 else None,
        datestamp=changed.date() if changed else None,
        is_withdrawn=reason is not None,
        withdrawn_reason=reason,
    )
    return collector.keep(record, stated)


def _versions(versions: object) -> tuple[int, datetime | None, datetime | None]:
    """The newest version's number, and the times of version 1 and of the newest; what cannot be read is skipped."""
    times: dict[int, datetime | None] = {}
    for entry in versions if isinstance(versions, list) else []:
        if isinstance(entry, dict) and (name := clean_text(entry.get("version"))):
            digits = name.removeprefix("v")
            if _NUMBER.fullmatch(digits):
                times[int(digits)] = in_utc(read_rfc822(clean_text(entry.get("created"))))
    if not times:
        return 1, None, None
    newest = max(times)
    return newest, times.get(1), times[newest]


def _authors(paper: dict[str, Any]) -> list[Author]:
    """Authors from the parsed list (family, given, suffix, affiliations), else from the string."""
    parsed = paper.get("authors_parsed")
    if not isinstance(parsed, list) or not parsed:
        return split_authors(clean_text(paper.get("authors")) or "")
    authors: list[Author] = []
    for entry in parsed:
        parts = [clean_text(part) for part in entry] if isinstance(entry, list) else []
        family, given, suffix, *places = [*parts, None, None, None][: max(3, len(parts))]
        if name := " ".join(part for part in (given, family, suffix) if part):
            authors.append((name, "; ".join(place for place in places if place) or None))
    return authors
