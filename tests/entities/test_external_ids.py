"""Ids elsewhere: from lists, from the registry of sources, from categories, from the repository beside a definition."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from almanac_assets.contract import TABLES
from almanac_assets.entities import Gazetteer, normal_form
from almanac_assets.entities.external_ids import entity_external_ids, repositories
from almanac_assets.entities.gazetteer import Entry, ExternalId

from .conftest import documents_of, texts_of
from .corrected import built

SOURCES = pl.DataFrame(
    [
        ("arxiv-cs.CL", "arXiv cs.CL (Computation and Language)", "preprint_server", "arXiv", "https://arxiv.org/list/cs.CL/recent"),
        ("arxiv-cs.LG", "arXiv cs.LG (Machine Learning)", "preprint_server", "arXiv", "https://arxiv.org/list/cs.LG/recent"),
        ("arxiv-cs.RO", "arXiv cs.RO (Robotics)", "preprint_server", "arXiv", "https://arxiv.org/list/cs.RO/recent"),
        ("arxiv-stat.ML", "arXiv stat.ML (Machine Learning)", "preprint_server", "arXiv", "https://arxiv.org/list/stat.ML/recent"),
        ("openai-news", "OpenAI News", "lab_blog", "OpenAI", "https://openai.com/news/"),
        ("citations", "Citations", "citation_index", "OpenAI", "https://example.org"),
    ],
    schema=["source_id", "name", "kind", "publisher", "homepage"],
    orient="row",
)  # fmt: skip


def ids(gazetteer: Gazetteer, *pairs: tuple[str, str], links: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """(name, scheme, value, rule, source) in a corpus; `links` are those of the first document."""
    made = built(gazetteer, pairs)
    documents = documents_of(len(pairs)).join(texts_of(*pairs), on="content_hash")
    documents = documents.with_columns(source_id=pl.lit("arxiv-cs.CL"))
    named = [list(links) if number == 0 else [] for number in range(len(pairs))]
    newest = documents.select("document_id", comment=pl.lit(None, dtype=pl.String)).with_columns(
        links=pl.Series(named, dtype=pl.List(pl.String))
    )
    table = entity_external_ids(made.registry, made.aliases, newest, documents, SOURCES, gazetteer)
    assert table.columns == TABLES["entity_external_ids"].column_names
    names = dict(made.registry.select("entity_id", "name").iter_rows())
    return [
        (names[row["entity_id"]], row["scheme"], row["value"], row["rule"], row["source_id"])
        for row in table.iter_rows(named=True)
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Code: https://github.com/Lab/FooNet.", "Lab/FooNet"),
        ("Code: github.com/Lab/foo-net.git", "Lab/foo-net"),
        ("See https://github.com/Lab/FooNet and https://github.com/Other/Baseline.", "Lab/FooNet"),
        ("https://github.com/Lab/FooNet-code/tree/main", "Lab/FooNet-code"),
    ],
)
def test_the_repository_named_like_what_the_document_defines_is_its(
    gazetteer: Gazetteer, text: str, value: str
) -> None:
    """Up to case, dashes and what stands behind the name."""
    found = ids(gazetteer, ("FooNet: a framework for x", text))
    assert found == [("FooNet", "github", value, "link_in_text", "arxiv-cs.CL")]


@pytest.mark.parametrize(
    "pair",
    [
        ("FooNet: a framework for x", "https://github.com/Lab/experiments"),
        ("FooNet: a framework for x", "https://github.com/A/FooNet and https://github.com/B/FooNet"),
        ("FooNet: a framework for x", "https://github.com/FooNet"),
        ("FooNet: a framework for x", "We introduce BarNet, a dataset for y: github.com/Lab/FooNet"),
        ("Untitled", "LoRA: https://github.com/microsoft/LoRA"),
    ],
)
def test_any_doubt_leaves_the_link_alone(gazetteer: Gazetteer, pair: tuple[str, str]) -> None:
    """Another name, two such repositories, no repository, two definitions, no definition: no id."""
    assert ids(gazetteer, pair) == []


def test_datasets_are_found_on_hugging_face_and_in_a_posts_links(gazetteer: Gazetteer) -> None:
    """The id is owner and name; a space or a page of papers is no repository."""
    links = ("https://huggingface.co/datasets/lab/FooSet", "https://huggingface.co/papers/FooSet")
    found = ids(gazetteer, ("FooSet: a dataset for x", "y"), links=links)
    assert found == [("FooSet", "huggingface", "lab/FooSet", "link_in_text", "arxiv-cs.CL")]
    assert repositories("https://huggingface.co/spaces/lab/demo", "huggingface") == []


def test_lists_and_sources_give_ids_of_what_is_named(gazetteer: Gazetteer) -> None:
    """A listed id, and the page of the one laboratory whose news are read; a listed thing nobody names has none."""
    listed = (
        ExternalId("organization", normal_form("OpenAI", "organization"), "github", "openai"),
        ExternalId("model", "pythia", "github", "EleutherAI/pythia"),
    )
    assert ids(replace(gazetteer, external_ids=listed), ("x", "OpenAI")) == [
        ("OpenAI", "github", "openai", "registry", None),
        ("OpenAI", "homepage", "https://openai.com/news/", "registry", "openai-news"),
    ]


def test_fields_get_the_category_of_their_code_or_their_only_name(gazetteer: Gazetteer) -> None:
    """Two categories are called Machine Learning: the name alone is neither."""
    fields = tuple(
        Entry(name, "field", (), exact=False, ambiguous=False, family=False, cues=())
        for name in ("cs.CL", "robotics", "machine learning")
    )
    lists = replace(gazetteer, entries=(*gazetteer.entries, *fields), fingerprint="with fields")
    assert ids(lists, ("x", "cs.CL, robotics and machine learning")) == [
        ("cs.CL", "arxiv_category", "cs.CL", "exact_name", "arxiv-cs.CL"),
        ("robotics", "arxiv_category", "cs.RO", "exact_name", "arxiv-cs.RO"),
    ]
