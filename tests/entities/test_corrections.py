"""What overrides do: to registry, mentions, aliases, judgements and redirects; and that taking them back undoes it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almanac_assets.entities import Gazetteer
from almanac_assets.entities.overrides import Override

from .corrected import DAY, IDS, built, method, model, override

PAIRS = (
    ("FooNet: a framework for x", "We use FooNet with LoRA and Llama 3 8B."),
    ("BarNet: a framework for y", "BarNet beats QLoRA. Meta Llama-3-8B-Instruct helps, as does Llama-3-8B-IT."),
    ("Bard Model", "GPT-4 and GPT-4o, Low-Rank Adaptation, a CNN, two CNNs"),
)
MERGE = override(action="merge", into=method("FooNet"), **{"from": [method("BarNet")]})


def test_a_merge_brings_mentions_and_aliases_to_the_survivor(gazetteer: Gazetteer) -> None:
    """All of BarNet is FooNet's, by override; the survivor keeps id, name and description."""
    before, after = built(gazetteer, PAIRS), built(gazetteer, PAIRS, MERGE)
    foo = before.id("FooNet")
    assert after.links()["BarNet"] == {foo}
    rows = after.aliases.filter(entity_id=foo).select("alias", "is_preferred", "rule").rows()
    assert rows == [("BarNet", False, "override"), ("FooNet", True, "exact")]
    assert set(after.mentions.filter(surface="BarNet")["link_rule"]) == {"override"}
    assert after.registry.filter(entity_id=foo).row(0)[:5] == before.registry.filter(entity_id=foo).row(0)[:5]


def test_a_published_record_stays_as_merged_with_a_redirect(gazetteer: Gazetteer) -> None:
    """The merged id keeps its row, leads to the survivor, and is judged the same; nothing is linked to it."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, MERGE, known=before.known)
    foo, bar = before.id("FooNet"), before.id("BarNet")
    row = after.registry.filter(entity_id=bar).row(0, named=True)
    assert (row["record_status"], row["description"], row["name"]) == ("merged", None, "BarNet")
    assert row["founded_from"] is not None
    assert after.redirects.select("kind", "from_id", "to_ids", "reason", "since").rows() == [
        ("entity", bar, [foo], "merge", datetime(2026, 6, 19, tzinfo=UTC))
    ]
    verdict = after.judgements.filter(left=min(foo, bar), right=max(foo, bar)).row(0, named=True)
    assert (verdict["verdict"], verdict["rule"], verdict["decided_by"]) == ("same", "override", "override")


def test_what_was_never_published_needs_no_redirect(gazetteer: Gazetteer) -> None:
    """In a first release there is no merged row: the judgement speaks of the name."""
    after = built(gazetteer, PAIRS, MERGE)
    assert after.redirects.is_empty() and set(after.registry["record_status"]) == {"active"}
    assert ("BarNet", after.id("FooNet"), "same") in after.judgements.select("left", "right", "verdict").rows()


def test_a_build_until_an_earlier_day_does_not_see_it(gazetteer: Gazetteer) -> None:
    """`since` is compared with as_of, not with a clock."""
    eve = datetime(2026, 6, 18, 23, 59, tzinfo=UTC)
    assert built(gazetteer, PAIRS, MERGE, as_of=eve).registry.equals(built(gazetteer, PAIRS).registry)
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    assert built(gazetteer, PAIRS, MERGE, as_of=midnight).links()["BarNet"] != {None}


ALL = (
    MERGE,
    override(action="merge", into=model("Llama-3-8B-Instruct"), **{"from": [model("Llama-3-8B-IT")]}),
    override(action="rename", entity=model("GPT-4"), to="GPT-4 Classic"),
    override(action="rename", entity=model("Llama-3-8B-Instruct"), to="GPT-4o"),
    override(action="forbid_alias", entity=method("LoRA"), alias="Low-Rank Adaptation"),
    override(action="forbid_alias", entity=method("QLoRA"), alias="QLoRA"),
    override(action="set_type", entity=method("BarNet"), to="software"),
    override(action="split", entity=method("CNN"), into=[{"name": "Cable News", "type": "organization", "aliases": ["CNNs"]}]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(chosen=st.lists(st.sampled_from(ALL), unique_by=id, max_size=len(ALL)))
def test_taking_overrides_back_is_the_identity(gazetteer: Gazetteer, chosen: list[Override]) -> None:
    """Corrected and published, then set free again: ids, slugs, names and links are what they were."""
    before = built(gazetteer, PAIRS)
    between = built(gazetteer, PAIRS, *chosen, known=before.known)
    known = before.known.vstack(between.known).unique(["type", "normal_form"], keep="first", maintain_order=True)
    after = built(gazetteer, PAIRS, known=known)
    assert after.registry.equals(before.registry)
    assert after.mentions.equals(before.mentions)
    assert after.aliases.equals(before.aliases)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(chosen=st.lists(st.sampled_from(ALL), unique_by=id, max_size=len(ALL)))
def test_no_mention_is_lost_and_every_link_has_its_entity(gazetteer: Gazetteer, chosen: list[Override]) -> None:
    """Mention ids stay, links lead to active records of the mention's type, ids and slugs are unique."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, *chosen, known=before.known)
    assert after.mentions["mention_id"].equals(before.mentions["mention_id"])
    active = after.registry.filter(record_status="active").select("entity_id", "type")
    linked = after.mentions.drop_nulls("entity_id").select("entity_id", "type").unique()
    assert linked.join(active, on=["entity_id", "type"], how="anti").is_empty()
    assert after.registry["entity_id"].is_unique().all() and after.registry["slug"].is_unique().all()
    gone = set(before.registry["entity_id"]) - set(after.registry["entity_id"])
    assert not gone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(chosen=st.lists(st.sampled_from(ALL), unique_by=id, max_size=len(ALL)))
