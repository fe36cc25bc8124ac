"""What the first pages show, gathered from all packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, lazyload

from lms.accounts import queries as accounts
from lms.accounts.models import Person, Unit
from lms.assignments import queries as assignments
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning.models import Completion
from lms.learning.queries import Journey
from lms.learning.states import Row
from lms.records import queries as records
from lms.records.models import Record

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """Something with an end within the next two weeks, or just past it."""

    journey: Journey
    row: Row
    days: int
    """Whole days left; negative: it is over."""


@dataclass(frozen=True)
class LearnerHome:
    """``current`` is the journey to go on with; ``others`` the rest, running before completed."""

    current: Journey | None
    others: list[Journey]
    completed_ids: frozenset[int]
    due: list[Due]
    year: int
    jp: int


def learner_home(person_id: int, *, zone: str, pass_mark: float, now: datetime, today: datetime) -> LearnerHome:
    taken = db.session.execute(enrolments.courses_of(person_id)).all()
    ids = [enrolment.id for enrolment, _revision, _course in taken]
    marks = learning.marks_of(ids)
    journeys = [
        learning.journey(enrolment, course, revision, marks[enrolment.id], zone=zone, pass_mark=pass_mark, now=now)
        for enrolment, revision, course in taken
    ]
    completed = frozenset(learning.completions(ids))
    running = [one for one in journeys if one.enrolment.id not in completed]
    running.sort(key=_last_touched, reverse=True)
    current = next((one for one in running if one.next_row), None)
    others = [one for one in running if one is not current]
    return LearnerHome(
        current=current,
        others=others + [one for one in journeys if one.enrolment.id in completed],
        completed_ids=completed,
        due=_due(running, now),
        year=today.year,
        jp=records.jp_in_year(person_id, today.year),
    )


def _last_touched(journey: Journey) -> datetime:
    return max((mark.touched_at for mark in journey.marks.values()), default=journey.enrolment.enrolled_at)


def _due(journeys: list[Journey], now: datetime) -> list[Due]:
    found = [
        Due(journey, row, (row.closes_at - now).days)
        for journey in journeys
        for row in journey.rows
        if row.closes_at and row.lock is None and row.state not in {"done", "waiting"} and row.closes_at - now <= SOON
    ]
    return sorted(found, key=lambda due: due.days)


@dataclass(frozen=True)
class TaughtCourse:
    course: Course
    revision: CourseRevision | None
    participants: int
    waiting: int
    ready: int


def instructor_home(person: Person) -> list[TaughtCourse]:
    """Each course with what waits there: work to grade, completions to confirm."""
    taught = db.session.scalars(courses.courses_taught_by(person)).all()
    counts = enrolments.participant_counts([course.id for course in taught])
    return [
        TaughtCourse(
            course=course,
            revision=course.revision,
            participants=counts.get(course.id, 0),
            waiting=assignments.waiting_count([course.id]),
            ready=records.ready_count([course.id]),
        )
        for course in taught
    ]


def site_counts() -> dict[str, int]:
    """How much of everything there is, for the admin's first page."""

    def count(model: type, *conditions: object) -> int:
        return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]

    return {
        "people": count(Person, Person.is_active),
        "units": count(Unit),
        "courses": count(CourseRevision, CourseRevision.is_current),
        "enrolments": count(Enrolment, Enrolment.withdrawn_at.is_(None)),
        "completions": count(Completion),
        "records": count(Record, Record.revoked_at.is_(None)),
        "demo": count(Person, Person.is_demo, Person.is_active),
    }


@dataclass(frozen=True)
class Member:
    """One of the head's people: courses taken and completed, JP this year."""

    person: Person
    taken: int
    completed: int
    jp: int


@dataclass(frozen=True)
class Team:
    """A head's units, and what all their people together have reached."""

    units: Sequence[Unit]
    year: int
    count: int
    completed: int
    jp: int


def team(head: Person, *, year: int) -> Team:
    """Of everybody active in the units named to ``head`` and below them."""
    ids = team_people(head).with_only_columns(Person.id).order_by(None)
    completions = select(func.count()).select_from(Completion).join(Enrolment, Enrolment.id == Completion.enrolment_id)
    return Team(
        units=db.session.scalars(select(Unit).where(Unit.id.in_(head.headed_unit_ids)).order_by(Unit.name)).all(),
        year=year,
        count=db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0,
        completed=db.session.scalar(completions.where(Enrolment.person_id.in_(ids))) or 0,
        jp=records.jp_together(ids, year),
    )


def team_people(head: Person) -> Select[Person]:
    """Everybody active in the units named to ``head`` and below them, by name."""
    unit_ids = accounts.unit_and_below(head.headed_unit_ids)
    people = accounts.people_in(unit_ids).where(Person.is_active)
    return people.options(joinedload(Person.unit), lazyload(Person.grants))


def members(people: Sequence[Person], *, year: int) -> list[Member]:
    ids = [person.id for person in people]
    taken = _per_person(select(Enrolment.person_id, func.count()).where(Enrolment.withdrawn_at.is_(None)), ids)
    completed = _per_person(
        select(Enrolment.person_id, func.count()).join(Completion, Completion.enrolment_id == Enrolment.id), ids
    )
    jp = records.jp_of_people(ids, year)
    return [Member(one, taken.get(one.id, 0), completed.get(one.id, 0), jp.get(one.id, 0)) for one in people]


def _per_person(query: Select[int, int], person_ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(query.where(Enrolment.person_id.in_(person_ids)).group_by(Enrolment.person_id))
    return dict(rows.all())
