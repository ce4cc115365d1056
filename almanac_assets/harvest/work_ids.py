"""Ids of works that cite or are cited: every id an upstream states, in one spelling, the most telling first.

`arxiv:`, `doi:`, `s2:` (corpus id), `openalex:`, `acl:`, `openreview:`, then `title:` (a hash of the folded title, for works
of which nothing else is known) and `local:` (an id that means something inside one bulk file only and is never published).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

SCHEMES = ("arxiv", "doi", "s2", "openalex", "acl", "openreview", "title", "local")
TITLE_DIGITS = 16
_ARXIV_DOI = "10.48550/arxiv."
_ACL_DOI = re.compile(r"10\.(?:18653/v1|3115/v1)/([a-z]\d{2}-\d{4}|\d{4}\.[a-z0-9-]+\.\d+)", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def work_ids(
    *,
    title: str | None = None,
    arxiv_id: str | None = None,
    doi: str | None = None,
    s2_corpus_id: int | None = None,
    openalex_id: str | None = None,
    acl_id: str | None = None,
    openreview_id: str | None = None,
    local_id: str | None = None,
) -> tuple[str, ...]:
    """All ids of a work that can be read from what is stated, in the order of SCHEMES, each once; empty if there is none.

    A DOI that arXiv or the ACL Anthology gave is an id of theirs too. An OpenAlex id may be a URL.
    """
    # Imported here because the readers of formats, which lie beside values, need this module in turn.
    from almanac_assets.harvest.formats.values import read_doi, read_identity

    ids: dict[str, str] = {}
    lower = read_doi(doi)
    if lower and lower.startswith(_ARXIV_DOI):
        arxiv_id, lower = arxiv_id or lower.removeprefix(_ARXIV_DOI), None
    if lower:
        ids["doi"] = lower
        found = _ACL_DOI.fullmatch(lower)
        acl_id = acl_id or (found[1] if found else None)
    identity = read_identity(arxiv_id)
    if identity:
        ids["arxiv"] = identity.arxiv_id
    if s2_corpus_id is not None and s2_corpus_id >= 0:
        ids["s2"] = str(s2_corpus_id)
    if openalex_id and re.fullmatch(r"W\d+", short := openalex_id.rsplit("/", 1)[-1]):
        ids["openalex"] = short
    if acl_id:
        ids["acl"] = acl_id.upper() if re.fullmatch(r"[a-zA-Z]\d{2}-\d{4}", acl_id) else acl_id
    if openreview_id:
        ids["openreview"] = openreview_id
    if key := title_key(title):
        ids["title"] = key
    if local_id:
        ids["local"] = local_id
    return tuple(f"{scheme}:{ids[scheme]}" for scheme in SCHEMES if scheme in ids)


def title_key(title: str | None) -> str | None:
    """16 hex digits of the sha256 of the title's letters and digits, folded; None where there are none in ASCII."""
    folded = folded_title(title)
    return hashlib.sha256(folded.encode()).hexdigest()[:TITLE_DIGITS] if folded else None


def folded_title(title: str | None) -> str:
    """The title in lower-case ASCII letters and digits alone: case, accents, hyphens and spacing do not tell works apart."""
    plain = unicodedata.normalize("NFKD", (title or "").casefold())
    return _NOT_WORD.sub("", plain.encode("ascii", "ignore").decode())
