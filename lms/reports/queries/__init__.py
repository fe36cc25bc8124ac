"""Queries of boards: people, enrolments and their states, counted or listed, always within the viewer's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)

from lms.authoring.services.checking import titles_being_written
from lms.core.db import UtcDateTime, db
from lms.core.i18n import to_site_time
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState
from lms.people import queries as persons
from lms.people.models import Person, Unit
from lms.people.names import full_name
from lms.people.scopes import WITHOUT_UNIT
from lms.records import queries as records
from lms.reports.filters import RUNNING, BoardQuery
from lms.reports.states import State, matching_states

T = TypeVar("T")


def state_of(today: date, near_days: int) -> ColumnElement[str]:
    """``lms.learning.status.learner_status`` as SQL, for an enrolment with its state outer-joined."""
    return case(*conditions(today, near_days), else_="not-started")


def conditions(today: date, near_days: int) -> list[tuple[ColumnElement[bool], State]]:
    near = today + timedelta(days=near_days)
    return [
        (Enrolment.withdrawn_at.is_not(None), "withdrawn"),
        (EnrolmentState.state == "finished", "finished"),
        (EnrolmentState.state == "failed", "failed"),
        (EnrolmentState.state == "waiting", "waiting"),
        (Enrolment.due_on < today, "overdue"),
        (Enrolment.due_on <= near, "near"),
        (EnrolmentState.state == "in-progress", "in-progress"),
    ]


PERSON = (Person.id, Person.title_before, Person.name, Person.title_after, Person.nip, Person.email)


def state(query: BoardQuery) -> ColumnElement[str]:
    return state_of(query.today, query.near_days)


def enrolments_of(query: BoardQuery, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The enrolments that pass the filters."""
    found = (
        select(*columns)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(*people_where(query), *taken_where(query))
    )
    if query.filters.state:
        found = found.where(state(query).in_(matching_states(query.filters.state)))
    if query.filters.picked:
        found = found.where(Enrolment.id.in_(query.filters.picked))
    return found


def people_where(query: BoardQuery) -> list[ColumnElement[bool]]:
    """Active people within the scope, whatever the address says, who pass the filters of people."""
    filters, where = query.filters, list[ColumnElement[bool]]([Person.is_active.is_(True)])
    ids = query.narrowed.unit_ids
    if ids is not None:
        where.append(Person.unit_id.in_(ids) if ids else false())
    if filters.unit_id == WITHOUT_UNIT:
        where.append(Person.unit_id.is_(None))
    if filters.status:
        where.append(Person.status == filters.status)
    if filters.person_id is not None:
        where.append(Person.id == filters.person_id)
    if filters.words:
        where.append(Person.id.in_(persons.ids_found(filters.words, by_parts_of_numbers=query.sees_numbers)))
    return where


def words_meant(query: BoardQuery) -> str:
    """``persons.words_meant`` within the other filters of people; empty if the words find somebody, or these nobody."""

    def found(words: str) -> Select[Person]:
        return select(Person).where(*people_where(replace(query, filters=replace(query.filters, words=words))))

    def finds_somebody(words: str) -> bool:
        return db.session.scalar(found(words).with_only_columns(Person.id).limit(1)) is not None

    words = query.filters.words
    meant = persons.words_meant(words, found("")) if words and not finds_somebody(words) else ""
    return meant if meant and finds_somebody(meant) else ""


def taken_where(query: BoardQuery) -> list[ColumnElement[bool]]:
    """The filters of enrolments, without the state."""
    filters, where = query.filters, list[ColumnElement[bool]]()
    if filters.course_id is not None:
        where.append(Enrolment.course_id == filters.course_id)
    if filters.cohort_id is not None:
        where.append(Enrolment.cohort_id == filters.cohort_id)
    if filters.year is not None:
        first, last = year_of(filters.year, query.zone)
        where.append(and_(Enrolment.enrolled_at >= first, Enrolment.enrolled_at < last))
    if filters.period == RUNNING:
        current = select(Cohort.id).where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= query.today))
        where.append(or_(Enrolment.cohort_id.in_(current), Enrolment.due_on >= query.today))
    return where


def is_enrolled(query: BoardQuery) -> ColumnElement[bool]:
    return exists().where(Enrolment.person_id == Person.id, *taken_where(query))


