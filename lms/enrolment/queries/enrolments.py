"""Queries on enrolments, deadlines and participants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Protocol

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from lms.content.when import When
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment, Extension
from lms.enrolment.windows import Window, window_from
from lms.lib.folding import search_words
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


def cohort_id_of(enrolment_id: int) -> int:
    return db.session.scalars(select(Enrolment.cohort_id).where(Enrolment.id == enrolment_id)).one()


def has_left(person_id: int, course_id: int) -> bool:
    """True if the person has an enrolment in the course that was withdrawn."""
    left = Enrolment.person_id == person_id, Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_not(None)
    return bool(db.session.scalar(select(exists().where(*left))))


def running_enrolment(person_id: int, course_id: int, today: date) -> Enrolment | None:
    """The enrolment whose deadline has not passed. While there is one, the person cannot start a second one."""
    found = enrolment_of(person_id, course_id)
    return found if found is not None and (found.due_on is None or found.due_on >= today) else None


class EnrolmentDates(Protocol):
    """What a deadline depends on: an enrolment, or a row with these columns."""

    @property
    def enrolled_at(self) -> datetime: ...

    @property
    def extended_until(self) -> date | None: ...


def window_of(enrolment: Enrolment, cohort: Cohort, zone: str) -> Window:
    """The dates that relative dates count from: the cohort's or, without any, the day of enrolment."""
    return window_from(
        cohort.starts_on,
        cohort.ends_on,
        enrolment.extended_until,
        enrolled_at=enrolment.enrolled_at,
        zone=zone,
        of_cohort=cohort.item_dates,
        of_person=enrolment.item_dates,
    )


def window_of_cohort(cohort: Cohort, zone: str, today: date) -> Window:
    """That of everybody in the cohort, without extensions. In one without dates, days count from ``today``."""
    return Window(cohort.starts_on or today, cohort.ends_on, zone, cohort.starts_on is not None)


def _course_window(enrolment: EnrolmentDates, cohort: Cohort, zone: str) -> Window:
    """Without the moments of single items: no deadline of a whole course depends on them."""
    dates = cohort.starts_on, cohort.ends_on, enrolment.extended_until
    return window_from(*dates, enrolled_at=enrolment.enrolled_at, zone=zone)


def published_revision_id(course_id: int) -> int | None:
    return db.session.scalar(
        select(CourseRevision.id).where(CourseRevision.course_id == course_id, CourseRevision.is_current)
    )


def closings(course_id: int) -> list[When | None]:
    """The due or closing dates of the published course's items, as the author wrote them."""
    revision_id = published_revision_id(course_id)
    entries = courses.contents(revision_id).items if revision_id else ()
    return [entry.ends for entry in entries]


def last_day(enrolment: Enrolment, cohort: Cohort, zone: str) -> date | None:
    """Compute ``Enrolment.due_on`` from the cohort, the published course and the extension."""
    return last_days(cohort, [enrolment], zone)[0]


def last_days(cohort: Cohort, enrolments: Iterable[EnrolmentDates], zone: str) -> list[date | None]:
    """``last_day`` for several people of a cohort; reads the course once, and computes each window once."""
    ends = [] if cohort.ends_on else closings(cohort.course_id)
    day = cache(lambda window: window.last_day(ends))
    return [day(_course_window(enrolment, cohort, zone)) for enrolment in enrolments]


def next_enrolments(
    cohort_id: int, enrolment_id: int, count: int
) -> Sequence[Row[int, datetime, date | None, date | None]]:
    """The columns that deadlines depend on, of the next people of a cohort by the id of their enrolment."""
    columns = select(Enrolment.id, Enrolment.enrolled_at, Enrolment.extended_until, Enrolment.due_on)
    next_ones = columns.where(Enrolment.cohort_id == cohort_id, Enrolment.id > enrolment_id)
    return db.session.execute(next_ones.order_by(Enrolment.id).limit(count)).all()


def cohorts_to_renew() -> Sequence[Row[int, int]]:
    """Cohorts without dates whose deadlines were computed by another revision than the published one, and this one."""
    return db.session.execute(
        select(Cohort.id, CourseRevision.id)
        .join(CourseRevision, (CourseRevision.course_id == Cohort.course_id) & CourseRevision.is_current)
        .where(Cohort.starts_on.is_(None), Cohort.due_revision_id.is_distinct_from(CourseRevision.id))
        .order_by(Cohort.id)
    ).all()


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


def enrolments_among(person_id: int, course_ids: Collection[int]) -> dict[int, int]:
    """The ids of a person's newest enrolments in these courses that were not withdrawn, by course."""
    rows = db.session.execute(
        select(Enrolment.course_id, func.max(Enrolment.id))
        .where(Enrolment.person_id == person_id, Enrolment.course_id.in_(course_ids), Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.course_id)
    )
    return dict(rows.all())


def participant(course_id: int, enrolment_id: int) -> Row[Enrolment, Person] | None:
    """One enrolment in this course with its person; also of somebody who has left."""
    found = select(Enrolment, Person).join(Person, Person.id == Enrolment.person_id)
    found = found.options(joinedload(Person.unit), joinedload(Enrolment.cohort))
    return db.session.execute(found.where(Enrolment.course_id == course_id, Enrolment.id == enrolment_id)).first()


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
    """Active people of a scope whose name, titles or position contain all ``words``, by name."""
    return (
        select(Person)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(Person.is_active, in_scope(scope))
        .where(*map(Person.has_word, search_words(words)))
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
    """Extensions of the deadline, newest first."""
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
