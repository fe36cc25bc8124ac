"""Reads about who takes what."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.accounts.models import Person
from lms.core.db import db
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment


def enrolment_of(person_id: int, course_id: int) -> Enrolment | None:
    """The person's newest enrolment in the course that was not withdrawn."""
    return db.session.scalar(
        select(Enrolment)
        .join(Enrolment.cohort)
        .options(contains_eager(Enrolment.cohort))
        .where(Enrolment.person_id == person_id, Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Enrolment.id.desc())
        .limit(1)
    )


def open_cohort(course_id: int) -> Cohort | None:
    """The cohort that anyone may join, where the course is open."""
    return db.session.scalar(select(Cohort).where(Cohort.course_id == course_id, Cohort.is_open))


def undated_cohort(course_id: int) -> Cohort | None:
    """The cohort without dates, open or not."""
    return db.session.scalar(select(Cohort).where(Cohort.course_id == course_id, Cohort.starts_on.is_(None)))


def courses_of(person_id: int) -> Select[Enrolment, CourseRevision, Course]:
    """The person's enrolments, each with its published course; newest first."""
    return (
        select(Enrolment, CourseRevision, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .join(Enrolment.cohort)
        .options(contains_eager(Enrolment.cohort))
        .where(Enrolment.person_id == person_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Enrolment.id.desc())
    )


def participants(course_id: int) -> Select[Enrolment, Person]:
    """Who takes a course, by name."""
    return (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .options(joinedload(Person.unit))
        .where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Person.name, Enrolment.id)
    )


def participant_counts(course_ids: list[int]) -> dict[int, int]:
    """Participants per course."""
    rows = db.session.execute(
        select(Enrolment.course_id, func.count())
        .where(Enrolment.course_id.in_(course_ids), Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.course_id)
    )
    return dict(rows.all())
