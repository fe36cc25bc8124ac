"""The JP that a year still needs, by unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lms.people.scopes import Scope
from lms.people.unit_tree import UnitTree
from lms.records.years import JpTarget


class PeopleWithJp(NamedTuple):
    """A number of people with the same unit, status and JP of the year."""

    unit_id: int | None
    status: str
    jp: int
    people: int


@dataclass
class UnitNeed:
    """A unit with all units below it; ``unit_id`` is None for people without one.

    ``short`` of those ``with_target`` lack ``jp`` together; ``under_way`` are the JP of courses that are being taken.
    """

    unit_id: int | None
    name: str
    depth: int
    with_target: int = 0
    short: int = 0
    jp: int = 0
    under_way: int = 0

    def add(self, one: PeopleWithJp, target: JpTarget | None) -> None:
        if target is None or not target.jp or target.meaning != "floor":
            return
        self.with_target += one.people
        if left := target.left(one.jp):
            self.short += one.people
            self.jp += one.people * left


def by_unit(
    tree: UnitTree,
    scope: Scope,
    people: Iterable[PeopleWithJp],
    under_way: Mapping[int | None, int],
    targets: Mapping[str, JpTarget],
    without: str,
) -> list[UnitNeed]:
    """In tree order, without units where nobody has a target; people without a unit come last."""
    lines = {node.id: UnitNeed(node.id, node.name, depth) for node, depth in tree.in_order(scope)}
    nobody = UnitNeed(None, without, 0)

    def path(unit_id: int | None) -> list[UnitNeed]:
        nodes = tree.path(unit_id) if unit_id is not None else []
        return [lines[node.id] for node in nodes if node.id in lines] or [nobody]

    for one in people:
        for line in path(one.unit_id):
            line.add(one, targets.get(one.status))
    for unit_id, jp in under_way.items():
        for line in path(unit_id):
            line.under_way += jp
    return [line for line in (*lines.values(), nobody) if line.with_target]


def in_all(lines: Iterable[UnitNeed]) -> UnitNeed:
    """All of it once: the lines at the top include those below them."""
    total = UnitNeed(None, "", 0)
    for line in lines:
        if not line.depth:
            total.with_target += line.with_target
            total.short += line.short
            total.jp += line.jp
            total.under_way += line.under_way
    return total
