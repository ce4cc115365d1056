"""Who gets an entity, under which id, name, slug and parent."""

from __future__ import annotations

import polars as pl

from almanac_assets.entities import REGISTRY_SCHEMA, Gazetteer, found_mentions, registry

from .conftest import documents_of, no_corrections, no_known_ids, texts_of


def built(gazetteer: Gazetteer, *pairs: tuple[str, str], known: pl.DataFrame | None = None) -> pl.DataFrame:
    """The registry of a few documents."""
    found = found_mentions(texts_of(*pairs), gazetteer)
    known = no_known_ids() if known is None else known
    return registry(found, documents_of(len(pairs)), gazetteer, known, no_corrections())


def test_mentions_found_entities_and_ambiguous_ones_do_not(gazetteer: Gazetteer) -> None:
    """A sure listed name and a definition found an entity; a lone ambiguous name founds none."""
    table = built(gazetteer, ("FooNet: a framework for x", "LoRA helps. Claude Shannon did not."))
    assert table.sort("name")["name"].to_list() == ["FooNet", "LoRA"]
    assert dict(table.schema) == REGISTRY_SCHEMA


def test_ids_are_slug_and_digest_and_pins_win(gazetteer: Gazetteer) -> None:
    """The digest is of type and normal form; Pythia has the id that pages link to."""
    table = built(gazetteer, ("x", "LoRA and Pythia"))
    assert table["entity_id"].to_list() == ["lora-fcb09cc1", "pythia-6884907e"]


def test_an_id_once_given_stays(gazetteer: Gazetteer) -> None:
    """Known ids and slugs are kept, and a known slug goes to nobody else."""
    known = pl.DataFrame(
        {
            "type": ["method", "model"],
            "normal_form": ["lora", "gone"],
            "entity_id": ["low-rank-00000000", "qlora-11111111"],
            "slug": ["low-rank", "qlora"],
        }
    )
    table = built(gazetteer, ("x", "LoRA and QLoRA"), known=known).sort("name")
    assert table["entity_id"].to_list()[0] == "low-rank-00000000"
    assert table["slug"].to_list() == ["low-rank", "qlora-method"]


def test_equal_names_of_two_types_get_two_slugs(gazetteer: Gazetteer) -> None:
    """A slug is unique over the table."""
    table = built(gazetteer, ("FooNet: a framework for x", "y"), ("FooNet: a dataset for x", "y"))
    assert sorted(table["slug"]) == ["foonet", "foonet-method"]


def test_sizes_hang_on_the_nearest_ancestor(gazetteer: Gazetteer) -> None:
    """The parent is the closest form of the grammar that the registry holds."""
    table = built(gazetteer, ("x", "Llama, Llama 3.1 8B and Llama-3.1-8B-Instruct"))
    ids = dict(table.select("name", "entity_id").iter_rows())
    parents = dict(table.select("name", "parent_entity_id").iter_rows())
    assert parents["Llama 3.1 8B"] == ids["Llama"]
    assert parents["Llama-3.1-8B-Instruct"] == ids["Llama 3.1 8B"]
    assert parents["Llama"] is None


def test_the_listed_name_else_the_most_frequent_is_preferred(gazetteer: Gazetteer) -> None:
    """Llama is listed; of the two spellings of a size the more frequent is shown."""
    table = built(gazetteer, ("x", "LLaMA. Llama 3.1 8B."), ("y", "Llama-3.1-8B, Llama-3.1-8B"))
    assert set(table["name"]) == {"Llama", "Llama-3.1-8B"}


def test_the_earliest_definition_describes(gazetteer: Gazetteer) -> None:
    """A description is the words of the first defining document, with their span."""
    pairs = (("x", "We introduce FooNet, a framework for old things."), ("FooNet: A framework for new things", "y"))
    row = built(gazetteer, *pairs).row(0, named=True)
    assert (row["description"], row["description_document_id"]) == ("a framework for old things", "d0")
    assert pairs[0][1][row["description_start"] : row["description_end"]] == row["description"]


def test_order_of_arrival_does_not_matter(gazetteer: Gazetteer) -> None:
    """The same rows in another order give the same table."""
    texts = texts_of(("FooNet: a framework", "LoRA"), ("Llama", "Llama 3.1 8B"), ("x", "GPT-4"))
    found, documents = found_mentions(texts, gazetteer), documents_of(3)
    one = registry(found, documents, gazetteer, no_known_ids(), no_corrections())
    assert registry(found.reverse(), documents.reverse(), gazetteer, no_known_ids(), no_corrections()).equals(one)
