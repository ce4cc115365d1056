"""Which statements are one work, what its id is for ever, and what is published of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.citations import identity
from almanac_assets.citations.works import works as works_table
from almanac_assets.contract import TABLES
from almanac_assets.release.ids import KNOWN_WORKS, works_before
from almanac_assets.release.releases import Release
from tests.citations.rows import (
    AS_OF,
    FIRST_RELEASE,
    PYTHIA,
    SECOND_RELEASE,
    SEEN,
    documents,
    edge,
    known,
    known_works,
    paper,
    read_contexts,
    read_edges,
    read_works,
    source,
    sources,
    stated,
    work,
    works,
)

EARLIEST = datetime(2026, 4, 1, tzinfo=UTC)


def ids_of(
    *statements: dict[str, Any],
    edges: tuple[dict[str, Any], ...] = (),
    papers: tuple[dict[str, Any], ...] = (),
    before: tuple[dict[str, Any], ...] = (),
) -> pl.DataFrame:
    """The private table of ids from these statements."""
    made = identity.work_ids(
        read_works(*statements), read_edges(*edges), read_contexts(), documents(*papers), known_works(*before)
    )
    assert made.schema == identity.WORK_IDS
    return made


def names(*statements: dict[str, Any], **given_: Any) -> list[str]:
    """The distinct work_ids."""
    return ids_of(*statements, **given_)["work_id"].unique().sort().to_list()


def table(*statements: dict[str, Any], papers: tuple[dict[str, Any], ...] = (), **given_: Any) -> list[dict[str, Any]]:
    terms = given_.pop("terms", sources())
    ids = ids_of(*statements, papers=papers, **given_)
    made = works_table(read_works(*statements), ids, documents(*papers), terms)
    assert made.schema == TABLES["works"].polars_schema
    return made.rows(named=True)


def test_statements_that_share_an_id_are_one_work() -> None:
    """Through a third statement too, and the arXiv id is the most telling."""
    made = names(
        stated(doi="10.1000/a", s2_corpus_id=7), stated(s2_corpus_id=7, arxiv_id="2304.01373"), stated(doi="10.1000/a")
    )
    assert made == ["arxiv:2304.01373"]


def test_an_id_beside_two_arxiv_ids_joins_them_not() -> None:
    """It is a slip of somebody's, and belongs to the paper that it is stated of most often."""
    right, wrong = stated(arxiv_id="2304.01373", s2_corpus_id=7), stated(arxiv_id="2304.01374", s2_corpus_id=7)
    leads = dict(ids_of(right, wrong, right).select("id", "work_id").iter_rows())
    assert leads["arxiv:2304.01374"] == "arxiv:2304.01374"
    assert leads["s2:7"] == leads["arxiv:2304.01373"] == "arxiv:2304.01373"


def test_ids_of_our_own_documents_tie_too() -> None:
    """A preprint knows the DOI of its published form."""
    made = ids_of(
        stated("The preprint", arxiv_id="2304.01373"),
        stated("As published elsewhere", doi="10.1000/A"),
        papers=(paper("2304.01373", doi="10.1000/A"), paper("2304.01374", doi="10.1000/other")),
    )
    assert made["work_id"].unique().to_list() == ["arxiv:2304.01373"]
    assert "doi:10.1000/other" not in made["id"].to_list()


def test_an_equal_title_joins_what_nothing_keeps_apart() -> None:
    """Case and punctuation do not count."""
    made = ids_of(
        stated(PYTHIA, arxiv_id="2304.01373", year=2023), stated(PYTHIA.upper(), openreview_id="abc", year=2024)
    )
    assert made["work_id"].unique().to_list() == ["arxiv:2304.01373"]
    assert made["identity_rule"].unique().to_list() == ["title_year_authors"]


def test_a_title_never_joins_two_ids_of_one_kind() -> None:
    """Two arXiv ids are two papers; so are two DOIs of one publisher, but not those of two."""
    assert len(names(stated(PYTHIA, arxiv_id="2304.01373"), stated(PYTHIA, arxiv_id="2304.01374"))) == 2
    assert len(names(stated(PYTHIA, doi="10.1000/a"), stated(PYTHIA, doi="10.1000/b"))) == 2
    assert len(names(stated(PYTHIA, doi="10.1000/a"), stated(PYTHIA, doi="10.2000/b"))) == 1


