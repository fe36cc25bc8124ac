"""Reads of notices, and of the events and deadlines that people are notified of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from lms.announcements import queries as announcements
from lms.announcements.models import Announcement
from lms.assignments.models import Submission, SubmissionReturn
from lms.authoring.models import ScheduledPublication
from lms.content import stored
from lms.content.course import CompletionRule
from lms.core.db import db, in_batches
from lms.core.direct_query import DirectQuery
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState, Grade, Progress
from lms.notices.models import Notice, NoticeSweep
from lms.notices.notifications import DeadlineState, announcement_of, enrolment_of, still_holds
from lms.people.account import Account
from lms.people.models import Person, RoleGrant
from lms.records.models import Record

NEWS = (
    "certificate",
    "revoked",
    "graded",
    "graded-together",
    "returned",
    "regraded",
    "quiz-limits",
    "attempt-refused",
    "application-refused",
    "objection-answered",
    "inquiry-answered",
    "meeting",
    "meeting-moved",
)


def inbox(person_id: int) -> Select[Notice]:
    """A person's notices, newest first."""
    return select(Notice).where(*_own(person_id)).order_by(Notice.id.desc())


def own_notice(person_id: int, notice_id: int) -> Notice | None:
    return db.session.scalar(select(Notice).where(*_own(person_id), Notice.id == notice_id))


def _own(person_id: int) -> tuple[Any, ...]:
    return Notice.person_id == person_id, Notice.channel == "site"


class News(NamedTuple):
    """An unread notice of a decision."""

    id: int
    kind: str
    facts: dict[str, Any]
    created_at: datetime


def _news() -> Select[int, str, dict[str, Any], datetime]:
    newer = aliased(Notice)
    own, is_news = Notice.person_id == bindparam("person_id"), newer.kind.in_(NEWS)
    replaced = exists().where(
        newer.person_id == Notice.person_id,
        newer.channel == "site",
        newer.id > Notice.id,
        newer.link == Notice.link,
        is_news,
    )
    unread = select(Notice.id, Notice.kind, Notice.facts, Notice.created_at).where(
        own,
        Notice.channel == "site",
        Notice.read_at.is_(None),
        Notice.kind.in_(NEWS),
        Notice.created_at > bindparam("since"),
        ~replaced,
    )
    return unread.order_by(Notice.id.desc()).limit(3)


_NEWS_QUERY = DirectQuery(_news(), News)


def news(person: Account, since: datetime) -> Sequence[News]:
    """Unread notices of what was decided about a person's work since then, the newest first, at most three.

    What a newer one about the same page replaces is left out, such as the mark of an earlier submission. Makes no query
    for people who have read all their notices.
    """
    return _NEWS_QUERY.rows(person_id=person.id, since=since) if person.unread_notices else []


def failed_mails() -> Select[Notice, Person]:
    """Mails that were given up, newest first, with their recipients."""
    found = select(Notice, Person).join(Person, Person.id == Notice.person_id).where(Notice.state == "failed")
    return found.options(lazyload(Person.grants)).order_by(Notice.id.desc())


@dataclass(frozen=True)
class OutboxState:
    """Numbers of mails. ``late`` are waiting after a failed attempt; ``error`` is the newest error among these."""

    waiting: int
    late: int
    failed: int
    error: str | None


def outbox() -> OutboxState:
    counts = select(func.count(), func.count().filter(Notice.tries > 0)).where(Notice.state == "waiting")
    waiting, late = db.session.execute(counts).one()
    failed = db.session.scalar(select(func.count()).select_from(Notice).where(Notice.state == "failed")) or 0
    newest = select(Notice.error).where(Notice.state == "waiting", Notice.tries > 0).order_by(Notice.id.desc())
    return OutboxState(waiting, late, failed, db.session.scalar(newest.limit(1)) if late else None)


@dataclass(frozen=True)
class OutgoingMail:
    """A notice to send by mail, with its recipient."""

    notice: Notice
    person: Person
    deadline: DeadlineState | None
    announcement: Announcement | None

    @property
    def is_wanted(self) -> bool:
        able = self.person.is_active and self.person.wants_mail and self.person.email is not None
        return able and self._still_holds()

    def _still_holds(self) -> bool:
        """True if what it says is still correct; it may have waited overnight."""
        if self.announcement is not None:
            return self.announcement.withdrawn_at is None
        return self.deadline is None or still_holds(self.notice.kind, self.notice.facts, self.deadline)

    @property
    def facts(self) -> dict[str, Any]:
        """Those of the notice; of an announcement with its whole text as it is now."""
        one = self.announcement
        return self.notice.facts | {"title": one.title, "text": one.text} if one else self.notice.facts


