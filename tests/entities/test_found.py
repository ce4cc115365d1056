"""What is a mention, and what only looks like one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.entities import FOUND_SCHEMA, Gazetteer, found_mentions

from .conftest import named, texts_of


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("We study GPT-4o mini and GPT-4 here.", ["GPT-4o mini", "GPT-4"]),
        ("Experiments on Pythia (410M, 1.4B) models.", ["Pythia"]),
        ("Both Qwen3-8B and Llama-3.1-8B improve.", ["Qwen3-8B", "Llama-3.1-8B"]),
        ("We use Llama 3.1 8B and Qwen2.5-VL 7B.", ["Llama 3.1 8B", "Qwen2.5-VL 7B"]),
        ("Distilled as DeepSeek-R1-Distill-Qwen-7B, it wins.", ["DeepSeek-R1-Distill-Qwen-7B"]),
        ("From meta-llama/Llama-3.1-8B weights.", ["Llama-3.1-8B"]),
        ("Small ones: Qwen3-0.6B, Qwen3-1.7B.", ["Qwen3-0.6B", "Qwen3-1.7B"]),
        ("Scores: Qwen 0.907, Llama 33.76, qwen 2.5.", ["Qwen", "Llama"]),
        ("In lower case qwen2.5-7b is named too.", ["qwen2.5-7b"]),
        ("GPT-4 and 5 others, 90% of GPT-4 2023.", ["GPT-4", "GPT-4"]),
        ("BERT 12 layers, BERT-based, BERTs.", ["BERT", "BERT", "BERTs"]),
        ("Open LLaMAs and llamas.", ["LLaMAs"]),
        ("A nested name: Llama-Guard filters.", ["Llama-Guard"]),
    ],
)
def test_versions_and_sizes_belong_to_the_name(text: str, surfaces: list[str], gazetteer: Gazetteer) -> None:
    """A family reaches over its version, size and variant, and over nothing else."""
    assert [surface for surface, _ in named(text, gazetteer)] == surfaces


@pytest.mark.parametrize(
    "text",
    [
        "A consistent four-layer consortium.",
        "A LoRAX server, xLoRA, LoRA-XS, LoRA+ and Super-LoRA.",
        "Visit https://example.org/LoRA/GSM8K or write to LoRA@example.org.",
        "Qwen2.5-VL-Foo is another model.",
        "The MMLU-Redux set and MMLU2.",
        "cnn and CNNX and lora.",
    ],
)
def test_a_name_inside_another_word_is_no_mention(text: str, gazetteer: Gazetteer) -> None:
    """Edges, case and ties by dash keep other words and other products out."""
    assert named(text, gazetteer) == []


def test_words_tied_by_a_dash_leave_the_name(gazetteer: Gazetteer) -> None:
    """A participle or a neutral prefix is no part of the name."""
    text = "LoRA-based, LoRA-Based and non-LoRA runs; a CNN-LSTM hybrid; transformers."
    assert [surface for surface, _ in named(text, gazetteer)] == ["LoRA", "LoRA", "LoRA", "CNN", "LSTM", "transformers"]


def test_the_longest_name_wins(gazetteer: Gazetteer) -> None:
    """MMLU inside MMLU-Pro, and LoRA inside QLoRA, are not found."""
    assert named("MMLU-Pro with QLoRA and MMLU", gazetteer) == [
        ("MMLU-Pro", "benchmark"),
        ("QLoRA", "method"),
        ("MMLU", "benchmark"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claude Shannon founded information theory.", [("Claude", "model?")]),
        ("Claude is a language model.", [("Claude", "model")]),
        ("Claude and Claude-2 differ.", [("Claude", "model"), ("Claude-2", "model")]),
        ("Adam went to Phoenix.", [("Adam", "method?"), ("Phoenix", "software?")]),
        ("The Adam optimizer is used.", [("Adam", "method")]),
        ("We ask o1 from OpenAI.", [("o1", "model"), ("OpenAI", "organization")]),
        ("The set o1 of objects.", [("o1", "model?")]),
    ],
)
def test_an_ambiguous_name_needs_a_sign(text: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    """A cue word or a longer form in the same document decides; nothing else does."""
    assert named(text, gazetteer) == expected


def test_a_sign_chooses_between_two_things_of_one_name(gazetteer: Gazetteer) -> None:
    """MAE is an error beside RMSE and a method beside masked images; without a sign it is ambiguous."""
    assert named("MAE and RMSE fell.", gazetteer) == [("MAE", "metric")]
    assert named("A self-supervised MAE encoder.", gazetteer) == [("MAE", "method")]
    assert named("MAE was computed.", gazetteer) == [("MAE", "method?")]


def test_a_document_may_give_a_short_form_another_meaning(gazetteer: Gazetteer) -> None:
    """ASR defined as attack success rate is no speech recognition, whatever else stands in the document."""
    text = "The attack success rate (ASR) on speech assistants: ASR fell."
    assert named(text, gazetteer) == []
    assert named("Automatic Speech Recognition (ASR) is hard.", gazetteer)[1] == ("ASR", "task")


def test_a_title_defines_a_name(gazetteer: Gazetteer) -> None:
    """NAME: what it is founds a name of the head noun's type, and every later use is a mention."""
    texts = texts_of(("FooBench: A Benchmark for Long Documents", "On FooBench, FooBench-XL and foobench we see more."))
    found = found_mentions(texts, gazetteer)
    assert found.select("field", "surface", "type", "found_by").rows() == [
        ("text", "FooBench", "benchmark", "definition"),
        ("title", "FooBench", "benchmark", "definition"),
    ]
    first = found.filter(pl.col("definition").is_not_null()).row(0, named=True)
    title = texts["title"][0]
    assert title[first["definition_start"] : first["definition_end"]] == first["definition"]
    assert first["definition"] == "A Benchmark for Long Documents"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We introduce FooNet, a new framework for x.", [("FooNet", "method")]),
        ("In this paper we present a large corpus called BarText.", [("BarText", "dataset")]),
        ("This paper proposes Adaptive Foo Baz (AFB), an algorithm that runs.", [("AFB", "method")]),
        ("We release BazLM, a suite of language models.", [("BazLM", "model")]),
        ("We release QuuxKit, an open-source toolkit.", [("QuuxKit", "software")]),
        ("We propose a large language model (LLM) here.", []),
        ("We introduce FooThing, a way of life.", []),
        ("We propose Attention, a framework; attention helps.", []),
    ],
)
def test_a_text_defines_a_name(text: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    """The head noun tells the type; generic names, ordinary words and untyped phrases define nothing."""
    assert named(text, gazetteer) == expected


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("We introduce FooNet, a framework for community mining.We like it.", "a framework for community mining"),
        (
            "We introduce FooNet, a framework that builds a foo (FB) reader for bars.",
            "a framework that builds a foo (FB) reader for bars",
        ),
        (
            "We introduce FooNet, a framework for writing, reading, and arithmetic.",
            "a framework for writing, reading, and arithmetic",
        ),
        ("We introduce FooNet, a framework for very long texts, and show it.", "a framework for very long texts"),
    ],
)
def test_a_defining_phrase_ends_where_its_sense_does(text: str, phrase: str, gazetteer: Gazetteer) -> None:
    """Neither a short form in brackets nor the last comma of a list ends it; a stop without a blank does."""
    assert found_mentions(texts_of(("A title", text)), gazetteer)["definition"].drop_nulls().to_list() == [phrase]


