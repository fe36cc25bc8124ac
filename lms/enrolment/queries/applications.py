"""Queries on proposals and waiting lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload

from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Application, Cohort
from lms.enrolment.queries.enrolments import in_scope
from lms.people.models import Person
from lms.people.scopes import Scope

OPEN = ("proposed", "waiting")


def applications_in(office: Scope, cohort_ids: Collection[int]) -> ColumnElement[bool]:
    """Condition: applications of people in a scope, and all applications to the given cohorts."""
    if office.unit_ids is None:
        return true()
    people = select(Person.id).where(Person.unit_id.in_(office.unit_ids))
    return or_(Application.cohort_id.in_(cohort_ids), Application.person_id.in_(people))


def application(application_id: int) -> Application | None:
    return db.session.get(Application, application_id)


def application_of(person_id: int, course_id: int) -> Application | None:
    """The person's latest application for the course that is open or, failing that, refused; loads its cohort."""
    return db.session.scalar(
        select(Application)
        .join(Application.cohort)
        .options(contains_eager(Application.cohort))
        .where(
            Application.person_id == person_id,
            Cohort.course_id == course_id,
            Application.state.in_((*OPEN, "refused")),
        )
        .order_by(Application.state == "refused", Application.id.desc())
        .limit(1)
    )


class OwnApplication(NamedTuple):
    """An application that is open; ``line`` is the position on the waiting list, None while it is to be decided."""

    slug: str
    title: str
    cohort_name: str
    starts_on: date | None
    line: int | None


_before, _waiting = aliased(Application), aliased(Person)
_LINE = (
    select(func.count())
    .select_from(_before)
    .join(_waiting, _waiting.id == _before.person_id)
    .where(_before.cohort_id == Application.cohort_id, _before.state == "waiting", _waiting.is_active)
    .where(_before.id <= Application.id)
    .scalar_subquery()
)
_OPEN_OF = DirectQuery(
    select(Course.slug, CourseRevision.title, Cohort.name, Cohort.starts_on, Application.state, _LINE.label("line"))
    .join(Cohort, Cohort.id == Application.cohort_id)
    .join(Course, Course.id == Cohort.course_id)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .where(Application.person_id == bindparam("person_id"), Application.state.in_(OPEN))
    .order_by(Application.id)
)


def open_applications_of(person_id: int) -> list[OwnApplication]:
    """To published courses, oldest first."""
    return [
        OwnApplication(slug, title, name, starts_on, line if state == "waiting" else None)
        for slug, title, name, starts_on, state, line in _OPEN_OF.rows(person_id=person_id)
    ]


def has_withdrawn_application(person_id: int, course_id: int) -> bool:
    """True if the person has applied for the course and withdrawn the application."""
    withdrawn = select(Application.id).join(Application.cohort).where(Cohort.course_id == course_id)
    withdrawn = withdrawn.where(Application.person_id == person_id, Application.state == "withdrawn")
    return db.session.scalar(withdrawn.limit(1)) is not None


def open_applications(cohort_id: int, sees: Scope, state: str | None = None) -> list[tuple[Application, Person | None]]:
    """Proposals and the waiting list, oldest first. Entries without an account are included only for ``EVERYBODY``.

    Deactivated people are left out: they cannot get a place, so they hold nobody up.
    """
    found = (
        select(Application, Person)
        .outerjoin(Person, Person.id == Application.person_id)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(Application.cohort_id == cohort_id, Application.state.in_((state,) if state else OPEN))
        .where(or_(Application.person_id.is_(None), Person.is_active))
        .order_by(Application.id)
    )
    if sees.unit_ids is not None:
        found = found.where(in_scope(sees))
    return [(one, person) for one, person in db.session.execute(found)]


def people_asking(cohort_id: int) -> set[int]:
    """Ids of people with an open application for a cohort."""
    return set(
        db.session.scalars(
            select(Application.person_id).where(
                Application.cohort_id == cohort_id, Application.state.in_(OPEN), Application.person_id.is_not(None)
            )
        )
    )


def waiting_position(application: Application) -> int:
    """Position on the waiting list, from 1."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Application)
            .join(Person, Person.id == Application.person_id)
            .where(
                Application.cohort_id == application.cohort_id,
                Application.state == "waiting",
                Person.is_active,
                Application.id <= application.id,
            )
        )
        or 1
    )


def waiting_list(cohort_id: int) -> list[tuple[Application, Person]]:
    """The waiting list, oldest first, without people who have no active account."""
    rows = db.session.execute(
        select(Application, Person)
        .join(Person, Person.id == Application.person_id)
        .where(Application.cohort_id == cohort_id, Application.state == "waiting", Person.is_active)
        .options(lazyload(Person.grants))
        .order_by(Application.id)
    )
    return [(row, person) for row, person in rows]


def newly_registered(only: Collection[int] | None = None) -> Sequence[tuple[Application, Person]]:
    """Applications made by login name whose person has an account by now, of all or of these; by cohort, oldest
    first."""
    among = true() if only is None else Application.id.in_(only)
    rows = db.session.execute(_of_registered(Application, Person).where(among).options(lazyload(Person.grants)))
    return [(one, person) for one, person in rows]


def newly_registered_ids() -> dict[int, list[int]]:
    """The ids of all of them, by cohort."""
    found: dict[int, list[int]] = {}
    for cohort_id, application_id in db.session.execute(_of_registered(Application.cohort_id, Application.id)):
        found.setdefault(cohort_id, []).append(application_id)
    return found


def _of_registered(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Person, or_(Person.nip == Application.login_name, Person.email == Application.login_name))
        .where(Application.person_id.is_(None), Application.state == "waiting", Person.is_active)
        .order_by(Application.cohort_id, Application.id)
    )


def applications_below(scope: Scope) -> Select[Application, Person]:
    """All applications for the people of a scope, newest first."""
    return (
        select(Application, Person)
        .join(Person, Person.id == Application.person_id)
        .join(Application.cohort)
        .options(contains_eager(Application.cohort).joinedload(Cohort.course), lazyload(Person.grants))
        .where(in_scope(scope))
        .order_by(Application.id.desc())
    )