def mails_due(now: datetime, limit: int) -> list[OutgoingMail]:
    """At most ``limit`` mails that may be sent now, oldest first."""
    found = (
        select(Notice, Person)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.state == "waiting", Notice.due_at <= now)
        .options(lazyload(Person.grants))
        .order_by(Notice.due_at, Notice.id)
        .limit(limit)
    )
    rows = db.session.execute(found).all()
    about = {notice.id: enrolment_of(notice.key) for notice, _person in rows}
    states = _deadline_states({key for key in about.values() if key is not None})
    announced = announcements.with_ids(_announced(rows))
    return [
        OutgoingMail(notice, person, states.get(about[notice.id] or 0), announced.get(announcement_of(notice.key) or 0))
        for notice, person in rows
    ]


def _announced(rows: Sequence[Any]) -> set[int]:
    return {key for notice, _person in rows if (key := announcement_of(notice.key)) is not None}


def _deadline_states(enrolment_ids: Iterable[int]) -> dict[int, DeadlineState]:
    rows = (
        select(Enrolment.id, Enrolment.withdrawn_at, EnrolmentState.state, Enrolment.due_on, Enrolment.extended_until)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {
        key: DeadlineState(withdrawn_at is not None or state == "finished", due_on, extended_until)
        for key, withdrawn_at, state, due_on, extended_until in db.session.execute(rows)
    }


def last_sweep_at(name: str) -> datetime | None:
    return db.session.scalar(select(NoticeSweep.last_run_at).where(NoticeSweep.name == name))


def already_sent(keys: Iterable[str]) -> set[tuple[int, str]]:
    """Which people have been notified under these keys: (person id, key)."""
    found: set[tuple[int, str]] = set()
    for batch in in_batches(dict.fromkeys(keys)):
        rows = select(Notice.person_id, Notice.key).where(Notice.key.in_(batch), Notice.channel == "site")
        found.update((person_id, key) for person_id, key in db.session.execute(rows))
    return found


def enrolled_with(*columns: Any) -> Select[Any]:
    """Enrolments of active people that were not withdrawn, each with its published course."""
    found: Select[Any] = select(Enrolment.person_id, Enrolment.id, Course.slug, CourseRevision.title, *columns)
    return (
        found.join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Person.is_active, Enrolment.withdrawn_at.is_(None))
    )


def open_to_instructors(asked: Any, *columns: Any) -> Select[Any]:
    """What participants ask and nobody has answered, for each active instructor of the course but the one who asks:
    (the instructor's id, *columns, who asks). ``asked`` is a model with ``enrolment_id`` and ``answered_at``."""
    teacher = aliased(Person)
    found: Select[Any] = select(teacher.id, *columns, Person).select_from(asked)
    return (
        found.join(Enrolment, Enrolment.id == asked.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .join(RoleGrant, (RoleGrant.course_id == Course.id) & (RoleGrant.role == "instructor"))
        .join(teacher, (teacher.id == RoleGrant.person_id) & teacher.is_active)
        .where(asked.answered_at.is_(None), teacher.id != Person.id)
        .options(lazyload(Person.grants))
        .order_by(asked.id)
    )


def new_enrolments(since: datetime) -> Sequence[Any]:
    """(person id, enrolment id, slug, course title, the cohort's first day, due day)."""
    rows = enrolled_with(Cohort.starts_on, Enrolment.due_on).join(Cohort, Cohort.id == Enrolment.cohort_id)
    return db.session.execute(rows.where(Enrolment.enrolled_at > since).order_by(Enrolment.id)).all()


def new_marks(since: datetime) -> Sequence[Any]:
    """Marks given by people: of papers, and of quizzes once their essays are marked. Quizzes that were marked again:
    see ``regraded``.

    (person id, enrolment id, slug, course title, item slug, item title, source, number, score, when)
    """
    columns = Grade.source, Grade.number, Grade.score, Grade.graded_at
    rows = enrolled_with(ItemRevision.slug, ItemRevision.title, *columns)
    rows = rows.join(Grade, Grade.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Grade.item_revision_id)
    is_news = ~Grade.source.startswith("attempt:") | (Grade.number == 1)
    new = rows.where(Grade.graded_at > since, Grade.graded_by.is_not(None), is_news)
    return db.session.execute(new.order_by(Grade.id)).all()


def new_returns(since: datetime) -> Sequence[Any]:
    """Work returned for revision.

    (person id, enrolment id, slug, course title, item slug, item title, submission id, last day)
    """
    rows = enrolled_with(ItemRevision.slug, ItemRevision.title, Submission.id, SubmissionReturn.until)
    rows = rows.join(Submission, Submission.enrolment_id == Enrolment.id)
    rows = rows.join(SubmissionReturn, SubmissionReturn.submission_id == Submission.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
    new = rows.where(SubmissionReturn.returned_at > since)
    return db.session.execute(new.order_by(SubmissionReturn.id)).all()


PUBLISHED_ITEM = ItemRevision.revision_id == CourseRevision.id


def new_records(since: datetime) -> Sequence[Any]:
    """Valid certificates with the statuses of their people."""
    rows = select(
        Record.person_id,
        Record.id,
        Course.slug,
        Record.snapshot,
        Record.number,
        Record.jp,
        Record.completed_on,
        Person.status,
    )
    rows = rows.join(Person, Person.id == Record.person_id).join(Course, Course.id == Record.course_id)
    new = rows.where(Person.is_active, Record.issued_at > since, Record.revoked_at.is_(None))
    return db.session.execute(new.order_by(Record.id)).all()


def newly_revoked(since: datetime) -> Sequence[Any]:
    """(person id, record id, printed facts, number, reason)."""
    rows = select(Record.person_id, Record.id, Record.snapshot, Record.number, Record.revoke_reason)
    rows = rows.join(Person, Person.id == Record.person_id)
    return db.session.execute(rows.where(Person.is_active, Record.revoked_at > since).order_by(Record.id)).all()


def ended_publications(since: datetime) -> list[tuple[int, ScheduledPublication, str, int | None]]:
    """Scheduled publications that a job has ended, for each active person who scheduled them or asked for their review:
    (person id, publication, slug, number of the revision)."""
    concerned = or_(Person.id == ScheduledPublication.scheduled_by, Person.id == ScheduledPublication.review_asked_by)
    rows = (
        select(Person.id, ScheduledPublication, Course.slug, CourseRevision.number)
        .join(Course, Course.id == ScheduledPublication.course_id)
        .join(Person, concerned)
        .outerjoin(CourseRevision, CourseRevision.id == ScheduledPublication.published_id)
        .where(
            Person.is_active,
            ScheduledPublication.state.in_(("published", "refused")),
            ScheduledPublication.ended_at > since,
        )
        .order_by(ScheduledPublication.id, Person.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(rows)]


def _is_unfinished() -> Any:
    """True if there is something left to do: not finished, not failed for good, not everything awaits grading."""
    state = EnrolmentState.state
    with_grader = select(func.count()).where(Progress.enrolment_id == Enrolment.id, Progress.state == "waiting")
    left = EnrolmentState.needed - EnrolmentState.done
    return or_(
        state.is_(None),
        state == "in-progress",
        and_(state == "waiting", left > with_grader.correlate(Enrolment).scalar_subquery()),
    )


def running(first: date, last: date) -> Sequence[Any]:
    """Unfinished enrolments due in this range: (person id, enrolment id, slug, course title, due day, enrolled at)."""
    rows = enrolled_with(Enrolment.due_on, Enrolment.enrolled_at)
    rows = rows.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Enrolment.due_on.between(first, last), _is_unfinished())).all()


def running_in(course_id: int) -> Sequence[Any]:
    """Unfinished enrolments of a course: as ``running``, then all that its window needs."""
    rows = enrolled_with(
        Enrolment.due_on,
        Enrolment.enrolled_at,
        Cohort.starts_on,
        Cohort.ends_on,
        Enrolment.extended_until,
        Enrolment.item_dates,
        Cohort.item_dates.label("cohort_item_dates"),
    ).join(Cohort, Cohort.id == Enrolment.cohort_id)
    rows = rows.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Enrolment.course_id == course_id, _is_unfinished())).all()