def test_same_is_an_equivalence_and_never_apart(gazetteer: Gazetteer, chosen: list[Override]) -> None:
    """What is joined by `same` holds no pair judged apart, and at most one active entity."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, *chosen, known=before.known)
    of = {name: name for pair in after.judgements.select("left", "right").iter_rows() for name in pair}

    def root(name: str) -> str:
        return name if of[name] == name else root(of[name])

    for left, right in after.judgements.filter(verdict="same").select("left", "right").iter_rows():
        of[root(left)] = root(right)
    for left, right in after.judgements.filter(verdict="apart").select("left", "right").iter_rows():
        assert root(left) != root(right)
    active = set(after.registry.filter(record_status="active")["entity_id"]) & set(of)
    assert len({root(one) for one in active}) == len(active)


def test_a_rename_keeps_id_and_slug(gazetteer: Gazetteer) -> None:
    """The new name is preferred, the old one belongs by override, and the old slug leads to the id."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, ALL[2], known=before.known)
    row = after.registry.filter(name="GPT-4 Classic").row(0, named=True)
    assert (row["entity_id"], row["slug"]) == (before.id("GPT-4"), "gpt-4")
    assert after.mentions.filter(surface="GPT-4")["link_rule"].to_list() == ["override"]
    assert ("GPT-4", row["entity_id"], "same") in after.judgements.select("left", "right", "verdict").rows()
    assert after.redirects.select("from_id", "to_ids", "reason").rows() == [("gpt-4", [row["entity_id"]], "rename")]


def test_who_bears_the_new_name_is_the_renamed_thing(gazetteer: Gazetteer) -> None:
    """A rename to a name that stood for a record of its own takes that record in."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, override(action="rename", entity=model("GPT-4"), to="GPT-4o"), known=before.known)
    assert after.id("GPT-4o") == before.id("GPT-4")
    assert after.links()["GPT-4o"] == {before.id("GPT-4")}
    assert {row[0] for row in after.redirects.select("reason").rows()} == {"rename", "merge"}


def test_a_forbidden_alias_is_a_name_that_nobody_bears(gazetteer: Gazetteer) -> None:
    """The surface stays a mention without entity; other surfaces keep theirs; the pair is judged apart."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, ALL[4], known=before.known)
    assert after.links()["Low-Rank Adaptation"] == {None}
    reasons = after.mentions.filter(surface="Low-Rank Adaptation")["unresolved_reason"]
    assert reasons.to_list() == ["unknown_name"]
    lora = after.id("LoRA")
    assert after.links()["LoRA"] == {lora}
    assert ("Low-Rank Adaptation", lora, "apart") in after.judgements.select("left", "right", "verdict").rows()


