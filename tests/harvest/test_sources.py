"""The registry of sources: what the shipped files promise, and how a broken one is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.contract import TABLES
from almanac_assets.errors import AlmanacError, InputMissing, NameUnknown
from almanac_assets.harvest.sources import Sources, load_categories, load_sources

DATA = Path(__file__).parents[2] / "data"
CATEGORIES = DATA / "arxiv_categories.csv"
SHIPPED = load_sources(DATA / "sources.yaml", CATEGORIES)
NAMES = load_categories(CATEGORIES)

ENTRY = """
  - id: {id}
    name: Any
    short_name: any
    kind: preprint_server
    publisher: Anyone
    homepage: https://example.org
    access: api
    licence: CC0-1.0
    redistribution: abstract
    standing: 0.5
    standing_reason: Made up for a test.
    claims: [{claim}]
"""
UPSTREAMS = "upstreams:\n  - {id: one, title: One, description: The only one.}\n"
GOOD = (
    UPSTREAMS
    + "sources:"
    + "".join(ENTRY.format(id=name, claim=f"{name}.example.org") for name in ("arxiv-oai", "unlisted", "blog"))
)


@pytest.fixture
def load(tmp_path: Path):
    """Load a registry written as text, with two categories."""

    def loaded(text: str, categories: str = "category,name\ncs.LG,Machine Learning\n") -> Sources:
        (tmp_path / "sources.yaml").write_text(text, "utf-8")
        (tmp_path / "categories.csv").write_text(categories, "utf-8")
        return load_sources(tmp_path / "sources.yaml", tmp_path / "categories.csv")

    return loaded


def test_every_category_of_arxiv_has_a_source() -> None:
    """All 155 categories are there, each with a source named after it."""
    assert len(NAMES) == 155
    for category in NAMES:
        assert SHIPPED.for_category(category) == f"arxiv-{category}"
        assert SHIPPED.get(f"arxiv-{category}").endpoint == f"https://rss.arxiv.org/rss/{category}"


def test_a_source_of_a_category_reads_as_on_the_pages() -> None:
    """Full and short name are those that an event's head shows."""
    source = SHIPPED.get("arxiv-cs.LG")
    assert (source.name, source.short_name) == ("arXiv cs.LG (Machine Learning)", "arXiv · cs.LG")
    assert (source.licence, source.redistribution) == ("CC0-1.0", "abstract")


def test_rows_are_the_published_table() -> None:
    """Columns and types are the contract's, ids are sorted and unique, every row can be published."""
    rows = SHIPPED.rows()
    assert rows.schema == TABLES["sources"].polars_schema
    assert rows["source_id"].to_list() == sorted(set(rows["source_id"]))
    assert rows["source_id"].str.starts_with("arxiv-").sum() >= len(NAMES) + 2
    required = [column.name for column in TABLES["sources"].columns if not column.nullable]
    assert rows.select(pl.col(required).null_count()).row(0) == (0,) * len(required)
    assert rows["standing"].is_between(0, 1).all()


@pytest.mark.parametrize(
    ("url", "category", "source"),
    [
        ("https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXivRaw", None, "arxiv-oai"),
        ("http://export.arxiv.org/oai2?verb=Identify", "cs.CL", "arxiv-oai"),
        ("https://rss.arxiv.org/rss/cs.CL", None, "arxiv-cs.CL"),
        ("https://rss.arxiv.org/rss/cs.cl", None, "arxiv-cs.CL"),
        ("https://rss.arxiv.org/atom/hep-th", None, "arxiv-hep-th"),
        ("https://rss.arxiv.org/rss/cs.LG+cs.CL", None, "arxiv-cs.LG"),
        ("https://www.kaggle.com/datasets/Cornell-University/arxiv/versions/1", None, "arxiv-bulk"),
        ("https://rss.arxiv.org/rss/cs.CLX", None, "unlisted"),
        ("https://evil.example/rss.arxiv.org/rss/cs.CL", "cs.CL", "unlisted"),
        (None, "cs.CL", "arxiv-cs.CL"),
        (None, "cs.ZZ", "unlisted"),
        (None, None, "unlisted"),
    ],
)
def test_a_payload_belongs_to_the_source_that_claims_its_url(
    url: str | None, category: str | None, source: str
) -> None:
    """The longest claim ending at a border wins; a category decides only where there is no URL."""
    assert SHIPPED.claiming(url, category) == source


@given(st.text(), st.none() | st.text())
def test_claiming_answers_every_url(url: str, category: str | None) -> None:
    """Whatever is asked, the answer is a source of the registry."""
    SHIPPED.get(SHIPPED.claiming(url, category))
    SHIPPED.get(SHIPPED.for_category(category))


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(["http", "https"]), st.booleans())
def test_scheme_and_case_do_not_matter(category: str, scheme: str, upper: bool) -> None:
    """A feed's address counts for the same source over http and https, in upper and lower case."""
    asked = category.upper() if upper else category
    assert SHIPPED.claiming(f"{scheme}://rss.arxiv.org/rss/{asked}", None) == f"arxiv-{category}"


def test_an_unknown_category_falls_back_on_arxiv() -> None:
    """A record without a category that arXiv lists today is still arXiv's word."""
    assert SHIPPED.for_category(None) == SHIPPED.for_category("cmp-lg") == "arxiv-oai"


