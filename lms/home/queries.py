"""Data of the home pages, gathered from all packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import Mapped

from lms.assignments import queries as assignments
from lms.assignments.queries import attempts, waiting_times
from lms.authoring import queries as drafts
from lms.authoring.models import ScheduledPublication
from lms.authoring.services import checking as authoring
from lms.authoring.services.reviewing import courses_to_review
from lms.core.db import db
from lms.core.i18n import language_code, to_site_time
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import policy as enrolment_policy
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Application, Enrolment
from lms.enrolment.queries import OpenCourse, OwnApplication
from lms.enrolment.suggestions import MAX_SUGGESTED, suggested
from lms.home.situation import Facts, Situation, situation
from lms.learning import queries as learning
from lms.learning.models import Completion
from lms.learning.queries import CourseProgress
from lms.learning.reading_again import ReadAgain
from lms.learning.states import ItemRow
from lms.learning.status import CourseDeadline
from lms.notices.services.settings import help_contact
from lms.people.account import Account
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope
from lms.quizzes import queries as quizzes
from lms.quizzes.queries import essays
from lms.records import queries as records
from lms.records.models import Record
from lms.records.services.readiness import missing_now

SOON = timedelta(days=14)
NEWS_AGE = timedelta(days=30)
"""Older notices that nobody read are no news."""


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
    is_revoked: bool = False
    """Completed, and its certificate is not valid any more."""

    @property
    def next_row(self) -> ItemRow | None:
        return self.progress.next_row


@dataclass(frozen=True)
class Waiting:
    """Submitted work that an instructor has to grade."""

    progress: CourseProgress
    row: ItemRow
    since: datetime
    days: int


@dataclass(frozen=True)
class PendingCertificate:
    """A completed course whose certificate has not been issued yet."""

    slug: str
    title: str
    jp: int
    completed_at: datetime
    days: int


@dataclass(frozen=True)
class LearnerHome:
    """``current`` is the course to continue. ``others`` are the rest: running ones by their deadline, those without one
    after them, then failed and over, then completed."""

    current: Card | None
    others: list[Card]
    due: list[Due]
    waiting: list[Waiting]
    usual_days: int | None
    """How long the first of ``waiting`` usually takes, where it is what the page says first."""
    unissued: list[PendingCertificate]
    to_read_again: list[ReadAgain]
    attempts_left: int | None
    """Both if the item to continue with was not passed; None: no limit."""
    applications: list[OwnApplication]
    year: int
    jp: int

    @cached_property
    def situation(self) -> Situation:
        return situation(
            Facts(
                takes_courses=self.current is not None or bool(self.others),
                can_go_on=self.current is not None,
                has_started=self.current is not None and bool(self.current.progress.item_progress),
                next_state=self.current.next_row.state if self.current and self.current.next_row else None,
                is_waiting=bool(self.waiting),
                awaits_certificate=bool(self.unissued),
                opens_at=self.opens_at,
                is_halted=self.is_halted,
            )
        )

    @property
    def is_newcomers(self) -> bool:
        """True if the person has done nothing in any course yet."""
        cards = (self.current, *self.others)
        return not any(card and (card.state == "completed" or card.progress.item_progress) for card in cards)

    @property
    def opens_at(self) -> datetime | None:
        """When the next item opens, of courses that cannot be continued before."""
        moments = [
            row.lock.opens_at
            for card in self.others
            if card.state == "running"
            for row in card.progress.rows
            if row.lock and row.lock.opens_at
        ]
        return min(moments, default=None)

    @property
    def jp_learning(self) -> int:
        """The JP of the courses that are not completed, if they give a certificate."""
        cards = [card for card in (self.current, *self.others) if card is not None and card.state == "running"]
        return sum(card.progress.revision.earned_jp for card in cards)

    @property
    def jp_waiting(self) -> int:
        """The JP of the certificates that are still to be issued for this year."""
        return sum(one.jp for one in self.unissued if to_site_time(one.completed_at).year == self.year)

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
    completed = learning.completed_among(ids)
    revoked = records.revoked_among(completed) if completed else set()
    cards = [_card(one, one.enrolment.id in completed, today, near_days, revoked) for one in started]
    running = [card for card in cards if card.state == "running"]
    running.sort(key=lambda card: _last_touched(card.progress), reverse=True)
    current = next((card for card in running if card.progress.next_row), None)
    waiting = _waiting([card.progress for card in running], now)
    return LearnerHome(
        current=current,
        others=sorted((card for card in cards if card is not current), key=_by_deadline),
        due=_due([card.progress for card in running], now),
        waiting=waiting,
        usual_days=waiting_times.usual_days(waiting[0].row.item.item_id) if waiting and not current else None,
        unissued=_unissued(person_id, now) if completed else [],
        to_read_again=_to_read_again(current, now) if current else [],
        attempts_left=_attempts_left(current) if current else None,
        applications=enrolments.open_applications_of(person_id),
        year=today.year,
        jp=records.jp_in_year(person_id, today.year),
    )


def _to_read_again(current: Card, now: datetime) -> list[ReadAgain]:
    progress, row = current.progress, current.next_row
    if row is None or row.state != "failed":
        return []
    return quizzes.to_read_again(progress.enrolment.id, row, progress.course.slug, progress.rows, now)


def _attempts_left(current: Card) -> int | None:
    row, own = current.next_row, current.progress.enrolment.id
    if row is None or row.state != "failed":
        return None
    left = quizzes.attempts_left(own, row)
    return attempts.attempts_left(own, row) if left is None else left


def _card(progress: CourseProgress, is_completed: bool, today: date, near_days: int, revoked: Collection[int]) -> Card:
    if is_completed:
        return Card(progress, "completed", None, progress.enrolment.id in revoked)
    reason = progress.end_reason(today)
    return Card(progress, reason or "running", None if reason else progress.deadline(today, near_days))


_ORDER = {"running": 0, "failed": 1, "over": 1, "completed": 2}


def _by_deadline(card: Card) -> tuple[int, date, str]:
    return _ORDER[card.state], card.deadline.on if card.deadline else date.max, card.progress.revision.title


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
    return sorted(found, key=lambda due: (due.row.closes_at, due.row.item.item_id))


def _waiting(courses: list[CourseProgress], now: datetime) -> list[Waiting]:
    """The longest wait first."""
    rows = [(progress, row) for progress in courses for row in progress.rows if row.state == "waiting"]
    if not rows:
        return []
    enrolment_ids = {progress.enrolment.id for progress, _row in rows}
    moments = waiting_times.submitted_at(enrolment_ids) | essays.waiting_since(enrolment_ids)
    found = []
    for progress, row in rows:
        touched = progress.item_progress[row.item.item_id].touched_at
        since = moments.get((progress.enrolment.id, row.item.item_id), touched)
        found.append(Waiting(progress, row, since, (now - since).days))
    return sorted(found, key=lambda one: one.since)


def _unissued(person_id: int, now: datetime) -> list[PendingCertificate]:
    return [
        PendingCertificate(
            course.slug, revision.title, revision.jp, completion.completed_at, (now - completion.completed_at).days
        )
        for completion, revision, course in records.waiting_of(person_id)
    ]


def suggested_courses(
    person_id: int, view: LearnerHome, missing: int, today: date, newcomer_course: str
) -> list[OpenCourse]:
    """For those who have nothing to go on with, the newcomers' course first; for newcomers who have one, only that."""
    has_nothing = view.situation in {"new", "done", "halted", "finished", "waiting"}
    if not has_nothing and not newcomer_course:
        return []
    offers = enrolments.open_courses(person_id, today)
    first = [one for one in offers if one.slug == newcomer_course]
    completed = {card.progress.course.slug for card in view.others if card.state == "completed"}
    others = [one for one in offers if has_nothing and one.slug != newcomer_course]
    return [*first, *suggested(others, completed, missing, language=language_code())][:MAX_SUGGESTED]


