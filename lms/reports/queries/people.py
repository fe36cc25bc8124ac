"""People with their JP of the year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, false, func, select

from lms.accounts.models import Person, Unit
from lms.accounts.names import full_name
from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState
from lms.records import queries as records
from lms.reports.filters import BoardQuery
from lms.reports.queries.base import (
    PERSON,
    enrolments_of,
    people_where,
    state,
    taken_where,
)
from lms.reports.states import State


class Member(NamedTuple):
    """A person with the JP of the year and the number of courses taken."""

    person_id: int
    title_before: str
    name: str
    title_after: str
    nip: str | None
    email: str | None
    unit: str | None
    status: str
    taken: int
    finished: int
    jp: int

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


def people(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    """Rows of ``Member``, fewest JP first."""
    earned = records.jp_by_person(query.today.year).subquery()
    jp = func.coalesce(earned.c.jp, 0)
    mine = select(func.count()).select_from(Enrolment).where(Enrolment.person_id == Person.id, *taken_where(query))
    mine = mine.where(Enrolment.withdrawn_at.is_(None))
    finished = mine.join(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    finished = finished.where(EnrolmentState.state == "finished")
    taken_count, finished_count = (one.correlate(Person).scalar_subquery() for one in (mine, finished))
    return (
        select(*PERSON, Unit.name, Person.status, taken_count, finished_count, jp)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(earned, earned.c.person_id == Person.id)
        .where(*people_where(query), *_by_hours(query, jp))
        .order_by(jp, Person.name, Person.id)
    )


def members(query: BoardQuery) -> list[Member]:
    """All of ``people``, by name."""
    found = db.session.execute(people(query).order_by(None).order_by(Person.name, Person.id))
    return [Member(*row) for row in found]


def courses_by_person(query: BoardQuery, person_ids: Sequence[int]) -> dict[tuple[int, int], State]:
    """The state of each person in each course. Of several enrolments in a course the newest counts."""
    found = enrolments_of(query.but(state=None), Person.id, Enrolment.course_id, state(query))
    rows = db.session.execute(found.where(Person.id.in_(person_ids)).order_by(Enrolment.id))
    return {(person_id, course_id): state for person_id, course_id, state in rows}


def _by_hours(query: BoardQuery, jp: ColumnElement[int]) -> list[ColumnElement[bool]]:
    where = list[ColumnElement[bool]]()
    if query.filters.jp is not None:
        where.append(jp.between(*query.filters.jp))
    if query.filters.goal:
        floors = [(Person.status == status, floor) for status, floor in query.floors.items()]
        if not floors:
            return [false()]
        goal = case(*floors, else_=None)
        where.append(jp < goal if query.filters.goal == "missed" else jp >= goal)
    return where
