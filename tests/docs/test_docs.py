"""What the pages say is so: commands, tables, closed lists, links and examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import polars as pl
import pytest
import yaml

from almanac_assets import settings
from almanac_assets.cli import main
from almanac_assets.contract import TABLES, lists
from almanac_assets.contract.dictionary import dictionary_page

ROOT = settings.CHECKOUT
README = ROOT / "README.md"
QUERIES = ROOT / "docs" / "queries" / "README.md"
PAGES = sorted(
    [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = ("sh", "bash", "console")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[str]:
    """The fenced examples of a page in these languages, in order."""
    return [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def command_lines(page: Path) -> Iterator[list[str]]:
    """Everything on the page that reads as a call of `make` or `almanac`, as words."""
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    lines = [line for block in blocks(page, *SHELL) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", " ".join(prose.split("\n")))
    for line in lines:
        words = line.split()
        if words and re.fullmatch(r"(\.venv/bin/)?almanac|make", words[0]) and len(words) > 1:
            yield [Path(words[0]).name, *shlex.split(line, comments=True)[1:]]


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def section(page: Path, heading: str) -> str:
    """The text under a second-level heading."""
    return page.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def cells(text: str) -> list[list[str]]:
    """The rows of the Markdown tables in a text, headings and rules left out."""
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line[:1] == "|"
    ]
    rules = {number for number, row in enumerate(rows) if set("".join(row)) <= set("-: ")}
    return [row for number, row in enumerate(rows) if number not in rules and number + 1 not in rules]


# Commands


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_command_on_a_page_exists(page: Path) -> None:
    """A call of `almanac` names a command and options it has, a call of `make` a target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    for program, first, *words in command_lines(page):
        if program == "make":
            assert first in targets, f"{page.name}: make {first}"
        elif first != "COMMAND":
            assert first in main.commands, f"{page.name}: almanac {first}"
            used = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--help"}
            assert used <= options_of(main.commands[first]), f"{page.name}: almanac {first} {sorted(used)}"


def test_the_readme_lists_every_command_with_its_options() -> None:
    """The table of commands is the command line's own list."""
    listed = {
        row[0].strip("`").split()[1]: set(re.findall(r"--[\w-]+", row[2])) for row in cells(section(README, "Commands"))
    }
    assert listed == {name: options_of(command) for name, command in main.commands.items()}


# Tables and lists


def test_the_readme_lists_every_table() -> None:
    """Name and description of each table, in the order of the contract."""
    listed = [(re.sub(r"\[(\w+)\]\(.*\)", r"\1", row[0]), row[1]) for row in cells(section(README, "The tables"))]
    assert listed == [(contract.name, contract.description) for contract in TABLES.values()]


def test_the_readme_counts_the_tables() -> None:
    """The number of tables in the text is the contract's."""
    stated = set(re.findall(r"(\d+) (?:Parquet|published) tables", README.read_text(encoding="utf-8")))
    assert stated == {str(len(TABLES))}


