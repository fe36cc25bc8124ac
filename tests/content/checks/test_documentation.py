"""The rules stand in the documentation and in the help of instructors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lms
from lms.content.checks.rules import RULES

ROOT = Path(lms.__file__).parents[1]


def test_the_page_lists_every_rule_in_its_words() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", (ROOT / "docs" / "checks.md").read_text(), re.MULTILINE))
    assert rows == {name: str(text) for name, text in RULES.items()}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_help_lists_every_rule(language: str) -> None:
    page = (ROOT / "lms" / "notices" / "templates" / "help" / f"instructor.{language}.html").read_text()
    assert set(RULES) <= set(re.findall(r"<dt><code>([a-z-]+)</code></dt>", page))
