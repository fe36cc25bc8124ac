"""One name for one thing: no class name stands in two packages, or twice in one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
LMS = ROOT / "lms"

NOT_YET_RENAMED: dict[str, set[str]] = {}
"""Class names that two packages still share, each with its packages. An entry that no longer collides fails."""

TWICE_IN_A_PACKAGE: dict[str, set[str]] = {}
"""Class names that stand in several modules of one package, with the package."""


def places_of_classes() -> dict[str, list[str]]:
    """The modules of each public class; WTForms' inner ``class Meta`` and private classes are not counted."""
    found = defaultdict(list)
    for path in sorted(LMS.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(LMS).as_posix())
    return found


def package(module: str) -> str:
    return module.split("/", maxsplit=1)[0]


def test_no_class_name_stands_in_two_packages():
    shared = {name: {package(module) for module in modules} for name, modules in places_of_classes().items()}
    assert {name: packages for name, packages in shared.items() if len(packages) > 1} == NOT_YET_RENAMED


def test_no_class_name_stands_twice_in_a_package():
    twice = {}
    for name, modules in places_of_classes().items():
        packages = [package(module) for module in modules]
        if repeated := {one for one in packages if packages.count(one) > 1}:
            twice[name] = repeated
    assert twice == TWICE_IN_A_PACKAGE


def support_modules() -> list[Path]:
    found = (ROOT / "tests").rglob("*.py")
    return [path for path in found if not path.name.startswith("test_") and path.name != "conftest.py"]


def test_no_two_support_modules_of_tests_have_the_same_name():
    names = [path.name for path in support_modules()]
    assert sorted(names) == sorted(set(names))


def test_every_support_module_of_tests_is_in_their_index():
    index = (ROOT / "tests" / "README.md").read_text()
    folders = {f"`{path.name}/`" for path in (ROOT / "tests").iterdir() if path.is_dir()}
    listed = {folder.strip("`/") for folder in folders if folder in index}
    missing = [path.name for path in support_modules() if path.name not in index and path.parent.name not in listed]
    assert not missing
