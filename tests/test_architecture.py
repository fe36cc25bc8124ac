"""The shape of the house, checked from its imports.

Floors stand on the ones below them; rooms inside a package likewise. A module
that is not one of the named rooms is pure.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LMS = ROOT / "lms"

FLOORS = [  # top to bottom; packages on one floor do not know each other
    {"synth"},
    {"demo"},
    {"home", "admin"},
    {"reports", "ops"},
    {"notices"},
    {"records"},
    {"quizzes", "assignments"},
    {"learning"},
    {"enrolment", "roster"},
    {"courses"},
    {"journal"},
    {"auth"},
    {"people"},
    {"web"},
    {"core"},
    {"content"},
    {"lib"},
]
FEATURES = set().union(*FLOORS[2:13])
ROOMS = [  # top to bottom
    {"views", "cli", "jobs"},
    {"forms"},
    {"services", "policy"},
    {"queries"},
    {"models"},
]
NAMED_ROOMS = set().union(*ROOMS)
PRIVATE_ROOMS = {"views", "forms", "cli", "jobs"}
PURE_PACKAGES = {"content", "lib"}
WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
DATABASE = {"sqlalchemy", "flask_sqlalchemy"}

MODULES = sorted(path for path in LMS.rglob("*.py") if path.parent != LMS)


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where a name comes from"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def level(stack: list[set[str]], name: str) -> int:
    return next(number for number, floor in enumerate(stack) if name in floor)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(LMS).with_suffix("").parts)


def test_every_package_stands_on_a_floor_and_says_what_it_is_for():
    packages = {path.parent for path in LMS.glob("*/__init__.py")}
    assert {package.name for package in packages} == set().union(*FLOORS)
    assert all(ast.get_docstring(ast.parse((package / "__init__.py").read_text())) for package in packages)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_go_down(path):
    package, room = path.relative_to(LMS).with_suffix("").parts[:2]
    for name in imports_of(path):
        root, *rest = name.split(".")
        if root != "lms" or not rest:
            continue
        if rest[0] != package:
            assert level(FLOORS, rest[0]) > level(FLOORS, package), f"{name} is not below {package}"
            assert rest[0] not in FEATURES or not PRIVATE_ROOMS & set(rest[1:2]), f"{name} is private to its package"
        elif package in FEATURES and room in NAMED_ROOMS:
            other = rest[1] if len(rest) > 1 else None
            if other in NAMED_ROOMS and other != room:
                assert level(ROOMS, other) > level(ROOMS, room), f"{name} is not below {room}"


INSIDE = [path for path in MODULES if path.relative_to(LMS).parts[0] in FEATURES | PURE_PACKAGES]


@pytest.mark.parametrize("path", INSIDE, ids=name_of)
def test_each_room_keeps_to_its_own_libraries(path):
    room = path.relative_to(LMS).with_suffix("").parts[1]
    if room == "__init__":
        return
    names = imports_of(path)
    roots = {name.split(".")[0] for name in names}
    ours = [name.split(".")[1:] for name in names if name.startswith("lms.")]
    if room not in PRIVATE_ROOMS:
        web = WEB_LIBRARIES - {"flask_login"} if room == "models" else WEB_LIBRARIES
        assert not roots & web, f"{room} knows no web"
        assert not [rest for rest in ours if rest[0] == "web"], f"{room} knows no web"
    if room not in NAMED_ROOMS:
        assert not roots & DATABASE, f"{room} is pure"
        assert not [rest for rest in ours if rest[0] == "core" or NAMED_ROOMS & set(rest)], f"{room} is pure"


def test_nobody_but_the_edge_reads_the_clock():
    readers = [
        name_of(path)
        for path in INSIDE
        if "lms.core.clock" in imports_of(path)
        and path.relative_to(LMS).with_suffix("").parts[1] not in {"views", "cli", "jobs"}
    ]
    assert not readers


def test_services_never_commit():
    committers = [
        name_of(path)
        for path in INSIDE
        if path.relative_to(LMS).with_suffix("").parts[1] in {"services", "queries", "policy", "models"}
        and ".commit()" in path.read_text()
    ]
    assert not committers


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= 400


def test_paths_are_kebab_case(site):
    for rule in site.url_map.iter_rules():
        fixed = [part for part in rule.rule.split("/") if part and "<" not in part]
        assert all(part == part.lower() and "_" not in part for part in fixed), rule.rule


def test_every_endpoint_carries_an_access_mark_or_the_app_does_not_start(site):
    from lms.web.access import check_every_endpoint_is_marked

    site.view_functions["bare"] = lambda: ""
    try:
        with pytest.raises(RuntimeError, match="bare"):
            check_every_endpoint_is_marked(site)
    finally:
        del site.view_functions["bare"]


def test_every_setting_is_in_the_readme():
    settings = {
        node.value
        for node in ast.walk(ast.parse((ROOT / "config.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("LMS_")
    }
    names = {name for name in settings if name.replace("_", "").isalnum() and name.isupper()}
    readme = (ROOT / "README.md").read_text()
    assert not [name for name in names if name not in readme]


def test_no_file_speaks_of_a_machine_or_an_index():
    tracked = [path for path in ROOT.rglob("*") if path.suffix in {".py", ".md", ".toml", ".html", ".lock"}]
    tracked = [path for path in tracked if not {".venv", "instance", ".git"} & set(path.relative_to(ROOT).parts)]
    for path in tracked:
        text = path.read_text()
        for word in ("/" + "root/", "/" + "home/", "--index" + "-url", "pypi" + ".org"):
            assert word not in text, f"{path}: {word}"
