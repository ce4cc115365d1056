"""The code version of a step: a hash of the code it runs, so that nobody has to remember to raise a number.

Comments, docstrings and layout do not count. The contract, the store, errors and settings are left out: the stamp of a
step takes the schema it writes separately, and the rest decides no value.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = "almanac_assets"
_NOT_COUNTED = tuple(f"{PACKAGE}.{name}" for name in ("contract", "store", "errors", "settings", "defs"))
_LIBRARIES = ("ahocorasick-rs", "lxml", "numpy", "polars", "pyarrow", "scipy")


def code_version(function: Callable[..., Any]) -> str:
    """Twelve hex digits over the function's module, our modules that it imports, and the libraries' versions."""
    modules = sorted(_with_imports(function.__module__, frozenset()))
    if not modules:
        raise TypeError(f"{function.__module__}.{function.__qualname__} lies in no room: its code has no version")
    digest = hashlib.sha256(function.__qualname__.encode())
    for module in modules:
        digest.update(f"{module}\0{_source_hash(module)}".encode())
    digest.update(library_versions().encode())
    return digest.hexdigest()[:12]


@cache
def library_versions() -> str:
    return " ".join(f"{name}=={importlib.metadata.version(name)}" for name in _LIBRARIES)


def _with_imports(module: str, seen: frozenset[str]) -> frozenset[str]:
    if module in seen or not _counts(module):
        return seen
    seen |= {module}
    for imported in _imports(module):
        seen = _with_imports(imported, seen)
    return seen


def _counts(module: str) -> bool:
    return module.startswith(f"{PACKAGE}.") and not module.startswith(_NOT_COUNTED) and _file_of(module) is not None


@cache
def _imports(module: str) -> tuple[str, ...]:
    found = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(sorted(found))


@cache
def _source_hash(module: str) -> str:
    tree = _tree(module)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _tree(module: str) -> ast.Module:
    file = _file_of(module)
    assert file is not None
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _file_of(module: str) -> Path | None:
    root = Path(sys.modules[PACKAGE].__path__[0])
    at = root.joinpath(*module.split(".")[1:])
    for file in (at.with_suffix(".py"), at / "__init__.py"):
        if file.is_file():
            return file
    return None
