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
from lms.quizzes import queries, scoring, selection, services, timing
from lms.quizzes.views.attempt import attempt_state, question_url, review_url


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
    db.session.commit()
    if attempt.submitted_at is not None:
        flash(_("The time of this attempt was over. Everything that had arrived was handed in."))
        return redirect(review_url(attempt))
    return redirect(question_url(attempt, attempt_state(attempt).first_open))


def _page(context: ItemContext, now: datetime) -> str:
    quiz = queries.quiz_of_revision(context.item_revision.id)
    attempts = queries.attempts_of(context.enrolment_id, context.item_revision.item_id)
    obstacle = timing.obstacle(
        quiz,
        used=len(attempts),
        last_submitted_at=attempts[-1].submitted_at if attempts else None,
        closes_at=context.closes_at,
        now=now,
    )
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    effective = scoring.effective_score(scores, quiz.grade) if scores else None
    mark = pass_mark(quiz.pass_mark)
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
        effective=effective,
        is_passed=effective is not None and scoring.passes(effective, mark),
    )
