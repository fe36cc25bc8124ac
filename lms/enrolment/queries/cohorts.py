"""The runs of courses: each with its places and what waits there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, lazyload

from lms.core.db import db
from lms.courses.models import Course, CourseRevision
from lms.enrolment.cohort_dates import CohortState, cohort_state
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.people.models import Person, RoleGrant


class CohortSummary(NamedTuple):
    """A cohort as lists show it. ``title`` is the published course's, None where it is not published; ``proposed``
    counts what the one who looks may decide."""

    cohort: Cohort
    slug: str
    title: str | None
    taken: int
    waiting: int
    proposed: int

    @property
    def left(self) -> int | None:
        """Free places; None where there is no limit."""
        return None if self.cohort.quota is None else max(0, self.cohort.quota - self.taken)

    def state(self, today: date) -> CohortState:
        one = self.cohort
        return cohort_state(one.starts_on, one.ends_on, is_open=one.is_open, enrols_until=one.enrols_until, today=today)


def cohort(cohort_id: int) -> Cohort | None:
    return db.session.get(Cohort, cohort_id)


def undated_cohort(course_id: int) -> Cohort | None:
    """The cohort without dates, open or not."""
    return db.session.scalar(select(Cohort).where(Cohort.course_id == course_id, Cohort.starts_on.is_(None)))


def places_taken(cohort_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
        )
        or 0
    )


def _summaries(decided: ColumnElement[bool] | None = None) -> Select[Cohort, str, str | None, int, int, int]:
    inside = select(func.count()).where(Enrolment.cohort_id == Cohort.id, Enrolment.withdrawn_at.is_(None))
    asking = select(func.count()).where(Application.cohort_id == Cohort.id)
    return (
        select(
            Cohort,
            Course.slug,
            CourseRevision.title,
            inside.scalar_subquery(),
            asking.where(Application.state == "waiting").scalar_subquery(),
            asking.where(Application.state == "proposed", true() if decided is None else decided).scalar_subquery(),
        )
        .join(Course, Course.id == Cohort.course_id)
        .outerjoin(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current))
    )


def cohort_summaries(
    today: date,
    *,
    course_id: int | None = None,
    state: str = "",
    words: str = "",
    cohort_ids: Collection[int] = (),
    course_ids: Collection[int] = (),
    is_whole_site: bool = False,
    decided: ColumnElement[bool] | None = None,
) -> Select[Cohort, str, str | None, int, int, int]:
    """Runs, the latest first: all of them, or the named cohorts and those of the named courses.

    ``decided``: which proposals are counted (``policy.decidable_by``).
    """
    found = _summaries(decided).order_by(
        Cohort.starts_on.is_(None), Cohort.starts_on.desc(), CourseRevision.title, Cohort.id
    )
    if not is_whole_site:
        found = found.where(or_(Cohort.id.in_(set(cohort_ids)), Cohort.course_id.in_(set(course_ids))))
    if course_id is not None:
        found = found.where(Cohort.course_id == course_id)
    if state:
        found = found.where(_is_in(state, today))
    for word in words.split()[:8]:
        columns = (CourseRevision.title, Course.slug, Cohort.name)
        found = found.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return found


def _is_in(state: str, today: date) -> ColumnElement[bool]:
    """``runs.cohort_state`` as the database asks it."""
    is_over = and_(Cohort.ends_on.is_not(None), Cohort.ends_on < today)
    is_before = and_(Cohort.starts_on.is_not(None), Cohort.starts_on > today, not_(is_over))
    enrols = and_(Cohort.is_open, or_(Cohort.enrols_until.is_(None), Cohort.enrols_until >= today))
    return {
        "over": is_over,
        "running": and_(not_(is_over), not_(is_before)),
        "enrolling": and_(is_before, enrols),
        "planned": and_(is_before, not_(enrols)),
    }[state]


def cohort_summary(cohort_id: int, decided: ColumnElement[bool] | None = None) -> CohortSummary | None:
    """``decided``: which proposals are counted (``policy.decidable_by``); all of them where it is not told."""
    row = db.session.execute(_summaries(decided).where(Cohort.id == cohort_id)).first()
    return CohortSummary(*row) if row else None


def cohorts_of_course(course_id: int) -> list[CohortSummary]:
    """All runs of a course, the latest first."""
    found = _summaries().where(Cohort.course_id == course_id)
    return [
        CohortSummary(*row) for row in db.session.execute(found.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))
    ]


def cohorts_to_join(course_id: int, today: date) -> list[CohortSummary]:
    """Where one may come in by oneself, or ask to: by their dates, the one without dates last."""
    found = _summaries().where(Cohort.course_id == course_id, _takes_people(today))
    return [
        CohortSummary(*row) for row in db.session.execute(found.order_by(Cohort.starts_on.is_(None), Cohort.starts_on))
    ]


def cohorts_taking_proposals(today: date) -> list[CohortSummary]:
    """Where heads of units may propose their people, of published courses."""
    found = _summaries().where(_takes_people(today), Cohort.needs_approval, CourseRevision.id.is_not(None))
    ordered = found.order_by(CourseRevision.title, Cohort.starts_on.is_(None), Cohort.starts_on, Cohort.id)
    return [CohortSummary(*row) for row in db.session.execute(ordered)]


def _takes_people(today: date) -> ColumnElement[bool]:
    last = func.coalesce(Cohort.enrols_until, Cohort.ends_on)
    not_over = or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today)
    return and_(Cohort.is_open, not_over, or_(last.is_(None), last >= today))


def cohorts_open_to_list(today: date, course_id: int | None = None) -> list[CohortSummary]:
    """Where staff may put people by list: every run that is not over, by course and date."""
    found = _summaries().where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today))
    if course_id is not None:
        found = found.where(Cohort.course_id == course_id)
    ordered = found.order_by(CourseRevision.title, Course.slug, Cohort.starts_on.is_(None), Cohort.starts_on, Cohort.id)
    return [CohortSummary(*row) for row in db.session.execute(ordered)]


def published_course_choices() -> list[tuple[str, str]]:
    """Slug and title of the published courses, by title."""
    found = select(Course.slug, CourseRevision.title).join(
        CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current)
    )
    return [(slug, title) for slug, title in db.session.execute(found.order_by(CourseRevision.title, Course.slug))]


def newest_cohort() -> int:
    """The id of the cohort that was made last; 0: there is none."""
    return db.session.scalar(select(func.max(Cohort.id))) or 0


def numbers_used(course_id: int, year: int, up_to: int | None = None) -> list[int]:
    """The numbers of the course's cohorts that begin in a year; only of those made until ``up_to``, an id."""
    return [
        number
        for number in db.session.scalars(
            select(Cohort.number).where(
                Cohort.course_id == course_id,
                Cohort.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
                true() if up_to is None else Cohort.id <= up_to,
            )
        )
        if number is not None
    ]


def committee(cohort_id: int) -> Sequence[tuple[RoleGrant, Person]]:
    """Who is, was or will be in the committee of a cohort, by name."""
    rows = db.session.execute(
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(RoleGrant.role == "committee", RoleGrant.cohort_id == cohort_id)
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(grant, person) for grant, person in rows]
