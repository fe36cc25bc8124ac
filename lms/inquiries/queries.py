"""Reads of inquiries."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import aliased, lazyload

from lms.core.db import db
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.inquiries.models import Inquiry
from lms.people.account import Account
from lms.people.models import Person, RoleGrant


class SeenInquiry(NamedTuple):
    """An inquiry as a participant of the course sees it."""

    inquiry: Inquiry
    is_own: bool
    item_title: str | None
    """None: it is about the course, or the course no longer has the item."""
    instructor: Person | None
    """Who answered."""


def seen_by(person_id: int, course_id: int, item_id: int | None) -> Select[Any]:
    """The person's own and the shared ones as ``SeenInquiry``, newest first; with ``item_id`` only those about it."""
    is_own = Enrolment.person_id == person_id
    instructor = aliased(Person)
    rows: Select[Any] = _with_titles(Inquiry, is_own, ItemRevision.title, instructor)
    rows = rows.outerjoin(instructor, instructor.id == Inquiry.answered_by)
    rows = rows.where(Inquiry.course_id == course_id, or_(is_own, Inquiry.is_shared))
    if item_id is not None:
        rows = rows.where(Inquiry.item_id == item_id)
    return rows.options(lazyload(instructor.grants)).order_by(Inquiry.id.desc())


def own_inquiry(person_id: int, inquiry_id: int) -> Inquiry | None:
    own = Inquiry.id == inquiry_id, Enrolment.person_id == person_id
    return db.session.scalar(select(Inquiry).join(Enrolment, Enrolment.id == Inquiry.enrolment_id).where(*own))


def by_number(enrolment_id: int, number: int) -> Inquiry | None:
    own = Inquiry.enrolment_id == enrolment_id, Inquiry.number == number
    return db.session.scalar(select(Inquiry).where(*own))


def next_number(enrolment_id: int) -> int:
    return (db.session.scalar(select(func.max(Inquiry.number)).where(Inquiry.enrolment_id == enrolment_id)) or 0) + 1


def own_open_count(enrolment_id: int) -> int:
    own = Inquiry.enrolment_id == enrolment_id, Inquiry.answered_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(Inquiry).where(*own)) or 0


def has_instructor(course_id: int) -> bool:
    active = RoleGrant.course_id == course_id, RoleGrant.role == "instructor", Person.is_active
    teaches = exists().where(*active, Person.id == RoleGrant.person_id)
    return bool(db.session.scalar(select(teaches)))


def _taught_by(teacher: Account) -> list[ColumnElement[bool]]:
    """Those in courses that somebody teaches, of any course for an admin; never their own."""
    taught = true() if teacher.is_admin else Inquiry.course_id.in_(teacher.taught_course_ids)
    return [taught, Enrolment.person_id != teacher.id]


def open_count(teacher: Account) -> int:
    rows = select(func.count()).select_from(Inquiry).join(Enrolment, Enrolment.id == Inquiry.enrolment_id)
    return db.session.scalar(rows.where(Inquiry.answered_at.is_(None), *_taught_by(teacher))) or 0


class TaughtInquiry(NamedTuple):
    inquiry: Inquiry
    person: Person
    """Who asks."""
    course: Course
    course_title: str
    item_slug: str | None
    item_title: str | None
    """None: it is about the course, or the course no longer has the item."""


_TAUGHT = Inquiry, Person, Course, CourseRevision.title, ItemRevision.slug, ItemRevision.title


def listed(teacher: Account, *, is_answered: bool) -> Select[Any]:
    """Rows of ``TaughtInquiry``: those that wait, the oldest first; or those that were answered, the newest first."""
    rows = _with_titles(*_TAUGHT).where(*_taught_by(teacher)).options(lazyload(Person.grants))
    if is_answered:
        return rows.where(Inquiry.answered_at.is_not(None)).order_by(Inquiry.answered_at.desc(), Inquiry.id.desc())
    return rows.where(Inquiry.answered_at.is_(None)).order_by(Inquiry.id)


def taught_inquiry(inquiry_id: int, teacher: Account) -> TaughtInquiry | None:
    rows = _with_titles(*_TAUGHT).where(Inquiry.id == inquiry_id, *_taught_by(teacher))
    row = db.session.execute(rows.options(lazyload(Person.grants))).one_or_none()
    return TaughtInquiry(*row) if row else None


def _with_titles(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Inquiry)
        .join(Enrolment, Enrolment.id == Inquiry.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Inquiry.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .outerjoin(
            ItemRevision, (ItemRevision.revision_id == CourseRevision.id) & (ItemRevision.item_id == Inquiry.item_id)
        )
    )
