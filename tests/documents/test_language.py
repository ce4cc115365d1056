"""Language: English where function words say so, else undecided."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from almanac_assets.documents.language import languages

ENGLISH = "We show that the loss of a large model falls with the size of its training set."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        ("Nous montrons que la perte d'un grand modèle diminue avec la taille de son corpus.", None),
        ("Wir zeigen, dass der Fehler eines großen Modells mit der Menge der Daten in der Regel fällt.", None),
        ("Mostramos que el error de un modelo grande baja a medida que crece el corpus de la tarea.", None),
        ("Mostramos que a perda de um modelo grande diminui com o tamanho do corpus e da tarefa.", None),
        ("我们证明模型的损失随数据量下降。", None),
        ("The state of the art", None),
        ("", None),
        (None, None),
    ],
)
def test_english_is_told_by_its_function_words(text: str | None, language: str | None) -> None:
    """Other languages, short texts and nulls are undecided, never guessed."""
    assert languages(pl.Series("text", [text], dtype=pl.String)).to_list() == [language]


def test_the_column_keeps_its_length_order_and_name() -> None:
    """One value a row."""
    column = pl.Series("abstract", [None, ENGLISH, "kurz"], dtype=pl.String)
    found = languages(column)
    assert (found.name, found.dtype, found.to_list()) == ("abstract", pl.String, [None, "en", None])
    assert languages(column.clear()).len() == 0


@pytest.mark.shared
def test_nearly_every_recorded_abstract_is_english(shared: Path) -> None:
    """Of 68,069 arXiv abstracts 17 are undecided: a Spanish one, and 16 written almost without function words."""
    abstracts = pl.read_parquet(shared / "corpus" / "arxiv_ai_recent.parquet", columns=["id", "abstract"])
    undecided = abstracts.filter(languages(abstracts["abstract"]).is_null())
    assert undecided.height <= 17
    assert "2601.08851" in undecided["id"]
