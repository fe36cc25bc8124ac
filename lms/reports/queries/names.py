"""The people and enrolments behind a board's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Date, Select, String, and_, func, literal, null, select

from lms.accounts.models import Person, Unit
from lms.accounts.names import full_name
from lms.core.db import UtcDateTime, db
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState
from lms.reports.filters import BoardQuery
from lms.reports.queries.base import (
    PERSON,
    enrolments_of,
    is_enrolled,
    people_where,
    state,
)
from lms.reports.states import State

T = TypeVar("T")


class BoardRow(NamedTuple):
    """A row of a board's list. For people who are not enrolled, everything about a course is None."""

    enrolment_id: int | None
    person_id: int
    title_before: str
    name: str
    title_after: str
    nip: str | None
    email: str | None
    unit: str | None
    course: str | None
    slug: str | None
    """Of the course."""
    cohort: str | None
    state: State
    done: int | None
    needed: int | None
    due_on: date | None
    touched_at: datetime | None

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)

    @property
    def row_id(self) -> int:
        """The value of the row's checkbox: the enrolment, or the person if there is none."""
        return self.enrolment_id or self.person_id


def names(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    """Rows of ``BoardRow``, by name."""
    if query.filters.is_about_people:
        return _not_enrolled(query)
    found = enrolments_of(
        query,
        Enrolment.id,
        *PERSON,
        Unit.name,
        func.coalesce(CourseRevision.title, Course.slug),
        Course.slug,
        Cohort.name,
        state(query),
        EnrolmentState.done,
        EnrolmentState.needed,
        Enrolment.due_on,
        EnrolmentState.touched_at,
    )
    found = (
        found.outerjoin(Unit, Unit.id == Person.unit_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
    )
    return found.order_by(Person.name, Person.id, Enrolment.id)


def _not_enrolled(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    word, number, day, moment = (literal(None, kind) for kind in (String(), null().type, Date(), UtcDateTime()))
    found = select(null(), *PERSON, Unit.name, word, word, word, literal("not-enrolled"), number, number, day, moment)
    found = found.select_from(Person).outerjoin(Unit, Unit.id == Person.unit_id)
    found = found.where(*people_where(query), ~is_enrolled(query))
    if query.filters.picked:
        found = found.where(Person.id.in_(query.filters.picked))
    return found.order_by(Person.name, Person.id)


def each(query: Select[*tuple[Any, ...]], kind: Callable[..., T]) -> Iterator[T]:
    """The rows of ``names`` or ``people``, fetched by the thousand, so that memory does not grow with a file."""
    for row in db.session.execute(query.execution_options(yield_per=1000)):
        yield kind(*row)


def enrolments(query: BoardQuery) -> Sequence[Enrolment]:
    """The enrolments of ``names``."""
    return db.session.scalars(enrolments_of(query, Enrolment).order_by(Person.name, Enrolment.id)).all()


def people_not_enrolled(query: BoardQuery) -> Sequence[Person]:
    """The people of ``names`` with the state "not enrolled"."""
    ids = _not_enrolled(query.but(state="not-enrolled")).with_only_columns(Person.id).order_by(None)
    return db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)).all()


def phones(person_ids: Sequence[int]) -> dict[int, str | None]:
    """WhatsApp numbers by person."""
    return dict(db.session.execute(select(Person.id, Person.phone).where(Person.id.in_(person_ids))).all())
