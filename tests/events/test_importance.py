"""Why an event matters: parts that add up, each with a reason that is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets import settings as places
from almanac_assets.contract import TABLES
from almanac_assets.errors import InputMissing
from almanac_assets.events import importance, stories
from almanac_assets.events.fit import SHARES, fitted
from almanac_assets.events.importance import CONSTANTS_FILE, ImportanceConstants, importance_parts, prominences
from tests.events.rows import (
    SOURCES,
    categories,
    constants,
    document,
    documents,
    event_entities,
    named,
    post,
    registry,
    told,
    upvotes,
)


def parts(
    paper: dict[str, Any] | None = None,
    *entities: dict[str, Any],
    types: dict[str, str] | None = None,
    known: ImportanceConstants | None = None,
    filed: tuple[str, ...] = ("cs.CL",),
    defined_by: dict[str, str] | None = None,
    others: tuple[dict[str, Any], ...] = (),
    links: dict[str, list[str]] | None = None,
    seen: pl.DataFrame | None = None,
) -> dict[str, dict[str, Any]]:
    """The parts of one paper, by name."""
    table = documents(paper or document(), *others)
    made = importance_parts(
        table,
        told(table, **links or {}),
        event_entities(*entities),
        categories(*filed),
        registry(defined_by, **types or {}),
        SOURCES,
        seen if seen is not None else upvotes(),
        known or constants(),
    )
    assert made.schema == TABLES["importance_parts"].polars_schema
    assert made.filter(pl.col("reason").is_null() | (pl.col("reason") == "")).height == 0
    return {row["part"]: row for row in made.iter_rows(named=True)}


def test_every_event_has_the_standing_of_its_source() -> None:
    """And nothing else, if nothing else is known."""
    made = parts()
    assert list(made) == ["source_standing"]
    assert (made["source_standing"]["value"], made["source_standing"]["points"]) == (0.5, 1.0)
    assert made["source_standing"]["reason"] == "arXiv · cs.CL has a standing of 0.5 of 1"


def test_prominence_is_that_of_the_names_at_their_salience() -> None:
    """A model that 100 of 1,000 papers name has prominence 1; topics count half, fields nothing."""
    types = {"gpt": "model", "parsing": "task", "nlp": "field"}
    year = constants(model__gpt=100, task__parsing=100, field__nlp=900)
    made = parts(None, named("gpt", 0.8), named("parsing", 0.8), named("nlp", 1.0), types=types, known=year)
    assert made["entity_prominence"]["value"] == 1.2
    assert made["entity_prominence"]["reason"] == "names what other papers name as well: GPT, PARSING"


def test_three_names_count_for_prominence() -> None:
    """A list of models is not more prominent than its three greatest."""
    types = dict.fromkeys(("a", "b", "c", "d"), "model")
    year = constants(model__a=100, model__b=100, model__c=100, model__d=100)
    made = parts(None, *(named(name, 0.5) for name in types), types=types, known=year)
    assert made["entity_prominence"]["value"] == 1.5


def test_a_thing_that_the_work_defines_first_is_novel() -> None:
    """Half as much in the text alone; what others defined, or nobody, is not, however rare its name."""
    types = {"probenet": "model", "gpt": "model", "rare": "model", "mit": "organization"}
    own = {"probenet": "arxiv:1", "gpt": "arxiv:9", "mit": "arxiv:1"}
    names = [named("probenet", 0.84), named("gpt", 0.84), named("rare", 0.84), named("mit", 0.84)]
    whole = parts(None, *names, types=types, defined_by=own)
    assert (whole["novelty"]["value"], whole["novelty"]["points"]) == (1.0, 1.0)
    assert whole["novelty"]["reason"] == "the first to define PROBENET (model), in the headline"
    assert parts(None, named("probenet", 0.5), types=types, defined_by=own)["novelty"]["value"] == 0.5
    assert "novelty" not in parts(None, *names[1:], types=types, defined_by=own)


def test_a_name_in_the_headline_is_told_by_its_salience() -> None:
    """The border that novelty uses lies between the least salience in a headline and the greatest outside."""
    how = stories.SalienceWeights()
    assert how.early + how.repeated <= importance.IN_HEADLINE < how.headline + how.early


def test_artefacts_are_counted_by_kind() -> None:
    """The reason names them and claims no more than the text says."""
    made = parts(document(text="We release our code and data."))
    assert (made["artefacts"]["value"], made["artefacts"]["points"]) == (2.0, 1.6)
    assert made["artefacts"]["reason"] == "the text says that this is or will be public: code, data"


def test_breadth_does_not_grow_with_length() -> None:
    """Twice the names in twice the text are no broader; a short text is not divided by its shortness."""
    types = dict.fromkeys("abcd", "task")
    short = parts(document(text="x" * 1200), named("a"), named("b"), types=types)
    long = parts(document(text="x" * 2400), *(named(name) for name in "abcd"), types=types)
    brief = parts(document(text="x" * 100), named("a"), named("b"), types=types, filed=("cs.CL", "cs.AI"))
    assert short["breadth"]["value"] == long["breadth"]["value"] == brief["breadth"]["value"]
    assert brief["breadth"]["reason"] == "2 distinct names in 100 characters, filed under cs.CL, cs.AI"
    title = parts(document(text=None), named("a"), types=types)
    assert title["breadth"]["reason"] == "1 name in its title, filed under cs.CL"


def test_another_publisher_that_tells_it_counts_as_coverage() -> None:
    """The lead's own does not, and each publisher counts once."""
    links = {"n1": ["https://arxiv.org/abs/1706.03762"], "n2": ["https://arxiv.org/abs/1706.03762"]}
    paper = document("arxiv:1706.03762")
    others = (
        post("lab-blog:1", title="A"),
        post("lab-blog:2", title="B"),
        post("x:3", title="C", source_id="other-blog"),
    )
    made = parts(paper, others=others, links=links | {"n3": links["n1"]})
    assert (made["coverage"]["value"], made["coverage"]["reason"]) == (2.0, "also told by Lab; Other")
    assert "coverage" not in parts(paper, others=others)


