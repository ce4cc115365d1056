"""What citing sentences do with the cited work, told by cues that govern the marker."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations.cues import CUES
from almanac_assets.citations.roles import CONFIDENCE, KIND_SHARE, roles

MARK = "[1]"


def contexts(*sentences: str, section: str | None = None, title: str | None = None) -> pl.DataFrame:
    """Sentences that cite a work as [1]; without it they have no marker."""
    at = [sentence.find(MARK) for sentence in sentences]
    return pl.DataFrame(
        {
            "sentence": list(sentences),
            "before": [None] * len(at),
            "after": [None] * len(at),
            "section": [section] * len(at),
            "cited_title": [title] * len(at),
            "marker_start": [start if start >= 0 else None for start in at],
            "marker_end": [start + len(MARK) if start >= 0 else None for start in at],
        },
        schema_overrides={
            "sentence": pl.String,
            "section": pl.String,
            "cited_title": pl.String,
            "marker_start": pl.Int32,
            "marker_end": pl.Int32,
        },
    )


def role(sentence: str, section: str | None = None, title: str | None = None) -> str:
    return str(roles(contexts(sentence, section=section, title=title))["role"][0])


TOLD = [
    ("We fine-tune the Otter-7B model [1] with a small learning rate.", "uses_software_or_model"),
    ("All runs use the same seed, and we rely on the Quill library [1] for inference.", "uses_software_or_model"),
    ("We evaluate on the Riverbank dataset [1] and report accuracy.", "uses_data"),
    ("We report scores on three benchmarks: Alpha [2], Beta [3], and Gamma [1].", "uses_data"),
    ("We optimise all weights with the Lantern optimizer [1].", "uses_method"),
    ("Following Brown et al. [1], we mask one token in ten.", "uses_method"),
    ("Our method extends the routing scheme of Brown et al. [1] to graphs.", "extends"),
    ("We build on Lantern [1] and add a second stage.", "extends"),
    ("We compare our method with Lantern [1] and Candle [2].", "compares"),
    ("Our model outperforms Lantern [1] by two points.", "compares"),
    ("Unlike Lantern [1], we need no labels.", "compares"),
    ("These results are consistent with the findings of Brown et al. [1].", "compares"),
    ("Inspired by Lantern [1], we draw paths at random.", "motivation"),
    ("However, existing routers [1] suffer from long waiting times.", "motivation"),
    ("In future work we will apply this to sparse models [1].", "future_work"),
    ("Recent work has shown that small models forget quickly [1].", "background"),
    ("Lantern [1] proposes a routing scheme for sparse models.", "background"),
    ("Several tasks are solved by larger models such as Lantern [1].", "background"),
]


@pytest.mark.parametrize(("sentence", "expected"), TOLD)
def test_a_cue_tells_the_role(sentence: str, expected: str) -> None:
    """The language alone decides, with no heading and no title at hand."""
    assert role(sentence) == expected


@pytest.mark.parametrize(
    "sentence", ["Theorem 3 (Laplace mechanism [1]).", "The loss is 0.3 [1].", "", "No citation stands here."]
)
def test_a_sentence_without_a_cue_is_unclear(sentence: str) -> None:
    """An abstention: no role is listed, nothing decided, and there is no confidence."""
    found = roles(contexts(sentence)).row(0, named=True)
    assert found["role"] == "unclear"
    assert found["roles"] == []
    assert found["cue"] is None
    assert found["role_confidence"] == 0.0


def test_a_cue_counts_only_where_it_governs_the_marker() -> None:
    """The same sentence uses one work, tells of another, and compares with neither."""
    sentence = "We train the Otter model {}, which was introduced by Brown et al. {}, on one GPU."
    assert role(sentence.format(MARK, "[2]")) == "uses_software_or_model"
    assert role(sentence.format("[2]", MARK)) == "background"


def test_the_section_is_a_sign() -> None:
    """Where nobody says "we", an introduction tells what is known and an experiment what was done."""
    assert role("Sparse models answer quickly [1].", section="1 Introduction") == "background"
    assert role("Sparse models answer quickly [1].", section="3 Proofs") == "unclear"
    assert role("Training is done with the Lantern optimizer [1].", section="4 Experimental setup") == "uses_method"


def test_the_cited_title_tells_what_is_used() -> None:
    """A bare name in the sentence is data, a tool or a method by what its own title calls it."""
    sentence = "We use Heron [1] in all runs."
    assert role(sentence, title="Heron: a benchmark for slow readers") == "uses_data"
    assert role(sentence, title="Heron: an open-source library for sparse training") == "uses_software_or_model"
    assert role(sentence, title="Heron: reading slowly") == "uses_method"


def test_the_primary_role_comes_first_and_background_only_alone() -> None:
    """A sentence may do several things; being mentioned is not one of them."""
    found = roles(
        contexts(
            "Inspired by Lantern [1], we use its scheme.", "In contrast to Lantern [1], which is slow, we use two."
        )
    )
    for row in found.iter_rows(named=True):
        assert row["roles"][0] == row["role"]
        assert "background" not in row["roles"]
    assert found["role"].to_list() == ["motivation", "compares"]


def test_the_cue_is_in_the_sentence() -> None:
    """What decided can be shown to the reader, in the words of the sentence."""
    found = roles(contexts("For the  grids we\nadopt the Otter model [1]."))
    assert found["cue"].to_list() == ["we adopt"]
    assert found["decided_by"].to_list() == ["cue"]


def test_forms_of_markers() -> None:
    """Author-year marks, marks in a group and names before a mark are read like a number."""
    for sentence, mark in [
        ("We train the Otter model (Brown et al., 2021; Green, 2022).", "Green, 2022"),
        ("We follow Brown and Green [14].", "[14]"),
        ("We train the Otter model [3, 14].", "[3, 14]"),
    ]:
        start = sentence.find(mark)
        asked = contexts(sentence).with_columns(
            marker_start=pl.lit(start, dtype=pl.Int32), marker_end=pl.lit(start + len(mark), dtype=pl.Int32)
        )
        assert roles(asked)["role"][0].startswith("uses_")


def test_of_several_sentences_the_one_with_the_marker_is_read() -> None:
    """What a neighbouring sentence says of the own work is not said of the cited one."""
    text = "We compare with all baselines. Lantern was proposed for sparse graphs [1]. We use two seeds."
    assert role(text) == "background"


def test_every_cue_has_a_confidence() -> None:
    """No row can be decided by a rule whose worth nobody looked at."""
    assert {cue.name for cue in CUES} == set(CONFIDENCE)
    assert all(0.5 < share <= 1 for share in [*CONFIDENCE.values(), *KIND_SHARE.values()])


def test_no_rows_give_no_rows() -> None:
    """The columns are there all the same."""
    found = roles(contexts())
    assert found.height == 0
    assert found.columns == ["section_class", "role", "roles", "role_confidence", "decided_by", "cue"]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_each_row_is_read_by_itself(sentences: list[str]) -> None:
    """Any text gives a role, and rows keep their order whatever stands around them."""
    together = roles(contexts(*sentences))
    alone = [roles(contexts(sentence)).row(0) for sentence in sentences]
    assert together.rows() == alone
