"""The units as a tree in memory, so that a board sums up its figures without a query per unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lms.people.scopes import Scope
from lms.people.unit_tree import Node


@dataclass(frozen=True)
class Tree:
    nodes: tuple[Node, ...]

    @cached_property
    def by_id(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[int | None, list[Node]]:
        found: dict[int | None, list[Node]] = {}
        for node in sorted(self.nodes, key=lambda node: (node.name.casefold(), node.id)):
            found.setdefault(node.parent_id, []).append(node)
        return found

    def children(self, unit_id: int | None) -> list[Node]:
        return self._children.get(unit_id, [])

    def below(self, unit_id: int) -> frozenset[int]:
        """The unit and all units below it."""
        found, waiting = set(), [unit_id] if unit_id in self.by_id else []
        while waiting:
            one = waiting.pop()
            found.add(one)
            waiting += [node.id for node in self.children(one) if node.id not in found]
        return frozenset(found)

    def path(self, unit_id: int) -> list[Node]:
        """From the top down to the unit."""
        found: list[Node] = []
        node = self.by_id.get(unit_id)
        while node is not None and node not in found:
            found.insert(0, node)
            node = self.by_id.get(node.parent_id) if node.parent_id else None
        return found

    def tops(self, scope: Scope) -> list[Node]:
        """The highest units of a scope: those whose parent is outside of it."""
        inside = [node for node in self.nodes if scope.covers(node.id)]
        ids = {node.id for node in inside}
        return sorted((node for node in inside if node.parent_id not in ids), key=lambda node: node.name.casefold())

    def in_order(self, scope: Scope) -> list[tuple[Node, int]]:
        """The units of a scope from top to bottom of the tree, each with its depth."""
        found: list[tuple[Node, int]] = []

        def add(nodes: Iterable[Node], depth: int) -> None:
            for node in nodes:
                if scope.covers(node.id):
                    found.append((node, depth))
                    add(self.children(node.id), depth + 1)

        add(self.tops(scope), 0)
        return found