def test_years_and_first_authors_keep_equal_titles_apart() -> None:
    """Two years apart, or first authors of other names; a missing one says nothing, initials and accents neither."""
    first = stated(PYTHIA, arxiv_id="2304.01373", year=2023, authors=["Stella Biderman", "Hailey Schoelkopf"])
    assert len(names(first, stated(PYTHIA, doi="10.1000/a", year=2025))) == 2
    assert len(names(first, stated(PYTHIA, doi="10.1000/a", year=2023, authors=["A. Other"]))) == 2
    assert len(names(first, stated(PYTHIA, doi="10.1000/a", authors=["Bidermán, S."]))) == 1


def test_short_titles_join_nothing() -> None:
    """'Deep learning' is a book, a review and more."""
    assert len(names(stated("Deep learning", arxiv_id="2304.01373"), stated("Deep Learning", doi="10.1000/a"))) == 2


def test_a_title_between_two_works_that_differ_joins_neither() -> None:
    """Of two papers with one title nobody can tell which one is meant."""
    made = names(
        stated(PYTHIA, arxiv_id="2304.01373", year=2013), stated(PYTHIA, doi="10.1000/a", year=2023), stated(PYTHIA)
    )
    assert len(made) == 3


def test_an_id_local_to_a_file_is_never_published() -> None:
    """It ties statements together, and a work with nothing else is known by its title."""
    made = ids_of(stated("Deep learning", local_id="w-12345678"), edges=(edge("arxiv:2304.01373", "local:w-12345678"),))
    by_id = dict(made.select("id", "work_id").iter_rows())
    assert by_id["local:w-12345678"].startswith("title:")
    (row,) = table(stated("Deep learning", local_id="w-12345678"))
    assert row["work_id"].startswith("title:") and row["same_as"] == []


def test_a_work_named_by_title_in_one_row_has_the_id_that_its_local_id_tells() -> None:
    """A bulk file states title and own id here, own id and arXiv id there."""
    here = stated("Mistral 7B", local_id="w-12345678")
    made = ids_of(here, stated(arxiv_id="2310.06825", local_id="w-12345678"), edges=(edge("acl:P1", here["ids"][0]),))
    assert dict(made.select("id", "work_id").iter_rows())[here["ids"][0]] == "arxiv:2310.06825"


def test_a_published_id_stays_whatever_is_learnt_later() -> None:
    """An arXiv id that is learnt later goes to same_as."""
    (row,) = table(stated(PYTHIA, s2_corpus_id=7, arxiv_id="2304.01373"), before=(known("s2:7"),))
    assert row["work_id"] == "s2:7" and row["same_as"] == ["arxiv:2304.01373"]


def test_two_known_works_that_are_one_leave_a_redirect() -> None:
    """The one published first stays; the redirect holds since the release that no longer had the other."""
    before = (known("s2:7"), known("arxiv:2304.01373", first=SECOND_RELEASE))
    ids = ids_of(stated(PYTHIA, s2_corpus_id=7, arxiv_id="2304.01373"), before=before)
    made = identity.work_redirects(ids, known_works(*before), AS_OF)
    assert made.schema == identity.WORK_REDIRECTS
    assert made.select("kind", "from_id", "to_ids", "reason", "since").rows() == [
        ("work", "arxiv:2304.01373", ["s2:7"], "duplicate", SEEN)
    ]
    again = known_works(known("s2:7"), known("arxiv:2304.01373", gone=SECOND_RELEASE))
    assert identity.work_redirects(ids, again, AS_OF)["since"].to_list() == [SECOND_RELEASE]


def test_a_known_title_id_is_kept_when_the_work_gets_a_better_one() -> None:
    """Even if nothing states the title alone any more."""
    title_id = stated(PYTHIA)["ids"][0]
    assert names(stated(PYTHIA, arxiv_id="2304.01373"), before=(known(title_id),)) == [title_id]


