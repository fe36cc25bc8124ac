"""The architecture, checked from imports.

Layers import from those below; modules inside a package likewise. A module
with any other name is pure.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LMS = ROOT / "lms"

LAYERS = [  # top to bottom; packages in one layer do not know each other
    {"synth"},
    {"demo"},
    {"home", "admin", "privacy"},
    {"reports", "ops", "gradebook", "analysis"},
    {"notices"},
    {"counts"},
    {"records", "authoring"},
    {"quizzes", "assignments", "attendance", "surveys"},
    {"objections", "announcements", "inquiries"},
    {"learning"},
    {"enrolment", "roster", "comments"},
    {"courses"},
    {"media"},
    {"journal"},
    {"auth"},
    {"people"},
    {"web"},
    {"core"},
    {"content"},
    {"lib"},
]
FEATURES = set().union(*LAYERS[2:16])
MODULE_ORDER = [  # top to bottom
    {"views", "cli", "jobs"},
    {"forms"},
    {"personal_data"},
    {"services", "policy"},
    {"queries"},
    {"hooks", "models"},
]
NAMED_MODULES = set().union(*MODULE_ORDER)
PRIVATE_MODULES = {"views", "forms", "cli", "jobs"}
PURE_PACKAGES = {"content", "lib"}
WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
DATABASE = {"sqlalchemy", "flask_sqlalchemy"}

MODULES = sorted(path for path in LMS.rglob("*.py") if path.parent != LMS)


@cache
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
    return next(number for number, layer in enumerate(stack) if name in layer)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(LMS).with_suffix("").parts)


def test_every_package_stands_in_a_layer_and_says_what_it_is_for():
    packages = {path.parent for path in LMS.glob("*/__init__.py")}
    assert {package.name for package in packages} == set().union(*LAYERS)
    assert all(ast.get_docstring(ast.parse((package / "__init__.py").read_text())) for package in packages)


def test_imports_only_go_down():
    for path in MODULES:
        _check_imports(path)


def _check_imports(path: Path) -> None:
    package, module = path.relative_to(LMS).with_suffix("").parts[:2]
    for name in imports_of(path):
        root, *rest = name.split(".")
        if root != "lms" or not rest:
            continue
        if rest[0] != package:
            assert level(LAYERS, rest[0]) > level(LAYERS, package), f"{path}: {name} is not below {package}"
            is_private = rest[0] in FEATURES and PRIVATE_MODULES & set(rest[1:2])
            assert not is_private, f"{path}: {name} is private to its package"
        elif package in FEATURES and module in NAMED_MODULES:
            other = rest[1] if len(rest) > 1 else None
            if other in NAMED_MODULES and other != module:
                assert level(MODULE_ORDER, other) > level(MODULE_ORDER, module), f"{path}: {name} is not below {module}"


INSIDE = [path for path in MODULES if path.relative_to(LMS).parts[0] in FEATURES | PURE_PACKAGES]


def test_each_module_keeps_to_its_own_libraries():
    for path in INSIDE:
        _check_libraries(path)


def _check_libraries(path: Path) -> None:
    module = path.relative_to(LMS).with_suffix("").parts[1]
    if module == "__init__":
        return
    names = imports_of(path)
    roots = {name.split(".")[0] for name in names}
    ours = [name.split(".")[1:] for name in names if name.startswith("lms.")]
    if module not in PRIVATE_MODULES:
        web = WEB_LIBRARIES - {"flask_login"} if module == "models" else WEB_LIBRARIES
        assert not roots & web, f"{path} knows no web"
        assert not [rest for rest in ours if rest[0] == "web"], f"{path} knows no web"
    if module not in NAMED_MODULES:
        assert not roots & DATABASE, f"{path} is pure"
        assert not [rest for rest in ours if rest[0] == "core" or NAMED_MODULES & set(rest)], f"{path} is pure"


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


def test_each_module_is_short_enough_to_read():
    assert not [name_of(path) for path in MODULES if len(path.read_text().splitlines()) > 400]


def test_paths_are_kebab_case(site):
    for rule in site.url_map.iter_rules():
        if rule.alias:
            continue  # it redirects to the rule that it stands for
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
