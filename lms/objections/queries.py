"""Reads of objections."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import lazyload

from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.objections.models import Objection
from lms.people.models import Person
from lms.people.rights import Rights


class RaisedObjection(NamedTuple):
    """An objection as its participant sees it, who is not told which person answered."""

    question: str
    score: Decimal | None
    reason: str
    raised_at: datetime
    answered_at: datetime | None
    outcome: str | None
    answer: str


_OF_SOURCES = DirectQuery(
    select(*(getattr(Objection, name) for name in RaisedObjection._fields))
    .where(Objection.source.in_(bindparam("sources", expanding=True)))
    .order_by(Objection.raised_at, Objection.id),
    RaisedObjection,
)


def about(sources: Collection[str]) -> list[RaisedObjection]:
    """All that was ever raised about these works, the first one first."""
    return _OF_SOURCES.rows(sources=list(sources)) if sources else []


def newest(enrolment_id: int, item_id: int, question: str = "") -> Objection | None:
    """The newest objection to a question, or to the mark of an item."""
    own = Objection.enrolment_id == enrolment_id, Objection.item_id == item_id, Objection.question == question
    rows = select(Objection).where(*own).order_by(Objection.number.desc()).limit(1)
    return db.session.scalars(rows.execution_options(populate_existing=True)).first()


def _open_counts(course_ids: Collection[int], *, not_by: int | None = None) -> dict[int, int]:
    """How many wait for an answer, by course; courses without any are left out."""
    rows = select(Enrolment.course_id, func.count()).select_from(Objection)
    rows = rows.join(Enrolment, Enrolment.id == Objection.enrolment_id).where(*_open(course_ids, not_by))
    return dict(db.session.execute(rows.group_by(Enrolment.course_id)).all())


def open_count(course_ids: Collection[int], *, not_by: int | None = None) -> int:
    return sum(_open_counts(course_ids, not_by=not_by).values())


def _open(course_ids: Collection[int], not_by: int | None) -> list[ColumnElement[bool]]:
    in_course = (Enrolment.course_id + 0).in_(course_ids)  # without its index: the few open ones first
    found: list[ColumnElement[bool]] = [Objection.answered_at.is_(None), in_course]
    if not_by is not None:
        found.append(Enrolment.person_id != not_by)
    return found


def listed(course_ids: Collection[int], *, is_answered: bool, not_by: int) -> Select[Any]:
    """(Objection, Person, item title or None, course title): open ones the oldest first, answered ones the newest."""
    rows: Select[Any] = _details(Objection, Person, ItemRevision.title, CourseRevision.title)
    if is_answered:
        done = Objection.answered_at.is_not(None), Enrolment.course_id.in_(course_ids), Enrolment.person_id != not_by
        return rows.where(*done).order_by(Objection.answered_at.desc(), Objection.id.desc())
    return rows.where(*_open(course_ids, not_by)).order_by(Objection.raised_at, Objection.id)


class ObjectionDetails(NamedTuple):
    objection: Objection
    person: Person
    course_id: int
    course_slug: str
    course_title: str
    item_title: str | None
    """As it is published; None if the course no longer has the item."""


def details(objection_id: int) -> ObjectionDetails | None:
    columns = Objection, Person, Course.id, Course.slug, CourseRevision.title, ItemRevision.title
    row = db.session.execute(_details(*columns).where(Objection.id == objection_id)).one_or_none()
    return ObjectionDetails(*row) if row else None


def taught_details(objection_id: int, teacher: Rights) -> ObjectionDetails | None:
    """The details of an objection in a course that somebody teaches; an admin may see any."""
    found = details(objection_id)
    return found if found and (teacher.is_admin or found.course_id in teacher.taught_course_ids) else None


def _details(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Objection)
        .join(Enrolment, Enrolment.id == Objection.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .outerjoin(
            ItemRevision,
            (ItemRevision.revision_id == CourseRevision.id) & (ItemRevision.item_id == Objection.item_id),
        )
        .options(lazyload(Person.grants))
    )
