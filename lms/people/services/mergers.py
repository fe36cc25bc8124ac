"""One unit goes into another: its people, parts and heads go over, and it stays as history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import update

from lms.core import ledger
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people import queries
from lms.people.models import Person, Unit
from lms.people.services.placements import note_placements
from lms.people.services.roles import days_of
from lms.people.services.unit_history import note_units
from lms.people.services.units import UnitEnded, UnitMisplaced, UnitUnderItself, lock_tree
from lms.people.terms import overlap, standing

ROOM_FOR_NUMBER = 145
"""How much of an ended unit's name stays in front of its number."""


def merge_unit(unit: Unit, target: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Put everybody and everything of ``unit`` into ``target``; parts of the same name become one.

    Roles that were over stay with the unit that ends.

    :raises UnitEnded: one of the two is history already.
    :raises UnitUnderItself: the target lies inside the unit, or is the unit.
    :raises UnitMisplaced: an agency only goes into another agency.
    """
    lock_tree()
    if unit.ended_on or target.ended_on:
        raise UnitEnded
    if target.id in queries.unit_and_below({unit.id}):
        raise UnitUnderItself
    if unit.kind == "instansi" and target.kind != "instansi":
        raise UnitMisplaced
    today, found = to_site_time(now).date(), queries.tree_now().merger(unit.id, target.id)
    moved_people = _people_over(found.joined, source=f"merge:{unit.id}", now=now)
    for one, other in found.joined:
        _roles_over(one, other, today)
    _end([one for one, _other in found.joined], dict(found.joined), today)
    for part_id, parent_id in found.moved:
        db.session.get_one(Unit, part_id).parent_id = parent_id
    note_units([*(one for one, _other in found.joined), *(part for part, _parent in found.moved)], now=now)
    for one, other in found.joined:
        facts = {"into": queries.unit_names([other])[other], "people": moved_people[one]}
        ledger.record(actor_id, "merge unit", f"unit:{one}", now=now, **facts)
    db.session.flush()
    db.session.expire_all()


def _people_over(joined: Sequence[tuple[int, int]], *, source: str, now: datetime) -> dict[int, int]:
    """The people of the units that end, including deactivated ones, counted per unit."""
    counts = {}
    for one, other in joined:
        ids = db.session.scalars(
            update(Person)
            .where(Person.unit_id == one)
            .values(unit_id=other)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        ).all()
        counts[one] = len(ids)
        note_placements(ids, source=source, now=now)
    return counts


def _roles_over(one: int, other: int, today: date) -> None:
    """Present and future terms move. People who already hold the same role there on some of the days keep it."""
    there = queries.grants_at(other)
    for grant in queries.grants_at(one):
        if standing(grant, today) == "past":
            continue
        same = [twin for twin in there if (twin.person_id, twin.role) == (grant.person_id, grant.role)]
        if any(overlap(days_of(grant), days_of(twin)) for twin in same):
            db.session.delete(grant)
        else:
            grant.unit_id = other
    db.session.flush()


def _end(unit_ids: Sequence[int], into: dict[int, int], today: date) -> None:
    """Their names become free for others: a number is put behind them; the history keeps them as they were."""
    for unit_id in unit_ids:
        unit = db.session.get_one(Unit, unit_id)
        unit.name = f"{unit.name[:ROOM_FOR_NUMBER]} #{unit.id}"
        unit.ended_on, unit.merged_into_id = today, into[unit_id]
    db.session.flush()
