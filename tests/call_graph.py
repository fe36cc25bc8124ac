"""Which functions of the project a function mentions, directly or through others; read from the source."""

from __future__ import annotations

import ast
from collections.abc import Collection
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

Function = tuple[str, str]
"""Module and name."""


@cache
def _tree(module: str) -> ast.Module | None:
    path = ROOT / module.replace(".", "/")
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return ast.parse(file.read_text())
    return None


@cache
def _imports(module: str) -> dict[str, tuple[str, str]]:
    """By local name: the module and the name in it."""
    tree = _tree(module)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)] if tree else []
    return {one.asname or one.name: (node.module or "", one.name) for node in found for one in node.names}


@cache
def _definitions(module: str) -> dict[str, list[ast.AST]]:
    """Functions and classes by name; what a class mentions, its methods mention."""
    tree = _tree(module)
    found: dict[str, list[ast.AST]] = {}
    for node in tree.body if tree else []:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found


def _resolved(module: str, name: str) -> Function | None:
    """Where ``name`` is defined that ``module`` knows."""
    if name in _definitions(module):
        return module, name
    source = _imports(module).get(name)
    if source is None or source == (module, name):  # a package imports its own module
        return None
    return _resolved(*source) if source[0].startswith("lms") else None


def _module_named(module: str, name: str) -> str | None:
    source, own = _imports(module).get(name, ("", ""))
    full = f"{source}.{own}"
    return full if source.startswith("lms") and _tree(full) else None


@cache
def mentioned(function: Function) -> frozenset[Function]:
    module, name = function
    found: set[Function | None] = set()
    for node in (inner for outer in _definitions(module).get(name, ()) for inner in ast.walk(outer)):
        if isinstance(node, ast.Name):
            found.add(_resolved(module, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            other = _module_named(module, node.value.id)
            found.add(_resolved(other, node.attr) if other else None)
    return frozenset(one for one in found if one and one != function)


def reached(function: Function, *, without: Collection[Function] = ()) -> set[Function]:
    """The function itself and all that it mentions, also through others; not through those in ``without``."""
    found, rest = {function}, [function]
    while rest:
        new = mentioned(rest.pop()) - found - set(without)
        found |= new
        rest += new
    return found


def texts(function: Function) -> set[str]:
    """The string constants of a function."""
    nodes = (inner for outer in _definitions(function[0]).get(function[1], ()) for inner in ast.walk(outer))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
