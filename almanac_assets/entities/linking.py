"""Mentions tied to entities, or told why not: one row per mention and document."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import polars as pl

from almanac_assets.entities.corrections import corrected
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.normal_forms import normal_form

MENTIONS_SCHEMA: dict[str, pl.DataType] = {
    "mention_id": pl.String(),
    "document_id": pl.String(),
    "field": pl.String(),
    "start": pl.Int32(),
    "end": pl.Int32(),
    "surface": pl.String(),
    "type": pl.String(),
    "found_by": pl.String(),
    "confidence": pl.Float64(),
    "entity_id": pl.String(),
    "link_confidence": pl.Float64(),
    "link_rule": pl.String(),
    "unresolved_reason": pl.String(),
    "candidates": pl.List(pl.String()),
}
MENTION_DIGITS = 16

# Given that the mention is right, how often the entity is: a spelling rule can join what the world keeps apart, and
# the more a rule forgives, the more often it does.
LINK_CONFIDENCE = {
    "override": 1.0,
    "exact": 1.0,
    "title_definition": 1.0,
    "case": 0.99,
    "provider_prefix": 0.99,
    "plural": 0.98,
    "punctuation": 0.98,
    "size_format": 0.98,
    "version_format": 0.98,
    "registry": 0.97,
}
_SIZE = re.compile(r"\d+(?:\.\d+)? ?[-_]?[bmk]\b", re.IGNORECASE)


def linked_mentions(
    found: pl.DataFrame,
    documents: pl.DataFrame,
    registry: pl.DataFrame,
    gazetteer: Gazetteer,
    corrections: pl.DataFrame,
) -> pl.DataFrame:
    """Every found mention in every document with that content, in MENTIONS_SCHEMA, sorted by mention_id.

    Exactly one of entity_id and unresolved_reason is set. `candidates` names the entities of any type that bear the
    name of an ambiguous mention; it is empty where the mention is linked. The id of a mention follows from the type as it
    was found, so that a corrected type leaves it the same mention.
    """
    active = registry.filter(record_status="active")
    joined = _with_entities(corrected(found, corrections), documents, active, gazetteer)
    linked = (
        joined.join(
            _link_rules(joined, corrections), on=["surface", "type", "normal_form"], how="left", maintain_order="left"
        )
        .join(_candidates(joined, active, gazetteer), on=["surface", "type", "normal_form"], how="left")
        .join(documents.select("document_id", "content_hash"), on="content_hash")
        .with_columns(_rule(), _reason())
        .with_columns(
            pl.col("link_rule").replace_strict(LINK_CONFIDENCE, return_dtype=pl.Float64).alias("link_confidence"),
            pl.when(pl.col("entity_id").is_null())
            .then(pl.coalesce("candidates", pl.lit([], dtype=pl.List(pl.String))))
            .otherwise(pl.lit([], dtype=pl.List(pl.String)))
            .alias("candidates"),
        )
    )
    return _with_ids(linked).select(list(MENTIONS_SCHEMA)).sort("mention_id")


def _with_entities(
    found: pl.DataFrame, documents: pl.DataFrame, registry: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """Found rows with the entity of their form, none where the row is ambiguous.

    A name that several documents define, each for something of its own ("PRISM: a framework ..."), belongs to the
    first; in the others it is ambiguous, unless the gazetteer lists it.
    """
    listed = {(entry.type, entry.form) for entry in gazetteer.entries}
    founders = documents.select(
        pl.col("document_id").alias("description_document_id"), pl.col("content_hash").alias("founder")
    )
    known = (
        registry.select("type", "normal_form", "entity_id", "name", "description_document_id")
        .join(founders, on="description_document_id", how="left", maintain_order="left")
        .with_columns(
            pl.Series(
                "is_listed",
                [key in listed for key in registry.select("type", "normal_form").iter_rows()],
                dtype=pl.Boolean,
            )
        )
    )
    homonym = (
        (pl.col("found_by") == "definition")
        & ~pl.col("is_listed")
        & ~pl.col("is_overridden")
        & (pl.col("founder") != pl.col("content_hash"))
    )
    unlinked = pl.col("is_ambiguous") | pl.col("is_forbidden")
    return (
        found.join(known, on=["type", "normal_form"], how="left")
        .with_columns((pl.col("is_ambiguous") | homonym.fill_null(False)).alias("is_ambiguous"))
        .with_columns(pl.when(unlinked).then(None).otherwise(pl.col("entity_id")).alias("entity_id"))
    )


def _rule() -> pl.Expr:
    is_definition = pl.col("definition").is_not_null()
    return (
        pl.when(pl.col("entity_id").is_null())
        .then(None)
        .when("is_overridden")
        .then(pl.lit("override"))
        .when(is_definition)
        .then(pl.lit("title_definition"))
        .otherwise(pl.col("spelling_rule"))
        .alias("link_rule")
    )


def _reason() -> pl.Expr:
    return (
        pl.when(pl.col("entity_id").is_not_null())
        .then(None)
        .when("is_ambiguous")
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("unknown_name"))
        .alias("unresolved_reason")
    )


def _link_rules(joined: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """The spelling rule of each distinct linked surface; the old name of a renamed thing belongs by the override."""
    renamed = set(corrections.filter(action="rename").select("type", "normal_form").iter_rows())
    distinct = (
        joined.filter(pl.col("entity_id").is_not_null()).select("surface", "type", "normal_form", "name").unique()
    )
    rows = []
    for surface, kind, form, name in distinct.iter_rows():
        is_old_name = (kind, form) in renamed and surface != name and normal_form(surface, kind) == form
        rows.append((surface, kind, form, "override" if is_old_name else spelling_rule(surface, name, kind, form)))
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("surface", "type", "normal_form", "spelling_rule"), pl.String), orient="row"
    )


def spelling_rule(surface: str, name: str, entity_type: str, form: str) -> str:
    """Which rule makes a surface a spelling of the preferred name; `registry` when no spelling rule does."""
    if surface == name:
        return "exact"
    if surface.endswith("s") and _folded(surface[:-1]) == _folded(name):
        return "plural"
    if normal_form(surface, entity_type) != form:
        return "registry"
    if "/" in surface and "/" not in name:
        return "provider_prefix"
    folded, wanted = _folded(surface), _folded(name)
    if folded == wanted:
        return "size_format" if _SIZE.search(surface) and _SIZE.findall(surface) != _SIZE.findall(name) else "case"
    if _letters(folded).removesuffix("s") == _letters(wanted).removesuffix("s") and _letters(folded) != _letters(
        wanted
    ):
        return "plural"
    if _sizes(surface) != _sizes(name):
        return "size_format"
    return "version_format" if any(letter.isdigit() for letter in surface) else "punctuation"


def _folded(surface: str) -> str:
    return unicodedata.normalize("NFKC", surface).casefold()


def _letters(folded: str) -> str:
    return "".join(letter for letter in folded if letter.isalnum())


def _sizes(surface: str) -> list[str]:
    return list(_SIZE.findall(surface))


def _candidates(joined: pl.DataFrame, registry: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Entities of any type under the name of each ambiguous surface, the type it was found as first."""
    by_name: dict[str, list[tuple[str, str]]] = {}
    for kind, form, entity_id in registry.select("type", "normal_form", "entity_id").sort("entity_id").iter_rows():
        by_name.setdefault(form, []).append((kind, entity_id))
    homonyms: dict[str, list[str]] = {}
    for entry in gazetteer.entries:
        for surface in entry.surfaces:
            homonyms.setdefault(surface, []).append(entry.form)
    rows = []
    for surface, kind, form in (
        joined.filter("is_ambiguous").select("surface", "type", "normal_form").unique().iter_rows()
    ):
        forms = dict.fromkeys((form, *homonyms.get(surface, ())))
        known = sorted({owner for one in forms for owner in by_name.get(one, ())}, key=lambda o: (o[0] != kind, o[1]))
        rows.append((surface, kind, form, [entity_id for _, entity_id in known]))
    schema: dict[str, pl.DataType] = {**dict.fromkeys(("surface", "type", "normal_form"), pl.String())}
    return pl.DataFrame(rows, schema={**schema, "candidates": pl.List(pl.String)}, orient="row")


def _with_ids(linked: pl.DataFrame) -> pl.DataFrame:
    """`m-` and 16 hex digits of the sha256 of document_id, field, start, end and type, one a line."""
    keys = linked.select(
        pl.concat_str("document_id", "field", "start", "end", "found_type", separator="\n").alias("key")
    ).to_series()
    digests = [hashlib.sha256(key.encode()).hexdigest()[:MENTION_DIGITS] for key in keys]
    return linked.with_columns(("m-" + pl.Series("mention_id", digests, dtype=pl.String)).alias("mention_id"))
