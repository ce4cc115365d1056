"""The state of a thing, where the document that defines it says so in so many words."""

from __future__ import annotations

import pytest

from almanac_assets.entities import Gazetteer
from almanac_assets.entities.lifecycles import LIFECYCLES_SCHEMA, lifecycles

from .conftest import documents_of, texts_of
from .corrected import built


def states(gazetteer: Gazetteer, *pairs: tuple[str, str]) -> list[tuple[str, str, str]]:
    """(name, state, words) in a corpus."""
    made = built(gazetteer, pairs)
    documents = documents_of(len(pairs)).join(texts_of(*pairs), on="content_hash")
    table = lifecycles(made.registry, made.mentions, documents)
    assert dict(table.schema) == LIFECYCLES_SCHEMA
    names = dict(made.registry.select("entity_id", "name").iter_rows())
    text = dict(documents.select("document_id", "text").iter_rows())
    return [(names[one], state, text[document][start:end]) for one, state, document, _, start, end in table.iter_rows()]


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("We release FooSet today.", "released", "We release FooSet"),
        ("Here we introduce and publicly release FooSet.", "released", None),
        ("We make FooSet publicly available.", "released", "We make FooSet publicly available"),
        ("FooSet is now available.", "released", "FooSet is now available"),
        ("The FooSet dataset is publicly released.", "released", "FooSet dataset is publicly released"),
        ("FooSet will be made publicly available.", "announced", "FooSet will be made publicly available"),
        ("We will release FooSet.", "announced", "We will release FooSet"),
        ("FooSet has been withdrawn.", "withdrawn", "FooSet has been withdrawn"),
        ("FooSet is deprecated.", "deprecated", "FooSet is deprecated"),
        ("We will release FooSet. FooSet is available.", "released", "FooSet is available"),
    ],
)
def test_the_words_around_the_name_tell(gazetteer: Gazetteer, text: str, state: str, words: str | None) -> None:
    """The evidence is exactly these words."""
    ((name, found, quote),) = states(gazetteer, ("FooSet: a dataset for x", text))
    assert (name, found) == ("FooSet", state)
    assert words is None or quote == words


@pytest.mark.parametrize(
    "text",
    [
        "FooSet is large.",
        "The code of FooSet is available.",
        "We release the FooSet code.",
        "We make FooSet better.",
        "We evaluate on FooSet, which is good. Code will be released.",
    ],
)
def test_anything_less_tells_nothing(gazetteer: Gazetteer, text: str) -> None:
    """The code of a thing is not the thing."""
    assert states(gazetteer, ("FooSet: a dataset for x", text)) == []


def test_only_the_defining_document_is_asked(gazetteer: Gazetteer) -> None:
    """Others may speak of a version of their own."""
    assert states(gazetteer, ("FooSet: a dataset for x", "y"), ("z", "We release FooSet.")) == []
