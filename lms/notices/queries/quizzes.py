"""Limits of quizzes, requests for attempts, and marks that were changed afterwards, to notify people of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_

from lms.core.db import db
from lms.courses.models import Course, ItemRevision
from lms.enrolment.models import Enrolment
from lms.notices.queries import PUBLISHED_ITEM, enrolled_with, open_to_instructors
from lms.quizzes.models import AnswerMark, Attempt, AttemptRequest, QuizOverride, Regrade, RegradeLine


def new_quiz_limits(since: datetime) -> Sequence[Any]:
    """Other limits at quizzes, for each person concerned.

    (person id, enrolment id, slug, course title, item slug, item title, override id, further attempts). Slug and
    title of the item are None for all quizzes of the course, and for one that it no longer has.
    """
    rows = enrolled_with(ItemRevision.slug, ItemRevision.title, QuizOverride.id, QuizOverride.further_attempts)
    theirs = or_(QuizOverride.enrolment_id == Enrolment.id, QuizOverride.cohort_id == Enrolment.cohort_id)
    rows = rows.join(QuizOverride, theirs)
    rows = rows.outerjoin(ItemRevision, PUBLISHED_ITEM & (ItemRevision.item_id == QuizOverride.item_id))
    return db.session.execute(rows.where(QuizOverride.given_at > since).order_by(QuizOverride.id)).all()


def new_attempt_requests(since: datetime) -> Sequence[Any]:
    """Requests that nobody has answered, for each active instructor of the course.

    (instructor's id, request id, slug, enrolment id, item slug, item title, the learner)
    """
    one = AttemptRequest
    rows = open_to_instructors(one, one.id, Course.slug, Enrolment.id, ItemRevision.slug, ItemRevision.title)
    rows = rows.join(ItemRevision, PUBLISHED_ITEM & (ItemRevision.item_id == one.item_id))
    return db.session.execute(rows.where(one.asked_at > since)).all()


def newly_refused_requests(since: datetime) -> Sequence[Any]:
    """(person id, enrolment id, slug, course title, item slug, item title, request id, answer)"""
    rows = enrolled_with(ItemRevision.slug, ItemRevision.title, AttemptRequest.id, AttemptRequest.answer)
    rows = rows.join(AttemptRequest, AttemptRequest.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, PUBLISHED_ITEM & (ItemRevision.item_id == AttemptRequest.item_id))
    new = rows.where(AttemptRequest.answered_at > since, AttemptRequest.is_granted.is_(False))
    return db.session.execute(new.order_by(AttemptRequest.id)).all()


def regraded(since: datetime) -> Sequence[Any]:
    """Attempts whose mark a regrade changed that was finished since then, in the order of the change.

    (person id, enrolment id, slug, course title, quiz title, regrade id, attempt id, old and new score that counts,
    reason)
    """
    line = RegradeLine
    rows = enrolled_with(
        ItemRevision.title, Regrade.id, Attempt.id, line.old_effective, line.new_effective, Regrade.reason
    )
    rows = rows.join(Attempt, Attempt.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Attempt.item_revision_id)
    rows = rows.join(line, line.attempt_id == Attempt.id).join(Regrade, Regrade.id == line.regrade_id)
    new = rows.where(Regrade.finished_at > since, line.state == "changed")
    return db.session.execute(new.order_by(line.id)).all()


def answers_marked(since: datetime) -> Sequence[Any]:
    """Answers that instructors marked: the same columns, with the mark's id in place of the regrade's. Left out is the
    mark that gave an attempt its first score: see ``new_marks``."""
    mark = AnswerMark
    rows = enrolled_with(ItemRevision.title, mark.id, Attempt.id, mark.old_effective, mark.new_effective, mark.reason)
    rows = rows.join(Attempt, Attempt.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Attempt.item_revision_id)
    rows = rows.join(mark, mark.attempt_id == Attempt.id)
    new = rows.where(mark.marked_at > since, mark.grade_number > 1)
    return db.session.execute(new.order_by(mark.id)).all()
