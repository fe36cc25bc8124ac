"""The blueprint; a running attempt: one question per page, the overview, submitting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as HttpResponse

from lms.content.questions.base import ROW, Question
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.quizzes import queries, services
from lms.quizzes.forms import ATTACH, REMOVE, AnswerForm, changes_files, confirmed_answer
from lms.quizzes.models import Attempt
from lms.quizzes.queries import AttemptRow, attempt_state
from lms.quizzes.services import SavedAnswer, answer_files
from lms.quizzes.views.attaching import ArrivingFile
from lms.quizzes.views.attempt_values import (
    overview_values,
    question_url,
    question_values,
    review_url,
    time_for_script,
)
from lms.quizzes.views.script_replies import message, replaced_notice, reply
from lms.web import form_recovery
from lms.web.access import signed_in
from lms.web.held_forms import is_held
from lms.web.request_limits import takes_files

bp = Blueprint("quizzes", __name__)

TIMER = "submit"
"""The value of ``go`` that only the script's timer sends: people hand in on the overview, by a button without one."""

REPORT = "report"


def own_attempt(attempt_id: int) -> AttemptRow:
    return queries.attempt_row(attempt_id, current_user.id) or abort(404)


def own_attempt_for_update(attempt_id: int) -> Attempt:
    return queries.attempt_for_update(attempt_id, current_user.id) or abort(404)


def uncached_page(template: str, status: int = 200, **values: Any) -> HttpResponse:
    """A page that browsers do not store, so that Back shows the present state, and never someone else's answers."""
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "private, no-store"
    return page


def time_over_page(attempt: AttemptRow) -> HttpResponse:
    return uncached_page("quizzes/time_over.html", attempt=attempt, quiz=services.quiz_of(attempt))


