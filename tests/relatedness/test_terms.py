"""Which words and phrases set a group of documents apart."""

from __future__ import annotations

import polars as pl
import pytest

from almanac_assets.relatedness.terms import folded, group_terms

NONE = pl.Series([], dtype=pl.String)


def terms(*groups: list[str], names: tuple[str, ...] = ()) -> list[list[str]]:
    """The terms of each group of titles, each title also said in a text of its own."""
    rows = [
        (place, f"d{place}-{n}", title, f"We look at {title}.")
        for place, held in enumerate(groups)
        for n, title in enumerate(held)
    ]
    frame = pl.DataFrame(rows, schema=["group", "document_id", "title", "text"], orient="row")
    made = group_terms(
        frame.select("group", "document_id"), frame.drop("group"), pl.Series(list(names), dtype=pl.String)
    )
    return [made.filter(pl.col("group") == place)["term"].to_list() for place in range(len(groups))]


OTHERS = [f"word{n} thing{n}" for n in range(12)]


def test_phrases_before_words() -> None:
    """Of two terms with a common word the better one stays."""
    assert terms(["sparse autoencoders", "sparse autoencoders", "sparse autoencoders"], OTHERS)[0] == [
        "sparse autoencoders"
    ]


def test_plurals_are_one_word_and_the_commoner_form_is_shown() -> None:
    """Autoencoder, autoencoders."""
    assert terms(["autoencoder", "autoencoders", "autoencoders"], OTHERS)[0] == ["autoencoders"]


def test_words_of_every_paper_name_nothing() -> None:
    """Methods, results, models: neither alone nor together; nor a term of one title."""
    assert terms(["a novel method", "the method results", "language model performance"], OTHERS)[0] == []
    assert terms(["robots", "music", "proteins"], OTHERS)[0] == []


def test_what_seldom_closes_a_phrase_is_no_term() -> None:
    """“Causal” wants a noun behind it."""
    assert terms(["causal graphs", "causal masks", "causal graphs"], OTHERS)[0] == ["causal graphs"]


def test_a_mark_parts_phrases() -> None:
    """No phrase goes over a colon."""
    assert "pruning sparse" not in terms(["pruning: sparse", "pruning: sparse", "pruning: sparse"], OTHERS)[0]


def test_a_known_name_counts_more() -> None:
    """It is a thing for sure."""
    titles = ["LoRA for robots: a start", "LoRA of robots", "robots and LoRA", "LoRA"]
    assert terms(titles, OTHERS, names=("LoRA",))[0][0] == "LoRA"
    assert terms(titles, OTHERS, names=("robot",))[0][0] == "robots"


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("Models", "model"),
        ("policies", "policy"),
        ("analysis", "analysis"),
        ("loss", "loss"),
        ("LLMs", "llm"),
        ("s", "s"),
    ],
)
def test_folding(word: str, form: str) -> None:
    """Lower case, without the plural."""
    assert pl.DataFrame({"w": [word]}).select(folded(pl.col("w"))).item() == form