def published_revisions() -> list[tuple[int, int, CompletionRule]]:
    """(course id, revision id, completion rule)."""
    columns = select(CourseRevision.course_id, CourseRevision.id, CourseRevision.completion)
    rows = db.session.execute(columns.where(CourseRevision.is_current))
    return [(course_id, revision_id, stored.load_rule(rule)) for course_id, revision_id, rule in rows]


def items_over(enrolment_ids: Sequence[int]) -> dict[int, set[int]]:
    """By enrolment id, the ids of the items that are done or submitted."""
    found: dict[int, set[int]] = {}
    for batch in in_batches(enrolment_ids):
        rows = select(Progress.enrolment_id, Progress.item_id).where(
            Progress.enrolment_id.in_(batch), Progress.state.in_(("done", "waiting"))
        )
        for enrolment_id, item_id in db.session.execute(rows):
            found.setdefault(enrolment_id, set()).add(item_id)
    return found


def to_remind(enrolment_ids: Sequence[int]) -> list[Any]:
    """Those of the enrolments that are not finished: (person id, enrolment id, slug, course title, due day)."""
    found: list[Any] = []
    for batch in in_batches(enrolment_ids):
        rows = enrolled_with(Enrolment.due_on).outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        is_open = or_(EnrolmentState.state.is_(None), EnrolmentState.state != "finished")
        found += db.session.execute(rows.where(Enrolment.id.in_(batch), is_open)).all()
    return found


def finished_of(enrolment_ids: Sequence[int]) -> list[Any]:
    """Those of the enrolments that are finished: (person id, enrolment id, slug, course title)."""
    found: list[Any] = []
    for batch in in_batches(enrolment_ids):
        rows = enrolled_with().join(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        found += db.session.execute(rows.where(Enrolment.id.in_(batch), EnrolmentState.state == "finished")).all()
    return found


def with_address(person_ids: Iterable[int]) -> set[int]:
    """Those who have an address and want mail."""
    found: set[int] = set()
    for batch in in_batches(person_ids):
        rows = select(Person.id).where(Person.id.in_(batch), Person.email.is_not(None), Person.wants_mail)
        found.update(db.session.scalars(rows))
    return found
