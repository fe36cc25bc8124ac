"""docs/security.md names tests, files and requirements; what it names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.*) ?\|$", re.MULTILINE)
STATES = {"kept", "in part", "not kept", "operator", "n/a"}
REQUIREMENTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0 has; they are its first ones."""


@cache
def names_in(path: str) -> set[str]:
    file = ROOT / path
    found = ast.walk(ast.parse(file.read_text())) if file.is_file() else ()
    return {node.name for node in found if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_file_that_is_named_exists():
    named = re.findall(r"`((?:lms|tests)/[\w/.]+\.\w+)`", TEXT)
    linked = [path for path in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in path]
    assert [path for path in named if not (ROOT / path).is_file()] == []
    assert [path for path in linked if not (ROOT / "docs" / path).exists()] == []


def test_every_requirement_stands_once_with_a_state_and_a_reason():
    rows = ROW.findall(TEXT)
    ids = Counter(row[0] for row in rows)
    assert ids == Counter(
        f"{section}.{number}" for section, count in REQUIREMENTS.items() for number in range(1, count + 1)
    )
    assert {row[3] for row in rows} <= STATES
    assert [row[0] for row in rows if row[3] != "n/a" and not row[4].strip()] == []


def test_how_to_report_a_fault_is_found_from_the_first_page():
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text()
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text()