def test_the_dictionary_is_that_of_the_contract() -> None:
    """`almanac docs` was run since the contract last changed."""
    page = (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary_page(TABLES), "run `almanac docs`"


def listed_values() -> dict[str, list[list[str]]]:
    """The tables of docs/lists.md by the columns named above them, other tables left out."""
    page = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")
    found = {}
    for part in page.split("\n### ")[1:]:
        heading, _, text = part.partition("\n")
        found[heading.replace("`", "")] = [row for row in cells(text.partition("\n## ")[0]) if row[0].startswith("`")]
    return found


def test_every_value_of_every_closed_list_is_explained() -> None:
    """docs/lists.md has one section per list, headed by its columns, with its values in order and no other."""
    columns: dict[tuple[str, ...], list[str]] = {}
    for contract in TABLES.values():
        for column in contract.columns:
            if column.allowed:
                columns.setdefault(column.allowed, []).append(f"{contract.name}.{column.name}")
    expected = {", ".join(names): list(allowed) for allowed, names in columns.items()}
    listed = {names: [row[0].strip("`") for row in rows] for names, rows in listed_values().items()}
    assert listed == expected


def test_every_value_has_a_meaning_of_its_own() -> None:
    """No two values of a list mean the same, and none means nothing."""
    for names, rows in listed_values().items():
        meanings = [row[1] for row in rows]
        assert all(meanings) and len(set(meanings)) == len(meanings), names


def test_every_closed_list_belongs_to_a_column() -> None:
    """A list that no column holds to is dead, and nobody could look up its values."""
    used = {column.allowed for contract in TABLES.values() for column in contract.columns}
    assert [name for name, values in vars(lists).items() if name.isupper() and values not in used] == []


def test_what_is_made_today_names_values_of_the_list() -> None:
    """The line under each list speaks of its own values."""
    page = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")
    known = {value for name, values in vars(lists).items() if name.isupper() for value in values} | set(TABLES)
    for line in re.findall(r"^\*Made today:\*(.*(?:\n.+)*)", page, re.MULTILINE):
        named = set(re.findall(r"`(\w+)`", line))
        assert named <= known, sorted(named - known)
    assert page.count("*Made today:*") == len(listed_values())


def made_today() -> dict[str, set[str]]:
    """Per list the values that its page says are made: those named, all, or all but those named in the first sentence."""
    page = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")
    listed = {names: {row[0].strip("`") for row in rows} for names, rows in listed_values().items()}
    made = {}
    for part in page.split("\n### ")[1:]:
        names = part.partition("\n")[0].replace("`", "")
        (said,) = re.findall(r"^\*Made today:\*((?:.|\n(?!\n))*)", part, re.MULTILINE)
        named = set(re.findall(r"`(\w+)`", re.split(r"\.(?:\s|$)", said)[0])) & listed[names]
        if said.strip().startswith("all but"):
            made[names] = listed[names] - named
        else:
            made[names] = listed[names] if said.strip().startswith("all") else named
    return made


@pytest.mark.usefixtures("sample_release")
def test_what_a_release_holds_is_told_as_made_today() -> None:
    """No value of a closed list occurs in the sample's release of which the page says that it is not made."""
    release = Path("data/releases/2026.6.2/tables")
    for names, made in made_today().items():
        for name in names.split(", "):
            table, column = name.split(".")
            values = pl.read_parquet(release / f"{table}.parquet", columns=[column])[column].drop_nulls()
            if values.dtype == pl.List:
                values = values.explode(keep_nulls=False, empty_as_null=False)
            assert set(values.unique()) <= made, name


@pytest.mark.usefixtures("sample_release")
def test_the_readme_counts_the_sample() -> None:
    """Payloads and documents of the sample are as many as the page says."""
    tables = Path("data/releases/2026.6.2/tables")
    rows = [pl.read_parquet(tables / f"{name}.parquet").height for name in ("payloads", "documents")]
    said = re.search(r"The sample is (\d+) payloads with (\d+)\s+documents", README.read_text(encoding="utf-8"))
    assert said and [int(number) for number in said.groups()] == rows


# Decisions and links


@pytest.mark.parametrize("page", DECISIONS, ids=page_id)
def test_a_decision_has_context_choice_and_cost(page: Path) -> None:
    """One page each, numbered like its file, with the three headings in order."""
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Choice", "Cost"]


def test_decisions_are_numbered_and_listed() -> None:
    """No number is missing or used twice, and the index names each page with its title."""
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04d}" for number in range(1, len(DECISIONS) + 1)]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in DECISIONS:
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")[5:]
        assert f"| {page.name[:4]} | [{title}]({page.name}) |" in index


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_between_pages_resolve(page: Path) -> None:
    """Every relative link leads to a file, and its anchor to a heading."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for picture, target in re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target) or picture:
            continue
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_pictures_are_there(page: Path) -> None:
    """Every picture that a page shows lies in the repository."""
    for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_can_be_found_from_the_readme() -> None:
    """README links to each page of docs/, decisions through their index."""
    linked = set(re.findall(r"\]\(([^)#\s]+)", README.read_text(encoding="utf-8")))
    pages = {page_id(page) for page in PAGES if page.parent != ROOT / "docs" / "decisions"} - {"README.md"}
    assert pages | {"docs/decisions/README.md"} <= linked


def test_the_citation_names_the_package_as_it_is() -> None:
    """Version and licence in CITATION.cff are those of the package."""
    stated = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{stated["version"]}"' in metadata
    assert f'license = "{stated["license"]}"' in metadata


# Examples


@pytest.fixture
def sample_release(sample_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which the examples of the pages find the releases and queries that they name."""
    (tmp_path / "data").symlink_to(sample_root)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.setattr(settings, "DATA", sample_root)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("sample_release")
def test_the_sql_examples_run() -> None:
    """README's SQL, in order on one connection, each question with an answer."""
    with duckdb.connect(":memory:") as connection:
        for example in blocks(README, "sql"):
            script = re.sub(
                r"^\.read (\S+)$", lambda found: Path(found[1]).read_text("utf-8"), example, flags=re.MULTILINE
            )
            assert connection.execute(script).fetchall(), example


@pytest.mark.usefixtures("sample_release")
@pytest.mark.parametrize(
    "example", [one for page in (README, QUERIES) for one in blocks(page, "python") if "pandas" not in one]
)
def test_the_python_examples_run(example: str) -> None:
    """The Python of README and of the queries, each example by itself; pandas is not installed here."""
    names: dict[str, object] = {}
    exec(compile(example, str(README), "exec"), names)
    assert len(names) > 1


def test_every_query_is_on_its_page() -> None:
    """The page of the queries names each file beside it, and the number of elements that the test of the pages counts."""
    page = QUERIES.read_text(encoding="utf-8")
    assert {row[0].split("](")[0].strip("[") for row in cells(page) if ".sql" in row[0]} == {
        path.name for path in QUERIES.parent.glob("*.sql")
    }
    counted = [int(number) for number in re.findall(r"^\| \w+ \| .* \| (\d+): ", page, re.MULTILINE)]
    assert sum(counted) == int(re.findall(r"asks for (\d+) elements", page)[0])
