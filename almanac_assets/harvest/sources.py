"""The registry of sources: who is read, on what terms, and which source a payload belongs to.

Reads data/sources.yaml and data/arxiv_categories.csv. An entry with `per: arxiv_category` is a template: it stands for
one source per line of the categories file, `{category}` and `{category_name}` filled in. Everything wrong with either
file ends in one SourcesBroken that names file, field, expectation and finding.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import polars as pl
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import ACCESS, REDISTRIBUTION, SOURCE_KINDS
from almanac_assets.errors import AlmanacError, InputMissing, NameUnknown

UNLISTED = "unlisted"
ARXIV = "arxiv-oai"
URL = r"^https?://\S+$"
CLAIM = r"^[^\s:/]+\.[^\s:/]+(/\S*)?$"  # host and path; a claim names no scheme, since upstreams move to https and back
CLAIM_ENDS = "/?#+&"  # what may follow a claimed prefix; arXiv joins the categories of one feed by "+"
PLACEHOLDER = re.compile(r"\{(category|category_name)\}")


class SourcesBroken(AlmanacError):
    """The registry of sources, or the list of categories beside it, does not say what it must."""

    def __init__(self, file: Path, field: str, expected: str, found: str, *, remedy: str) -> None:
        self.file, self.field, self.expected, self.found = file, field, expected, found
        super().__init__(f"{file.name}: {field}: expected {expected}, found {found}", remedy=remedy)


def one_of(allowed: tuple[str, ...]) -> AfterValidator:
    """A pydantic check that a text is a value of a closed list of the contract."""

    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value

    return AfterValidator(check)


class Strict(BaseModel):
    """A model that takes no field it does not know and changes nothing after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Model = TypeVar("Model", bound=Strict)


class Upstream(Strict):
    """A declared way in, drawn as one node of the asset graph; many sources may share it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)


class Source(Strict):
    """One source: whose word it is, how it is reached, what may be republished, and which URLs it answers from."""

    id: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    name: str = Field(min_length=1)
    short_name: str = Field(min_length=1)
    upstream: str | None = None
    kind: Annotated[str, one_of(SOURCE_KINDS)]
    publisher: str = Field(min_length=1)
    homepage: str | None = Field(default=None, pattern=URL)
    endpoint: str | None = Field(default=None, pattern=URL)
    access: Annotated[str, one_of(ACCESS)]
    format: str | None = Field(default=None, pattern=r"^[a-z_]+$")
    licence: str = Field(min_length=1)
    licence_url: str | None = Field(default=None, pattern=URL)
    redistribution: Annotated[str, one_of(REDISTRIBUTION)]
    standing: float = Field(ge=0, le=1)
    standing_reason: str = Field(min_length=1)
    claims: tuple[Annotated[str, Field(pattern=CLAIM)], ...]


class Template(Strict):
    """The mark of an entry that stands for many sources; its other fields are read once they are filled in."""

    model_config = ConfigDict(extra="allow", frozen=True)
    per: Literal["arxiv_category"]


class Registry(Strict):
    """The file as a whole, before templates are filled in."""

    upstreams: tuple[Upstream, ...]
    sources: tuple[dict[str, Any], ...]


class Sources:
    """Every source by id, with the rows of the table `sources` and the answer to whose payload a URL is."""

    def __init__(self, sources: list[Source], upstreams: list[Upstream], categories: dict[str, str]) -> None:
        self._by_id = {source.id: source for source in sorted(sources, key=lambda source: source.id)}
        self._upstreams = upstreams
        self._category_ids = {category.lower(): f"arxiv-{category}" for category in categories}

    @cached_property
    def _claims(self) -> dict[str, str]:
        return {claim.lower(): source.id for source in self._by_id.values() for claim in source.claims}

    def get(self, source_id: str) -> Source:
        """The source of that id; NameUnknown if the registry has none."""
        if source_id not in self._by_id:
            raise NameUnknown("source", source_id, [s for s in self._by_id if not s.startswith("arxiv-")] + [ARXIV])
        return self._by_id[source_id]

    def rows(self) -> pl.DataFrame:
        """The table `sources`, one row per source, sorted by source_id."""
        schema = TABLES["sources"].polars_schema
        cells = [
            [source.id, *(getattr(source, column) for column in schema.names()[1:])] for source in self._by_id.values()
        ]
        return pl.DataFrame(cells, schema=schema, orient="row")

    def claiming(self, url: str | None, category: str | None) -> str:
        """The id of the source that a payload is from, 'unlisted' where no entry claims it.

        The URL decides when there is one: the longest claimed prefix that ends at a border of the URL wins, so a feed
        asked for several categories (`cs.CL+cs.LG`) counts for the first. A category helps only a payload without URL,
        because an address nobody claims must not borrow arXiv's licence.
        """
        if url is None:
            return self._category_ids.get((category or "").lower(), UNLISTED)
        address = url.split("://", 1)[-1].lower()
        ends = [i for i, char in enumerate(address) if char in CLAIM_ENDS] + [len(address)]
        return next((self._claims[address[:end]] for end in reversed(ends) if address[:end] in self._claims), UNLISTED)

    def for_category(self, primary_category: str | None) -> str:
        """The id of the source that announces a primary category; all of arXiv's where the category is not known."""
        return self._category_ids.get((primary_category or "").lower(), ARXIV)

    def of_upstream(self, upstream: str | None) -> list[Source]:
        """The sources that are pulled through an upstream, by id; none for None."""
        pulled = (source for source in self._by_id.values() if source.access in ("api", "feed"))
        return [source for source in pulled if upstream is not None and source.upstream == upstream]

    def feeds(self) -> list[Upstream]:
        """The declared upstreams, in the order of the file."""
        return list(self._upstreams)


