"""Vectors: the recipe of the model card, a row that depends on its text alone, and a table that is checked when read."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.errors import InputMissing, StoreDamaged
from almanac_assets.settings import WORD_TABLE
from almanac_assets.text.vectors import DIMENSIONS, VECTORS, WordTable, dense, document_vectors

TABLE = WordTable.load(WORD_TABLE)
WORDS = st.sampled_from(
    ["model", "training", "the", "state-of-the-art", "graph", "zzzzqq", "3", "Don't", "vision", "é"]
)
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=12)


def frame(*rows: tuple[str | None, str | None]) -> pl.DataFrame:
    schema = {"content_hash": pl.String, "title": pl.String, "text": pl.String}
    return pl.DataFrame([(str(place), *row) for place, row in enumerate(rows)], schema=schema, orient="row")


def test_a_vector_follows_the_recipe() -> None:
    """Counted by hand for one text: weights (1 + ln n) x idf over their norm, the mean added, the length made one."""
    title, text = "Graph training", "Training of a graph model, for training graphs: zzzzqq."
    numbers = {word: number for number, word in TABLE.words.select("term", "word").iter_rows()}
    words = [w for w in re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", f"{title} {text}".lower()) if w in numbers]
    weights = {w: (1 + math.log(words.count(w))) * float(TABLE.idf[numbers[w]]) for w in sorted(set(words))}
    norm = math.sqrt(sum(weight**2 for weight in weights.values()))
    total = sum(weight / norm * TABLE.vectors[numbers[w]] for w, weight in weights.items()) + TABLE.mean
    expected = total / np.linalg.norm(total)
    vectors, scales = dense(document_vectors(frame((title, text)), TABLE))
    assert np.abs(vectors[0]).max() == 127
    assert np.allclose(vectors[0] * scales[0], expected, atol=scales[0])
    assert float(vectors[0] * scales[0] @ expected) > 0.999


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_a_row_is_the_same_alone_and_among_others_in_any_order(texts: list[str], random) -> None:  # type: ignore[no-untyped-def]
    """Bit for bit: the vector of a text does not depend on the rest of the batch."""
    rows = frame(*((text, text[::2]) for text in texts))
    together = document_vectors(rows, TABLE)
    assert together.schema == VECTORS
    order = list(range(len(texts)))
    random.shuffle(order)
    assert document_vectors(rows[order], TABLE).equals(together[order])
    for place in range(len(texts)):
        assert document_vectors(rows[place], TABLE).equals(together[place])


def test_parts_of_a_large_frame_change_nothing() -> None:
    """More rows than are counted at a time give each row what it has alone, in the order given."""
    rows = frame(*((f"graph model {number % 7}", "vision") for number in range(4100)))
    vectors = document_vectors(rows, TABLE)
    assert vectors["content_hash"].to_list() == rows["content_hash"].to_list()
    assert vectors[4099].drop("content_hash").equals(document_vectors(rows[4099], TABLE).drop("content_hash"))
    assert vectors[4099, "vector"].to_list() == vectors[4099 % 7, "vector"].to_list()


def test_a_vector_has_unit_length_and_equal_words_equal_vectors() -> None:
    """The scale brings the integers back to length one; the order of words, capitals and kind of apostrophe do not count."""
    found = document_vectors(frame(("Graph model", "don't stop"), ("STOP", "model graph don’t")), TABLE)
    vectors, scales = dense(found)
    assert np.allclose(np.linalg.norm(vectors * scales[:, None], axis=1), 1.0, atol=1e-12)
    assert (vectors[0] == vectors[1]).all() and scales[0] == scales[1]


@pytest.mark.parametrize("row", [("", ""), (None, None), ("zzzzqq", None), ("ééé", "→ ∑")])
def test_a_text_without_a_known_word_is_all_zero(row: tuple[str | None, str | None]) -> None:
    """No guess is made from the mean vector alone."""
    found = document_vectors(frame(row, ("graph", None)), TABLE)
    assert found[0, "vector"].to_list() == [0] * DIMENSIONS and found[0, "scale"] == 0.0
    assert found[1, "scale"] > 0.0


def test_no_rows_give_an_empty_table() -> None:
    """An empty batch keeps the columns."""
    found = document_vectors(frame(), TABLE)
    assert found.height == 0 and found.schema == VECTORS
    assert dense(found)[0].shape == (0, DIMENSIONS)


def test_a_table_is_read_only_when_its_bytes_are_those_listed(tmp_path: Path) -> None:
    """A changed, a missing and an unlisted file are three errors with the file's name and what to do."""
    folder = tmp_path / "table"
    shutil.copytree(WORD_TABLE, folder)
    WordTable.load(folder)
    (folder / "words.txt").write_bytes((folder / "words.txt").read_bytes() + b"extra\n")
    with pytest.raises(StoreDamaged, match=r"words\.txt: expected sha256 .* — restore"):
        WordTable.load(folder)
    (folder / "words.txt").unlink()
    with pytest.raises(InputMissing, match=r"words\.txt"):
        WordTable.load(folder)
    (folder / "files.json").write_text(json.dumps({"sha256": {}}))
    with pytest.raises(StoreDamaged, match="none listed"):
        WordTable.load(folder)
    (folder / "files.json").write_text("[]")
    with pytest.raises(StoreDamaged, match=r"files\.json"):
        WordTable.load(folder)
    with pytest.raises(InputMissing, match=r"files\.json"):
        WordTable.load(tmp_path)
