"""What a style sheet asks for that a browser of the list does not know, and what such a browser makes of the sheet.

A browser drops a declaration or a whole rule that it does not know. That is a problem unless an earlier declaration
of the rule says the same in words that it knows, a ``@supports`` asks for it, or nothing but a nicety is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import tinycss2
from browsers.support_data import Needed
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

STAND_INS = {
    "appearance": "-webkit-appearance",
    "overflow-wrap": "word-break",
    "float": "float",
}
"""Properties whose newer values another one replaces."""

UNITS = {"types.length.viewport_percentage_units_dynamic": re.compile(r"[dsl]v(?:h|w|i|b|min|max)")}
NO_FLEX_GAP = "not (inset: 0)"
"""Nothing asks for the gap of a flex box. ``inset`` came to Chrome and Safari just after it."""


@dataclass
class Sheet:
    """A style sheet against what is too new."""

    css: Mapping[str, Needed]
    niceties: Mapping[str, str] = field(default_factory=dict)
    """Features, or ``selector`` of whole rules, without which a page looks plainer and says the same; each with why."""

    def __post_init__(self) -> None:
        self.problems: list[str] = []
        self.unused = set(self.niceties)
        self._gaps: dict[str, int] = {}
        self._spaced: set[str] = set()
        self._grids: set[str] = set()

    def check(self, text: str) -> list[str]:
        """Each problem as ``line: what``."""
        self._rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
        self.problems += [
            f"{line}: the gap of the flex box {selector} needs margins in @supports {NO_FLEX_GAP}"
            for selector, line in self._gaps.items()
            if selector not in self._spaced and last_part(selector) not in self._grids
        ]
        return self.problems

    def as_seen(self, text: str) -> str:
        """The sheet without what a browser of the list drops."""
        self.check(text)
        return "".join(self._kept(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))

    def _rules(self, rules: Iterable[Node], supports: str = "") -> None:
        for rule in rules:
            if isinstance(rule, AtRule):
                self._at_rule(rule, supports)
            elif isinstance(rule, QualifiedRule):
                self._rule(rule, supports)
            elif rule.type == "error":
                self.problems.append(f"{rule.source_line}: {rule.message}")

    def _at_rule(self, rule: AtRule, supports: str) -> None:
        asked = tinycss2.serialize(rule.prelude).strip()
        if rule.lower_at_keyword == "supports":
            if asked.startswith("not ") or not self._is_unknown(asked):
                self._rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), asked)
            return
        for feature in self._at_rule_needs(rule):
            self._report(rule, feature, asked)
        if rule.content is not None and rule.lower_at_keyword in {"media", "layer", "container"}:
            self._rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), supports)

    def _at_rule_needs(self, rule: AtRule) -> Iterator[str]:
        if (feature := f"at-rules.{rule.lower_at_keyword}") in self.css:
            yield feature
        for token in flat(rule.prelude):
            if token.type == "ident" and (feature := f"at-rules.media.{token.lower_value}") in self.css:
                yield feature
            if token.type == "literal" and token.value in {"<", ">", "<=", ">="}:
                yield "at-rules.media.range_syntax"

    def _is_unknown(self, condition: str) -> bool:
        """Does the condition of a ``@supports`` ask for something too new?"""
        blocks = [token for token in tinycss2.parse_component_value_list(condition) if token.type == "() block"]
        asked = [tinycss2.parse_one_declaration(block.content) for block in blocks]
        return any(list(self.declaration_needs(one)) for one in asked if isinstance(one, Declaration))

    def _rule(self, rule: QualifiedRule, supports: str) -> None:
        selector = " ".join(tinycss2.serialize(rule.prelude).split())
        if supports == NO_FLEX_GAP:
            self._spaced |= {one.strip().partition(" > ")[0] for one in selector.split(",") if " > " in one}
        if selector in self.niceties:
            self.unused.discard(selector)
            return
        for feature in self.selector_needs(rule.prelude):
            self._report(rule, feature, selector)
        before: list[Declaration] = []
        for declaration in declarations_of(rule):
            for feature in self.declaration_needs(declaration):
                if not self._has_stand_in(declaration, before):
                    self._report(declaration, feature, f"{selector} {{ {declaration.name} }}")
            before.append(declaration)
        self._note_gap(selector, before)

    def selector_needs(self, prelude: Iterable[Node]) -> Iterator[str]:
        tokens = list(prelude)
        for before, token in zip([None, *tokens], tokens, strict=False):
            is_pseudo = before is not None and before == ":"
            if token.type == "ident" and is_pseudo and (feature := f"selectors.{token.lower_value}") in self.css:
                yield feature
            elif token.type == "function":
                if (feature := f"selectors.{token.lower_name}") in self.css:
                    yield feature
                if token.lower_name == "not" and any(one == "," for one in token.arguments):
                    yield "selectors.not.selector_list"
                yield from self.selector_needs(token.arguments)

    def declaration_needs(self, declaration: Declaration) -> Iterator[str]:
        name = declaration.lower_name
        if (feature := f"properties.{name}") in self.css:
            yield feature
            return
        for token in flat(declaration.value):
            kinds: list[str] = []
            if token.type == "ident":
                kinds = [f"properties.{name}.{token.lower_value}", f"types.global_keywords.{token.lower_value}"]
            elif token.type == "function":
                kinds = [f"types.{token.lower_name}", f"types.color.{token.lower_name}"]
            elif token.type == "dimension":
                kinds = [
                    f"types.length.{token.unit}",
                    *(one for one, unit in UNITS.items() if unit.fullmatch(token.lower_unit)),
                ]
            yield from (kind for kind in kinds if kind in self.css)

    def _has_stand_in(self, declaration: Declaration, before: Iterable[Declaration]) -> bool:
        """A custom property has none: its last value holds, known or not."""
        if declaration.name.startswith("--"):
            return False
        names = {declaration.lower_name, STAND_INS.get(declaration.lower_name)}
        return any(one.lower_name in names and not list(self.declaration_needs(one)) for one in before)

    def _note_gap(self, selector: str, declarations: Iterable[Declaration]) -> None:
        said = {one.lower_name: tinycss2.serialize(one.value).strip() for one in declarations}
        has_gap = any(said.get(name, "0") != "0" for name in ("gap", "column-gap", "row-gap"))
        is_grid = "grid" in said.get("display", "") or any(name.startswith("grid-template") for name in said)
        for one in selector.split(","):
            if is_grid:
                self._grids.add(last_part(one))
            elif has_gap:
                self._gaps.setdefault(one.strip(), next(iter(declarations)).source_line)

    def _report(self, node: Node, feature: str, where: str) -> None:
        if feature in self.niceties:
            self.unused.discard(feature)
            return
        asked = " and ".join(f"{browser.capitalize()} {version}" for browser, version in self.css[feature].items())
        self.problems.append(f"{node.source_line}: {feature} needs {asked.replace(' -', ' of no version')} ({where})")

    def _kept(self, rules: Iterable[Node]) -> Iterator[str]:
        for rule in rules:
            if isinstance(rule, QualifiedRule) and not list(self.selector_needs(rule.prelude)):
                yield f"{tinycss2.serialize(rule.prelude)}{{{';'.join(self._kept_declarations(rule))}}}\n"
            elif isinstance(rule, AtRule) and rule.content is not None:
                asked, name = tinycss2.serialize(rule.prelude).strip(), rule.lower_at_keyword
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                if name == "supports":
                    is_met = self._is_unknown(asked) if asked.startswith("not ") else not self._is_unknown(asked)
                    yield from self._kept(inner) if is_met else ()
                elif name == "media" and not list(self._at_rule_needs(rule)):
                    yield f"@media {asked} {{{''.join(self._kept(inner))}}}\n"
                elif name == "page":
                    yield rule.serialize()

    def _kept_declarations(self, rule: QualifiedRule) -> Iterator[str]:
        declarations = declarations_of(rule)
        selectors = tinycss2.serialize(rule.prelude).split(",")
        is_flex = not any(last_part(one) in self._grids for one in selectors)
        for one in declarations:
            is_flex_gap = is_flex and one.lower_name in {"gap", "column-gap", "row-gap"}
            is_custom = one.name.startswith("--")
            if is_custom or not (is_flex_gap or list(self.declaration_needs(one))):
                yield one.serialize()


def last_part(selector: str) -> str:
    """The element that the rule is about, as far as a selector names it."""
    return selector.split()[-1]


def declarations_of(rule: QualifiedRule) -> list[Declaration]:
    found = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
    return [one for one in found if isinstance(one, Declaration)]


def flat(tokens: Iterable[Node]) -> Iterator[Node]:
    for token in tokens:
        yield token
        yield from flat(getattr(token, "arguments", None) or getattr(token, "content", None) or [])
