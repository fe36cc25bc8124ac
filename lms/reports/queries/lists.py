"""Choices of the filters: units, courses, cohorts, years."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select

from lms.accounts.models import Unit
from lms.accounts.unit_tree import Node
from lms.core.db import db
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.reports.tree import Tree


def tree() -> Tree:
    """All units as they are now."""
    rows = db.session.execute(select(Unit.id, Unit.parent_id, Unit.name, Unit.kind))
    return Tree(tuple(Node(*row) for row in rows))


class CourseName(NamedTuple):
    id: int
    title: str


def courses() -> list[CourseName]:
    """All courses by title, or by slug if not published yet."""
    title = func.coalesce(CourseRevision.title, Course.slug)
    found = select(Course.id, title).outerjoin(
        CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current)
    )
    return [CourseName(*row) for row in db.session.execute(found.order_by(title, Course.id))]


def cohorts(course_id: int) -> list[tuple[int, str]]:
    """The cohorts of a course, newest first. The one without dates has an empty name."""
    found = select(Cohort.id, Cohort.name).where(Cohort.course_id == course_id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))]


def first_enrolment() -> datetime | None:
    """The first enrolment of all: yearly reports begin with its year."""
    return db.session.scalar(select(func.min(Enrolment.enrolled_at)))
