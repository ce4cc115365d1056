"""The ids that other registries give to entities: from reviewed lists, from links beside a definition, by exact name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.entities.gazetteer import Gazetteer

EXTERNAL_IDS = Method(
    "entities.external_ids",
    1,
    "Ids elsewhere from lists, links beside a definition, and names of categories",
    "Reviewed lists; homepages of publishers in the registry of sources; arXiv's categories by their code or their name, "
    "where only one bears it; and the one repository on GitHub or Hugging Face that a document links and that bears the name "
    "of the one thing that this document defines.",
    training_data="data/gazetteer/external_ids.csv and data/sources.yaml, reviewed lists",
)
SCHEMA = pl.Schema(dict.fromkeys(("entity_id", "scheme", "value", "url", "rule", "source_id"), pl.String()))
KEY = ["entity_id", "scheme", "value"]
# The surest ground first, where several lead to the same id.
_RULES = ("registry", "exact_name", "link_in_text")
PAGES = {
    "github": "https://github.com/",
    "huggingface": "https://huggingface.co/",
}
# Hugging Face keeps datasets beside models, under the same ids.
DATASETS = "datasets/"
DATASET_TYPES = ("dataset", "benchmark")

_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(?P<github>github)\.com|(?P<huggingface>huggingface)\.co)/"
    r"(?P<dataset>datasets/)?(?P<owner>[\w][\w.-]*)/(?P<name>[\w][\w.-]*)",
    re.ASCII | re.IGNORECASE,
)
# First parts of addresses that are no owner of anything.
_NO_OWNER = frozenset(
    ["spaces", "papers", "blog", "docs", "collections", "organizations", "models", "join", "datasets", "learn", "posts",
     "features", "topics", "orgs", "marketplace", "sponsors", "about", "pricing", "login", "settings", "tasks"]
)  # fmt: skip
_LISTING = re.compile(r"^arXiv (?P<code>\S+) \((?P<name>.+)\)$")
LEAST_SHARED = 4  # letters and digits: "SIM" inside "Simulator" is chance


def entity_external_ids(
    registry: pl.DataFrame,
    aliases: pl.DataFrame,
    newest: pl.DataFrame,
    documents: pl.DataFrame,
    sources: pl.DataFrame,
    gazetteer: Gazetteer,
) -> pl.DataFrame:
    """The table `entity_external_ids`: one row per entity and id, by the surest rule that leads to it."""
    active = registry.filter(record_status="active")
    rows = [
        *_listed(active, gazetteer),
        *_homepages(active, aliases, sources),
        *_categories(active, sources),
        *_linked(active, newest, documents),
    ]
    rank = {rule: number for number, rule in enumerate(_RULES)}
    return (
        pl.DataFrame(rows, schema=SCHEMA, orient="row")
        .sort(*KEY, pl.col("rule").replace_strict(rank, return_dtype=pl.Int8), "source_id")
        .unique(KEY, keep="first", maintain_order=True)
        .with_columns(EXTERNAL_IDS.column)
        .select(TABLES["entity_external_ids"].column_names)
        .sort(KEY)
    )


_Row = tuple[str, str, str, str | None, str, str | None]


def _listed(active: pl.DataFrame, gazetteer: Gazetteer) -> Iterator[_Row]:
    ids = _ids(active)
    for one in gazetteer.external_ids:
        entity_id = ids.get((one.type, one.normal_form))
        if entity_id is not None:
            yield entity_id, one.scheme, one.value, page(one.scheme, one.value, one.type), "registry", None


def page(scheme: str, value: str, entity_type: str) -> str | None:
    """The address of an id, where it follows from the id; null elsewhere."""
    if scheme == "homepage":
        return value
    if scheme not in PAGES:
        return None
    is_dataset = scheme == "huggingface" and entity_type in DATASET_TYPES
    return f"{PAGES[scheme]}{DATASETS if is_dataset else ''}{value}"


def _homepages(active: pl.DataFrame, aliases: pl.DataFrame, sources: pl.DataFrame) -> Iterator[_Row]:
    """The page that the registry of sources gives for a laboratory's own news, if one organization bears its name."""
    organizations = active.filter(type="organization")
    names = pl.concat(
        [
            organizations.select("entity_id", "name"),
            aliases.join(organizations, on="entity_id", how="semi").select("entity_id", name="alias"),
        ]
    ).unique()
    blogs = sources.filter((pl.col("kind") == "lab_blog") & pl.col("homepage").is_not_null())
    owned = blogs.join(names, left_on="publisher", right_on="name").sort("source_id", "entity_id")
    for source_id, homepage, entity_id, owners in owned.select(
        "source_id", "homepage", "entity_id", pl.col("entity_id").n_unique().over("source_id").alias("owners")
    ).iter_rows():
        if owners == 1:
            yield entity_id, "homepage", homepage, homepage, "registry", source_id


