"""Merging units: the people, heads and units below move to the target, and the unit is kept as history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import update

from lms.core import ledger
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people import queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.services.placements import record_placements
from lms.people.services.roles import days_of
from lms.people.services.unit_history import record_units
from lms.people.services.units import UnitEnded, UnitMisplaced, UnitUnderItself, lock_tree
from lms.people.terms import overlap, term_state

NAME_LENGTH = 145
"""The name of an ended unit is cut to this length, to leave room for its number."""


def merge_unit(unit: Unit, target: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Merge ``unit`` into ``target``. Units below them that have the same name are merged, too.

    Past roles stay with the unit that ends.

    :raises UnitEnded: one of the two no longer exists.
    :raises UnitUnderItself: the target is the unit or lies below it.
    :raises UnitMisplaced: an agency can only be merged into another agency.
    """
    lock_tree()
    if unit.ended_on or target.ended_on:
        raise UnitEnded
    if target.id in queries.unit_and_below({unit.id}):
        raise UnitUnderItself
    if unit.kind == "instansi" and target.kind != "instansi":
        raise UnitMisplaced
    today, found = to_site_time(now).date(), queries.tree_now().merger(unit.id, target.id)
    moved_people = _move_people(found.joined, source=f"merge:{unit.id}", now=now)
    for one, other in found.joined:
        _move_roles(one, other, today)
    _end([one for one, _other in found.joined], dict(found.joined), today)
    for part_id, parent_id in found.moved:
        db.session.get_one(Unit, part_id).parent_id = parent_id
    record_units([*(one for one, _other in found.joined), *(part for part, _parent in found.moved)], now=now)
    for one, other in found.joined:
        facts = {"into": queries.unit_names([other])[other], "people": moved_people[one]}
        ledger.record(actor_id, "merge unit", f"unit:{one}", now=now, **facts)
    db.session.flush()
    db.session.expire_all()


def _move_people(joined: Sequence[tuple[int, int]], *, source: str, now: datetime) -> dict[int, int]:
    """Move the people, including inactive ones. Returns how many there were in each unit."""
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
        record_placements(ids, source=source, now=now)
    return counts


def _move_roles(one: int, other: int, today: date) -> None:
    """Move current and future terms. Those that overlap with the same role of the person at the target become one."""
    there = queries.grants_at(other)
    for grant in queries.grants_at(one):
        if term_state(grant, today) == "past":
            continue
        same = [twin for twin in there if (twin.person_id, twin.role) == (grant.person_id, grant.role)]
        overlapping = [twin for twin in same if overlap(days_of(grant), days_of(twin))]
        if overlapping:
            _join_terms(overlapping[0], [*overlapping[1:], grant], today)
            there = [twin for twin in there if twin not in overlapping[1:]]
        else:
            grant.unit_id = other
    db.session.flush()


def _join_terms(kept: RoleGrant, others: Sequence[RoleGrant], today: date) -> None:
    """Give one term the present and future days of the others, and delete these.

    People who head one of the units are not deputies.
    """
    every = [kept, *others]
    last_days = [one.ends_on for one in every]
    if days_of(kept).starts_on > today:
        kept.starts_on = min(days_of(one).starts_on for one in every)
    kept.is_deputy = all(one.is_deputy for one in every)
    for one in others:
        db.session.delete(one)
    db.session.flush()  # only one term without a last day may exist
    kept.ends_on = None if None in last_days else max(day for day in last_days if day is not None)
    db.session.flush()


def _end(unit_ids: Sequence[int], into: dict[int, int], today: date) -> None:
    """Append the id to the names, so that they can be used again. The history keeps the original names."""
    for unit_id in unit_ids:
        unit = db.session.get_one(Unit, unit_id)
        unit.name = f"{unit.name[:NAME_LENGTH]} #{unit.id}"
        unit.ended_on, unit.merged_into_id = today, into[unit_id]
    db.session.flush()
