"""What the home page of a learner shows, gathered from all packages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from lms.assignments.queries import attempts, waiting_times
from lms.attendance.queries.expected import ExpectedMeeting, expected_meetings
from lms.core.i18n import language_code, to_site_time
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import OpenCourse, OwnApplication
from lms.enrolment.suggestions import MAX_SUGGESTED, suggested
from lms.home.situation import Facts, Situation, situation
from lms.learning import queries as learning
from lms.learning.queries import CourseProgress
from lms.learning.reading_again import ReadAgain
from lms.learning.states import ItemRow
from lms.learning.status import CourseDeadline
from lms.quizzes import queries as quizzes
from lms.quizzes.queries import essays
from lms.records import queries as records
from lms.records.repeats import Counted

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
    """0 if the course was completed before, and they do not count again."""
    completed_at: datetime
    days: int


@dataclass(frozen=True)
class LearnerHome:
    """``current`` is the course to continue. ``others`` are the rest: running ones by their deadline, those without one
    after them, then failed and over, then completed."""

    current: Card | None
    others: list[Card]
    meetings: list[ExpectedMeeting]
    """Those of the next two weeks, and of the session to continue with."""
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
    counted: Counted

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
    def current_meeting(self) -> ExpectedMeeting | None:
        """The next meeting of the session to continue with."""
        row = self.current.next_row if self.current else None
        return next((one for one in self.meetings if row and one.item is row.item), None)

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
        revisions = [card.progress.revision for card in cards]
        return sum(self.counted.jp_of((one.course_id, one.earned_jp) for one in revisions))

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
    completed, counted = learning.completed_among(ids), records.counted_courses(person_id, today.year)
    revoked = records.revoked_among(completed) if completed else set()
    cards = [_card(one, one.enrolment.id in completed, today, near_days, revoked) for one in started]
    running = [card for card in cards if card.state == "running"]
    running.sort(key=lambda card: _last_touched(card.progress), reverse=True)
    current = next((card for card in running if card.progress.next_row), None)
    waiting = _waiting([card.progress for card in running], now)
    return LearnerHome(
        current=current,
        others=sorted((card for card in cards if card is not current), key=_by_deadline),
        meetings=_meetings([card.progress for card in running], current, now),
        due=_due([card.progress for card in running], now),
        waiting=waiting,
        usual_days=waiting_times.usual_days(waiting[0].row.item.item_id) if waiting and not current else None,
        unissued=_unissued(person_id, now, today.year, counted) if completed else [],
        to_read_again=_to_read_again(current, now) if current else [],
        attempts_left=_attempts_left(current) if current else None,
        applications=enrolments.open_applications_of(person_id),
        year=today.year,
        jp=records.jp_in_year(person_id, today.year, counted.rule),
        counted=counted,
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
    return attempts.attempts_left_at(own, row) if left is None else left


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


def _meetings(courses: list[CourseProgress], current: Card | None, now: datetime) -> list[ExpectedMeeting]:
    next_item = current.next_row.item if current and current.next_row else None
    found = expected_meetings(courses, now)
    return [one for one in found if one.starts_at - now <= SOON or one.item is next_item]


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


def _unissued(person_id: int, now: datetime, year: int, counted: Counted) -> list[PendingCertificate]:
    found = []
    for completion, revision, course in records.waiting_of(person_id):
        is_of_year = to_site_time(completion.completed_at).year == year
        jp = counted.jp_of([(course.id, revision.jp)])[0] if is_of_year else revision.jp
        days = (now - completion.completed_at).days
        found.append(PendingCertificate(course.slug, revision.title, jp, completion.completed_at, days))
    return found


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
