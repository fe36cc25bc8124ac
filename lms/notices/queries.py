"""Reads about notices, and about what happened below that is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import lazyload

from lms.accounts.models import Person
from lms.core.db import db
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState, Grade, Progress
from lms.notices.models import Notice, NoticeMark
from lms.notices.occasions import Standing, enrolment_of, still_holds
from lms.notices.parts import in_parts
from lms.records.models import Record


def inbox(person_id: int) -> Select[Notice]:
    """What a person was told, newest first."""
    return select(Notice).where(*_own(person_id)).order_by(Notice.id.desc())


def own_notice(person_id: int, notice_id: int) -> Notice | None:
    """One of the person's own inbox."""
    return db.session.scalar(select(Notice).where(*_own(person_id), Notice.id == notice_id))


def _own(person_id: int) -> tuple[Any, ...]:
    return Notice.person_id == person_id, Notice.channel == "site"


def failed_mails() -> Select[Notice, Person]:
    """Mails that could not be delivered, newest first, with whom they were for."""
    found = select(Notice, Person).join(Person, Person.id == Notice.person_id).where(Notice.state == "failed")
    return found.options(lazyload(Person.grants)).order_by(Notice.id.desc())


def is_notice(notice_id: int) -> ColumnElement[bool]:
    """To narrow a list of notices to one."""
    return Notice.id == notice_id


@dataclass(frozen=True)
class Outbox:
    """How the mails stand: ``late`` wait although a try has failed; ``error`` is what the newest of these was told."""

    waiting: int
    late: int
    failed: int
    error: str | None


def outbox() -> Outbox:
    counts = select(func.count(), func.count().filter(Notice.tries > 0)).where(Notice.state == "waiting")
    waiting, late = db.session.execute(counts).one()
    failed = db.session.scalar(select(func.count()).select_from(Notice).where(Notice.state == "failed")) or 0
    newest = select(Notice.error).where(Notice.state == "waiting", Notice.tries > 0).order_by(Notice.id.desc())
    return Outbox(waiting, late, failed, db.session.scalar(newest.limit(1)) if late else None)


@dataclass(frozen=True)
class Mail:
    """A notice to be sent by mail, with whom it is for as that person is now."""

    notice: Notice
    person: Person
    still_holds: bool
    """What it says is true even now, perhaps a night after it came about."""

    @property
    def is_wanted(self) -> bool:
        able = self.person.is_active and self.person.wants_mail and self.person.email is not None
        return able and self.still_holds


def mails_due(now: datetime, most: int) -> list[Mail]:
    """The mails whose time has come, in the order in which they came about."""
    found = (
        select(Notice, Person)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.state == "waiting", Notice.due_at <= now)
        .options(lazyload(Person.grants))
        .order_by(Notice.due_at, Notice.id)
        .limit(most)
    )
    rows = db.session.execute(found).all()
    about = {notice.id: enrolment_of(notice.occasion) for notice, _person in rows}
    known = _standings({key for key in about.values() if key is not None})
    return [Mail(notice, person, _still_holds(notice, known.get(about[notice.id] or 0))) for notice, person in rows]


def _still_holds(notice: Notice, standing: Standing | None) -> bool:
    return standing is None or still_holds(notice.kind, notice.facts, standing)


def _standings(enrolment_ids: Iterable[int]) -> dict[int, Standing]:
    rows = (
        select(Enrolment.id, Enrolment.withdrawn_at, EnrolmentState.state, Enrolment.due_on, Enrolment.extended_until)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {
        key: Standing(withdrawn_at is not None or state == "finished", due_on, extended_until)
        for key, withdrawn_at, state, due_on, extended_until in db.session.execute(rows)
    }


def told_until(name: str) -> datetime | None:
    """Up to which moment a sweep has told what happened; None: it has never run."""
    return db.session.scalar(select(NoticeMark.until).where(NoticeMark.name == name))


def told_already(keys: Iterable[str]) -> set[tuple[int, str]]:
    """Who was told what of these occasions: (person's id, key)."""
    found: set[tuple[int, str]] = set()
    for few in in_parts(keys):
        rows = select(Notice.person_id, Notice.occasion).where(Notice.occasion.in_(few), Notice.channel == "site")
        found.update((person_id, key) for person_id, key in db.session.execute(rows))
    return found


def _taken(*columns: Any) -> Select[Any]:
    """Enrolments of active people that were not withdrawn, each with its course as it is published."""
    found: Select[Any] = select(Enrolment.person_id, Enrolment.id, Course.slug, CourseRevision.title, *columns)
    return (
        found.join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Person.is_active, Enrolment.withdrawn_at.is_(None))
    )


