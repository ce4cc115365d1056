"""Mentions tied to entities by rule, or left open with a reason; and the aliases that follow."""

from __future__ import annotations

import polars as pl
import pytest

from almanac_assets.contract.lists import ALIAS_RULES, UNRESOLVED_REASONS
from almanac_assets.entities import (
    ALIASES_SCHEMA,
    MENTIONS_SCHEMA,
    Gazetteer,
    entity_aliases,
    found_mentions,
    linked_mentions,
    registry,
)
from almanac_assets.entities.linking import spelling_rule

from .conftest import documents_of, no_corrections, no_known_ids, texts_of


def linked(gazetteer: Gazetteer, *pairs: tuple[str, str]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Mentions, registry and documents of a few texts."""
    found, documents = found_mentions(texts_of(*pairs), gazetteer), documents_of(len(pairs))
    table = registry(found, documents, gazetteer, no_known_ids(), no_corrections())
    return linked_mentions(found, documents, table, gazetteer, no_corrections()), table, documents


def test_a_mention_has_an_entity_or_a_reason(gazetteer: Gazetteer) -> None:
    """Exactly one of the two, and values of the closed lists only."""
    mentions, table, _ = linked(gazetteer, ("FooNet: a framework", "LoRA, Claude Shannon, FooNet"), ("x", "MAE"))
    assert dict(mentions.schema) == MENTIONS_SCHEMA
    assert (mentions["entity_id"].is_null() == mentions["unresolved_reason"].is_not_null()).all()
    assert set(mentions["link_rule"].drop_nulls()) <= set(ALIAS_RULES)
    assert set(mentions["unresolved_reason"].drop_nulls()) <= set(UNRESOLVED_REASONS)
    assert set(mentions["entity_id"].drop_nulls()) == set(table["entity_id"])


def test_an_ambiguous_mention_names_its_candidates(gazetteer: Gazetteer) -> None:
    """A lone Claude may be the model that another document names beyond doubt."""
    mentions, table, _ = linked(gazetteer, ("x", "Claude, a language model"), ("y", "Claude Shannon"))
    lone = mentions.filter(pl.col("document_id") == "d1").row(0, named=True)
    assert (lone["entity_id"], lone["unresolved_reason"]) == (None, "ambiguous")
    assert lone["candidates"] == table["entity_id"].to_list()


def test_two_documents_that_define_one_name_mean_two_things(gazetteer: Gazetteer) -> None:
    """The first document's thing gets the entity; the other's stays open with it as candidate."""
    mentions, table, _ = linked(gazetteer, ("PRISM: a framework", "PRISM"), ("PRISM: a method for y", "PRISM"))
    by_document = mentions.group_by("document_id").agg(pl.col("entity_id").unique(), "candidates").sort("document_id")
    assert by_document["entity_id"].to_list() == [table["entity_id"].to_list(), [None]]
    assert by_document["candidates"][1].to_list() == [table["entity_id"].to_list()] * 2


def test_ids_come_from_the_place(gazetteer: Gazetteer) -> None:
    """The same text in another document gives other ids; the ids are unique and sorted."""
    mentions, _, _ = linked(gazetteer, ("LoRA", "LoRA"), ("LoRA", "LoRA"))
    assert mentions["mention_id"].n_unique() == 4
    assert mentions["mention_id"].is_sorted()
    assert mentions["mention_id"].str.contains(r"^m-[0-9a-f]{16}$").all()


@pytest.mark.parametrize(
    ("surface", "name", "kind", "rule"),
    [
        ("LoRA", "LoRA", "method", "exact"),
        ("LLaMA", "Llama", "model", "case"),
        ("Code-Llama", "Code Llama", "model", "punctuation"),
        ("Llama3.1", "Llama-3.1", "model", "version_format"),
        ("Pythia 1.4 B", "Pythia-1.4B", "model", "size_format"),
        ("meta-llama/Llama-3.1-8B", "Llama-3.1-8B", "model", "provider_prefix"),
        ("transformers", "Transformer", "method", "plural"),
        ("Low-Rank Adaptation", "LoRA", "method", "registry"),
    ],
)
def test_the_rule_tells_why_a_spelling_belongs(surface: str, name: str, kind: str, rule: str) -> None:
    """Every way to write a name differently has its rule."""
    from almanac_assets.entities import normal_form

    assert spelling_rule(surface, name, kind, normal_form(name, kind)) == rule


def test_aliases_gather_the_surfaces(gazetteer: Gazetteer) -> None:
    """One row per entity and surface, counted, with the earliest mention as evidence."""
    mentions, table, documents = linked(gazetteer, ("x", "Low-Rank Adaptation (LoRA)"), ("LoRA", "LoRA"))
    aliases = entity_aliases(mentions, table, documents)
    assert dict(aliases.schema) == ALIASES_SCHEMA
    rows = aliases.select("alias", "is_preferred", "rule", "mention_count", "evidence_document_id", "evidence_start")
    assert rows.rows() == [
        ("LoRA", True, "exact", 3, "d0", 21),
        ("Low-Rank Adaptation", False, "registry", 1, "d0", 0),
    ]


def test_an_alias_of_two_things_is_ambiguous(gazetteer: Gazetteer) -> None:
    """MAE belongs to a metric and to a method; RMSE-free LoRA to one thing."""
    mentions, table, documents = linked(gazetteer, ("x", "MAE and RMSE, LoRA"), ("y", "a self-supervised MAE"))
    aliases = entity_aliases(mentions, table, documents)
    assert dict(aliases.group_by("alias").agg(pl.col("is_ambiguous").all()).iter_rows()) == {"MAE": True, "LoRA": False}
