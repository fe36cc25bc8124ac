"""The blueprint; a running attempt: one question per page, the overview, submitting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as HttpResponse

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import language_code, to_site_time
from lms.journal.events import ClientSeq
from lms.quizzes import attempt_state as states
from lms.quizzes import queries, responses, services, timing
from lms.quizzes.attempt_state import AttemptState
from lms.quizzes.disclosure import disclosure
from lms.quizzes.forms import AnswerForm
from lms.quizzes.models import Attempt
from lms.quizzes.services import SavedAnswer
from lms.web import form_recovery
from lms.web.access import signed_in

bp = Blueprint("quizzes", __name__)

TIMER = "submit"
"""The value of ``go`` that only the script's timer sends: people hand in on the overview, by a button without one."""


def own_attempt(attempt_id: int) -> Attempt:
    return queries.attempt(attempt_id, current_user.id) or abort(404)


def own_attempt_for_update(attempt_id: int) -> Attempt:
    return queries.attempt_for_update(attempt_id, current_user.id) or abort(404)


def attempt_state(attempt: Attempt) -> AttemptState:
    answers, quiz = queries.answers(attempt.id), services.quiz_of(attempt)
    return states.attempt_state(
        quiz,
        attempt.selection,
        {id: responses.from_json(answer.response, quiz.question(id)) for id, answer in answers.items()},
        frozenset(id for id, answer in answers.items() if answer.is_flagged),
    )


def uncached_page(template: str, status: int = 200, **values: Any) -> HttpResponse:
    """A page that browsers do not store, so that Back shows the present state, and never someone else's answers."""
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "private, no-store"
    return page


def time_over_page(attempt: Attempt) -> HttpResponse:
    return uncached_page("quizzes/time_over.html", attempt=attempt, quiz=services.quiz_of(attempt))


def question_url(attempt: Attempt, position: int | None) -> str:
    """The address of a question, or of the overview without a position."""
    if position is None:
        return url_for("quizzes.overview", attempt_id=attempt.id)
    return url_for("quizzes.answer", attempt_id=attempt.id, position=position)


def review_url(attempt: Attempt) -> str:
    return url_for("quizzes.review", attempt_id=attempt.id)


def clock_time(moment: datetime) -> str:
    """``10.42`` in site time, ``10:42`` in English."""
    return to_site_time(moment).strftime("%H:%M" if language_code() == "en" else "%H.%M")


