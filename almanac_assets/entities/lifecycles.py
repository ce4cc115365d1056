"""What a document says of the state of the thing that it defines: announced, released, deprecated, withdrawn."""

from __future__ import annotations

import re

import polars as pl

LIFECYCLES_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "lifecycle": pl.String(),
    "evidence_document_id": pl.String(),
    "evidence_field": pl.String(),
    "evidence_start": pl.Int32(),
    "evidence_end": pl.Int32(),
}
# How far before and behind a name the words that tell its state may begin or end.
REACH = 80

_ADVERB = r"(?:(?:also|now|publicly|openly|freely|hereby|fully|then|further|finally) )*"
_OBJECT = (
    r"(?:(?:and|or) [a-z-]+ )?(?:the |our )?(?:[\w-]+ (?:dataset|benchmark|model|corpus|suite|toolkit|library) )?$"
)
_KIND = r"(?: (?:dataset|benchmark|model|models|corpus|suite|toolkit|library|framework|leaderboard|series|family))?"
_OPEN = (
    r"(?:publicly |openly |freely |fully |now |also )*(?:available|released|open-sourced|open[- ]source|downloadable)\b"
)
# What stands before the name, and the state that it tells; the name is the object of the verb.
_BEFORE = (
    (re.compile(rf"\b[Ww]e {_ADVERB}(?:[a-z]+ and )?{_ADVERB}(?:release|open-source|publish) {_OBJECT}"), "released"),
    (re.compile(rf"\b[Ww]e {_ADVERB}make {_OBJECT}"), "released?"),
    (re.compile(rf"\b[Ww]e {_ADVERB}(?:announce|will (?:release|open-source|publish)) {_OBJECT}"), "announced"),
)
# What stands behind it; the name is the subject.
_BEHIND = (
    (re.compile(rf"^{_KIND} (?:will|shall) (?:soon )?be (?:made )?{_OPEN}"), "announced"),
    (
        re.compile(rf"^{_KIND} (?:is|are|has been|have been) (?:no longer (?:supported|maintained)|deprecated)\b"),
        "deprecated",
    ),
    (re.compile(rf"^{_KIND} (?:has been|have been|was|were) (?:withdrawn|retracted|taken down)\b"), "withdrawn"),
    (re.compile(rf"^{_KIND} (?:is|are|has been|have been) (?:made )?{_OPEN}"), "released"),
)
_MADE_OPEN = re.compile(rf"^{_KIND} (?:publicly |openly |freely |fully )*(?:available|accessible|open)\b")
# "The code of X is available" says nothing of X.
_OF_ANOTHER = re.compile(
    r"(?:code|implementation|weights|checkpoints?|data|demo|page|website|videos?|version|subset|part|results|details|"
    r"materials?|annotations|appendix|scripts?|models?) (?:for|of|to|in|on|from|used in) (?:the |our )?$",
    re.IGNORECASE,
)
# "We release the X code" says nothing of X either.
_ITS_PART = re.compile(
    r"^(?:'s|’s)?,? (?:(?:source|training|evaluation|model) )?(?:code|codebase|repository|repo|implementation|weights|"
    r"checkpoints?|data|demo|annotations|results|scripts?|pipeline)\b"
)
# The state that a thing is in at last; where a document tells several, the last of these stands.
_ORDER = ("announced", "released", "deprecated", "withdrawn")


def lifecycles(registry: pl.DataFrame, mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The state of each entity whose defining document states it, with the words that say so, in LIFECYCLES_SCHEMA.

    Only the document that gives the entity its description is asked: others may speak of a version of their own.
    """
    defined = registry.filter(pl.col("description_document_id").is_not_null()).select(
        "entity_id", document_id="description_document_id"
    )
    places = (
        mentions.filter(pl.col("field") == "text")
        .join(defined, on=["entity_id", "document_id"], how="semi")
        .join(documents.select("document_id", "text"), on="document_id")
        .sort("entity_id", "start")
        .select("entity_id", "document_id", "start", "end", "text")
    )
    rows = [
        (entity_id, state, document_id, "text", begin, stop)
        for entity_id, document_id, start, end, text in places.iter_rows()
        if (told := stated(text, start, end)) is not None
        for state, begin, stop in [told]
    ]
    rank = {state: number for number, state in enumerate(_ORDER)}
    return (
        pl.DataFrame(rows, schema=LIFECYCLES_SCHEMA, orient="row")
        .sort("entity_id", pl.col("lifecycle").replace_strict(rank, return_dtype=pl.Int8), "evidence_start")
        .unique("entity_id", keep="last", maintain_order=True)
    )


def stated(text: str, start: int, end: int) -> tuple[str, int, int] | None:
    """(state, start, end) of the words around one name that tell the state of what it names, or null."""
    before, behind = text[max(0, start - REACH) : start], text[end : end + REACH]
    for pattern, state in _BEHIND:
        told = pattern.match(behind)
        if told is not None and not _OF_ANOTHER.search(before):
            return state, start, end + told.end()
    for pattern, state in _BEFORE:
        told = pattern.search(before)
        if told is None or _ITS_PART.match(behind):
            continue
        begin = start - len(before) + told.start()
        if state != "released?":
            return state, begin, end
        opened = _MADE_OPEN.match(behind)
        if opened is not None:
            return "released", begin, end + opened.end()
    return None
