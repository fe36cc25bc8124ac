"""Queries on enrolments, deadlines and participants."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from lms.content.when import When
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment, Extension
from lms.enrolment.windows import Window, window_from
from lms.people.models import Person
from lms.people.scopes import Scope


def enrolment(enrolment_id: int) -> Enrolment | None:
    return db.session.get(Enrolment, enrolment_id)


_NEWEST = (
    select(Enrolment)
    .join(Enrolment.cohort)
    .options(contains_eager(Enrolment.cohort))
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.course_id == bindparam("course_id"),
        Enrolment.withdrawn_at.is_(None),
    )
    .order_by(Enrolment.id.desc())
    .limit(1)
)


def enrolment_of(person_id: int, course_id: int) -> Enrolment | None:
    """The person's newest enrolment in the course that was not withdrawn."""
    return db.session.scalar(_NEWEST, {"person_id": person_id, "course_id": course_id})


def running_enrolment(person_id: int, course_id: int, today: date) -> Enrolment | None:
    """The enrolment whose deadline has not passed. While there is one, the person cannot start a second one."""
    found = enrolment_of(person_id, course_id)
    return found if found is not None and (found.due_on is None or found.due_on >= today) else None


def window_of(enrolment: Enrolment, cohort: Cohort, zone: str) -> Window:
    """The dates that relative dates count from: the cohort's or, without any, the day of enrolment."""
    dates = cohort.starts_on, cohort.ends_on, enrolment.extended_until
    return window_from(*dates, enrolled_at=enrolment.enrolled_at, zone=zone)


def closings(course_id: int) -> list[When | None]:
    """The due or closing dates of the published course's items, as the author wrote them."""
    revision_id = db.session.scalar(
        select(CourseRevision.id).where(CourseRevision.course_id == course_id, CourseRevision.is_current)
    )
    entries = courses.contents(revision_id).items if revision_id else ()
    return [entry.ends for entry in entries]


def last_day(enrolment: Enrolment, cohort: Cohort, zone: str) -> date | None:
    """Compute ``Enrolment.due_on`` from the cohort, the published course and the extension."""
    ends = [] if cohort.ends_on else closings(enrolment.course_id)
    return window_of(enrolment, cohort, zone).last_day(ends)


def last_days(cohort: Cohort, zone: str) -> Iterator[tuple[Enrolment, date | None]]:
    """``last_day`` for everybody in a cohort without dates; reads the course only once."""
    ends = closings(cohort.course_id)
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort.id)):
        yield enrolment, window_of(enrolment, cohort, zone).last_day(ends)


_COURSES_OF = (
    select(Enrolment, CourseRevision, Course)
    .join(Course, Course.id == Enrolment.course_id)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .join(Enrolment.cohort)
    .options(contains_eager(Enrolment.cohort))
    .where(Enrolment.person_id == bindparam("person_id"), Enrolment.withdrawn_at.is_(None))
    .order_by(Enrolment.id.desc())
)


def courses_of(person_id: int) -> Sequence[Row[Enrolment, CourseRevision, Course]]:
    """The person's enrolments in published courses, newest first."""
    return db.session.execute(_COURSES_OF, {"person_id": person_id}).all()


def participants(course_id: int, cohort_id: int | None = None) -> Select[Enrolment, Person]:
    """Participants of a course, or of one of its cohorts, by name."""
    found = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .options(joinedload(Person.unit))
        .where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Person.name, Enrolment.id)
    )
    return found.where(Enrolment.cohort_id == cohort_id) if cohort_id else found


def members(cohort_id: int, sees: Scope) -> Select[Enrolment, Person]:
    """Current and former participants within ``sees``; people who left come last."""
    return (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(Enrolment.cohort_id == cohort_id, in_scope(sees))
        .order_by(Enrolment.withdrawn_at.is_not(None), func.lower(Person.name), Enrolment.id)
    )


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Condition on ``Person``."""
    return true() if scope.unit_ids is None else Person.unit_id.in_(scope.unit_ids)


def team(scope: Scope, words: str = "") -> Select[Person]:
    """Active people of a scope whose name contains all ``words``, by name."""
    return (
        select(Person)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(Person.is_active, in_scope(scope))
        .where(*(Person.name.icontains(word, autoescape=True) for word in words.split()[:8]))
        .order_by(func.lower(Person.name), Person.id)
    )


def among(people: Select[Person], ids: Collection[int]) -> Sequence[Person]:
    return db.session.scalars(people.where(Person.id.in_(ids))).all()


def people_inside(cohort_id: int) -> set[int]:
    """Ids of the current participants of a cohort."""
    return set(
        db.session.scalars(
            select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
        )
    )


def taking_elsewhere(cohort: Cohort, today: date) -> set[int]:
    """Ids of people who take the same course in another cohort and whose deadline has not passed."""
    return set(
        db.session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.course_id == cohort.course_id,
                Enrolment.cohort_id != cohort.id,
                Enrolment.withdrawn_at.is_(None),
                or_(Enrolment.due_on.is_(None), Enrolment.due_on >= today),
            )
        )
    )


def neighbours(enrolment: Enrolment) -> list[tuple[Enrolment, Person]]:
    """The enrolments that this one replaced or was replaced by, oldest first."""
    found = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .options(lazyload(Person.grants))
        .where(or_(Enrolment.id == enrolment.replaces_id, Enrolment.replaces_id == enrolment.id))
        .order_by(Enrolment.id)
    )
    return [(one, person) for one, person in db.session.execute(found)]


def extensions(enrolment_id: int) -> Sequence[Extension]:
    """Newest first."""
    return db.session.scalars(
        select(Extension).where(Extension.enrolment_id == enrolment_id).order_by(Extension.id.desc())
    ).all()


def newest_extension(enrolment: Enrolment) -> Extension | None:
    """The extension that applies. Makes no query if there is none."""
    return extensions(enrolment.id)[0] if enrolment.extended_until else None


def participant_counts(course_ids: list[int]) -> dict[int, int]:
    """Number of participants by course id."""
    rows = db.session.execute(
        select(Enrolment.course_id, func.count())
        .where(Enrolment.course_id.in_(course_ids), Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.course_id)
    )
    return dict(rows.all())
