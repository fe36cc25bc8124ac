"""Data of the home pages, gathered from all packages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Mapped

from lms.assignments import queries as assignments
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import policy as enrolment_policy
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Application, Enrolment
from lms.learning import queries as learning
from lms.learning.models import Completion
from lms.learning.queries import CourseProgress
from lms.learning.states import ItemRow
from lms.learning.status import CourseDeadline
from lms.people.account import Account
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope
from lms.records import queries as records
from lms.records.models import Record

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """An item that is due within two weeks, or overdue."""

    progress: CourseProgress
    row: ItemRow
    days: int
    """Whole days left; negative if overdue."""


@dataclass(frozen=True)
class Card:
    """A course that the person takes. ``failed`` and ``over`` (``CourseProgress.end_reason``) cannot be continued."""

    progress: CourseProgress
    state: Literal["running", "completed", "failed", "over"]
    deadline: CourseDeadline | None
    """None: no deadline, or it does not matter any more."""


@dataclass(frozen=True)
class LearnerHome:
    """``current`` is the course to continue; ``others`` are the rest: running, completed, then failed and over."""

    current: Card | None
    others: list[Card]
    due: list[Due]
    year: int
    jp: int

    @property
    def is_halted(self) -> bool:
        """True if a course cannot be continued although it was not completed."""
        return any(card.state in {"failed", "over"} for card in self.others)


def learner_home(
    person_id: int, *, zone: str, pass_mark: float, near_days: int, now: datetime, today: date
) -> LearnerHome:
    taken = enrolments.courses_of(person_id)
    ids = [enrolment.id for enrolment, _revision, _course in taken]
    item_progress = learning.item_progress(ids)
    started = [
        learning.course_progress(
            enrolment, course, revision, item_progress[enrolment.id], zone=zone, pass_mark=pass_mark, now=now
        )
        for enrolment, revision, course in taken
    ]
    completed = learning.completions(ids)
    cards = [_card(one, one.enrolment.id in completed, today, near_days) for one in started]
    running = [card for card in cards if card.state == "running"]
    running.sort(key=lambda card: _last_touched(card.progress), reverse=True)
    current = next((card for card in running if card.progress.next_row), None)
    return LearnerHome(
        current=current,
        others=[card for card in running if card is not current]
        + [card for card in cards if card.state == "completed"]
        + [card for card in cards if card.state in {"failed", "over"}],
        due=_due([card.progress for card in running], now),
        year=today.year,
        jp=records.jp_in_year(person_id, today.year),
    )


def _card(progress: CourseProgress, is_completed: bool, today: date, near_days: int) -> Card:
    if is_completed:
        return Card(progress, "completed", None)
    reason = progress.end_reason(today)
    return Card(progress, reason or "running", None if reason else progress.deadline(today, near_days))


def _last_touched(progress: CourseProgress) -> datetime:
    return max((one.touched_at for one in progress.item_progress.values()), default=progress.enrolment.enrolled_at)


def _due(courses: list[CourseProgress], now: datetime) -> list[Due]:
    found = [
        Due(progress, row, (row.closes_at - now).days)
        for progress in courses
        for row in progress.rows
        if row.closes_at and row.lock is None and row.state not in {"done", "waiting"} and row.closes_at - now <= SOON
        if not row.is_failed_for_good
    ]
    return sorted(found, key=lambda due: due.days)


@dataclass(frozen=True)
class TaughtCourse:
    course: Course
    revision: CourseRevision | None
    participants: int
    waiting: int
    ready: int


def instructor_home(person: Account) -> list[TaughtCourse]:
    """The courses a person teaches, with the work to grade and the completions to confirm."""
    taught = db.session.scalars(courses.courses_taught_by(person)).all()
    ids = [course.id for course in taught]
    counts = enrolments.participant_counts(ids)
    waiting, ready = assignments.waiting_counts(ids, not_by=person.id), records.ready_counts(ids, not_of=person.id)
    return [
        TaughtCourse(
            course=course,
            revision=course.revision,
            participants=counts.get(course.id, 0),
            waiting=waiting.get(course.id, 0),
            ready=ready.get(course.id, 0),
        )
        for course in taught
    ]


class InstructorTasks(NamedTuple):
    """Work to grade and completions to confirm, in all of an instructor's courses together."""

    submissions: int = 0
    completions: int = 0


def instructor_tasks(person: Account) -> InstructorTasks:
    """Makes no query for people who teach nothing."""
    ids = person.taught_course_ids
    if not ids:
        return InstructorTasks()
    ready = records.ready_counts(ids, not_of=person.id)
    return InstructorTasks(assignments.waiting_count(ids, not_by=person.id), sum(ready.values()))


@dataclass(frozen=True)
class PendingProposals:
    """Proposals that a person may decide, and their cohorts."""

    count: int
    cohort_ids: list[int]


def pending_proposals(person: Rights) -> PendingProposals:
    """Makes no query for people who may not decide any."""
    if not (person.is_admin or person.has_role("agency-admin") or person.has_role("committee")):
        return PendingProposals(0, [])
    found = select(Application.cohort_id, func.count())
    found = found.where(Application.state == "proposed", enrolment_policy.decidable_by(person))
    rows = db.session.execute(found.group_by(Application.cohort_id)).all()
    return PendingProposals(sum(count for _cohort_id, count in rows), [cohort_id for cohort_id, _count in rows])


def admin_counts(office: Scope) -> dict[str, int]:
    """Counts for the admin home page, of the people within a scope."""
    people = select(Person.id).where(in_admin_scope(office, Person.unit_id))

    def count(model: type, *conditions: object) -> int:
        return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]

    taken = select(Enrolment.id).where(Enrolment.person_id.in_(people))
    return {
        "people": count(Person, Person.is_active, Person.id.in_(people)),
        "units": count(Unit, Unit.ended_on.is_(None), in_admin_scope(office, Unit.id)),
        "courses": count(CourseRevision, CourseRevision.is_current),
        "enrolments": count(Enrolment, Enrolment.withdrawn_at.is_(None), Enrolment.person_id.in_(people)),
        "completions": count(Completion, Completion.enrolment_id.in_(taken)),
        "records": count(Record, Record.revoked_at.is_(None), Record.person_id.in_(people)),
        "demo": count(Person, Person.is_demo, Person.is_active),
    }


def in_admin_scope(office: Scope, column: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    return true() if office.unit_ids is None else column.in_(office.unit_ids)
