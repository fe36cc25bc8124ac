"""A quiz's front page: what awaits, what was tried before, and the way in."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.learning import queries as learning_queries
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.services import pass_mark
from lms.quizzes import dealing, grading, queries, services, timing
from lms.quizzes.views.shared import page_of, review_of, sheet_of


def show(access: ItemAccess) -> Any:
    """The page of an item of type quiz; learning has checked that the person may be here."""
    context = learning_queries.item_context(access)
    if request.method != "POST":
        return _page(context)
    try:
        attempt = services.start_attempt(context, seed=secrets.randbits(64), now=clock.now())
    except Refusal:
        db.session.rollback()
        return _page(context), 409  # the page itself says what stands in the way
    db.session.commit()
    if attempt.submitted_at is not None:
        flash(_("The time of this attempt was over. Everything that had arrived was handed in."))
        return redirect(review_of(attempt))
    return redirect(page_of(attempt, sheet_of(attempt).front))


def _page(context: ItemContext) -> str:
    rules = queries.quiz_of_revision(context.item_revision.id)
    attempts = queries.attempts_of(context.enrolment_id, context.item_revision.item_id)
    now = clock.now()
    obstacle = timing.obstacle(
        rules,
        used=len(attempts),
        last_submitted_at=attempts[-1].submitted_at if attempts else None,
        closes_at=context.closes_at,
        now=now,
    )
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    effective = grading.effective_score(scores, rules.grade) if scores else None
    mark = pass_mark(rules.pass_mark)
    return render_template(
        "quizzes/front.html",
        context=context,
        rules=rules,
        count=dealing.count(rules),
        mark=mark,
        attempts=attempts,
        running=running,
        is_over=running is not None and services.is_over(running, now),
        refusal=services.refusal(obstacle, rules) if obstacle else None,
        effective=effective,
        is_passed=effective is not None and grading.passes(effective, mark),
    )
