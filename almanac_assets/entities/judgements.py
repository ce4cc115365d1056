"""The ledger of doubtful pairs: which names are one thing, which are not, which nobody can tell, and on what ground.

`same` is said only of what is one entity in the tables: an override has merged it, or a document that defines a short form
spells it out and no other entity bears the long form.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.entities import doubtful
from almanac_assets.entities.corrections import final_name, leads_of
from almanac_assets.entities.doubtful import UNDECIDED, doubts
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.meanings import meanings
from almanac_assets.entities.normal_forms import normal_form
from almanac_assets.text.spans import evidence_ids

# Share of right ones among hand-read long forms right before their short form in brackets: 37 of 37, one right and one wrong added.
CONFIDENCE_ACRONYM = 0.974
CERTAIN = 1.0
JUDGEMENTS = Method(
    "entities.judgements",
    1,
    "Verdicts on names that could be taken for one another",
    "Pairs come from shared keys: one normal form with two types, forms that differ in numbers, in a word behind the name, "
    "in one letter; short forms beside their long forms in the document that defines them; overrides. Numbers, words and far "
    "types tell apart, and so does a document that names both; what is left is undecided. Nothing is joined by likeness.",
    {
        "apart": doubtful.CONFIDENCE,
        "least_near": doubtful.LEAST_NEAR,
        "least_own": doubtful.LEAST_OWN,
        "acronym": CONFIDENCE_ACRONYM,
        "undecided": UNDECIDED,
    },
)

JUDGEMENTS_SCHEMA: dict[str, pl.DataType] = {
    "left": pl.String(),
    "right": pl.String(),
    "verdict": pl.String(),
    "rule": pl.String(),
    "confidence": pl.Float64(),
    "decided_by": pl.String(),
    "detail": pl.String(),
    "evidence_document_id": pl.String(),
    "evidence_field": pl.String(),
    "evidence_start": pl.Int32(),
    "evidence_end": pl.Int32(),
}
SAME, APART, OPEN = "same", "apart", "undecided"
KEY = ["type", "normal_form"]
_NO_SPAN = (None, None, None, None)
_Row = tuple[str, str, str, str, float, str, str, str | None, str | None, int | None, int | None]


def judgements(
    registry: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    corrections: pl.DataFrame,
    gazetteer: Gazetteer,
) -> pl.DataFrame:
    """Every verdict in JUDGEMENTS_SCHEMA, one per pair, sorted; overrides win over documents, documents over names."""
    rows = [
        *_overridden(registry, corrections),
        *_spelled_out(registry, mentions, documents),
        *(_by_rule(doubt) for doubt in doubts(registry, mentions, gazetteer)),
    ]
    return (
        pl.DataFrame(rows, schema=JUDGEMENTS_SCHEMA, orient="row")
        .unique(["left", "right"], keep="first", maintain_order=True)
        .sort("left", "right")
    )


def _by_rule(doubt: doubtful.Doubt) -> _Row:
    verdict, confidence = (APART, doubtful.CONFIDENCE[doubt.rule]) if doubt.apart else (OPEN, UNDECIDED)
    return (doubt.left, doubt.right, verdict, doubt.rule, confidence, "rule", doubt.detail, *_NO_SPAN)


def _row(one: str, other: str, verdict: str, rule: str, detail: str) -> _Row:
    left, right = sorted((one, other))
    return (left, right, verdict, rule, CERTAIN, "override", detail, *_NO_SPAN)


def _overridden(registry: pl.DataFrame, corrections: pl.DataFrame) -> Iterator[_Row]:
    """What a person has judged, and what follows: two things that are the same as a third are the same."""
    ids = {(kind, form): one for kind, form, one in registry.select(*KEY, "entity_id").iter_rows()}
    leads = leads_of(corrections)
    joined: dict[str, list[tuple[str, str]]] = {}
    for row in corrections.iter_rows(named=True):
        key = row["type"], row["normal_form"]
        now = ids.get(final_name(key, leads))
        # A thing that was never published under its own id is spoken of by its name.
        own = row["name"] if row["action"] == "rename" else ids.get(key) or row["name"]
        if row["action"] in ("merge", "rename") and own is not None and now is not None and own != now:
            joined.setdefault(now, []).append((own, row["reason"]))
        if now is None:
            continue
        if row["action"] == "forbid_alias":
            yield _row(now, row["surface"], APART, "override", row["reason"])
        if row["action"] == "split":
            part = ids.get(final_name((row["to_type"], row["to_normal_form"]), leads))
            if part is not None and part != now:
                yield _row(now, part, APART, "override", row["reason"])
    for now, others in joined.items():
        yield from (_row(now, own, SAME, "override", reason) for own, reason in others)
        for at, (own, _) in enumerate(others):
            yield from (_row(own, other, SAME, "transitive", f"both are {now}") for other, _ in others[at + 1 :])


def _spelled_out(registry: pl.DataFrame, mentions: pl.DataFrame, documents: pl.DataFrame) -> Iterator[_Row]:
    """Short forms with the long forms that the documents defining them give: one thing, or two entities in doubt."""
    active = registry.filter(record_status="active")
    bearers = _bearers(active)
    types = dict(active.select("entity_id", "type").iter_rows())
    defined = active.filter(pl.col("description_document_id").is_not_null())
    places = (
        mentions.filter(pl.col("field") == "text")
        .join(
            defined.select("entity_id", document_id="description_document_id"),
            on=["entity_id", "document_id"],
            how="semi",
        )
        .join(
            documents.select("document_id", "text").filter(pl.col("text").str.contains("(", literal=True)),
            on="document_id",
        )
        .sort("entity_id", "start")
        .unique(["entity_id", "surface"], keep="first", maintain_order=True)
        .select("entity_id", "surface", "document_id", "text")
    )
    claims: dict[str, list[_Row]] = {}
    for entity_id, surface, document_id, text in places.iter_rows():
        long_form = meanings(text).get(surface.removesuffix("s")) if f"({surface}" in text else None
        start = -1 if long_form is None else text.find(f"{long_form} ({surface}")
        if long_form is None or start < 0:
            continue
        span = (document_id, "text", start, start + len(long_form) + len(surface) + 3)
        others = [one for one in bearers.get(normal_form(long_form, types[entity_id]), ()) if one != entity_id]
        for other in others:
            left, right = sorted((entity_id, other))
            yield left, right, OPEN, "acronym", UNDECIDED, "rule", f"{surface} stands for {long_form}", *span
        if not others and long_form != surface:
            left, right = sorted((entity_id, long_form))
            said = f"{surface} stands for {long_form}"
            claims.setdefault(long_form, []).append(
                (left, right, SAME, "acronym", CONFIDENCE_ACRONYM, "rule", said, *span)
            )
    for rows in claims.values():
        lone = len({(row[0], row[1]) for row in rows}) == 1
        yield from rows if lone else ((*row[:2], OPEN, row[3], UNDECIDED, *row[5:]) for row in rows)


def _bearers(active: pl.DataFrame) -> dict[str, list[str]]:
    """Entities of any type by normal form."""
    by_form: dict[str, list[str]] = {}
    for form, entity_id in active.select("normal_form", "entity_id").sort("normal_form", "entity_id").iter_rows():
        by_form.setdefault(form, []).append(entity_id)
    return by_form


def entity_judgements(judgements: pl.DataFrame) -> pl.DataFrame:
    """The table `entity_judgements`."""
    spans = judgements.select(
        subject_id="evidence_document_id", field="evidence_field", start="evidence_start", end="evidence_end"
    )
    told = judgements.with_columns(JUDGEMENTS.column, evidence_ids(spans)).with_columns(
        evidence_ids=pl.concat_list("evidence_id").list.drop_nulls()
    )
    return told.select(TABLES["entity_judgements"].column_names)
