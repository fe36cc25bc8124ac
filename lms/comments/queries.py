"""Reads of saved comments. Everybody has only their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from lms.comments.models import SavedComment
from lms.core.db import db
from lms.courses.models import Course, CourseRevision


class ListedComment(NamedTuple):
    comment: SavedComment
    course: str | None
    """Its title; None: all courses."""


class CourseChoice(NamedTuple):
    id: int
    title: str


def listed(person_id: int) -> list[ListedComment]:
    """Those for all courses first, then by course; the oldest first, so that each keeps its place."""
    found = db.session.scalars(
        select(SavedComment).where(SavedComment.person_id == person_id).order_by(SavedComment.id)
    ).all()
    titles = dict(courses_of([one.course_id for one in found if one.course_id is not None]))
    rows = [ListedComment(one, titles.get(one.course_id, "–") if one.course_id else None) for one in found]
    return sorted(rows, key=lambda row: row.course or "")


def for_course(person_id: int, course_id: int) -> Sequence[SavedComment]:
    """Those that are offered in a course, its own first."""
    own = SavedComment.course_id == course_id
    return db.session.scalars(
        select(SavedComment)
        .where(SavedComment.person_id == person_id, own | SavedComment.course_id.is_(None))
        .order_by(SavedComment.course_id.is_(None), SavedComment.id)
    ).all()


def saved_for(course_id: int) -> Sequence[SavedComment]:
    """Those of all graders that are offered in this course alone."""
    return db.session.scalars(
        select(SavedComment).where(SavedComment.course_id == course_id).order_by(SavedComment.id)
    ).all()


def own_comment(person_id: int, comment_id: int) -> SavedComment | None:
    return db.session.scalars(
        select(SavedComment).where(SavedComment.person_id == person_id, SavedComment.id == comment_id)
    ).one_or_none()


def same(person_id: int, course_id: int | None, text: str) -> SavedComment | None:
    """The grader's comment with this text for this course, or for all courses."""
    where = SavedComment.course_id.is_(None) if course_id is None else SavedComment.course_id == course_id
    return db.session.scalars(
        select(SavedComment).where(SavedComment.person_id == person_id, SavedComment.text == text, where)
    ).one_or_none()


def count(person_id: int) -> int:
    own = select(func.count()).select_from(SavedComment).where(SavedComment.person_id == person_id)
    return db.session.scalar(own) or 0


def published_of(course_ids: Sequence[int]) -> list[CourseChoice]:
    """By title. In a course that was never published there is nothing to comment on."""
    rows = db.session.execute(
        select(CourseRevision.course_id, CourseRevision.title)
        .where(CourseRevision.course_id.in_(course_ids), CourseRevision.is_current)
        .order_by(CourseRevision.title, CourseRevision.course_id)
    )
    return [CourseChoice(*row) for row in rows]


def courses_of(course_ids: Sequence[int]) -> list[CourseChoice]:
    """By title, which is that of the published revision."""
    rows = db.session.execute(
        select(Course.id, func.coalesce(CourseRevision.title, Course.slug).label("title"))
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Course.id.in_(course_ids))
        .order_by("title", Course.id)
    )
    return [CourseChoice(*row) for row in rows]
