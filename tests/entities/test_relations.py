"""How things belong together: by the grammar of names, by reviewed lists, by what texts say of makers."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.entities import Gazetteer, normal_form
from almanac_assets.entities.gazetteer import ExternalId, Relation
from almanac_assets.entities.normal_forms import parent_step
from almanac_assets.entities.relations import RELATIONS_SCHEMA, entity_relations, relations

from .conftest import documents_of, texts_of
from .corrected import built


def related(gazetteer: Gazetteer, *texts: str) -> pl.DataFrame:
    """Relations in a corpus of these texts, with names for ids and the quoted words."""
    pairs = tuple(("Untitled", text) for text in texts)
    made = built(gazetteer, pairs)
    documents = documents_of(len(pairs)).join(texts_of(*pairs), on="content_hash")
    table = relations(made.registry, made.mentions, made.aliases, documents, gazetteer)
    assert dict(table.schema) == RELATIONS_SCHEMA
    assert entity_relations(table).columns == TABLES["entity_relations"].column_names
    assert (
        entity_relations(table).filter(pl.col("evidence_id").is_null()).height == table["evidence_start"].null_count()
    )
    parents = made.registry.drop_nulls("parent_entity_id").select("entity_id", other_entity_id="parent_entity_id")
    by_name = table.filter((pl.col("rule") == "name_grammar") & (pl.col("relation") != "made_by"))
    assert by_name.select("entity_id", "other_entity_id").sort("entity_id").equals(parents.sort("entity_id"))
    names = dict(made.registry.select("entity_id", "name").iter_rows())
    whole = dict(documents.select("document_id", "text").iter_rows())
    quotes = [
        None if document is None else whole[document][start:end]
        for document, start, end in table.select("evidence_document_id", "evidence_start", "evidence_end").iter_rows()
    ]
    return table.with_columns(
        pl.col("entity_id", "other_entity_id").replace_strict(names), quote=pl.Series(quotes, dtype=pl.String)
    ).sort("entity_id", "relation", "other_entity_id")


def rows(table: pl.DataFrame) -> list[tuple[str, ...]]:
    return table.select("entity_id", "relation", "other_entity_id").rows()


@pytest.mark.parametrize(
    ("name", "parent", "relation"),
    [
        ("Pythia-410M", "Pythia", "size_of"),
        ("Llama 3.1", "Llama", "version_of"),
        ("Llama-3.1-8B-Instruct", "Llama-3.1-8B", "tuned_from"),
        ("Llama-3.1-8B-GGUF", "Llama-3.1-8B", "quantised_from"),
        ("Llama-3.1-8B-Instruct-INT4", "Llama-3.1-8B-Instruct", "quantised_from"),
        ("Llama-3-8B-4bit", "Llama-3-8B", "quantised_from"),
        ("Qwen-2B-it", "Qwen-2B", "tuned_from"),
        ("GPT-5-2025-08-07", "GPT-5", "version_of"),
        ("GPT-4-0613", "GPT-4", "version_of"),
        ("GPT-5-mini", "GPT-5", "member_of"),
        ("YOLOv8m", "YOLOv8", "size_of"),
    ],
)
def test_one_step_of_the_grammar_tells_the_relation(name: str, parent: str, relation: str) -> None:
    """What is taken off the end says how the two belong together."""
    assert parent_step(normal_form(name, "model"), "model") == (normal_form(parent, "model"), relation)


def test_the_parent_is_the_relation_by_name(gazetteer: Gazetteer) -> None:
    """Several steps of different kinds make a member; a missing step is not founded."""
    table = related(gazetteer, "Llama, Llama-3.1-8B, Llama-3.1-8B-Instruct and Llama 2")
    assert rows(table) == [
        ("Llama 2", "version_of", "Llama"),
        ("Llama-3.1-8B", "member_of", "Llama"),
        ("Llama-3.1-8B-Instruct", "tuned_from", "Llama-3.1-8B"),
    ]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("We ask OpenAI's GPT-4 twice.", "OpenAI's GPT-4"),
        ("We ask OpenAI GPT-4 twice.", "OpenAI GPT-4"),
        ("We ask GPT-4 by OpenAI twice.", "GPT-4 by OpenAI"),
        ("We ask GPT-4, developed by OpenAI, twice.", "GPT-4, developed by OpenAI"),
        ("We ask GPT-4 (OpenAI) twice.", "GPT-4 (OpenAI"),
    ],
)
def test_a_text_states_a_maker(gazetteer: Gazetteer, text: str, quote: str) -> None:
    """Side by side and in so many words, with the words as evidence."""
    row = related(gazetteer, text).row(0, named=True)
    assert (row["entity_id"], row["relation"], row["other_entity_id"]) == ("GPT-4", "made_by", "OpenAI")
    assert (row["rule"], row["quote"]) == ("stated", quote)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and OpenAI",
        "OpenAI, GPT-4",
        "GPT-4 (OpenAI and others)",
        "OpenAI evaluates GPT-4",
        "OpenAI ImageNet",
        "OpenAI (GPT-4)",
    ],
)
def test_names_that_only_stand_together_say_nothing(gazetteer: Gazetteer, text: str) -> None:
    """A list, a verb, a bare name before a dataset: no maker."""
    assert related(gazetteer, text).is_empty()


def test_a_reviewed_maker_is_inherited_by_sizes_and_versions_alone(gazetteer: Gazetteer) -> None:
    """Others tune: -Instruct and -Foo are not said to be the maker's."""
    lists = replace(
        gazetteer,
        relations=(Relation("model", "llama", "made_by", "organization", normal_form("OpenAI", "organization")),),
    )
    table = related(lists, "OpenAI. Llama, Llama-3.1, Llama-3.1-8B, Llama-3.1-8B-Instruct").filter(relation="made_by")
    assert table.select("entity_id", "rule").rows() == [
        ("Llama", "registry"),
        ("Llama-3.1", "name_grammar"),
        ("Llama-3.1-8B", "name_grammar"),
    ]


def test_a_provider_prefix_of_a_listed_owner_names_the_maker(gazetteer: Gazetteer) -> None:
    """The place where it is written so is the evidence; an unknown owner is nobody."""
    owner = ExternalId("organization", normal_form("OpenAI", "organization"), "huggingface", "openai")
    lists = replace(gazetteer, external_ids=(owner,))
    table = related(lists, "OpenAI and Pythia", "openai/GPT-4 and someone/Pythia")
    assert rows(table.filter(relation="made_by")) in ([], [("GPT-4", "made_by", "OpenAI")])