def test_upvotes_count_with_the_day_on_which_they_were_read() -> None:
    """The newest count, whether it rose or fell."""
    made = parts(
        seen=upvotes(("arxiv:1", 99, "2026-06-12"), ("arxiv:1", 9, "2026-06-14"), ("arxiv:2", 5, "2026-06-15"))
    )
    assert (made["early_attention"]["value"], made["early_attention"]["points"]) == (9.0, 0.5)
    assert made["early_attention"]["reason"] == "9 upvotes in a community listing, read on 2026-06-14"
    assert "early_attention" not in parts(seen=upvotes(("arxiv:1", 0, "2026-06-12")))


def test_a_withdrawal_takes_points_away() -> None:
    """The one part that does."""
    made = parts(document(is_withdrawn=True))
    assert (made["correction"]["points"], made["correction"]["reason"]) == (
        -4.0,
        "withdrawn by its authors or its server",
    )


@settings(deadline=None, max_examples=30)
@given(
    saliences=st.lists(st.floats(0, 1).map(lambda value: round(value, 6)), min_size=0, max_size=6),
    counts=st.lists(st.integers(5, 900), min_size=6, max_size=6),
    withdrawn=st.booleans(),
    order=st.permutations(range(2)),
)
def test_the_parts_add_up_to_the_score(
    saliences: list[float], counts: list[int], withdrawn: bool, order: list[int]
) -> None:
    """To six decimals, for every event, whatever the order of the rows; the level is 1 plus the cuts that are reached."""
    types = {f"e{n}": ("model", "task", "method")[n % 3] for n in range(6)}
    year = constants(**{f"{kind}__{name}": count for (name, kind), count in zip(types.items(), counts, strict=True)})
    papers = [document(is_withdrawn=withdrawn), document("arxiv:2", text="We release our code.")]
    entities = [named(f"e{n}", salience) for n, salience in enumerate(saliences)]
    frames = documents(*(papers[i] for i in order)), event_entities(*entities), categories("cs.CL")
    table, named_in, filed = frames
    of, known = told(table), registry(**types)
    made = importance_parts(table, of, named_in, filed, known, SOURCES, upvotes(), year)
    turned = event_entities(*reversed(entities))
    shuffled = importance_parts(table, of.reverse(), turned, filed, known, SOURCES, upvotes(), year)
    key = ["event_id", "part"]
    assert made.sort(key).equals(shuffled.sort(key))
    nothing = pl.DataFrame(schema=TABLES["summary_sentences"].polars_schema)
    table = stories.events(table, of, named_in, nothing, made, SOURCES, year)
    sums = made.group_by("event_id").agg(total=pl.col("points").sum())
    for score, level, total in table.join(sums, on="event_id").select("importance_score", "importance", "total").rows():
        assert score == pytest.approx(total, abs=5e-7)
        assert score == round(score, 6)
        assert level == 1 + sum(score >= cut for cut in year.cut_points)


