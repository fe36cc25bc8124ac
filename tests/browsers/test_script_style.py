"""Scripts are written in one way."""

from __future__ import annotations

import browser_list
import pytest
from browsers.script_support import JAVASCRIPT, walk
from tree_sitter import Node, Parser

pytestmark = pytest.mark.once

SCRIPTS = browser_list.scripts()


@pytest.fixture(params=SCRIPTS, ids=[path.stem for path in SCRIPTS])
def script(request) -> Node:
    return Parser(JAVASCRIPT).parse(SCRIPTS[request.param].encode()).root_node


def test_a_script_keeps_its_names_to_itself(script):
    """Two scripts of a page may use the same name: each is one function that is called at once."""
    statements = [node for node in script.children if node.type != "comment"]
    assert len(statements) == 1
    assert statements[0].text.startswith((b"(() => {", b"(async () => {"))


def test_values_are_compared_with_their_types(script):
    """``== null`` alone is loose, and means undefined as well."""
    operators = [
        (node.child_by_field_name("operator").type, node) for node in walk(script) if node.type == "binary_expression"
    ]
    loose = [node.text for name, node in operators if name in ("==", "!=") and not node.text.endswith(b" null")]
    assert loose == []