def _categories(active: pl.DataFrame, sources: pl.DataFrame) -> Iterator[_Row]:
    """arXiv's categories of the fields that bear their code, or a name that no other category has."""
    fields = {
        name.casefold(): entity_id
        for name, entity_id in active.filter(type="field").select("name", "entity_id").iter_rows()
    }
    listings = [
        (listing["code"], listing["name"].casefold(), homepage, source_id)
        for source_id, name, homepage in sources.select("source_id", "name", "homepage").sort("source_id").iter_rows()
        if (listing := _LISTING.match(name)) is not None
    ]
    names = [name for _, name, _, _ in listings]
    for code, name, homepage, source_id in listings:
        for written in (code.casefold(), name):
            if written in fields and (written != name or names.count(name) == 1):
                yield fields[written], "arxiv_category", code, homepage, "exact_name", source_id


def _linked(active: pl.DataFrame, newest: pl.DataFrame, documents: pl.DataFrame) -> Iterator[_Row]:
    """Repositories named like the one thing that the document which links them defines."""
    defined = (
        active.filter(pl.col("description_document_id").is_not_null())
        .group_by(document_id="description_document_id")
        .agg(pl.col("entity_id", "name", "type").first(), things=pl.len())
        .filter(pl.col("things") == 1)
    )
    told = (
        defined.join(documents.select("document_id", "source_id", "text"), on="document_id")
        .join(newest.select("document_id", "links", "comment"), on="document_id", how="left")
        .with_columns(
            pl.concat_str(
                pl.col("text").fill_null(""),
                pl.col("comment").fill_null(""),
                pl.col("links").list.join(" ").fill_null(""),
                separator=" ",
            ).alias("words")
        )
        .filter(pl.col("words").str.contains(r"(?i)github\.com/|huggingface\.co/"))
        .sort("document_id")
    )
    for entity_id, name, kind, source_id, words in told.select(
        "entity_id", "name", "type", "source_id", "words"
    ).iter_rows():
        for scheme in PAGES:
            bearing = [value for value in repositories(words, scheme) if _bears(value.split("/")[1], name)]
            if len(bearing) == 1:
                yield entity_id, scheme, bearing[0], page(scheme, bearing[0], kind), "link_in_text", source_id


def repositories(words: str, scheme: str) -> list[str]:
    """The distinct `owner/name` of one registry that a text links, in reading order."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(words):
        owner, name = link["owner"], link["name"].rstrip(".-_").removesuffix(".git")
        if link[scheme] and owner.lower() not in _NO_OWNER and name:
            found.setdefault(f"{owner}/{name}".lower(), f"{owner}/{name}")
    return list(found.values())


def _bears(repository: str, name: str) -> bool:
    """Whether a repository bears the name, up to case, dashes and what stands before or behind it."""
    one, other = _letters(repository), _letters(name)
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_SHARED and (long.startswith(short) or long.endswith(short))


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _ids(active: pl.DataFrame) -> dict[tuple[str, str], str]:
    return {
        (kind, form): entity_id
        for kind, form, entity_id in active.select("type", "normal_form", "entity_id").iter_rows()
    }