def new_enrolments(since: datetime) -> Sequence[Any]:
    """(person, enrolment, slug, course, the cohort's first day, last day)."""
    rows = _taken(Cohort.starts_on, Enrolment.due_on).join(Cohort, Cohort.id == Enrolment.cohort_id)
    return db.session.execute(rows.where(Enrolment.enrolled_at > since)).all()


def new_marks(since: datetime) -> Sequence[Any]:
    """Marks that people gave, not rules: (person, enrolment, slug, course, the item's slug and title, source, number,
    score)."""
    rows = _taken(ItemRevision.slug, ItemRevision.title, Grade.source, Grade.number, Grade.score)
    rows = rows.join(Grade, Grade.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Grade.item_revision_id)
    return db.session.execute(rows.where(Grade.graded_at > since, Grade.graded_by.is_not(None))).all()


def new_records(since: datetime) -> Sequence[Any]:
    """Certificates in force: (person, record, its printed facts, number)."""
    rows = select(Record.person_id, Record.id, Record.snapshot, Record.number).join(
        Person, Person.id == Record.person_id
    )
    return db.session.execute(rows.where(Person.is_active, Record.issued_at > since, Record.revoked_at.is_(None))).all()


def _is_unfinished() -> Any:
    """Something is left that the person can do: not finished, not failed for good, not all with a grader."""
    state = EnrolmentState.state
    with_grader = select(func.count()).where(Progress.enrolment_id == Enrolment.id, Progress.state == "waiting")
    left = EnrolmentState.needed - EnrolmentState.done
    return or_(
        state.is_(None),
        state == "in-progress",
        and_(state == "waiting", left > with_grader.correlate(Enrolment).scalar_subquery()),
    )


def running(first: date, last: date) -> Sequence[Any]:
    """Unfinished enrolments whose own last day lies between: (person, enrolment, slug, course, last day, joined)."""
    rows = _taken(Enrolment.due_on, Enrolment.enrolled_at)
    rows = rows.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Enrolment.due_on.between(first, last), _is_unfinished())).all()


def running_in(course_id: int) -> Sequence[Any]:
    """All unfinished enrolments of a course: as ``running``, then the cohort's first and last day and the extension."""
    rows = _taken(
        Enrolment.due_on, Enrolment.enrolled_at, Cohort.starts_on, Cohort.ends_on, Enrolment.extended_until
    ).join(Cohort, Cohort.id == Enrolment.cohort_id)
    rows = rows.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Enrolment.course_id == course_id, _is_unfinished())).all()


def published_revisions() -> Sequence[Any]:
    """(course, revision, the rule by which the course is completed)."""
    columns = select(CourseRevision.course_id, CourseRevision.id, CourseRevision.completion)
    return db.session.execute(columns.where(CourseRevision.is_current)).all()


def items_over(enrolment_ids: Sequence[int]) -> dict[int, set[int]]:
    """By enrolment, the items that are done or handed in."""
    found: dict[int, set[int]] = {}
    for few in in_parts(enrolment_ids):
        rows = select(Progress.enrolment_id, Progress.item_id).where(
            Progress.enrolment_id.in_(few), Progress.state.in_(("done", "waiting"))
        )
        for enrolment_id, item_id in db.session.execute(rows):
            found.setdefault(enrolment_id, set()).add(item_id)
    return found


def to_remind(enrolment_ids: Sequence[int]) -> list[Any]:
    """Those of the enrolments that are not finished: (person, enrolment, slug, course, last day)."""
    found: list[Any] = []
    for few in in_parts(enrolment_ids):
        rows = _taken(Enrolment.due_on).outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        is_open = or_(EnrolmentState.state.is_(None), EnrolmentState.state != "finished")
        found += db.session.execute(rows.where(Enrolment.id.in_(few), is_open)).all()
    return found


def with_address(person_ids: Iterable[int]) -> set[int]:
    """Who of them has an address and wants mail."""
    found: set[int] = set()
    for few in in_parts(person_ids):
        rows = select(Person.id).where(Person.id.in_(few), Person.email.is_not(None), Person.wants_mail)
        found.update(db.session.scalars(rows))
    return found
