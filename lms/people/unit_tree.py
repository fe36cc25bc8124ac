"""The unit tree as plain values, and what merging two units of it would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """A unit, now or at some time in the past."""

    id: int
    parent_id: int | None
    name: str
    kind: str


Tree = Mapping[int, Node]


def tree_of(nodes: Iterable[Node]) -> dict[int, Node]:
    return {node.id: node for node in nodes}


def children_by_parent(tree: Tree) -> dict[int | None, list[Node]]:
    """The units directly below each unit, by name; under None, the units at the top."""
    below: dict[int | None, list[Node]] = {}
    for node in sorted(tree.values(), key=lambda node: (node.name.casefold(), node.id)):
        parent_id = node.parent_id if node.parent_id in tree else None
        below.setdefault(parent_id, []).append(node)
    return below


def with_all_below(tree: Tree, unit_ids: Collection[int]) -> set[int]:
    """The ids of these units and of all units below them, without those that are not in the tree."""
    below, found = children_by_parent(tree), set()
    waiting = [unit_id for unit_id in unit_ids if unit_id in tree]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += [node.id for node in below.get(unit_id, [])]
    return found


@dataclass(frozen=True)
class Merger:
    """What happens to a unit and the units below it when it is merged into another one."""

    joined: list[tuple[int, int]] = field(default_factory=list)
    """Units that end, each with the unit that takes over; the merged unit first."""
    moved: list[tuple[int, int]] = field(default_factory=list)
    """Units that move, each with its new parent."""


def merger(tree: Tree, unit_id: int, target_id: int) -> Merger:
    """The units below move under the target. If it has a unit of the same name, the two are merged recursively."""
    below, found = children_by_parent(tree), Merger()

    def join(one: int, other: int) -> None:
        found.joined.append((one, other))
        existing = {node.name.casefold(): node.id for node in below.get(other, []) if node.id != unit_id}
        for child in below.get(one, []):
            twin = existing.get(child.name.casefold())
            if twin is None:
                found.moved.append((child.id, other))
            else:
                join(child.id, twin)

    join(unit_id, target_id)
    return found
