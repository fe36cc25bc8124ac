"""The page of a quiz: what it is like, earlier attempts, and the button to start."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.learning import queries as learning
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.services import pass_mark
from lms.quizzes import queries, scoring, selection, services
from lms.quizzes.overrides import attempt_limits
from lms.quizzes.queries import attempt_state
from lms.quizzes.queries import limits as given_limits
from lms.quizzes.services.practice import may_practise
from lms.quizzes.views.attempt_values import question_url, review_url


def show(access: ItemAccess) -> Any:
    """The page of an item of type quiz; POST starts or continues an attempt."""
    context = learning.item_context(access)
    if request.method != "POST":
        return _page(context, access.now)
    try:
        attempt = services.start_attempt(context, seed=secrets.randbits(64), now=access.now)
    except Refusal:
        db.session.rollback()
        return _page(context, access.now), 409  # the page itself says why
    if attempt.submitted_at is not None:
        flash(_("The time of this attempt was over. Everything that had arrived was handed in."))
        target = review_url(attempt)
    else:
        target = question_url(attempt, attempt_state(attempt).first_open)
    db.session.commit()
    return redirect(target)


def _page(context: ItemContext, now: datetime) -> str:
    item_id = context.item_revision.item_id
    overrides = queries.overrides_of(context.enrolment_id, item_id)
    limits = attempt_limits(queries.quiz_of_revision(context.item_revision.id), overrides)
    quiz = limits.of(queries.quiz_of_revision(context.item_revision.id))
    at_quiz = queries.attempts_at_quiz(context.enrolment_id, item_id)
    attempts = at_quiz.counted
    obstacle = services.obstacle_of(quiz, attempts, context.closes_at, now)
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    effective = scoring.effective_score(scores, quiz.grade) if scores else None
    mark = pass_mark(quiz.pass_mark)
    is_final = obstacle is not None and not obstacle.is_temporary
    return render_template(
        "quizzes/quiz.html",
        context=context,
        quiz=quiz,
        count=selection.question_count(quiz),
        pass_mark=mark,
        attempts=attempts,
        running=running,
        is_over=running is not None and services.is_over(running, now),
        refusal=services.refusal(obstacle, quiz) if obstacle else None,
        is_final=is_final,
        asked=given_limits.newest_request(context.enrolment_id, item_id) if is_final else None,
        limits=limits,
        practice=at_quiz.practice,
        may_practise=may_practise(quiz, at_quiz, context.closes_at, now),
        closing=context.window.sourced_moment(item_id, context.summary.closes, "closes"),
        effective=effective,
        is_passed=effective is not None and context.state == "done",
    )