@dataclass(frozen=True)
class TaughtCourse:
    course: Course
    revision: CourseRevision | None
    title: str
    """From the revision or, before there is one, from the draft."""
    participants: int
    waiting: int
    ready: int
    has_review: bool
    """Somebody else has asked that its draft is looked at."""
    scheduled: ScheduledPublication | None
    """The publication of its draft that waits or was refused."""


def instructor_home(person: Account) -> list[TaughtCourse]:
    """The courses a person teaches, with the work to grade and the completions to confirm."""
    taught = db.session.scalars(courses.courses_taught_by(person)).all()
    ids = [course.id for course in taught]
    counts = enrolments.participant_counts(ids)
    titles = authoring.titles_being_written([course.id for course in taught if course.revision is None])
    waiting, in_quizzes = (
        assignments.waiting_counts(ids, not_by=person.id),
        essays.waiting_counts(ids, not_by=person.id),
    )
    ready = records.ready_counts(ids, not_of=person.id)
    reviews, scheduled = courses_to_review(ids, not_by=person.id), drafts.open_publications(ids)
    listed = [
        TaughtCourse(
            course=course,
            revision=course.revision,
            title=course.revision.title if course.revision else titles.get(course.id) or course.slug,
            participants=counts.get(course.id, 0),
            waiting=waiting.get(course.id, 0) + in_quizzes.get(course.id, 0),
            ready=ready.get(course.id, 0),
            has_review=course.id in reviews,
            scheduled=scheduled.get(course.id),
        )
        for course in taught
    ]
    return sorted(listed, key=lambda one: one.title.casefold())


