"""What a text says is given away, and what only sounds like it."""

from __future__ import annotations

import time

import polars as pl
import pytest

from almanac_assets.events.artefacts import artefact_kinds

GIVEN = [
    ("We release our code.", ["code"]),
    ("Code is available at https://github.com/lab/probes.", ["code"]),
    ("Our source code will be made publicly available upon acceptance.", ["code"]),
    ("See github.com/lab/probes for details.", ["code"]),
    ("Code: https://example.org/probes", ["code"]),
    ("We will open-source the training code and the dataset.", ["code", "data"]),
    ("To support reproduction we release all code, data, and model weights.", ["code", "weights", "data"]),
    ("Code and pretrained models are released.", ["code", "weights"]),
    ("The checkpoints are available on the project page.", ["weights"]),
    ("We release the model under an open licence.", ["weights"]),
    ("Weights can be found at https://huggingface.co/lab/probe-7b.", ["weights"]),
    ("The dataset is publicly available.", ["data"]),
    ("We release ProbeSet, a large-scale benchmark that links 512 pairs.", ["data"]),
    ("Data can be downloaded at https://huggingface.co/datasets/lab/probes.", ["data"]),
    ("We make our benchmark publicly available.", ["data"]),
]

NOT_GIVEN = [
    "Participants follow the code of conduct.",
    "We train on the available data.",
    "The genetic code is shared by all known life.",
    "We study code generation and release times of events.",
    "When labelled data are available, supervised training is better.",
    "We compare proprietary and open-source models.",
    "Experiments on publicly available datasets show gains.",
    "Clients share data with a server in federated learning.",
    "Tuning makes the final training data cleaner.",
    "The press release describes a model of the climate.",
    "Error-correcting codes protect the channel.",
    "We evaluate models on a benchmark of 512 pairs.",
    "Many words in other languages are code-switched.",
    "Neurotransmitter release depends on weights of synapses.",
    "The weights of the ensemble are chosen by hand.",
]


@pytest.mark.parametrize(("text", "kinds"), GIVEN)
def test_what_is_given_away_is_found(text: str, kinds: list[str]) -> None:
    """A thing beside a verb of giving, or an address; a promise counts."""
    assert artefact_kinds(pl.Series([text])).to_list() == [kinds]


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_the_word_alone_is_no_sign(text: str) -> None:
    """Use, comparison and other meanings give nothing away."""
    assert artefact_kinds(pl.Series([text])).to_list() == [[]]


def test_rows_keep_their_places() -> None:
    """A paper without text, or without any sign, has an empty list."""
    texts = pl.Series([None, "We release our code.", "Nothing."], dtype=pl.String)
    assert artefact_kinds(texts).to_list() == [[], ["code"], []]


def test_hostile_text_takes_no_longer_than_its_length() -> None:
    """The patterns are linear: a megabyte of openings that lead nowhere is read within seconds."""
    hostile = pl.Series(["we release the " + "code and the data, " * 55_000])
    begin = time.perf_counter()
    artefact_kinds(hostile)
    assert time.perf_counter() - begin < 10
