"""The result of an attempt, and what can be learned from it."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import current_app, redirect
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.learning import queries as learning
from lms.learning.queries import ItemContext
from lms.learning.services import pass_mark
from lms.quizzes import grading, queries, services, timing
from lms.quizzes.disclosure import disclosure
from lms.quizzes.models import Attempt
from lms.quizzes.views.shared import (
    bp,
    fresh,
    over_page,
    own_attempt,
    own_attempt_to_change,
    page_of,
    review_of,
    sheet_of,
)
from lms.web.access import signed_in


class Standing(NamedTuple):
    """What the quiz as a whole has come to. ``context`` is None where the person is no longer in the course."""

    effective: Any
    is_passed: bool
    is_running: bool
    may_retry: bool
    context: ItemContext | None


@bp.get("/attempts/<int:attempt_id>/review")
@signed_in
def review(attempt_id: int) -> Any:
    attempt = own_attempt(attempt_id)
    if attempt.reviewed_at is None:
        is_ready = attempt.submitted_at is not None or services.is_over(attempt, clock.now())
        return over_page(attempt) if is_ready else redirect(page_of(attempt, None))
    standing = _standing(attempt)
    rules = services.quiz_of(attempt)
    return fresh(
        "quizzes/review.html",
        attempt=attempt,
        rules=rules,
        sheet=sheet_of(attempt),
        standing=standing,
        mark=pass_mark(rules.pass_mark),
        address=queries.address(attempt),
        is_discarded=attempt.submitted_by == "deadline" and rules.on_expiry == "discard",
        disclosure=disclosure(
            rules.review,
            is_passed=standing.is_passed,
            may_retry=standing.may_retry,
            is_running=standing.is_running,
        ),
    )


@bp.post("/attempts/<int:attempt_id>/review")
@signed_in
def open_review(attempt_id: int) -> Any:
    """Look at a result for the first time. That is noted, because what is known now cannot be answered later."""
    attempt, now = own_attempt_to_change(attempt_id), clock.now()
    if services.is_over(attempt, now):
        services.submit_attempt(attempt, now=now)
    services.open_review(attempt, now=now)
    db.session.commit()
    return redirect(review_of(attempt) if attempt.submitted_at else page_of(attempt, None))


def _standing(attempt: Attempt) -> Standing:
    attempts = queries.attempts_of(attempt.enrolment_id, attempt.item_id)
    rules, now = services.quiz_of(attempt), clock.now()
    scores = [one.score for one in attempts if one.score is not None]
    effective = grading.effective_score(scores, rules.grade)
    context = _context(attempt)
    may_retry = False
    if context is not None:
        obstacle = timing.obstacle(
            queries.quiz_of_revision(context.item_revision.id),
            used=len(attempts),
            last_submitted_at=attempts[-1].submitted_at,
            closes_at=context.closes_at,
            now=now,
        )
        may_retry = obstacle is None or obstacle.is_passing
    return Standing(
        effective=effective,
        is_passed=grading.passes(effective, pass_mark(rules.pass_mark)),
        is_running=any(one.submitted_at is None for one in attempts),
        may_retry=may_retry,
        context=context,
    )


def _context(attempt: Attempt) -> ItemContext | None:
    """Where the quiz stands in the course today."""
    course_slug, item_slug = queries.address(attempt)
    if item_slug is None:
        return None
    zone = current_app.config["TIMEZONE"]
    access = learning.item_access(current_user.id, course_slug, item_slug, zone=zone, now=clock.now())
    return learning.item_context(access) if access and access.enrolment_id == attempt.enrolment_id else None
