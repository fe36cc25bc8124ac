"""What a script asks for that a browser of the list does not know.

Names are looked up without types: one that some old interface has passes. A name that the script asks for before it
uses it (``"x" in y``, ``typeof x``, ``window.x``, ``a.x && …``) may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_javascript
from browsers.support_data import Needed
from tree_sitter import Language, Node, Parser

JAVASCRIPT = Language(tree_sitter_javascript.language())
OPERATORS = {
    "??": "operators.nullish_coalescing",
    "??=": "operators.nullish_coalescing_assignment",
    "&&=": "operators.logical_and_assignment",
    "||=": "operators.logical_or_assignment",
}
NODES = {
    "optional_chain": "operators.optional_chaining",
    "field_definition": "classes.public_class_fields",
    "private_property_identifier": "classes.private_class_fields",
    "class_static_block": "classes.static.initialization_blocks",
    "hash_bang_line": "grammar.hashbang_comments",
}
OWN_SCOPE = {"function_declaration", "function_expression", "arrow_function", "method_definition", "class_static_block"}
DECLARING = {"variable_declarator", "function_declaration", "class_declaration", "formal_parameters", "arrow_function"}


@dataclass
class Script:
    syntax: Mapping[str, Needed]
    names: Mapping[str, Needed]
    niceties: Mapping[str, str] = field(default_factory=dict)
    """Names of the script's own, or that may do nothing; each with why."""

    def __post_init__(self) -> None:
        self.unused = set(self.niceties)

    def check(self, text: str) -> list[str]:
        """Each problem as ``line: what``."""
        root = Parser(JAVASCRIPT).parse(text.encode()).root_node
        nodes = list(walk(root))
        known = {word(name) for node in nodes if node.type in DECLARING for name in declared(node)}
        asked = {name for node in nodes for name in names_asked_for(node)}
        problems = []
        for node in nodes:
            line = node.start_point.row + 1
            if node.type == "ERROR" or node.is_missing:
                problems.append(f"{line}: the script cannot be read here")
            for feature in self._syntax(node):
                problems.append(f"{line}: {feature} needs {say(self.syntax[feature])}")
            name = self._name(node, known, asked)
            if name:
                problems.append(f"{line}: {name} needs {say(self.names[name])}")
        return problems

    def _syntax(self, node: Node) -> Iterator[str]:
        feature = NODES.get(node.type)
        if node.type in {"binary_expression", "augmented_assignment_expression"}:
            operator = node.child_by_field_name("operator")
            feature = OPERATORS.get(word(operator)) if operator else None
        elif node.type == "await_expression" and not any(one.type in OWN_SCOPE for one in ancestors(node)):
            feature = "operators.await.top_level"
        elif node.type == "regex_pattern" and re.search(r"\(\?<[=!]", word(node)):
            feature = "regular_expressions.lookbehind_assertion"
        if feature in self.syntax:
            yield feature

    def _name(self, node: Node, known: set[str], asked: set[str]) -> str | None:
        is_reference = node.type == "identifier" and word(node) not in known
        is_member = node.type == "property_identifier" and node.parent.type == "member_expression"
        is_event = node.type == "string_fragment" and is_listened_to(node)
        name = word(node) + ("_event" if is_event else "")
        if not (is_reference or is_member or is_event) or name not in self.names or name in asked:
            return None
        if name in self.niceties:
            self.unused.discard(name)
            return None
        return name


def names_asked_for(node: Node) -> Iterator[str]:
    if node.type == "binary_expression" and word(node.child_by_field_name("operator")) == "in":
        yield word(node.child_by_field_name("left")).strip("\"'")
    elif node.type == "unary_expression" and word(node.child_by_field_name("operator")) == "typeof":
        yield word(node.child_by_field_name("argument")).rpartition(".")[2]
    elif node.type == "member_expression" and word(node.child_by_field_name("object")) == "window":
        yield word(node.child_by_field_name("property"))
    condition = None
    if node.type == "binary_expression" and word(node.child_by_field_name("operator")) in {"&&", "||"}:
        condition = node.child_by_field_name("left")
    elif node.type in {"ternary_expression", "if_statement"}:
        condition = node.child_by_field_name("condition")
    for one in (condition, *(condition.named_children if condition else ())):
        inner = one.child_by_field_name("argument") if one is not None and one.type == "unary_expression" else one
        if inner is not None and inner.type == "member_expression":
            yield word(inner.child_by_field_name("property"))


def is_listened_to(node: Node) -> bool:
    call = node.parent.parent.parent if node.parent.parent else None
    return call is not None and call.type == "call_expression" and word(call.children[0]).endswith("addEventListener")


def declared(node: Node) -> Iterator[Node]:
    """The names that a declaration brings."""
    if node.type == "formal_parameters":
        pattern = node
    else:  # ``one => …`` has a parameter without a list of parameters
        pattern = node.child_by_field_name("parameter" if node.type == "arrow_function" else "name")
    for one in walk(pattern) if pattern else ():
        if one.type in {"identifier", "shorthand_property_identifier_pattern"}:
            yield one


def ancestors(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def word(node: Node) -> str:
    return node.text.decode()


def say(needed: Needed) -> str:
    return " and ".join(f"{browser.capitalize()} {version}" for browser, version in needed.items())
