"""A tree of units as plain values: read from the top, from a unit down, and with one unit merged into another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """A unit as it is or was."""

    id: int
    parent_id: int | None
    name: str
    kind: str


Tree = Mapping[int, Node]


def tree_of(nodes: Iterable[Node]) -> dict[int, Node]:
    return {node.id: node for node in nodes}


def parts_by_parent(tree: Tree) -> dict[int | None, list[Node]]:
    """What lies directly below each unit, by name; below None what stands at the top."""
    below: dict[int | None, list[Node]] = {}
    for node in sorted(tree.values(), key=lambda node: (node.name.casefold(), node.id)):
        parent_id = node.parent_id if node.parent_id in tree else None
        below.setdefault(parent_id, []).append(node)
    return below


def with_all_below(tree: Tree, unit_ids: Collection[int]) -> set[int]:
    """The units and everything below them that is in the tree."""
    below, found = parts_by_parent(tree), set()
    waiting = [unit_id for unit_id in unit_ids if unit_id in tree]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += [node.id for node in below.get(unit_id, [])]
    return found


@dataclass(frozen=True)
class Merger:
    """What becomes of a unit's parts when it goes into another one."""

    joined: list[tuple[int, int]] = field(default_factory=list)
    """Units that end, each with the one that takes over its people; the merged unit first."""
    moved: list[tuple[int, int]] = field(default_factory=list)
    """Parts that live on, each with the unit it stands under from now on."""


def merger(tree: Tree, unit_id: int, target_id: int) -> Merger:
    """The unit's parts go under the target; where that has one of the same name, the two become one, and so on down."""
    below, found = parts_by_parent(tree), Merger()

    def join(one: int, other: int) -> None:
        found.joined.append((one, other))
        there = {node.name.casefold(): node.id for node in below.get(other, []) if node.id != unit_id}
        for part in below.get(one, []):
            twin = there.get(part.name.casefold())
            if twin is None:
                found.moved.append((part.id, other))
            else:
                join(part.id, twin)

    join(unit_id, target_id)
    return found
