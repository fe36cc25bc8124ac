"""Macros are imported once for all pages, unless they need what the page was given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import meta

import lms

IMPORT = re.compile(r'\{%-?\s*(?:from|import)\s+"([^"]+)"[^%]*?( with context)?\s*-?%\}')
SOURCES = sorted(Path(lms.__file__).parent.glob("*/templates/**/*.html"))
BOTH_BRANCHES = {
    ("courses/_card.html", "half_hours"),
    ("enrolment/_parts.html", "best"),
    ("analysis/_questions.html", "wrong"),
    ("quizzes/_limits.html", "_x"),
    ("learning/_parts.html", "more"),
}
"""Set within the macro, which Jinja does not see because it is done in a branch."""


@pytest.fixture(scope="module")
def imports() -> dict[str, set[bool]]:
    """How each template is imported, with context or without."""
    found: dict[str, set[bool]] = {}
    for source in SOURCES:
        for name, with_context in IMPORT.findall(source.read_text()):
            found.setdefault(name, set()).add(bool(with_context))
    return found


def test_macros_are_imported_with_context_only_if_they_need_it(app, imports):
    environment = app.jinja_env
    for name, ways in imports.items():
        source, _path, _is_fresh = environment.loader.get_source(environment, name)
        needed = meta.find_undeclared_variables(environment.parse(source)) - set(environment.globals)
        needed -= {variable for template, variable in BOTH_BRANCHES if template == name}
        assert ways == {bool(needed)}, (name, needed)


def test_a_template_knows_the_globals_of_the_environment(app):
    module = app.jinja_env.from_string("{{ language_code }}{{ own }}", globals={"own": "x"})
    assert module.globals["own"] == "x"
    assert module.globals["language_code"] is app.jinja_env.globals["language_code"]
