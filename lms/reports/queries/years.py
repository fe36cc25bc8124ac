"""Queries of a year that may be over, by the units and placements of its last day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import case, exists, func, or_, select

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion
from lms.people import queries as persons
from lms.people.models import Person, Placement, UnitVersion
from lms.people.scopes import Scope
from lms.people.unit_tree import UnitTree
from lms.records import queries as records
from lms.records.models import Record
from lms.reports.queries import year_of
from lms.reports.yearly import Taken


def tree_at_the_end_of(year: int) -> UnitTree:
    """The units as they were on the last day of a year, or as they are now if no history goes back that far."""
    return persons.tree_on(date(year, 12, 31)) if _has_history(year) else persons.tree_now()


def _has_history(year: int) -> bool:
    return bool(db.session.scalar(select(exists().where(UnitVersion.since <= date(year, 12, 31)))))


def hours_of_year(year: int, scope: Scope, zone: str) -> list[tuple[int | None, str, int, int]]:
    """Rows of unit, status, JP of the year and number of people, by their placement on its last day.

    Includes people who had a placement then or earned JP that year, even if they are gone now, but not people who came
    later. If the placement of then is not known, the present one counts.
    """
    last_day = date(year, 12, 31)
    earned, then = records.jp_by_person(year).subquery(), _placements(last_day)
    was_there = then.c.person_id.is_not(None) & (then.c.has_ended | Person.is_active)
    has_no_history = ~exists().where(Placement.person_id == Person.id)
    came_by_then = Person.created_at < year_of(year, zone)[1]
    jp = func.coalesce(earned.c.jp, 0)
    each_one = (
        select(
            _unit_of(then).label("unit_id"),
            func.coalesce(then.c.status, Person.status).label("status"),
            jp.label("jp"),
        )
        .select_from(Person)
        .outerjoin(earned, earned.c.person_id == Person.id)
        .outerjoin(then, then.c.person_id == Person.id)
        .where(or_(was_there, earned.c.jp > 0, has_no_history & came_by_then & Person.is_active))
        .subquery()
    )
    found = select(*each_one.c, func.count()).group_by(*each_one.c)
    if scope.unit_ids is not None:
        found = found.where(each_one.c.unit_id.in_(scope.unit_ids))
    return [(row[0], row[1], int(row[2]), row[3]) for row in db.session.execute(found)]


def _placements(day: date) -> Any:
    holds = (Placement.since <= day) & or_(Placement.until.is_(None), Placement.until > day)
    has_ended = Placement.until.is_not(None).label("has_ended")
    return select(Placement.person_id, Placement.unit_id, Placement.status, has_ended).where(holds).subquery()


def _unit_of(then: Any) -> Any:
    """The unit of then, or the present one if it is not known."""
    return case((then.c.person_id.is_not(None), then.c.unit_id), else_=Person.unit_id)


def jp_by_kind(year: int, scope: Scope) -> list[tuple[str, int, int]]:
    """Kind of competence (empty if the course has none), JP of the year and certificates; the most JP first."""
    kind, jp = func.coalesce(CourseRevision.competency, ""), func.sum(Record.jp)
    then = _placements(date(year, 12, 31))
    found = (
        select(kind, jp, func.count())
        .select_from(Record)
        .join(Completion, Completion.enrolment_id == Record.enrolment_id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .join(Person, Person.id == Record.person_id)
        .outerjoin(then, then.c.person_id == Person.id)
        .where(Record.completed_on.between(date(year, 1, 1), date(year, 12, 31)), Record.revoked_at.is_(None))
        .group_by(kind)
        .order_by(jp.desc(), kind)
    )
    if scope.unit_ids is not None:
        found = found.where(_unit_of(then).in_(scope.unit_ids))
    return [(row[0], int(row[1]), row[2]) for row in db.session.execute(found)]


def taken_in(year: int, scope: Scope, zone: str) -> list[Taken]:
    """The enrolments of a year and how they ended."""
    first, last = year_of(year, zone)
    then = _placements(date(year, 12, 31))
    found = (
        select(
            Enrolment.course_id,
            Enrolment.withdrawn_at.is_not(None),
            Enrolment.enrolled_at,
            Completion.completed_at,
            Completion.score,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(then, then.c.person_id == Person.id)
        .where(Enrolment.enrolled_at >= first, Enrolment.enrolled_at < last)
    )
    if scope.unit_ids is not None:
        found = found.where(_unit_of(then).in_(scope.unit_ids))
    return [(row[0], bool(row[1]), row[2], row[3], row[4]) for row in db.session.execute(found)]
