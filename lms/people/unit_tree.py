"""The unit tree as plain values, and what merging two units of it would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from lms.people.scopes import Scope
from lms.people.unit_names import comparable


@dataclass(frozen=True)
class Node:
    """A unit, now or at some time in the past."""

    id: int
    parent_id: int | None
    name: str
    kind: str


@dataclass(frozen=True)
class Merger:
    """What happens to a unit and the units below it when it is merged into another one."""

    joined: list[tuple[int, int]] = field(default_factory=list)
    """Units that end, each with the unit that takes over; the merged unit first."""
    moved: list[tuple[int, int]] = field(default_factory=list)
    """Units that move, each with its new parent."""


class UnitTree:
    def __init__(self, nodes: Iterable[Node]) -> None:
        self.by_id = {node.id: node for node in nodes}
        self._children: dict[int | None, list[Node]] = {}
        for node in sorted(self.by_id.values(), key=_by_name):
            parent_id = node.parent_id if node.parent_id in self.by_id else None
            self._children.setdefault(parent_id, []).append(node)

    def children(self, unit_id: int | None) -> list[Node]:
        """The units directly below a unit, by name; for None, the units at the top."""
        return self._children.get(unit_id, [])

    def below(self, unit_ids: Collection[int]) -> frozenset[int]:
        """The ids of these units and of all units below them, without those that are not in the tree."""
        found: set[int] = set()
        waiting = [unit_id for unit_id in unit_ids if unit_id in self.by_id]
        while waiting:
            unit_id = waiting.pop()
            if unit_id not in found:
                found.add(unit_id)
                waiting += [node.id for node in self.children(unit_id)]
        return frozenset(found)

    def path(self, unit_id: int) -> list[Node]:
        """The units from the top of the tree down to this one."""
        found: list[Node] = []
        node = self.by_id.get(unit_id)
        while node is not None and node not in found:
            found.insert(0, node)
            node = self.by_id.get(node.parent_id) if node.parent_id else None
        return found

    def tops(self, scope: Scope) -> list[Node]:
        """The highest units of a scope: those whose parent is outside of it."""
        inside = [node for node in self.by_id.values() if scope.covers(node.id)]
        ids = {node.id for node in inside}
        return sorted((node for node in inside if node.parent_id not in ids), key=_by_name)

    def in_order(self, scope: Scope) -> list[tuple[Node, int]]:
        """The units of a scope in tree order, each with its depth from the top of the scope."""
        found: list[tuple[Node, int]] = []

        def add(nodes: Iterable[Node], depth: int) -> None:
            for node in nodes:
                if scope.covers(node.id):
                    found.append((node, depth))
                    add(self.children(node.id), depth + 1)

        add(self.tops(scope), 0)
        return found

    def merger(self, unit_id: int, target_id: int) -> Merger:
        """The units below move under the target. If it has a unit of the same name, the two are merged recursively."""
        found = Merger()

        def join(one: int, other: int) -> None:
            found.joined.append((one, other))
            existing = [node for node in self.children(other) if node.id != unit_id]
            for child in self.children(one):
                twin = _twin(child, existing)
                if twin is None:
                    found.moved.append((child.id, other))
                else:
                    join(child.id, twin.id)

        join(unit_id, target_id)
        return found


def _twin(node: Node, others: Iterable[Node]) -> Node | None:
    """The unit with the same name. Of several that people consider equal, only one that is written so."""
    alike = [other for other in others if comparable(other.name) == comparable(node.name)]
    exactly = [other for other in alike if other.name == node.name]
    return exactly[0] if exactly else alike[0] if len(alike) == 1 else None


def _by_name(node: Node) -> tuple[str, int]:
    return node.name.casefold(), node.id