@bp.get("/attempts/<int:attempt_id>")
@signed_in
def overview(attempt_id: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None:
        return redirect(review_url(attempt))
    if services.is_over(attempt, now):
        return time_over_page(attempt)
    return uncached_page("quizzes/overview.html", **overview_values(attempt, queries.answers(attempt.id), now))


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
@takes_files
def save(attempt_id: int, position: int) -> Any:
    """Save the answer first, whichever button was pressed, then do what the button asks for."""
    now, is_about_files = clock.now(), request.mimetype == "multipart/form-data" or changes_files(request.form)
    arriving = ArrivingFile(own_attempt(attempt_id), position, now=now) if is_about_files else None
    attempt = queries.attempt_row_for_update(attempt_id, current_user.id) or abort(404)
    if not 1 <= position <= len(attempt.selection):
        abort(404)
    quiz = services.quiz_of(attempt)
    question = quiz.question(attempt.selection[position - 1]["id"])
    form = AnswerForm(question, request.form.to_dict(flat=False))
    if not form.is_valid:
        if arriving:  # whatever is wrong with the text
            arriving.attach(attempt, question, form, now=now)
            db.session.commit()
        return _invalid(attempt, position, form, now)
    if quiz.is_sequential and position > (attempt_state(attempt).first_open or position):
        return redirect(question_url(attempt, None))
    go, wants_json = form.go, form_recovery.wants_json()
    error = arriving.attach(attempt, question, form, now=now) if arriving else ""
    if error and go != TIMER:
        go = ATTACH  # so that nothing is locked, and the page comes again
    takes_file = question.attachments is not None
    has_answer = form.answer is not None or (takes_file and answer_files.has_files(attempt, question))
    is_checked = go == "check" and quiz.gives_feedback
    if is_checked and (unready := form.why_unready(has_answer=has_answer)):
        flash(unready)
        is_checked = False
    is_left = quiz.is_sequential and go == "next"
    saved = services.save_answer(
        attempt,
        question,
        form.response(is_final=is_left or (is_checked and not quiz.has_tries)),
        base_event_id=form.base_event,
        client_seq=form.client_seq,
        is_try=is_checked and quiz.has_tries,
        yields=is_held(),
        now=now,
    )
    if saved.state == "replaced" and is_held():  # it stays on the device, where its owner decides
        return {}, 409
    if wants_json:
        db.session.commit()
        if error:
            return {"error": "refused", "message": error}, 422
        return reply(attempt, position, saved, form, now, has_answer=has_answer)
    if form.confirmed[0] and (notice := replaced_notice(attempt, form.confirmed, saved.answers)):
        flash(notice)
    if saved.state == "saved" and go != "check" and form.reading and not form.reading.is_understood:
        flash(_("Question %(n)s: %(told)s", n=position, told=say_message(form.reading.words)))
    if error:
        flash(error)
    elif changes_files(request.form) and saved.state == "saved":
        flash(_("The file was uploaded.") if go == ATTACH else _("The file was removed."), "done")
    target = _next_page(attempt, question, position, go, saved, now)
    db.session.commit()
    return redirect(target)


def _next_page(
    attempt: AttemptRow, question: Question, position: int, go: str, saved: SavedAnswer, now: datetime
) -> str:
    """Do what the button asks for beyond saving, and return the address of the page that follows."""
    if saved.state in {"late", "submitted"}:
        flash(message(saved))
        services.open_review(own_attempt_for_update(attempt.id), now=now)
        return review_url(attempt)
    if saved.state == "locked" and go not in {"next", "overview", REPORT, TIMER} and not go.isdecimal():
        flash(message(saved))
    if go == TIMER:
        return _submit_by_timer(own_attempt_for_update(attempt.id), question_url(attempt, position), now)
    if go == "flag":
        services.toggle_flag(attempt, question, now=now)
    if saved.state == "replaced":
        flash(_("Another answer counts: you gave it on another page or device. It is shown below."))
        return question_url(attempt, position)
    if go == REPORT:
        return url_for("quizzes.report_question", attempt_id=attempt.id, position=position)
    if go.startswith((ROW, ATTACH, REMOVE)):  # another address than that of the page, or a browser would only scroll
        part = go.rpartition("-")[0] if go.startswith(ROW) else "files"
        return url_for("quizzes.answer", attempt_id=attempt.id, position=position, after=saved.event_id, _anchor=part)
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


def _invalid(attempt: AttemptRow, position: int, form: AnswerForm, now: datetime) -> Any:
    if form_recovery.wants_json():
        return {"error": "invalid", "message": form.error}, 422
    return _question_page(attempt, position, now, form)


def _question_page(attempt: AttemptRow, position: int, now: datetime, form: AnswerForm | None = None) -> HttpResponse:
    """The page of one question, with the input and error of ``form`` if it was invalid."""
    values = question_values(attempt, position, queries.answers(attempt.id), now)
    state = values["state"]
    if not state.may_open(position):
        return redirect(question_url(attempt, state.first_open))
    if form:
        values |= {"shown": form.shown, "error": form.error, "saved_at": None}
    return uncached_page("quizzes/question.html", 422 if form else 200, **values)


@bp.get("/attempts/<int:attempt_id>/time")
@signed_in
def time_left(attempt_id: int) -> Any:
    """What the script asks before it submits, and when the page comes back into view: a device sleeps and its clock is
    set, so no page knows the time by itself."""
    attempt = own_attempt(attempt_id)
    if attempt.submitted_at is not None:
        return {"seconds": 0, "submit_in": 0, "left_text": "0.00", "end_text": ""}
    return time_for_script(attempt, clock.now())


@bp.post("/attempts/<int:attempt_id>/submit")
@signed_in
def submit(attempt_id: int) -> Any:
    """Submit the attempt. A second click, or a second tab, leads to the same result.

    Not if the script left a question for which another answer counts by now: its owner must know, and decides.
    """
    attempt, now = own_attempt_for_update(attempt_id), clock.now()
    if request.form.get("go") == TIMER:
        target = _submit_by_timer(attempt, question_url(attempt, None), now)
    elif attempt.submitted_at is None and (notice := _notice_of_last(attempt)):
        if is_held():  # it stays on the device
            return {}, 409
        flash(notice)
        target = question_url(attempt, None)
    else:
        _submit(attempt, now)
        target = review_url(attempt)
    db.session.commit()
    return redirect(target)


def _notice_of_last(attempt: Attempt) -> str | None:
    """For a hand-in from the overview that the script has shown."""
    confirmed = confirmed_answer(request.form.get("confirmed", ""))
    return replaced_notice(attempt, confirmed, queries.answers(attempt.id)) if confirmed[0] else None


def _submit_by_timer(attempt: Attempt, page: str, now: datetime) -> str:
    """Submit if the time is over by the server's clock. If not, ``page`` is opened again, with the right time."""
    if attempt.submitted_at is None and not services.may_timer_submit(attempt, now):
        flash(_("There is still time: nothing was handed in."))
        return page
    _submit(attempt, now)
    return review_url(attempt)


def _submit(attempt: Attempt, now: datetime) -> None:
    services.submit_attempt(attempt, is_seen=True, now=now)
    services.open_review(attempt, now=now)  # of one that was submitted before