def test_an_entity_whose_only_name_is_forbidden_is_retired(gazetteer: Gazetteer) -> None:
    """It was founded in error: the row stays, nothing is linked, and it leads nowhere."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, ALL[5], known=before.known)
    assert after.registry.filter(name="QLoRA")["record_status"].to_list() == ["retired"]
    assert after.links()["QLoRA"] == {None} and after.redirects.is_empty()


def test_a_corrected_type_keeps_the_id(gazetteer: Gazetteer) -> None:
    """Type and normal form follow; mentions take the type and keep their ids, which speak of the type as found."""
    before = built(gazetteer, PAIRS)
    for known in (None, before.known):
        after = built(gazetteer, PAIRS, ALL[6], known=known)
        row = after.registry.filter(name="BarNet").row(0, named=True)
        assert (row["entity_id"], row["type"]) == (before.id("BarNet"), "software")
        assert set(after.mentions.filter(surface="BarNet")["type"]) == {"software"}
        assert after.redirects.is_empty()


def test_a_split_gives_spellings_to_another_thing(gazetteer: Gazetteer) -> None:
    """What is left keeps the id; the id leads to both."""
    before = built(gazetteer, PAIRS)
    after = built(gazetteer, PAIRS, ALL[7], known=before.known)
    cnn, news = after.id("CNN"), after.id("Cable News")
    assert (cnn, after.links()["CNN"], after.links()["CNNs"]) == (before.id("CNN"), {cnn}, {news})
    assert after.redirects.select("from_id", "to_ids", "reason").rows() == [(cnn, [cnn, news], "split")]
    assert (min(cnn, news), max(cnn, news), "apart") in after.judgements.select("left", "right", "verdict").rows()


def test_sizes_of_a_merged_suite_hang_on_the_survivor(gazetteer: Gazetteer) -> None:
    """The grammar of names follows a merge: what hung on the merged name hangs on the thing that it is."""
    pairs = (("x", "Llama and Llama-8B, and Pythia"),)
    after = built(gazetteer, pairs, override(action="merge", into=model("Pythia"), **{"from": [model("Llama")]}))
    parents = dict(after.registry.select("name", "parent_entity_id").iter_rows())
    assert parents["Llama-8B"] == after.id("Pythia")


def test_things_are_named_as_the_finder_takes_them(gazetteer: Gazetteer) -> None:
    """A listed alias, a member of a family written another way, and an id all name the thing."""
    before = built(gazetteer, PAIRS)
    for name in (method("Low-Rank Adaptation"), method("LoRA"), before.id("LoRA")):
        after = built(gazetteer, PAIRS, override(action="rename", entity=name, to="LoRa"), known=before.known)
        assert after.id("LoRa") == before.id("LoRA"), name
    after = built(gazetteer, PAIRS, override(action="rename", entity=model("LLAMA 3-8B-Instruct"), to="Tuned"))
    assert after.id("Tuned") == before.id("Llama-3-8B-Instruct")


@pytest.mark.parametrize("entity", [method("Nowhere"), "nowhere-01234567"])
def test_an_override_of_what_nobody_names_has_no_effect(gazetteer: Gazetteer, entity: object) -> None:
    """The same file serves bodies of data that name other things."""
    after = built(gazetteer, PAIRS, override(action="rename", entity=entity, to="X"))
    assert after.registry.equals(built(gazetteer, PAIRS).registry)


def test_a_list_that_takes_up_a_name_leaves_a_redirect(gazetteer: Gazetteer) -> None:
    """An id whose name is now a spelling of another entity leads there, since the release that first lacked it."""
    since = datetime(2026, 6, 1, tzinfo=UTC)
    gone = ("method", "lowrankadaptation", "low-rank-adaptation-01234567", "low-rank-adaptation", since)
    known = built(gazetteer, PAIRS).known.vstack(pl.DataFrame([gone], schema=IDS, orient="row"))
    after = built(gazetteer, PAIRS, known=known)
    assert after.redirects.select("from_id", "to_ids", "reason", "since").rows() == [
        ("low-rank-adaptation-01234567", [after.id("LoRA")], "merge", since)
    ]
