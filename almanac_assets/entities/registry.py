"""The registry: one row per named thing, founded by a definition or by a sure mention of a listed name."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from almanac_assets.entities.corrections import corrected, final_name, leads_of
from almanac_assets.entities.gazetteer import Gazetteer
from almanac_assets.entities.identity import digest_of, entity_id_of, free_slug
from almanac_assets.entities.normal_forms import parent_form

REGISTRY_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "slug": pl.String(),
    "name": pl.String(),
    "type": pl.String(),
    "normal_form": pl.String(),
    "record_status": pl.String(),
    "parent_entity_id": pl.String(),
    "description": pl.String(),
    "description_document_id": pl.String(),
    "description_field": pl.String(),
    "description_start": pl.Int32(),
    "description_end": pl.Int32(),
    "founded_from": pl.Datetime("us", "UTC"),
    "founded_until": pl.Datetime("us", "UTC"),
}
KEY = ["type", "normal_form"]
ACTIVE, MERGED, RETIRED = "active", "merged", "retired"
# Titles are read before texts wherever the earliest mention is sought.
FIELD_RANK = pl.when(pl.col("field") == "title").then(0).otherwise(1)
_Given = dict[tuple[str, str], tuple[str, str]]


def registry(
    found: pl.DataFrame,
    documents: pl.DataFrame,
    gazetteer: Gazetteer,
    known_ids: pl.DataFrame,
    corrections: pl.DataFrame,
) -> pl.DataFrame:
    """All entities that the documents name, in REGISTRY_SCHEMA, sorted by entity_id.

    `known_ids` has type, normal_form, entity_id, slug of the releases before and may be empty: an id once given stays,
    and a slug once given goes to nobody else. Pinned ids win over both. An ambiguous surface founds nothing.

    An entity that was published and whose names `corrections` lead elsewhere stays as a row with the status merged, or
    retired where they lead nowhere: it has no parent and no description, and nothing is linked to it. `founded_from` and
    `founded_until` are when a document that founds it was first and last new.
    """
    sure = found.filter(~pl.col("is_ambiguous") & (pl.col("normal_form") != ""))
    as_found = sure.join(documents.select("document_id", "content_hash", "first_seen_at"), on="content_hash")
    seen = corrected(as_found, corrections).filter(~pl.col("is_forbidden"))
    named = _renamed(_names(seen, gazetteer), corrections).sort(KEY)
    ids = _ids(named, gazetteer, known_ids, corrections)
    active = ids.join(_parents(ids, corrections), on="entity_id", how="left").join(
        _descriptions(seen), on=KEY, how="left"
    )
    gone = _superseded(as_found, ids, gazetteer, known_ids, corrections)
    return (
        pl.concat([active.with_columns(record_status=pl.lit(ACTIVE)), gone], how="diagonal")
        .select(pl.col(name).cast(kind) for name, kind in REGISTRY_SCHEMA.items())
        .sort("entity_id")
    )


def _names(seen: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """The preferred surface of each normal form: the listed one, else the most frequent, ties to the earliest.

    Surfaces that an override brought along name the thing only where it has none of its own.
    """
    of_form = seen.group_by(*KEY).agg(
        founded_from=pl.col("first_seen_at").min(), founded_until=pl.col("first_seen_at").max()
    )
    frequent = (
        seen.sort("first_seen_at", "document_id")
        .group_by(*KEY, "surface", maintain_order=True)
        .agg(
            pl.len().alias("mentions"),
            pl.col("first_seen_at", "document_id").first(),
            brought=pl.col("is_overridden").all(),
        )
        .sort(
            "brought",
            "mentions",
            "first_seen_at",
            "document_id",
            "surface",
            descending=[False, True, False, False, False],
        )
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, "surface", "brought")
    )
    listed = pl.DataFrame(
        [(entry.type, entry.form, entry.name) for entry in gazetteer.entries],
        schema={"type": pl.String, "normal_form": pl.String, "listed": pl.String},
        orient="row",
    ).unique(KEY, keep="first", maintain_order=True)
    named = frequent.join(listed, on=KEY, how="left").select(
        *KEY, pl.coalesce("listed", "surface").alias("name"), "brought"
    )
    return named.join(of_form, on=KEY)


def _renamed(named: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Names as overrides have them: of a renamed thing, and of one that has no mention but those brought to it.

    `birth_name` is the name without the rename: ids and slugs are made of it.
    """
    renames = corrections.filter(action="rename").select(*KEY, new_name="to_name")
    given = (
        corrections.filter(pl.col("action").is_in(("merge", "split")) & pl.col("to_name").is_not_null())
        .select("to_type", "to_normal_form", given_name="to_name")
        .unique(["to_type", "to_normal_form"], keep="first", maintain_order=True)
    )
    return (
        named.join(renames, on=KEY, how="left")
        .join(given, left_on=KEY, right_on=["to_type", "to_normal_form"], how="left")
        .with_columns(birth_name=pl.coalesce(pl.when("brought").then("given_name"), "name"))
        .with_columns(name=pl.coalesce("new_name", "birth_name"))
        .drop("new_name", "given_name", "brought")
    )