def test_earlier_releases_tell_which_works_are_known(tmp_path: Path) -> None:
    """With all ids that they ever had, since when, and since when no more; one without works tells nothing."""
    told = {
        "2026.4.1": (EARLIEST, None),
        "2026.5.1": (FIRST_RELEASE, [work("s2:7", same_as=["doi:10.1000/a"]), work("s2:8")]),
        "2026.6.1": (SECOND_RELEASE, [work("s2:7", same_as=["arxiv:2304.01373"])]),
    }
    releases = []
    for name, (as_of, rows) in told.items():
        (tmp_path / name / "tables").mkdir(parents=True)
        (tmp_path / name / "manifest.json").write_text(json.dumps({"as_of": as_of.isoformat()}), encoding="utf-8")
        releases.append(Release(tmp_path / name))
        if rows:
            works(*rows).write_parquet(releases[-1].table_path("works"))
    assert works_before(AS_OF, ()).height == 0
    made = works_before(AS_OF, tuple(releases))
    assert made.schema == KNOWN_WORKS
    assert made.rows() == [
        ("s2:7", ["arxiv:2304.01373", "doi:10.1000/a"], FIRST_RELEASE, None),
        ("s2:8", [], FIRST_RELEASE, SECOND_RELEASE),
    ]


def test_each_field_comes_from_the_best_source_that_states_it() -> None:
    """Standing decides, then the latest statement; what the best does not tell comes from the next."""
    terms = sources(source(), source("better", standing=0.9))
    (row,) = table(
        stated("As printed", arxiv_id="2304.01373", year=2022, venue="ICML", authors=["A. One", "B. Two"]),
        stated("As \\emph{registered}", arxiv_id="2304.01373", year=2023, source_id="better"),
        terms=terms,
    )
    assert (row["title"], row["year"], row["venue"], row["authors_text"]) == (
        "As registered", 2023, "ICML", "A. One, B. Two",
    )  # fmt: skip
    assert row["identity_rule"] == "arxiv_id"


def test_an_abstract_is_shown_where_its_source_lets_us() -> None:
    """A source of facts alone gives no abstract, and a paper of arXiv has the one of its document."""
    told = stated("Told", doi="10.1000/a", abstract="Words.")
    assert table(told)[0]["abstract"] == "Words."
    assert table(told, terms=sources(source(redistribution="facts_only")))[0]["abstract"] is None
    (row,) = table(stated("told", arxiv_id="2304.01373"), papers=(paper("2304.01373"),))
    assert (row["document_id"], row["title"], row["abstract"]) == ("arxiv:2304.01373", "A paper", "It shows things.")


def test_a_work_without_a_title_is_left_out() -> None:
    """An id alone says nothing to a reader."""
    assert table(stated(arxiv_id="2304.01373")) == []


STATEMENTS = st.lists(
    st.builds(
        lambda title, arxiv, doi, s2, year: stated(
            title,
            arxiv_id=f"2304.0137{arxiv}" if arxiv else None,
            doi=f"10.1000/{doi}" if doi else None,
            s2_corpus_id=s2,
            year=year,
        ),
        st.sampled_from([PYTHIA, "A wholly other work about other things", "Adam", None]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 2020, 2023]),
    ).filter(lambda row: row["ids"]),
    min_size=1,
    max_size=8,
)


@given(STATEMENTS, st.integers())
def test_the_order_of_statements_does_not_matter(rows: list[dict[str, Any]], seed: int) -> None:
    """The same statements give the same works."""
    mixed = Random(seed).sample(rows, len(rows))
    assert ids_of(*rows).equals(ids_of(*mixed))


@given(STATEMENTS, STATEMENTS)
def test_a_new_statement_never_renames_a_known_work(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """Each id that was published is still the id of its work, or leads to a work that was published too."""
    before = ids_of(*old)
    published = known_works(*(known(work_id) for work_id in before["work_id"].unique().sort()))
    after = identity.work_ids(read_works(*old, *new), read_edges(), read_contexts(), documents(), published)
    leads = dict(after.select("id", "work_id").iter_rows())
    redirects = dict(identity.work_redirects(after, published, AS_OF).select("from_id", "to_ids").iter_rows())
    for work_id in published["work_id"]:
        assert leads[work_id] == work_id or redirects[work_id] == [leads[work_id]]
        assert leads[work_id] in set(published["work_id"])


@given(STATEMENTS)
def test_a_hard_id_belongs_to_one_work(rows: list[dict[str, Any]]) -> None:
    """Every id stands once, and every id of a statement that is no title leads to one work where no arXiv id differs."""
    made = ids_of(*rows)
    assert made["id"].is_unique().all()
    leads = dict(made.select("id", "work_id").iter_rows())
    papers = {id_ for row in rows for id_ in row["ids"] if id_.startswith("arxiv:")}
    for row in rows:
        hard = [id_ for id_ in row["ids"] if not id_.startswith("title:")]
        assert all(id_ in leads for id_ in hard)
        assert len(papers) > 1 or len({leads[id_] for id_ in hard}) <= 1
