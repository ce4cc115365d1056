"""Which spellings are one name, and which stay apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from almanac_assets.contract.lists import ENTITY_TYPES
from almanac_assets.entities import normal_form, parent_form


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("model", "meta-llama/Llama-3.1-8B", "Llama 3.1 8b"),
        ("model", "Llama3.1 8 B", "llama-3.1-8B"),
        ("model", "GPT\u20114o mini", "gpt-4o-mini"),
        ("model", "DeepSeek-V3", "deepseek v3"),
        ("model", "Code Llama", "CodeLlama"),
        ("model", "LLaMAs", "Llama"),
        ("organization", "ETH Zürich", "eth zurich"),
        ("organization", "the Foo Inc.", "Foo"),
        ("method", "variational autoencoders", "Variational Auto-encoder"),
        ("method", "GNNs", "GNN"),
        ("metric", "F1 scores", "F1-score"),
        ("dataset", "The_Pile", "The Pile"),
    ],
)
def test_spellings_of_one_name_meet(kind: str, one: str, other: str) -> None:
    """Case, dashes, spaces, accents, providers, legal forms and plurals carry no meaning."""
    assert normal_form(one, kind) == normal_form(other, kind)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("model", "Llama 3 8B", "Llama 3.1 8B"),
        ("model", "Llama 3 8B", "Llama 38B"),
        ("model", "GPT-4", "GPT-4o"),
        ("model", "Qwen2.5-7B", "Qwen2.5-7B-Instruct"),
        ("model", "GPT-4.1", "GPT-41"),
        ("model", "MiniCPM-V 4", "MiniCPM 4"),
        ("method", "LoRA", "LoRA+"),
        ("method", "MARS", "MAR"),
        ("metric", "pass@1", "pass@8"),
    ],
)
def test_different_things_stay_apart(kind: str, one: str, other: str) -> None:
    """Digits, dots of versions, variants and signs tell things apart."""
    assert normal_form(one, kind) != normal_form(other, kind)


@given(surface=st.text(max_size=40), kind=st.sampled_from(ENTITY_TYPES))
def test_a_normal_form_is_its_own(surface: str, kind: str) -> None:
    """Taking the normal form twice changes nothing."""
    form = normal_form(surface, kind)
    assert normal_form(form, kind) == form


@given(
    surface=st.from_regex(r"[A-Za-z][A-Za-z0-9. -]{0,20}[0-9][A-Za-z0-9. -]{0,8}", fullmatch=True),
    kind=st.sampled_from(ENTITY_TYPES),
    data=st.data(),
)
def test_a_changed_digit_changes_the_form(surface: str, kind: str, data: st.DataObject) -> None:
    """No two surfaces that differ in one digit are the same name."""
    place = data.draw(st.sampled_from([match.start() for match in re.finditer(r"[0-9]", surface)]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != surface[place])
    other = surface[:place] + digit + surface[place + 1 :]
    assert normal_form(surface, kind) != normal_form(other, kind)


def test_the_grammar_climbs_from_size_to_family() -> None:
    """Variant, size and version fall away one by one."""
    form, steps = normal_form("Llama-3.1-8B-Instruct", "model"), []
    above = parent_form(form, "model")
    while above is not None:
        steps.append(above)
        above = parent_form(above, "model")
    assert steps == ["llama3.1-8b", "llama3.1", "llama"]


@given(surface=st.text(max_size=30), kind=st.sampled_from(ENTITY_TYPES))
def test_a_parent_is_shorter(surface: str, kind: str) -> None:
    """Climbing always ends; only models climb."""
    form = normal_form(surface, kind)
    above = parent_form(form, kind)
    assert above is None or (kind == "model" and 0 < len(above) < len(form))
