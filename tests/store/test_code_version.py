"""The code version of a step follows what its code does, not how it is written down."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from almanac_assets.store import code

PLAIN = '''"""A module."""
from toyhouse.room import helper

def step(x):
    """Doubles."""
    return helper.double(x)  # why
'''


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, str]], str]]:
    """A toy package; writing modules gives the code version of its step."""
    root = tmp_path / "toyhouse"
    files = {
        "__init__.py": "",
        "room/__init__.py": "",
        "room/steps.py": PLAIN,
        "room/helper.py": "def double(x):\n    return 2 * x\n",
        "room/unused.py": "A = 1\n",
        "contract.py": "B = 1\n",
    }
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(code, "PACKAGE", "toyhouse")
    monkeypatch.setattr(code, "_NOT_COUNTED", ("toyhouse.contract",))

    def version(changed: dict[str, str]) -> str:
        for name, text in (files | changed).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        forget()
        importlib.import_module("toyhouse")

        def step() -> None: ...

        step.__module__, step.__qualname__ = "toyhouse.room.steps", "step"
        return code.code_version(step)

    yield version
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "toyhouse"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    for cached in (code._imports, code._source_hash, code._file_of):
        cached.cache_clear()


def test_the_same_code_is_the_same_version(house: Callable[[dict[str, str]], str]) -> None:
    """Twelve hex digits, whenever they are asked for."""
    assert house({}) == house({})
    assert len(house({})) == 12 and int(house({}), 16) >= 0


@pytest.mark.parametrize(
    "written",
    [
        PLAIN.replace("# why", "# because"),
        PLAIN.replace("Doubles.", "Twice as much."),
        PLAIN.replace('"""A module."""\n', ""),
        PLAIN.replace("helper.double(x)", "(\n        helper.double( x )\n    )"),
        "\n\n" + PLAIN,
    ],
    ids=["comment", "docstring", "module docstring", "layout", "blank lines"],
)
def test_comments_docstrings_and_layout_do_not_count(house: Callable[[dict[str, str]], str], written: str) -> None:
    """A better comment makes nothing anew."""
    assert house({"room/steps.py": written}) == house({})


@pytest.mark.parametrize(
    "changed",
    [
        {"room/steps.py": PLAIN.replace("double(x)", "double(x) + 1")},
        {"room/steps.py": PLAIN + "LIMIT = 3\n"},
        {"room/helper.py": "def double(x):\n    return x + x\n"},
        {"room/helper.py": "from toyhouse.room import unused\ndef double(x):\n    return 2 * x\n"},
    ],
    ids=["own code", "own constant", "imported code", "another import"],
)
def test_what_the_code_does_counts(house: Callable[[dict[str, str]], str], changed: dict[str, str]) -> None:
    """The module itself and all that it imports of ours, at any depth."""
    assert house(changed) != house({})


def test_code_that_is_not_imported_does_not_count(house: Callable[[dict[str, str]], str]) -> None:
    """A change next door runs nothing again, and neither does one in the contract, whose schemas are stamped apart."""
    assert house({"room/unused.py": "A = 2\n"}) == house({})
    with_contract = {"room/helper.py": "from toyhouse import contract\ndef double(x):\n    return 2 * x\n"}
    assert house(with_contract) == house(with_contract | {"contract.py": "B = 2\n"})


def test_an_import_inside_a_function_counts(house: Callable[[dict[str, str]], str]) -> None:
    """Where the import stands makes no difference to what is run."""
    late = {"room/helper.py": "def double(x):\n    from toyhouse.room.unused import A\n    return A * x\n"}
    assert house(late) != house(late | {"room/unused.py": "A = 2\n"})


def test_modules_that_import_each_other_have_a_version(house: Callable[[dict[str, str]], str]) -> None:
    """A circle is followed once."""
    circle = {"room/helper.py": "import toyhouse.room.steps\ndef double(x):\n    return 2 * x\n"}
    assert len(house(circle)) == 12


def test_another_library_version_counts(
    house: Callable[[dict[str, str]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade may change values, so it makes them anew."""
    before = house({})
    monkeypatch.setattr(code, "library_versions", lambda: "polars==99")
    assert house({}) != before


def test_a_function_outside_of_the_rooms_has_no_version() -> None:
    """A step must be part of the package: code from elsewhere could not be followed."""
    with pytest.raises(TypeError, match="lies in no room"):
        code.code_version(forget)


def test_no_module_of_ours_imports_relatively() -> None:
    """Relative imports would not be followed."""
    import ast

    import almanac_assets

    for module in sorted(Path(almanac_assets.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), module