def test_what_a_paper_does_is_no_definition(gazetteer: Gazetteer) -> None:
    """A title that begins with a verb says what is done, not what the name is."""
    assert named("Nothing.", gazetteer, title="FooBench: Benchmarking Language Models") == []
    assert found_mentions(texts_of(("FooBench: Benchmarking Language Models", "")), gazetteer).is_empty()


def test_other_languages_are_not_read(gazetteer: Gazetteer) -> None:
    """A text in another language gives no mention; one of unknown language is read as English."""
    texts = pl.DataFrame(
        {
            "content_hash": ["a", "b", "c"],
            "title": ["LoRA", "LoRA", "LoRA"],
            "text": [None, None, None],
            "language": ["de", None, "en"],
        },
        schema_overrides={"text": pl.String},
    )
    assert found_mentions(texts, gazetteer)["content_hash"].to_list() == ["b", "c"]


def test_nothing_in_gives_the_schema(gazetteer: Gazetteer) -> None:
    """No texts give an empty frame with every column."""
    empty = texts_of(("", "")).clear()
    assert dict(found_mentions(empty, gazetteer).schema) == FOUND_SCHEMA


WORDS = st.lists(
    st.sampled_from(
        ["LoRA", "Llama-3.1-8B", "GPT-4", "é", "😀", "–", "İ", "ß", "(", ")", ",", ".", "We introduce FooNet, a framework",
         "We present FooNet Pro, a dataset.", "FooNet",
         "transformers", "MAE", "\u00a0", "ﬁ", "Claude", "-", "/", "@", "+", "CNN-LSTM", "pass@1"]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(title=WORDS, text=WORDS)
def test_spans_are_true_and_apart(title: str, text: str, gazetteer: Gazetteer) -> None:
    """Every span is the surface in code points, and no two spans of one field overlap."""
    found = found_mentions(texts_of((title, text)), gazetteer)
    fields = {"title": title, "text": text}
    last: dict[str, int] = {}
    for row in found.iter_rows(named=True):
        assert fields[row["field"]][row["start"] : row["end"]] == row["surface"]
        assert row["start"] >= last.get(row["field"], 0)
        last[row["field"]] = row["end"]


def test_batches_do_not_matter(gazetteer: Gazetteer) -> None:
    """One call with all texts and one call for each give the same rows."""
    texts = texts_of(("LoRA", "GPT-4"), ("FooNet: a framework", "FooNet"), ("Claude", "LLM"))
    apart = pl.concat([found_mentions(texts[row], gazetteer) for row in range(texts.height)])
    assert found_mentions(texts, gazetteer).equals(apart)