@bp.get("/attempts/<int:attempt_id>")
@signed_in
def overview(attempt_id: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None:
        return redirect(review_url(attempt))
    if services.is_over(attempt, now):
        return time_over_page(attempt)
    return uncached_page(
        "quizzes/overview.html",
        attempt=attempt,
        state=attempt_state(attempt),
        location=queries.quiz_location(attempt),
        **_time_left(attempt, now),
    )


@bp.get("/attempts/<int:attempt_id>/<int:position>")
@signed_in
def answer(attempt_id: int, position: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if not 1 <= position <= len(attempt.selection):
        abort(404)
    if attempt.submitted_at is not None:
        flash(_("This attempt was already handed in. Here is its result."))
        return redirect(review_url(attempt))
    if services.is_over(attempt, now):
        return time_over_page(attempt)
    return _question_page(attempt, position, now)


@bp.post("/attempts/<int:attempt_id>/<int:position>")
@signed_in
def save(attempt_id: int, position: int) -> Any:
    """Save the answer first, whichever button was pressed, then do what the button asks for."""
    attempt, now = own_attempt_for_update(attempt_id), clock.now()
    if not 1 <= position <= len(attempt.selection):
        abort(404)
    quiz = services.quiz_of(attempt)
    question = quiz.question(attempt.selection[position - 1]["id"])
    form = AnswerForm(question, request.form.to_dict(flat=False))
    if not form.validate():
        return _invalid(attempt, position, form, now)
    if quiz.is_sequential and position > (attempt_state(attempt).first_open or position):
        return redirect(question_url(attempt, None))
    go, wants_json = form.go.data or "", form_recovery.wants_json()
    saved = services.save_answer(
        attempt,
        question,
        form.response(is_final=_is_final(quiz, go, form)),
        base_event_id=form.base_event,
        client_seq=form.client_seq.data or "",
        now=now,
    )
    if wants_json:
        db.session.commit()
        return _json(saved, form)
    target = _next_page(attempt, question, position, go, saved, now)
    db.session.commit()
    return redirect(target)


def _is_final(quiz: Quiz, go: str, form: AnswerForm) -> bool:
    """True if this button locks the question: checking an answer, or going on in a sequential quiz."""
    if go != "check":
        return quiz.is_sequential and go == "next"
    if quiz.gives_feedback and form.answer is None:
        flash(_("There is nothing to check yet: answer first."))
        return False
    return quiz.gives_feedback


def _next_page(attempt: Attempt, question: Question, position: int, go: str, saved: SavedAnswer, now: datetime) -> str:
    """Do what the button asks for beyond saving, and return the address of the page that follows."""
    if saved.state in {"late", "submitted"}:
        flash(_message(saved))
        services.open_review(attempt, now=now)
        return review_url(attempt)
    if saved.state == "locked" and go not in {"next", "overview", TIMER} and not go.isdecimal():
        flash(_message(saved))
    if go == TIMER:
        return _submit_by_timer(attempt, question_url(attempt, position), now)
    if go == "flag":
        services.toggle_flag(attempt, question, now=now)
    if saved.state == "replaced":
        flash(_("Another answer counts: you gave it on another page or device. It is shown below."))
        return question_url(attempt, position)
    return question_url(attempt, _next_position(position, go, len(attempt.selection)))


def _next_position(position: int, go: str, count: int) -> int | None:
    """The position that a button leads to; None: the overview."""
    if go in {"flag", "check"}:
        return position
    if go == "overview":
        return None
    if go == "previous":
        return max(1, position - 1)
    if go.isascii() and go.isdecimal() and len(go) < 5:
        return min(max(1, int(go)), count)
    return position + 1 if position < count else None


def _message(saved: SavedAnswer) -> str:
    messages = {
        "replaced": _("Another answer counts: you gave it on another page or device. Reload this page to see it."),
        "late": _("Time was over when this answer arrived. It is kept, but does not count."),
        "submitted": _("This attempt was already handed in. What you sent just now is kept, but does not count."),
        "locked": _("This question is locked. Your first answer counts."),
    }
    return str(messages[saved.state])


def _json(saved: SavedAnswer, form: AnswerForm) -> Any:
    """The answer to the page's script: which change counts, since when, and whether the question is answered by it."""
    if saved.state != "saved":
        return {"error": saved.state, "message": _message(saved)}, 409
    return {
        "saved_at": clock_time(saved.answered_at) if saved.answered_at else None,
        "turn": form.client_seq.data,
        "is_answered": form.answer is not None,
    }


def _invalid(attempt: Attempt, position: int, form: AnswerForm, now: datetime) -> Any:
    if form_recovery.wants_json():
        return {"error": "invalid", "message": form.error}, 422
    return _question_page(attempt, position, now, form)


def _question_page(attempt: Attempt, position: int, now: datetime, form: AnswerForm | None = None) -> HttpResponse:
    """The page of one question, with the input and error of ``form`` if it was invalid."""
    state = attempt_state(attempt)
    if not state.may_open(position):
        return redirect(question_url(attempt, state.first_open))
    current = state.questions[position - 1]
    row = queries.stored_answer(attempt.id, current.question.id)
    return uncached_page(
        "quizzes/question.html",
        422 if form else 200,
        attempt=attempt,
        state=state,
        current=current,
        shown=form.shown if form else current.response.answer,
        error=form.error if form else None,
        base_event_id=row.event_id if row else "",
        page_name=ClientSeq.new_page(),
        saved_at=clock_time(row.answered_at) if row and current.is_answered else None,
        is_checked=current.response.is_final and state.quiz.gives_feedback,
        disclosure=disclosure(state.quiz.review, is_passed=False, may_retry=True, is_running=True),
        **_time_left(attempt, now),
    )


def _time_left(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Seconds until the deadline, seconds until the script submits, and the time of day of the deadline."""
    return {
        "seconds": timing.seconds_left(attempt.deadline_at, now),
        "submit_in": timing.seconds_left(services.timer_moment(attempt), now),
        "ends_at": clock_time(attempt.deadline_at) if attempt.deadline_at else None,
    }


@bp.get("/attempts/<int:attempt_id>/time")
@signed_in
def time_left(attempt_id: int) -> Any:
    """What the script asks before it submits, and when the page comes back into view: a device sleeps and its clock is
    set, so no page knows the time by itself."""
    attempt = own_attempt(attempt_id)
    if attempt.submitted_at is not None:
        return {"seconds": 0, "submit_in": 0}
    left = _time_left(attempt, clock.now())
    return {"seconds": left["seconds"], "submit_in": left["submit_in"]}


@bp.post("/attempts/<int:attempt_id>/submit")
@signed_in
def submit(attempt_id: int) -> Any:
    """Submit the attempt. A second click, or a second tab, leads to the same result."""
    attempt, now = own_attempt_for_update(attempt_id), clock.now()
    if request.form.get("go") == TIMER:
        target = _submit_by_timer(attempt, question_url(attempt, None), now)
    else:
        _submit(attempt, now)
        target = review_url(attempt)
    db.session.commit()
    return redirect(target)


def _submit_by_timer(attempt: Attempt, page: str, now: datetime) -> str:
    """Submit if the time is over by the server's clock. If not, ``page`` is opened again, with the right time."""
    if attempt.submitted_at is None and not services.may_timer_submit(attempt, now):
        flash(_("There is still time: nothing was handed in."))
        return page
    _submit(attempt, now)
    return review_url(attempt)


def _submit(attempt: Attempt, now: datetime) -> None:
    services.submit_attempt(attempt, now=now)
    services.open_review(attempt, now=now)
