"""The files of the gazetteer: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from almanac_assets.entities import load_gazetteer
from almanac_assets.errors import ContractBroken, InputMissing

from .conftest import write_gazetteer

SHIPPED = Path(__file__).parents[2] / "data" / "gazetteer"
GOOD = "Foo,model,Foo LM|FooLM,exact,false,true,,hand"


def test_a_row_becomes_an_entry(tmp_path: Path) -> None:
    """Aliases keep their order, and the name's normal form is the entity's."""
    entry = load_gazetteer(write_gazetteer(tmp_path, GOOD)).entries[0]
    assert (entry.surfaces, entry.form, entry.exact, entry.family) == (("Foo", "Foo LM", "FooLM"), "foo", True, True)


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    """The same files give the same fingerprint; a changed file another."""
    folder = write_gazetteer(tmp_path, GOOD)
    first = load_gazetteer(folder).fingerprint
    assert load_gazetteer(folder).fingerprint == first
    write_gazetteer(tmp_path, GOOD.replace("hand", "eye"))
    assert load_gazetteer(folder).fingerprint != first


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Foo,model,,exact,false,true", r"names.csv line 2.*8 cells.*6"),
        ("Foo,modell,,exact,false,true,,hand", r"names.csv line 2.*modell"),
        ("Foo,model,,exact,yes,true,,hand", r"names.csv line 2.*ambiguous"),
        ("Foo,model,,both,false,true,,hand", r"names.csv line 2.*case"),
        (",model,,exact,false,true,,hand", r"names.csv line 2.*name"),
        (f"{GOOD}\nfoo,model,,exact,false,true,,hand", r"names.csv line 3.*names.csv line 2"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(rows: str, told: str, tmp_path: Path) -> None:
    """Cells, types, truth values and doubles are refused with the place."""
    with pytest.raises(ContractBroken, match=told):
        load_gazetteer(write_gazetteer(tmp_path, rows))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """No folder and no names are told as what they are."""
    with pytest.raises(InputMissing, match="no such folder"):
        load_gazetteer(tmp_path / "nowhere")
    with pytest.raises(InputMissing, match="no names"):
        load_gazetteer(tmp_path)


def test_the_shipped_gazetteer_loads() -> None:
    """The files of the project keep their own rules and pin the entity that pages link to."""
    gazetteer = load_gazetteer(SHIPPED)
    listed = {(entry.type, entry.name) for entry in gazetteer.entries}
    wanted = {("model", "Pythia"), ("method", "LoRA"), ("method", "QLoRA"), ("benchmark", "GSM8K")}
    assert wanted | {("benchmark", "MMLU-Pro"), ("software", "bitsandbytes"), ("model", "OLMo")} <= listed
    assert [pin.entity_id for pin in gazetteer.pins] == ["pythia-6884907e"]


def test_everything_works_without_the_share_alike_names(tmp_path: Path) -> None:
    """Removing cc-by-sa/ leaves a gazetteer that loads."""
    for path in SHIPPED.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    without = load_gazetteer(tmp_path)
    assert len(without.entries) < len(load_gazetteer(SHIPPED).entries)


IDS_HEAD, RELATIONS_HEAD = "type,name,scheme,value,source", "type,name,relation,other_type,other_name,source"


def test_ids_and_relations_speak_of_listed_things(tmp_path: Path) -> None:
    """Both sides are kept under their normal forms."""
    folder = write_gazetteer(tmp_path, f"{GOOD}\nBar Labs,organization,,exact,false,false,,hand")
    (folder / "external_ids.csv").write_text(f"{IDS_HEAD}\nmodel,Foo,github,bar/foo,hand\n", encoding="utf-8")
    (folder / "relations.csv").write_text(
        f"{RELATIONS_HEAD}\nmodel,Foo,made_by,organization,Bar Labs,hand\n", encoding="utf-8"
    )
    read = load_gazetteer(folder)
    assert [(one.type, one.normal_form, one.scheme, one.value) for one in read.external_ids] == [
        ("model", "foo", "github", "bar/foo")
    ]
    assert [(one.normal_form, one.relation, one.other_normal_form) for one in read.relations] == [
        ("foo", "made_by", "barlabs")
    ]


@pytest.mark.parametrize(
    ("file", "row", "told"),
    [
        ("external_ids.csv", "model,Nobody,github,bar/foo,hand", "line 2.*Nobody"),
        ("external_ids.csv", "model,Foo,gitlab,bar/foo,hand", "line 2.*scheme.*gitlab"),
        ("external_ids.csv", "model,Foo,github,,hand", "line 2.*an id"),
        ("relations.csv", "model,Foo,son_of,model,Foo,hand", "line 2.*relation.*son_of"),
        ("relations.csv", "model,Foo,made_by,organization,Nobody,hand", "line 2.*Nobody"),
    ],
)
def test_a_wrong_id_or_relation_is_refused_by_file_and_line(tmp_path: Path, file: str, row: str, told: str) -> None:
    """An id or relation of a thing that no list holds would be lost in silence."""
    folder = write_gazetteer(tmp_path, GOOD)
    head = IDS_HEAD if file.startswith("external") else RELATIONS_HEAD
    (folder / file).write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(ContractBroken, match=told):
        load_gazetteer(folder)