def _ids(named: pl.DataFrame, gazetteer: Gazetteer, known_ids: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Give every row its entity_id and slug: pinned, else known, else newly made in the order of the normal forms.

    A thing whose type was corrected keeps the id that it was given under the type before.
    """
    fixed = given_ids(gazetteer, known_ids)
    retyped = corrections.filter(action="set_type").select(*KEY, "to_type", "to_normal_form")
    born = {(to_kind, to_form): (kind, form) for kind, form, to_kind, to_form in retyped.iter_rows()}
    for key, before in born.items():
        if before in fixed:
            fixed.setdefault(key, fixed[before])
    taken = {slug for _, slug in fixed.values()}
    claimed = _claimed(named, fixed)
    rows = []
    for kind, form, name in named.select(*KEY, "birth_name").iter_rows():
        if (kind, form) not in claimed:
            slug = free_slug(name, kind, form, taken)
            taken.add(slug)
            claimed[kind, form] = entity_id_of(name, *born.get((kind, form), (kind, form))), slug
        rows.append((*claimed[kind, form], kind, form))
    given = pl.DataFrame(rows, schema=dict.fromkeys(("entity_id", "slug", *KEY), pl.String), orient="row")
    return given.join(named, on=KEY, maintain_order="left")


def given_ids(gazetteer: Gazetteer, known_ids: pl.DataFrame) -> _Given:
    """(entity_id, slug) of each (type, normal form) that has them: pinned, else known from releases before."""
    known = known_ids.select(*KEY, "entity_id", "slug").sort(KEY)
    fixed = {(kind, form): (entity_id, slug) for kind, form, entity_id, slug in known.iter_rows()}
    return fixed | {(pin.type, pin.normal_form): (pin.entity_id, pin.slug) for pin in gazetteer.pins}


def _claimed(named: pl.DataFrame, fixed: _Given) -> _Given:
    """The ids of the rows that have one; an id known under two names goes to the one that it was made of."""
    claimed: _Given = {}
    owners: dict[str, tuple[str, str]] = {}
    for kind, form in named.select(KEY).iter_rows():
        if (kind, form) not in fixed:
            continue
        entity_id = fixed[kind, form][0]
        other = owners.get(entity_id)
        if other is not None and not entity_id.endswith(digest_of(kind, form)):
            continue
        if other is not None:
            del claimed[other]
        owners[entity_id] = kind, form
        claimed[kind, form] = fixed[kind, form]
    return claimed


def _superseded(
    as_found: pl.DataFrame, ids: pl.DataFrame, gazetteer: Gazetteer, known_ids: pl.DataFrame, corrections: pl.DataFrame
) -> pl.DataFrame:
    """Entities of earlier releases that documents still name and corrections take all mentions from."""
    touched = corrections.filter(pl.col("action").is_in(("merge", "split", "set_type", "forbid_alias")))
    if touched.is_empty():
        return ids.head(0).with_columns(record_status=pl.lit(None, dtype=pl.String))
    status = touched.group_by(KEY).agg(
        record_status=pl.when(pl.col("to_type").is_not_null().any()).then(pl.lit(MERGED)).otherwise(pl.lit(RETIRED))
    )
    plain = as_found.join(status, on=KEY, how="semi").with_columns(is_overridden=pl.lit(False))
    known = known_ids.select(*KEY, "entity_id", "slug")
    return (
        _names(plain, gazetteer)
        .drop("brought")
        .join(known, on=KEY)
        .join(status, on=KEY)
        .join(ids, on="entity_id", how="anti")
        .unique("entity_id", keep="first", maintain_order=True)
        .sort("entity_id")
    )


def _parents(ids: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Each model's nearest ancestor by the grammar of names that the registry holds."""
    known = {(kind, form): entity_id for kind, form, entity_id in ids.select(*KEY, "entity_id").iter_rows()}
    leads = leads_of(corrections)
    led = {key: known[final] for key in leads if (final := final_name(key, leads)) in known}
    above = led | known
    rows = []
    for (kind, form), entity_id in known.items():
        parent = _nearest(form, kind, above)
        if parent is not None and parent != entity_id:
            rows.append((entity_id, parent))
    return pl.DataFrame(rows, schema={"entity_id": pl.String, "parent_entity_id": pl.String}, orient="row")


def _nearest(form: str, kind: str, known: Mapping[tuple[str, str], str]) -> str | None:
    above = parent_form(form, kind)
    while above is not None and (kind, above) not in known:
        above = parent_form(above, kind)
    return None if above is None else known[kind, above]


def _descriptions(seen: pl.DataFrame) -> pl.DataFrame:
    """What the earliest defining document says the thing is, with its span."""
    return (
        seen.filter(pl.col("definition").is_not_null())
        .with_columns(FIELD_RANK.alias("field_rank"))
        .sort("first_seen_at", "document_id", "field_rank", "start")
        .unique(KEY, keep="first", maintain_order=True)
        .select(
            *KEY,
            pl.col("definition").alias("description"),
            pl.col("document_id").alias("description_document_id"),
            pl.col("definition_field").alias("description_field"),
            pl.col("definition_start").alias("description_start"),
            pl.col("definition_end").alias("description_end"),
        )
    )
