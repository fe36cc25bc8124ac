"""The result of an attempt, and what can be learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask import current_app, redirect
from flask_login import current_user

from lms.content.items.quiz import Quiz
from lms.core import clock
from lms.core.db import db
from lms.learning import queries as learning
from lms.learning.queries import ItemContext
from lms.learning.services import pass_mark
from lms.quizzes import queries, scoring, services, timing
from lms.quizzes.disclosure import disclosure
from lms.quizzes.models import Attempt
from lms.quizzes.queries import QuizLocation
from lms.quizzes.views.attempt import (
    attempt_state,
    bp,
    own_attempt,
    own_attempt_for_update,
    question_url,
    review_url,
    time_over_page,
    uncached_page,
)
from lms.web.access import signed_in


class QuizResult(NamedTuple):
    """The result over all attempts of a learner at a quiz."""

    effective: Decimal
    is_passed: bool
    is_running: bool
    may_retry: bool


@bp.get("/attempts/<int:attempt_id>/review")
@signed_in
def review(attempt_id: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if attempt.reviewed_at is None:
        is_ready = attempt.submitted_at is not None or services.is_over(attempt, now)
        return time_over_page(attempt) if is_ready else redirect(question_url(attempt, None))
    quiz, location = services.quiz_of(attempt), queries.quiz_location(attempt)
    context = _current_context(attempt, location, now)
    attempts = queries.attempts_of(attempt.enrolment_id, attempt.item_id)
    result = _result(quiz, attempts, context, now)
    return uncached_page(
        "quizzes/review.html",
        attempt=attempt,
        state=attempt_state(attempt),
        result=result,
        context=context,
        location=location,
        pass_mark=pass_mark(quiz.pass_mark),
        is_discarded=attempt.submitted_by == "deadline" and quiz.on_expiry == "discard",
        disclosure=disclosure(
            quiz.review, is_passed=result.is_passed, may_retry=result.may_retry, is_running=result.is_running
        ),
    )


@bp.post("/attempts/<int:attempt_id>/review")
@signed_in
def open_review(attempt_id: int) -> Any:
    """See a result for the first time. This is recorded: what the learner knows now can no longer be answered."""
    attempt, now = own_attempt_for_update(attempt_id), clock.now()
    if services.is_over(attempt, now):
        services.submit_attempt(attempt, now=now)
    services.open_review(attempt, now=now)
    db.session.commit()
    return redirect(review_url(attempt) if attempt.submitted_at else question_url(attempt, None))


def _result(quiz: Quiz, attempts: Sequence[Attempt], context: ItemContext | None, now: datetime) -> QuizResult:
    effective = scoring.effective_score([one.score for one in attempts if one.score is not None], quiz.grade)
    may_retry = False
    if context is not None:
        obstacle = timing.obstacle(
            queries.quiz_of_revision(context.item_revision.id),
            used=len(attempts),
            last_submitted_at=attempts[-1].submitted_at,
            closes_at=context.closes_at,
            now=now,
        )
        may_retry = obstacle is None or obstacle.is_temporary
    return QuizResult(
        effective=effective,
        is_passed=scoring.passes(effective, pass_mark(quiz.pass_mark)),
        is_running=any(one.submitted_at is None for one in attempts),
        may_retry=may_retry,
    )


def _current_context(attempt: Attempt, location: QuizLocation, now: datetime) -> ItemContext | None:
    """The quiz in the course as it is now; None if it is gone, or if the learner has left or enrolled again."""
    if location.item_slug is None:
        return None
    zone = current_app.config["TIMEZONE"]
    access = learning.item_access(current_user.id, location.course_slug, location.item_slug, zone=zone, now=now)
    return learning.item_context(access) if access and access.enrolment_id == attempt.enrolment_id else None