class InstructorTasks(NamedTuple):
    """Work to grade, essays of quizzes included, and completions to confirm, in all of an instructor's courses."""

    submissions: int = 0
    completions: int = 0


def instructor_tasks(person: Account) -> InstructorTasks:
    """Makes no query for people who teach nothing."""
    ids = person.taught_course_ids
    if not ids:
        return InstructorTasks()
    ready = records.ready_counts(ids, not_of=person.id)
    in_quizzes = sum(essays.waiting_counts(ids, not_by=person.id).values())
    return InstructorTasks(assignments.waiting_count(ids, not_by=person.id) + in_quizzes, sum(ready.values()))


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
    return {
        "people": _count(_of(office, Person, Person.id).where(Person.is_active)),
        "units": _count(select(Unit.id).where(Unit.ended_on.is_(None), in_admin_scope(office, Unit.id))),
        "courses": _count(select(CourseRevision.id).where(CourseRevision.is_current)),
        "enrolments": _count_without(_of(office, Enrolment, Enrolment.person_id), Enrolment.withdrawn_at.is_not(None)),
        "completions": _completions(office),
        "records": _count_without(_of(office, Record, Record.person_id), Record.revoked_at.is_not(None)),
        "demo": _count(select(Person.id).where(Person.is_demo, Person.is_active)),
    }


def first_steps(counts: Mapping[str, int]) -> list[str]:
    """What a new site lacks before people learn and get certificates, in the order of the work."""
    lacks = {
        "units": not counts["units"],
        "people": counts["people"] < 2,
        "courses": not counts["courses"],
        "contact": not help_contact().is_set,
        "certificates": bool(missing_now()),
    }
    return [step for step, is_missing in lacks.items() if is_missing]


def _of(office: Scope, model: type[Any], person_id: Any) -> Select[Any]:
    """Rows of a table that belong to the people of a scope. Everybody needs no look at the people."""
    rows = select(literal(1)).select_from(model)
    if office.unit_ids is None:
        return rows
    if model is not Person:
        rows = rows.join(Person, Person.id == person_id)
    return rows.where(Person.unit_id.in_(office.unit_ids))


def _completions(office: Scope) -> int:
    if office.unit_ids is None:
        return _count(select(literal(1)).select_from(Completion))
    done = select(literal(1)).select_from(Completion).join(Enrolment, Enrolment.id == Completion.enrolment_id)
    return _count(done.join(Person, Person.id == Enrolment.person_id).where(Person.unit_id.in_(office.unit_ids)))


def _count_without(rows: Select[Any], exception: ColumnElement[bool]) -> int:
    """All but the few with the ``exception``, which have an index of their own: the others are not looked at."""
    return _count(rows) - _count(rows.where(exception))


def _count(rows: Select[Any]) -> int:
    return db.session.scalar(rows.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def in_admin_scope(office: Scope, column: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    return true() if office.unit_ids is None else column.in_(office.unit_ids)