def test_laboratories_give_excerpts_only() -> None:
    """None of them states a licence; a page without a feed of its own is recorded and never pulled."""
    labs = SHIPPED.rows().filter(pl.col("kind") == "lab_blog")
    assert set(labs["redistribution"]) == {"excerpt"}
    assert labs.filter((pl.col("access") == "feed") != pl.col("endpoint").is_not_null()).is_empty()
    names = dict(labs.select("source_id", "short_name").iter_rows())
    assert (names["openai-news"], names["huggingface-blog"]) == ("OpenAI Blog", "Hugging Face Blog")
    for source_id, endpoint in labs.drop_nulls("endpoint").select("source_id", "endpoint").iter_rows():
        assert SHIPPED.claiming(endpoint, None) == source_id


def test_upstreams_are_declared_in_order() -> None:
    """The asset graph draws one node for each, and sources name no other."""
    assert [feed.id for feed in SHIPPED.feeds()][:4] == ["arxiv_oai", "arxiv_listings", "arxiv_bulk", "lab_feeds"]
    assert all(feed.title and feed.description for feed in SHIPPED.feeds())


def test_an_unknown_source_is_told_with_the_known_ones() -> None:
    """The message lists sources to choose from without all 155 categories."""
    with pytest.raises(NameUnknown, match=r"unknown source 'nature'.*arxiv-oai"):
        SHIPPED.get("nature")


def test_a_small_registry_loads(load) -> None:
    """The text that the next tests damage is a good one."""
    assert load(GOOD).rows()["source_id"].to_list() == ["arxiv-oai", "blog", "unlisted"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: preprint_server", "kind: preprints", r"sources\.0\.kind.*expected one of preprint_server.*'preprints'"),
        ("access: api", "access: magic", r"sources\.0\.access of 'arxiv-oai'.*expected one of api.*found 'magic'"),
        ("redistribution: abstract", "redistribution: all", r"redistribution.*expected one of full.*found 'all'"),
        ("standing: 0.5", "standing: 7", r"standing.*less than or equal to 1, found 7"),
        ("    licence: CC0-1.0\n", "", r"licence of 'arxiv-oai'.*found nothing"),
        ("    licence: CC0-1.0\n", "    license: CC0\n    licence: x\n", r"sources\.0\.license.*not permitted"),
        ("homepage: https://example.org", "homepage: example.org", r"homepage.*found 'example\.org'"),
        ("claims: [arxiv-oai.", "claims: [https://arxiv-oai.", r"claims\.0.*found 'https://arxiv-oai"),
        ("id: blog", "id: unlisted", r"sources\.id: expected each value once, found 'unlisted' more than once"),
        ("blog.example.org", "UNLISTED.example.org", r"sources\.claims: expected each value once"),
        ("id: arxiv-oai", "id: arxiv", r"sources\.id: expected an entry 'arxiv-oai', found none"),
        ("kind: preprint_server", "upstream: two\n    kind: lab_blog", r"upstream of.*expected one of one, found two"),
        ("kind: preprint_server", "per: moon\n    kind: lab_blog", r"sources\.0\.per.*found 'moon'"),
        ("upstreams:", "upstream:", r"upstreams: expected Field required, found nothing"),
        ("  - id: blog", "  - id: [blog", r"line \d+: expected YAML"),
    ],
)
def test_a_broken_registry_gives_one_clear_line(load, old: str, new: str, told: str) -> None:
    """File, field, expectation, finding and remedy stand on one line."""
    assert old in GOOD
    with pytest.raises(AlmanacError, match=told) as caught:
        load(GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert message.startswith("sources.yaml: ")
    assert "\n" not in message and " — " in message


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_registry_that_is_no_mapping_is_refused(load, text: str) -> None:
    """An empty file, a list and a sentence are all told as such."""
    with pytest.raises(AlmanacError, match=r"sources\.yaml: file: expected a mapping"):
        load(text)


def test_yaml_may_not_make_objects(load) -> None:
    """A tag that would build a Python object is refused as YAML that we do not read."""
    with pytest.raises(AlmanacError, match=r"expected YAML"):
        load("upstreams: !!python/object/apply:os.getcwd []\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: expected category,name, found an empty file"),
        ("id,title\ncs.LG,Machine Learning\n", "line 1: expected category,name, found id,title"),
        ("category,name\ncs.CE,Engineering, Finance\n", "line 2: expected an id and a name"),
        ("category,name\ncs.LG,A\ncs.LG,B\n", "category: expected each value once, found 'cs.LG' more than once"),
    ],
)
def test_a_broken_list_of_categories_gives_one_clear_line(load, text: str, told: str) -> None:
    """The line that is wrong is named."""
    with pytest.raises(AlmanacError, match=told):
        load(GOOD, text)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    """Neither file is guessed or made up."""
    with pytest.raises(InputMissing, match=r"nowhere\.yaml"):
        load_sources(tmp_path / "nowhere.yaml", CATEGORIES)
    with pytest.raises(InputMissing, match=r"nowhere\.csv"):
        load_sources(DATA / "sources.yaml", tmp_path / "nowhere.csv")
