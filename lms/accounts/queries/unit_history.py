"""Units as they were on a day, and who belonged to them then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from lms.accounts.models import Placement, UnitVersion
from lms.accounts.unit_tree import Node, with_all_below
from lms.core.db import db


def tree_on(day: date) -> dict[int, Node]:
    """The units that existed at the end of a day, by id, with the names and places of then."""
    columns = (UnitVersion.unit_id, UnitVersion.parent_id, UnitVersion.name, UnitVersion.kind)
    rows = db.session.execute(select(*columns).where(_holds(UnitVersion, day)))
    return {row.unit_id: Node(row.unit_id, row.parent_id, row.name, row.kind) for row in rows}


def unit_and_below_on(unit_ids: Collection[int], day: date) -> set[int]:
    """The units and all that lay below them on a day; a unit that did not exist then is left out."""
    return with_all_below(tree_on(day), unit_ids)


def unit_of_people_on(day: date) -> Select[int, int | None]:
    """Who belonged to which unit at the end of a day: ``person_id`` and ``unit_id``, to be joined."""
    return select(Placement.person_id, Placement.unit_id).where(_holds(Placement, day))


def versions_of(unit_id: int) -> Sequence[UnitVersion]:
    """What a unit was called and where it stood, the newest first."""
    found = select(UnitVersion).where(UnitVersion.unit_id == unit_id)
    return db.session.scalars(found.order_by(UnitVersion.since.desc(), UnitVersion.id.desc())).all()


def _holds(model: type[UnitVersion | Placement], day: date) -> ColumnElement[bool]:
    return (model.since <= day) & or_(model.until.is_(None), model.until > day)
