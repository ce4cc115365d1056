"""How things belong together: suites, sizes, versions, tuned and quantised models, makers, parts of organizations."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.makers import stated_makers
from almanac_assets.entities.normal_forms import parent_step
from almanac_assets.text.spans import evidence_ids

# Share of right rows among hand-read random ones of 10,000 abstracts, with one right and one wrong added: makers stated in
# texts 30 of 30, the grammar of names 69 of 70. Rows of the reviewed lists are as sure as their reviewers (judged).
CONFIDENCE = {"registry": 0.99, "stated": 0.969, "name_grammar": 0.972}
# What a thing of the family inherits from it: who makes a size or version makes the family. Others tune and quantise.
INHERITED = ("size_of", "version_of")
PREFIX = r"^([A-Za-z0-9][\w.-]*)/"

RELATIONS = Method(
    "entities.relations",
    1,
    "Relations by the grammar of names, reviewed lists, and statements of makers",
    "A model's name is taken apart from its end (quantisation, date, size, tuning, variant, version) until a name that the "
    "documents use is left; one step names the relation, several make it member_of. Makers come from reviewed lists, from an "
    "organization's name side by side with the thing's ('OpenAI's GPT-4'), and from a provider prefix whose owner is listed; "
    "sizes and versions of a listed family inherit its maker.",
    {"confidence": CONFIDENCE},
    training_data="data/gazetteer/relations.csv and external_ids.csv, reviewed lists",
)

EVIDENCE_COLUMNS: dict[str, pl.DataType] = {
    "evidence_document_id": pl.String(),
    "evidence_field": pl.String(),
    "evidence_start": pl.Int32(),
    "evidence_end": pl.Int32(),
}
RELATIONS_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "relation": pl.String(),
    "other_entity_id": pl.String(),
    "rule": pl.String(),
    "confidence": pl.Float64(),
    **EVIDENCE_COLUMNS,
}
KEY = ["entity_id", "relation", "other_entity_id"]
# The surest ground first, where several lead to the same row.
_RULES = ("registry", "stated", "name_grammar")


def relations(
    registry: pl.DataFrame, mentions: pl.DataFrame, aliases: pl.DataFrame, documents: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """All relations with the span that states each, where one does, in RELATIONS_SCHEMA, sorted by key.

    The row by the grammar of names of an entity is the one that its `parent_entity_id` stands for.
    """
    active = registry.filter(record_status="active")
    grammar = grammar_relations(active)
    listed = _listed(active, gazetteer)
    stated = stated_makers(mentions, active, documents).with_columns(relation=pl.lit("made_by"), rule=pl.lit("stated"))
    prefixed = _prefixed(active, aliases, gazetteer)
    inherited = _inherited(grammar, listed)
    parts = [part for part in (listed, stated, prefixed, inherited, grammar) if not part.is_empty()]
    empty = pl.DataFrame(schema=RELATIONS_SCHEMA)
    rank = {rule: number for number, rule in enumerate(_RULES)}
    return (
        pl.concat([empty, *parts], how="diagonal")
        .filter(pl.col("entity_id") != pl.col("other_entity_id"))
        .sort(*KEY, pl.col("rule").replace_strict(rank, return_dtype=pl.Int8))
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.col("rule").first(),
            *(pl.col(name).filter(pl.col("evidence_document_id").is_not_null()).first() for name in EVIDENCE_COLUMNS),
        )
        .with_columns(confidence=pl.col("rule").replace_strict(CONFIDENCE, return_dtype=pl.Float64))
        .select(pl.col(name).cast(kind) for name, kind in RELATIONS_SCHEMA.items())
        .sort(KEY)
    )


def grammar_relations(active: pl.DataFrame) -> pl.DataFrame:
    """What the difference between a model's name and its parent's says: one row per entity with a parent."""
    forms = dict(active.select("entity_id", "normal_form").iter_rows())
    rows = []
    children = active.filter(pl.col("parent_entity_id").is_not_null())
    for entity_id, kind, form, parent in children.select(
        "entity_id", "type", "normal_form", "parent_entity_id"
    ).iter_rows():
        rows.append((entity_id, _relation(form, kind, forms[parent]), parent, "name_grammar"))
    return pl.DataFrame(rows, schema=dict.fromkeys((*KEY, "rule"), pl.String), orient="row")


def _relation(form: str, kind: str, parent: str) -> str:
    """The relation of one step up, member_of for several steps of different kinds."""
    steps, here = [], form
    while here != parent and (step := parent_step(here, kind)) is not None:
        here = step[0]
        steps.append(step[1])
    return steps[0] if len(set(steps)) == 1 else "member_of"


def _listed(active: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The reviewed relations between entities that the documents name."""
    ids = {(kind, form): entity_id for kind, form, entity_id in _named(active).iter_rows()}
    rows = [
        (ids[one.type, one.normal_form], one.relation, ids[one.other_type, one.other_normal_form], "registry")
        for one in gazetteer.relations
        if (one.type, one.normal_form) in ids and (one.other_type, one.other_normal_form) in ids
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys((*KEY, "rule"), pl.String), orient="row")


def _inherited(grammar: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The listed maker of the family, for its sizes and versions, however many steps below."""
    above = dict(grammar.filter(pl.col("relation").is_in(INHERITED)).select("entity_id", "other_entity_id").iter_rows())
    makers: dict[str, list[str]] = {}
    for entity_id, maker in listed.filter(relation="made_by").select("entity_id", "other_entity_id").iter_rows():
        makers.setdefault(entity_id, []).append(maker)
    rows = []
    for entity_id in sorted(above):
        here: str | None = entity_id
        while here is not None and here not in makers:
            here = above.get(here)
        if here is not None and here != entity_id:
            rows += [(entity_id, "made_by", maker, "name_grammar") for maker in makers[here]]
    return pl.DataFrame(rows, schema=dict.fromkeys((*KEY, "rule"), pl.String), orient="row")


def _prefixed(active: pl.DataFrame, aliases: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Models written behind a provider prefix whose owner is listed: `meta-llama/Llama-3.1-8B`."""
    handles = {
        one.value.lower(): (one.type, one.normal_form)
        for one in gazetteer.external_ids
        if one.scheme == "huggingface" and one.type == "organization"
    }
    owners = pl.DataFrame(
        [(handle, *key) for handle, key in sorted(handles.items())],
        schema=dict.fromkeys(("handle", "type", "normal_form"), pl.String),
        orient="row",
    ).join(_named(active).rename({"entity_id": "other_entity_id"}), on=["type", "normal_form"])
    models = active.filter(type="model").select("entity_id")
    return (
        aliases.with_columns(handle=pl.col("alias").str.extract(PREFIX).str.to_lowercase())
        .filter(pl.col("handle").is_not_null())
        .join(models, on="entity_id", how="semi")
        .join(owners.select("handle", "other_entity_id"), on="handle")
        .sort("entity_id", "first_seen_at", "alias")
        .select(
            "entity_id", "other_entity_id", *EVIDENCE_COLUMNS, relation=pl.lit("made_by"), rule=pl.lit("name_grammar")
        )
    )


def _named(active: pl.DataFrame) -> pl.DataFrame:
    return active.select("type", "normal_form", "entity_id")


def entity_relations(relations: pl.DataFrame) -> pl.DataFrame:
    """The table `entity_relations`."""
    spans = relations.select(
        subject_id="evidence_document_id", field="evidence_field", start="evidence_start", end="evidence_end"
    )
    return relations.with_columns(RELATIONS.column, evidence_ids(spans)).select(TABLES["entity_relations"].column_names)
