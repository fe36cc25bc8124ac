"""Counts, grouped in the database."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from lms.accounts.models import Person
from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.records import queries as records
from lms.reports.filters import BoardQuery
from lms.reports.queries.base import (
    enrolments_of,
    is_enrolled,
    people_where,
    state,
)
from lms.reports.states import State


class Count(NamedTuple):
    unit_id: int | None
    course_id: int
    state: State
    number: int


def counts(query: BoardQuery) -> list[Count]:
    """The number of enrolments by unit, course and state, whatever state is chosen."""
    said = state(query)
    found = enrolments_of(query.but(state=None), Person.unit_id, Enrolment.course_id, said, func.count())
    return [Count(*row) for row in db.session.execute(found.group_by(Person.unit_id, Enrolment.course_id, said))]


class Hours(NamedTuple):
    """A number of people with the same unit, status and JP of the year."""

    unit_id: int | None
    status: str
    jp: int
    is_enrolled: bool
    """True if an enrolment of theirs passes the filters."""
    number: int


def hours(query: BoardQuery) -> list[Hours]:
    """The number of people by unit, status and JP of this year."""
    earned = records.jp_by_person(query.today.year).subquery()
    jp, has_one = func.coalesce(earned.c.jp, 0), is_enrolled(query)
    each = (
        select(Person.unit_id, Person.status, jp.label("jp"), has_one.label("is_enrolled"))
        .outerjoin(earned, earned.c.person_id == Person.id)
        .where(*people_where(query))
        .subquery()
    )
    found = select(*each.c, func.count()).group_by(*each.c)
    return [Hours(row[0], row[1], int(row[2]), bool(row[3]), row[4]) for row in db.session.execute(found)]
