"""Queries on cohorts, with their places and applications."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload, lazyload

from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.cohort_dates import CohortState, cohort_state
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.queries.applications import OPEN
from lms.lib.folding import neighbours, search_words
from lms.people.models import Person, RoleGrant


class CohortSummary(NamedTuple):
    """A cohort as lists show it. ``title`` is None if the course is not published; ``proposed`` counts the proposals
    that the viewer may decide."""

    cohort: Cohort
    slug: str
    title: str | None
    taken: int
    waiting: int
    proposed: int

    @property
    def left(self) -> int | None:
        """Free places; None if there is no limit."""
        return None if self.cohort.quota is None else max(0, self.cohort.quota - self.taken)

    def state(self, today: date) -> CohortState:
        one = self.cohort
        return cohort_state(one.starts_on, one.ends_on, is_open=one.is_open, enrols_until=one.enrols_until, today=today)


def cohort(cohort_id: int) -> Cohort | None:
    return db.session.get(Cohort, cohort_id)


def cohort_of_course(course_id: int, cohort_id: int) -> Cohort | None:
    return db.session.scalar(select(Cohort).where(Cohort.id == cohort_id, Cohort.course_id == course_id))


def undated_cohort(course_id: int) -> Cohort | None:
    """The cohort without dates, even if it is closed."""
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
    """Cohorts, latest first: all with ``is_whole_site``, else those in ``cohort_ids`` or of ``course_ids``.

    ``decided`` limits the proposals that are counted (``policy.decidable_by``).
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
    names = courses.names_to_search() if words else {}
    for word in search_words(words):
        named = [course_id for course_id, name in names.items() if word in name]
        found = found.where(or_(Cohort.course_id.in_(named), Cohort.has_word(word)))
    return found


def words_meant(words: str) -> str:
    """``words`` with misspelt ones replaced by words of courses and cohorts; empty if none is near."""
    texts = [*courses.names_to_search().values(), *db.session.scalars(select(Cohort.search_text).distinct())]
    return " ".join(neighbours(search_words(words), " ".join(filter(None, texts)).split()) or ())


def _is_in(state: str, today: date) -> ColumnElement[bool]:
    """The SQL counterpart of ``cohort_dates.cohort_state``."""
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
    """``decided`` limits the proposals that are counted (``policy.decidable_by``); by default all are."""
    row = db.session.execute(_summaries(decided).where(Cohort.id == cohort_id)).first()
    return CohortSummary(*row) if row else None


def cohorts_of_course(course_id: int) -> list[CohortSummary]:
    """All cohorts of a course, latest first."""
    found = _summaries().where(Cohort.course_id == course_id)
    return [
        CohortSummary(*row) for row in db.session.execute(found.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))
    ]


def cohorts_to_join(course_id: int, today: date) -> list[CohortSummary]:
    """Cohorts that people may join or apply for now, by date; the one without dates comes last."""
    found = _summaries().where(Cohort.course_id == course_id, _takes_people(today))
    return [
        CohortSummary(*row) for row in db.session.execute(found.order_by(Cohort.starts_on.is_(None), Cohort.starts_on))
    ]


class OpenCourse(NamedTuple):
    """A course that takes people now. ``starts_on`` is that of its next cohort; None: it may be begun at once."""

    revision: CourseRevision
    slug: str
    starts_on: date | None


_PERSON: BindParameter[int] = bindparam("person_id", type_=Integer)
_OPEN_TO = (
    select(CourseRevision, Course.slug)
    .join(Course, Course.id == CourseRevision.course_id)
    .where(
        CourseRevision.is_current,
        ~exists().where(Enrolment.person_id == _PERSON, Enrolment.course_id == Course.id),
        Course.id.not_in(
            select(Cohort.course_id)
            .join(Application, Application.cohort_id == Cohort.id)
            .where(Application.person_id == _PERSON, Application.state.in_(OPEN))
        ),
    )
)


def open_courses(person_id: int, today: date) -> list[OpenCourse]:
    """The courses that a person could join now, without those that the person takes, took or has asked for."""
    rows = db.session.execute(_OPEN_TO, {"person_id": person_id}).all()
    starts = next_starts([revision.course_id for revision, _slug in rows], today)
    return [
        OpenCourse(revision, slug, starts[revision.course_id])
        for revision, slug in rows
        if revision.course_id in starts
    ]