def load_sources(file: Path, categories: Path) -> Sources:
    """Read the registry and fill its templates; SourcesBroken or InputMissing when that cannot be done."""
    names = load_categories(categories)
    registry = _checked(Registry, _mapping(file), file, "")
    sources = [
        _checked(Source, filled, file, f"sources.{position}.")
        for position, entry in enumerate(registry.sources)
        for filled in _filled(entry, names, file, f"sources.{position}.")
    ]
    _check_together(sources, registry.upstreams, file)
    return Sources(sources, list(registry.upstreams), names)


def read_checked(model: type[Model], file: Path) -> Model:
    """A YAML file as a model; SourcesBroken names the field that is wrong."""
    return _checked(model, _mapping(file), file, "")


def load_categories(file: Path) -> dict[str, str]:
    """arXiv category to its name, in the order of the file."""
    lines = list(csv.reader(_text(file).splitlines()))
    if not lines or lines[0] != ["category", "name"]:
        found = ",".join(lines[0]) if lines else "an empty file"
        raise SourcesBroken(file, "line 1", "category,name", found, remedy="restore the heading")
    for number, line in enumerate(lines[1:], 2):
        if len(line) != 2 or not all(line):
            raise SourcesBroken(
                file, f"line {number}", "an id and a name", ",".join(line), remedy="quote names that hold commas"
            )
    _refuse_twins(file, "category", [line[0] for line in lines[1:]])
    return {line[0]: line[1] for line in lines[1:]}


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputMissing(f"{file}: expected a readable file, found: {reason}", remedy="restore it") from None


def _mapping(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(_text(file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        found = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise SourcesBroken(file, where, "YAML", found, remedy="mend that line") from None
    if not isinstance(content, dict):
        remedy = "begin with a name and a colon, as the shipped file does"
        raise SourcesBroken(file, "file", "a mapping", type(content).__name__, remedy=remedy)
    return content


def _checked(model: type[Model], content: dict[str, Any], file: Path, prefix: str) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = prefix + ".".join(str(part) for part in first["loc"])
        named = f" of '{content['id']}'" if "id" in content else ""
        expected = first["msg"].removeprefix("Value error, ")
        found = "nothing" if first["type"] == "missing" else repr(first["input"])
        raise SourcesBroken(file, field + named, expected, found, remedy=f"mend it in {file.name}") from None


def _filled(entry: dict[str, Any], names: dict[str, str], file: Path, prefix: str) -> list[dict[str, Any]]:
    if "per" not in entry:
        return [entry]
    template = dict(_checked(Template, entry, file, prefix).model_extra or {})
    return [_fill(template, {"category": category, "category_name": name}) for category, name in names.items()]


def _fill(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: words[found[1]], value)
    if isinstance(value, list):
        return [_fill(item, words) for item in value]
    return {key: _fill(item, words) for key, item in value.items()} if isinstance(value, dict) else value


def _check_together(sources: list[Source], upstreams: tuple[Upstream, ...], file: Path) -> None:
    """What no entry can be wrong about alone: twin ids, twin claims, upstreams nobody declared, lost fallbacks."""
    _refuse_twins(file, "upstreams.id", [upstream.id for upstream in upstreams])
    _refuse_twins(file, "sources.id", [source.id for source in sources])
    _refuse_twins(file, "sources.claims", [claim.lower() for source in sources for claim in source.claims])
    declared = [upstream.id for upstream in upstreams]
    for source in sources:
        if source.upstream not in (*declared, None):
            expected = f"one of {', '.join(declared)}"
            field = f"sources.upstream of '{source.id}'"
            raise SourcesBroken(file, field, expected, str(source.upstream), remedy="declare it under 'upstreams:'")
    for needed in (ARXIV, UNLISTED):
        if needed not in {source.id for source in sources}:
            raise SourcesBroken(
                file, "sources.id", f"an entry '{needed}'", "none", remedy="restore it; others fall back on it"
            )


def _refuse_twins(file: Path, field: str, values: list[str]) -> None:
    twins = sorted(value for value, times in Counter(values).items() if times > 1)
    if twins:
        raise SourcesBroken(file, field, "each value once", f"'{twins[0]}' more than once", remedy="remove one of them")
