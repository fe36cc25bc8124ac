"""What the grading queue can be limited to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from lms.assignments.models import Submission
from lms.core.db import db
from lms.courses.models import Course, CourseItem, CourseRevision, ItemRevision


@dataclass(frozen=True)
class FilterOption:
    """A course or assignment that the queue can be limited to."""

    id: int
    key: str
    title: str


def course_options(course_ids: Collection[int]) -> list[FilterOption]:
    rows = db.session.execute(
        select(Course.id, Course.slug, CourseRevision.title)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Course.id.in_(course_ids))
        .order_by(CourseRevision.title)
    )
    return [FilterOption(*row) for row in rows]


def assignment_options(course_ids: Collection[int]) -> list[FilterOption]:
    """The assignments of these courses that have submissions; titles of the newest revision."""
    newest = (
        select(func.max(ItemRevision.id))
        .join(CourseItem, CourseItem.id == ItemRevision.item_id)
        .where(CourseItem.course_id.in_(course_ids), exists().where(Submission.item_id == CourseItem.id))
        .group_by(ItemRevision.item_id)
    )
    rows = db.session.execute(
        select(ItemRevision.item_id, ItemRevision.slug, ItemRevision.title)
        .where(ItemRevision.id.in_(newest))
        .order_by(ItemRevision.title)
    )
    return [FilterOption(*row) for row in rows]
