"""Reads of attempts and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from lms.content.items.quiz import Quiz
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.journal.models import Event
from lms.quizzes.models import Answer, Attempt


class QuizLocation(NamedTuple):
    """Where the quiz is now. ``item_slug`` is None if the course no longer has it."""

    course_slug: str
    item_slug: str | None


def attempt(attempt_id: int, person_id: int) -> Attempt | None:
    """The person's own attempt with its item revision; None for anyone else's."""
    return db.session.scalar(
        select(Attempt)
        .join(Attempt.item_revision)
        .options(contains_eager(Attempt.item_revision).defer(ItemRevision.content))
        .where(Attempt.id == attempt_id, Attempt.person_id == person_id)
    )


def quiz_of_revision(item_revision_id: int) -> Quiz:
    return cast(Quiz, courses.item_content(item_revision_id))


_FOR_UPDATE = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(of=Attempt)
    .execution_options(populate_existing=True)
)
_OWN_FOR_UPDATE = _FOR_UPDATE.where(Attempt.person_id == bindparam("person_id"))


def attempt_for_update(attempt_id: int, person_id: int | None = None) -> Attempt | None:
    """The attempt, locked until the transaction ends; with ``person_id`` only this person's own."""
    if person_id is None:
        return db.session.scalar(_FOR_UPDATE, {"attempt_id": attempt_id})
    return db.session.scalar(_OWN_FOR_UPDATE, {"attempt_id": attempt_id, "person_id": person_id})


def attempts_of(enrolment_id: int, item_id: int) -> Sequence[Attempt]:
    """All attempts of an enrolment at a quiz, the first one first."""
    return db.session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.item_id == item_id).order_by(Attempt.number)
    ).all()


def scores(enrolment_id: int, item_id: int) -> list[Decimal]:
    """The scores of all submitted attempts, the first one first."""
    return [one.score for one in attempts_of(enrolment_id, item_id) if one.score is not None]


def answers(attempt_id: int) -> dict[str, Answer]:
    """The answers that count, by question id, as they are now: services write them past the session."""
    found = select(Answer).where(Answer.attempt_id == attempt_id).execution_options(populate_existing=True)
    return {answer.question: answer for answer in db.session.scalars(found)}


class StoredAnswer(NamedTuple):
    id: int
    response: dict[str, Any]
    is_flagged: bool
    event_id: int
    answered_at: datetime
    event: bytes
    """The bytes of the event that gave this answer."""


_STORED_ANSWER = DirectQuery(
    select(Answer.id, Answer.response, Answer.is_flagged, Answer.event_id, Answer.answered_at, Event.bytes)
    .join(Event, Event.id == Answer.event_id)
    .where(Answer.attempt_id == bindparam("attempt_id"), Answer.question == bindparam("question"))
)


def stored_answer(attempt_id: int, question_id: str) -> StoredAnswer | None:
    """The answer that counts."""
    row = _STORED_ANSWER.row(attempt_id=attempt_id, question=question_id)
    return StoredAnswer(*row) if row else None


def overdue_ids(now: datetime) -> Sequence[int]:
    """Running attempts whose deadline has passed, the longest overdue first. Some may still be within their grace."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now)
        .order_by(Attempt.deadline_at)
    ).all()


def lock_enrolment(enrolment_id: int) -> None:
    """Make concurrent starts of one learner wait for each other."""
    db.session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())


def quiz_location(attempt: Attempt) -> QuizLocation:
    """By the published revision: slugs may have changed since the attempt started."""
    row = db.session.execute(
        select(Course.slug, CourseRevision.id)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Enrolment.id == attempt.enrolment_id)
    ).one()
    if row.id is None:
        return QuizLocation(row.slug, None)
    items = courses.contents(row.id).items
    return QuizLocation(row.slug, next((item.slug for item in items if item.item_id == attempt.item_id), None))