_IS_OFFERED = Cohort.course_id.in_(select(Course.id).where(courses.OFFERED))


def _takes_people(today: date | BindParameter[date]) -> ColumnElement[bool]:
    last = func.coalesce(Cohort.enrols_until, Cohort.ends_on)
    not_over = or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today)
    return and_(Cohort.is_open, not_over, or_(last.is_(None), last >= today), _IS_OFFERED)


_NEXT_STARTS = DirectQuery(
    select(Cohort.course_id, Cohort.starts_on)
    .where(
        Cohort.course_id.in_(bindparam("course_ids", expanding=True)), _takes_people(bindparam("today", type_=Date()))
    )
    .order_by(Cohort.starts_on.is_not(None), Cohort.starts_on),
    tuple,
)


def next_starts(course_ids: Sequence[int], today: date) -> dict[int, date | None]:
    """When the next cohort begins that takes people now, by course. None: it may be begun at once."""
    found: dict[int, date | None] = {}
    for course_id, starts_on in _NEXT_STARTS.rows(course_ids=course_ids, today=today) if course_ids else ():
        found.setdefault(course_id, starts_on)
    return found


def cohorts_taking_proposals(today: date) -> list[CohortSummary]:
    """Cohorts of published courses that take proposals from heads of units now."""
    found = _summaries().where(_takes_people(today), Cohort.needs_approval, CourseRevision.id.is_not(None))
    ordered = found.order_by(CourseRevision.title, Cohort.starts_on.is_(None), Cohort.starts_on, Cohort.id)
    return [CohortSummary(*row) for row in db.session.execute(ordered)]


def cohorts_open_to_list(today: date, course_id: int | None = None) -> list[CohortSummary]:
    """Cohorts that staff may enrol people in: all of courses on offer that are not over, by course and date."""
    found = _summaries().where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today), courses.OFFERED)
    if course_id is not None:
        found = found.where(Cohort.course_id == course_id)
    ordered = found.order_by(CourseRevision.title, Course.slug, Cohort.starts_on.is_(None), Cohort.starts_on, Cohort.id)
    return [CohortSummary(*row) for row in db.session.execute(ordered)]


def published_course_choices(*, offered_only: bool = False) -> list[tuple[str, str]]:
    """Slugs and titles of published courses, by title; with ``offered_only`` without archived ones."""
    found = select(Course.slug, CourseRevision.title).join(
        CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current)
    )
    if offered_only:
        found = found.where(courses.OFFERED)
    return [(slug, title) for slug, title in db.session.execute(found.order_by(CourseRevision.title, Course.slug))]


def cohorts_to_fill(today: date) -> Sequence[int]:
    """Ids of cohorts that are not over and have free places, for which people with an account wait."""
    taken = select(func.count()).where(Enrolment.cohort_id == Cohort.id, Enrolment.withdrawn_at.is_(None))
    waiting = select(Application.cohort_id).join(Person, Person.id == Application.person_id)
    found = select(Cohort.id).where(
        Cohort.id.in_(waiting.where(Application.state == "waiting", Person.is_active)),
        or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today),
        or_(Cohort.quota.is_(None), Cohort.quota > taken.scalar_subquery()),
        Cohort.course_id.not_in(select(Course.id).where(Course.archived_at.is_not(None))),
    )
    return db.session.scalars(found.order_by(Cohort.id)).all()


def newest_cohort() -> int:
    """Id of the cohort created last, or 0."""
    return db.session.scalar(select(func.max(Cohort.id))) or 0


def numbers_used(course_id: int, year: int, up_to: int | None = None) -> list[int]:
    """Numbers of the course's cohorts that start in a year; with ``up_to``, ignores cohorts with a higher id."""
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
    """Past, present and future committee members of a cohort, by name."""
    rows = db.session.execute(
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .where(RoleGrant.role == "committee", RoleGrant.cohort_id == cohort_id)
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(grant, person) for grant, person in rows]