def year_of(year: int, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a year in the site's time zone, and the first moment after it."""
    first, last = (datetime(one, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in (year, year + 1))
    return first, last


class CourseName(NamedTuple):
    id: int
    title: str
    first_enrolled_at: datetime | None


def courses() -> list[CourseName]:
    """All courses by title; before the first publication by that of the draft."""
    first = select(func.min(Enrolment.enrolled_at)).where(Enrolment.course_id == Course.id).scalar_subquery()
    found = select(Course.id, CourseRevision.title, Course.slug, first).outerjoin(
        CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current)
    )
    rows = db.session.execute(found.order_by(CourseRevision.title, Course.id)).all()
    drafts = titles_being_written([row[0] for row in rows if row[1] is None])
    named = [CourseName(key, title or drafts.get(key) or slug, at) for key, title, slug, at in rows]
    return sorted(named, key=lambda one: one.title) if drafts else named


def first_year(found: Iterable[CourseName], this_year: int) -> int:
    """The year of the first enrolment, with which reports begin."""
    first = min((one.first_enrolled_at for one in found if one.first_enrolled_at), default=None)
    return to_site_time(first).year if first else this_year


def cohorts(course_id: int) -> list[tuple[int, str]]:
    """The cohorts of a course, newest first. The one without dates has an empty name."""
    found = select(Cohort.id, Cohort.name).where(Cohort.course_id == course_id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))]


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
    """The course's slug."""
    cohort: str | None
    state: State
    done: int | None
    total: int | None
    """``done`` of ``total``: the items that count."""
    still_needed: int | None
    """How many more items are needed to complete the course."""
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
    """Rows of ``BoardRow``, by name; ``titles.titled`` adds what unpublished courses are called."""
    if query.filters.is_about_people:
        return _not_enrolled(query)
    found = enrolments_of(
        query,
        Enrolment.id,
        *PERSON,
        Unit.name,
        CourseRevision.title,
        Course.slug,
        Cohort.name,
        state(query),
        *EnrolmentState.shown_count(),
        EnrolmentState.needed - EnrolmentState.done,
        Enrolment.due_on,
        EnrolmentState.touched_at,
    )
    found = (
        found.outerjoin(Unit, Unit.id == Person.unit_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
    )
    return found.order_by(*_BY_NAME)


_BY_NAME = (Person.name, Person.id, Enrolment.id)


def ids_of_names(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    """The ids of the rows of ``names``: of enrolments, or of people if the rows are about people."""
    if query.filters.is_about_people:
        return _not_enrolled(query).with_only_columns(Person.id)
    return enrolments_of(query, Enrolment.id).order_by(*_BY_NAME)


def _not_enrolled(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    word, number, day, moment = (literal(None, kind) for kind in (String(), null().type, Date(), UtcDateTime()))
    found = select(
        null(),
        *PERSON,
        Unit.name,
        *(word, word, word, literal("not-enrolled")),
        *(number, number, number, day, moment),
    )
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


class Member(NamedTuple):
    """A person with the JP of the year and the number of courses taken."""

    person_id: int
    title_before: str
    name: str
    title_after: str
    nip: str | None
    email: str | None
    unit: str | None
    status: str
    taken: int
    finished: int
    jp: int

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


def people(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    """Rows of ``Member``, fewest JP first."""
    earned = records.jp_by_person(query.today.year).subquery()
    jp = func.coalesce(earned.c.jp, 0)
    mine = select(func.count()).select_from(Enrolment).where(Enrolment.person_id == Person.id, *taken_where(query))
    mine = mine.where(Enrolment.withdrawn_at.is_(None))
    finished = mine.join(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    finished = finished.where(EnrolmentState.state == "finished")
    taken_count, finished_count = (one.correlate(Person).scalar_subquery() for one in (mine, finished))
    return (
        select(*PERSON, Unit.name, Person.status, taken_count, finished_count, jp)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(earned, earned.c.person_id == Person.id)
        .where(*people_where(query), *_by_hours(query, jp))
        .order_by(jp, Person.name, Person.id)
    )


def ids_of_people(query: BoardQuery) -> Select[*tuple[Any, ...]]:
    """The ids of the rows of ``people``."""
    return people(query).with_only_columns(Person.id)


def number_of_people(query: BoardQuery) -> int:
    """How many rows ``people`` has; without a filter of JP these are not asked for."""
    if query.filters.jp is None and not query.filters.goal:
        return db.session.scalar(select(func.count()).select_from(Person).where(*people_where(query))) or 0
    return db.session.scalar(ids_of_people(query).with_only_columns(func.count()).order_by(None)) or 0


def members(query: BoardQuery) -> list[Member]:
    """All of ``people``, by name."""
    found = db.session.execute(people(query).order_by(None).order_by(Person.name, Person.id))
    return [Member(*row) for row in found]


def courses_by_person(query: BoardQuery, person_ids: Sequence[int]) -> dict[tuple[int, int], State]:
    """The state of each person in each course. Of several enrolments in a course the newest counts."""
    found = enrolments_of(query.but(state=None), Person.id, Enrolment.course_id, state(query))
    rows = db.session.execute(found.where(Person.id.in_(person_ids)).order_by(Enrolment.id))
    return {(person_id, course_id): state for person_id, course_id, state in rows}


def _by_hours(query: BoardQuery, jp: ColumnElement[int]) -> list[ColumnElement[bool]]:
    where = list[ColumnElement[bool]]()
    if query.filters.jp is not None:
        where.append(jp.between(*query.filters.jp))
    if query.filters.goal:
        floors = [(Person.status == status, floor) for status, floor in query.floors.items()]
        if not floors:
            return [false()]
        goal = case(*floors, else_=None)
        where.append(jp < goal if query.filters.goal == "missed" else jp >= goal)
    return where
