"""The JP of courses that people take now, or have completed this year without a certificate yet, by unit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, exists, func, or_, select

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion, EnrolmentState
from lms.people.models import Person
from lms.people.scopes import Scope
from lms.records.models import Record
from lms.reports.queries import year_of


def jp_under_way(scope: Scope, today: date, zone: str) -> dict[int | None, int]:
    """Without courses that were left or failed, whose deadline has passed, or that bring no certificate."""
    state = func.coalesce(EnrolmentState.state, "not-started")
    is_going_on = and_(state.not_in(("finished", "failed")), or_(Enrolment.due_on.is_(None), Enrolment.due_on >= today))
    is_of_this_year = Completion.completed_at >= year_of(today.year, zone)[0]
    found = (
        select(Person.unit_id, func.sum(CourseRevision.jp))
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRevision, and_(CourseRevision.course_id == Enrolment.course_id, CourseRevision.is_current))
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(
            Person.is_active,
            Enrolment.withdrawn_at.is_(None),
            CourseRevision.has_certificate,
            ~exists().where(Record.enrolment_id == Enrolment.id),
            or_(is_going_on, is_of_this_year),
        )
        .group_by(Person.unit_id)
    )
    if scope.unit_ids is not None:
        found = found.where(Person.unit_id.in_(scope.unit_ids))
    return {unit_id: int(jp) for unit_id, jp in db.session.execute(found)}


def jp_of_courses(course_ids: Collection[int]) -> dict[int, int]:
    """The JP of published courses that bring a certificate, without those of 0 JP."""
    found = select(CourseRevision.course_id, CourseRevision.jp)
    found = found.where(CourseRevision.course_id.in_(set(course_ids)), CourseRevision.is_current)
    return dict(db.session.execute(found.where(CourseRevision.has_certificate, CourseRevision.jp > 0)).all())
