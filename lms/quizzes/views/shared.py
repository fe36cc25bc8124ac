"""What the pages of an attempt share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, make_response, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answered

from lms.core.i18n import language_code, to_site_time
from lms.quizzes import queries, responses, services, sheet
from lms.quizzes.models import Attempt
from lms.quizzes.queries import Sitting
from lms.quizzes.sheet import Sheet

bp = Blueprint("quizzes", __name__)


def own_attempt(attempt_id: int) -> Attempt:
    return queries.attempt(attempt_id, current_user.id) or abort(404)


def own_attempt_to_change(attempt_id: int) -> Attempt:
    return queries.attempt_to_change(attempt_id, current_user.id) or abort(404)


def own_sitting_to_change(attempt_id: int) -> Sitting:
    return queries.sitting_to_change(attempt_id, current_user.id) or abort(404)


def sheet_of(attempt: Attempt | Sitting) -> Sheet:
    answers, quiz = queries.answers(attempt.id), services.quiz_of(attempt)
    return sheet.sheet(
        quiz,
        attempt.deal,
        {id: responses.from_json(answer.response, quiz.question(id)) for id, answer in answers.items()},
        frozenset(question for question, answer in answers.items() if answer.is_flagged),
    )


def fresh(template: str, status: int = 200, **values: Any) -> Answered:
    """A page that the browser must not keep: Back shows what holds now, and nobody else's answers."""
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "private, no-store"
    return page


def over_page(attempt: Attempt) -> Answered:
    """Time is over, or was over before anybody looked: one press leads to the result."""
    return fresh("quizzes/over.html", attempt=attempt, rules=services.quiz_of(attempt))


def page_of(attempt: Attempt | Sitting, position: int | None) -> str:
    """A question's address; without one, that of the overview."""
    if position is None:
        return url_for("quizzes.overview", attempt_id=attempt.id)
    return url_for("quizzes.answer", attempt_id=attempt.id, position=position)


def review_of(attempt: Attempt | Sitting) -> str:
    return url_for("quizzes.review", attempt_id=attempt.id)


def clock_time(moment: datetime) -> str:
    """``10.42`` on the site's clock."""
    return to_site_time(moment).strftime("%H:%M" if language_code() == "en" else "%H.%M")
