"""The unit tree as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from lms.accounts.models import Unit
from lms.accounts.scopes import EVERYBODY, WITHOUT_UNIT, Scope
from lms.accounts.unit_tree import Node, parts_by_parent, tree_of
from lms.core.db import db


def unit(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


class Branch(NamedTuple):
    """A unit at its place in the tree; ``depth`` is 0 at the top."""

    unit: Unit
    depth: int


def units_in_order(scope: Scope = EVERYBODY) -> list[Branch]:
    """The units of a scope as the tree is read: each followed by what is below it, neighbours by name.

    Units that have ended are left out.
    """
    units = {row.id: row for row in db.session.scalars(select(Unit).where(Unit.ended_on.is_(None)))}
    below = parts_by_parent(tree_of(_node(row) for row in units.values() if scope.covers(row.id)))
    ordered: list[Branch] = []

    def add(parent_id: int | None, depth: int) -> None:
        for node in below.get(parent_id, []):
            ordered.append(Branch(units[node.id], depth))
            add(node.id, depth + 1)

    add(None, 0)
    return ordered


def tree_now() -> dict[int, Node]:
    """The units that exist, by id."""
    return tree_of(_node(row) for row in db.session.scalars(select(Unit).where(Unit.ended_on.is_(None))))


def _node(unit: Unit) -> Node:
    return Node(unit.id, unit.parent_id, unit.name, unit.kind)


def unit_names(unit_ids: Iterable[int] | None = None) -> dict[int, str]:
    """Names by id, also of units that have ended; of all where none are named."""
    found = select(Unit)
    if unit_ids is not None:
        found = found.where(Unit.id.in_(set(unit_ids)))
    return {unit.id: unit.own_name for unit in db.session.scalars(found)}


def heirs_by_name() -> list[tuple[str, int]]:
    """The names of units that ended, each with the unit that has its people now; the latest end comes last."""
    rows = db.session.scalars(select(Unit).where(Unit.ended_on.is_not(None)).order_by(Unit.ended_on, Unit.id)).all()
    heir_of = {unit.id: unit.merged_into_id for unit in rows}
    found = []
    for unit in rows:
        heir = unit.merged_into_id
        while heir in heir_of:
            heir = heir_of[heir]
        if heir is not None:
            found.append((unit.own_name, heir))
    return found


def merged_into(unit_id: int) -> Sequence[Unit]:
    """The units that a unit has taken over, the newest first."""
    ended = select(Unit).where(Unit.merged_into_id == unit_id)
    return db.session.scalars(ended.order_by(Unit.ended_on.desc(), Unit.id.desc())).all()


def agencies() -> Sequence[Unit]:
    """What stands at the top of the tree, by name."""
    top = select(Unit).where(Unit.parent_id.is_(None), Unit.ended_on.is_(None))
    return db.session.scalars(top.order_by(func.lower(Unit.name))).all()


def unit_and_below(unit_ids: Iterable[int]) -> set[int]:
    """The units and all that lie below them, at any depth."""
    tree = select(Unit.id).where(Unit.id.in_(set(unit_ids))).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return set(db.session.scalars(select(tree.c.id)))


def units_meant(unit_id: int) -> set[int]:
    """The unit that was chosen and all below it; ``WITHOUT_UNIT`` is one of its own."""
    return {WITHOUT_UNIT} if unit_id == WITHOUT_UNIT else unit_and_below({unit_id})


def unit_path(unit: Unit | None) -> list[str]:
    """The names from the top of the tree down to ``unit``."""
    names: list[str] = []
    while unit is not None:
        names.insert(0, unit.name)
        unit = unit.parent
    return names