def test_prominence_is_a_share_on_a_log_scale() -> None:
    """A tenth of all papers, or more, is the most prominent a name can be."""
    assert prominences({"model gpt": 100, "field nlp": 900}, 1000) == {"model gpt": 1.0, "field nlp": 1.0}
    few, more = prominences({"model a": 5, "model b": 50}, 1000).values()
    assert 0 < few < more < 1


def test_the_shipped_constants_are_whole() -> None:
    """Nine rising cut points, and names that at least five papers of the reference year name."""
    shipped = ImportanceConstants.load(places.CONSTANTS)
    assert len(shipped.cut_points) == 9
    assert shipped.cut_points == sorted(set(shipped.cut_points))
    assert shipped.document_frequency
    assert min(shipped.document_frequency.values()) >= importance.LEAST_DOCUMENTS
    assert max(shipped.document_frequency.values()) <= shipped.documents


@pytest.mark.parametrize("content", [None, "{", "{}", '{"documents": 1, "cut_points": 7, "document_frequency": {}}'])
def test_constants_that_cannot_be_read_are_named(tmp_path: Path, content: str | None) -> None:
    """File and remedy."""
    if content is not None:
        (tmp_path / CONSTANTS_FILE).write_text(content)
    with pytest.raises(InputMissing, match=r"constants\.json cannot be read.*almanac_assets\.events\.fit"):
        ImportanceConstants.load(tmp_path)


def test_a_fit_gives_the_levels_their_shares(tmp_path: Path) -> None:
    """Cut points are quantiles of the scores that the fitted prominences give; the same release gives the same fit."""
    count = 1000
    papers = documents(*(document(f"arxiv:{n}", text="x" * 1200) for n in range(count)))
    entities = event_entities(*(named(f"e{n % 200}", round(n / count, 6), f"arxiv:{n}") for n in range(count)))
    known = registry(**{f"e{n}": "model" for n in range(200)})
    frames = {
        "documents": papers,
        "entities": known.drop("description_document_id").with_columns(
            document_count=pl.lit(5, dtype=pl.Int64), description_evidence_id=pl.lit(None, dtype=pl.String)
        ),
        "evidence": pl.DataFrame(schema={"evidence_id": pl.String, "subject_id": pl.String}),
        "event_documents": told(papers),
        "event_entities": entities,
        "document_categories": categories("cs.CL"),
        "sources": SOURCES,
        "payloads": pl.DataFrame({"payload_sha256": ["b" * 64, "a" * 64]}),
    }
    (tmp_path / "tables").mkdir()
    for name, frame in frames.items():
        frame.write_parquet(tmp_path / "tables" / f"{name}.parquet")
    fit = json.loads(json.dumps(fitted(tmp_path)))
    assert fit == json.loads(json.dumps(fitted(tmp_path)))
    assert fit["payloads"] == ["a" * 64, "b" * 64]
    (tmp_path / CONSTANTS_FILE).write_text(json.dumps(fit))
    known_year = ImportanceConstants.load(tmp_path)
    of = frames["event_documents"]
    made = importance_parts(papers, of, entities, categories("cs.CL"), known, SOURCES, upvotes(), known_year)
    nothing = pl.DataFrame(schema=TABLES["summary_sentences"].polars_schema)
    levels = stories.events(papers, of, entities, nothing, made, SOURCES, known_year)["importance"].value_counts()
    found = dict(levels.iter_rows())
    for level, share in enumerate(SHARES, 1):
        assert found.get(level, 0) == pytest.approx(share * count, abs=2)
