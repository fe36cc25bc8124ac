"""A running attempt: one question per page, the overview, handing in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response as Answered

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.quizzes import queries, services, timing
from lms.quizzes.disclosure import disclosure
from lms.quizzes.forms import AnswerForm
from lms.quizzes.models import Attempt
from lms.quizzes.queries import Sitting
from lms.quizzes.services import Kept
from lms.quizzes.views.shared import (
    bp,
    clock_time,
    fresh,
    over_page,
    own_attempt,
    own_attempt_to_change,
    own_sitting_to_change,
    page_of,
    review_of,
    sheet_of,
)
from lms.web import form_recovery
from lms.web.access import signed_in


@bp.get("/attempts/<int:attempt_id>")
@signed_in
def overview(attempt_id: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None:
        return redirect(review_of(attempt))
    if services.is_over(attempt, now):
        return over_page(attempt)
    return fresh(
        "quizzes/overview.html",
        attempt=attempt,
        sheet=sheet_of(attempt),
        address=queries.address(attempt),
        **_time(attempt, now),
    )


@bp.get("/attempts/<int:attempt_id>/<int:position>")
@signed_in
def answer(attempt_id: int, position: int) -> Any:
    attempt = own_attempt(attempt_id)
    if not 1 <= position <= len(attempt.deal):
        abort(404)
    if attempt.submitted_at is not None:
        flash(_("This attempt was already handed in. Here is its result."))
        return redirect(review_of(attempt))
    if services.is_over(attempt, clock.now()):
        return over_page(attempt)
    return _question_page(attempt, position)


@bp.post("/attempts/<int:attempt_id>/<int:position>")
@signed_in
def save(attempt_id: int, position: int) -> Any:
    """Whichever button was pressed, the answer is saved first; then the button's wish is done."""
    attempt = own_sitting_to_change(attempt_id)
    if not 1 <= position <= len(attempt.deal):
        abort(404)
    rules = services.quiz_of(attempt)
    question = rules.question(attempt.deal[position - 1]["id"])
    form = AnswerForm(question, request.form.to_dict(flat=False))
    if not form.validate():
        return _sent_back(attempt_id, position, form)
    if rules.is_sequential and position > (sheet_of(attempt).front or position):
        return redirect(page_of(attempt, None))
    now, go = clock.now(), form.go.data or ""
    found = services.save_answer(
        attempt,
        question,
        form.response(is_final=_is_final(rules, go, form)),
        seen=form.seen_event,
        turn=form.turn.data or "",
        is_background=form_recovery.wants_json(),
        now=now,
    )
    target = _onward(attempt, question, position, go, found)
    db.session.commit()
    return _said(found) if form_recovery.wants_json() else redirect(target)


def _is_final(rules: Quiz, go: str, form: AnswerForm) -> bool:
    """Whether this press locks the question: checking an answer, or walking past in a one-way quiz."""
    if go != "check":
        return rules.is_sequential and go == "next"
    if rules.gives_feedback and form.answer is None:
        flash(_("There is nothing to check yet: answer first."))
        return False
    return rules.gives_feedback


def _onward(attempt: Sitting, question: Question, position: int, go: str, found: Kept) -> str:
    """Do what the pressed button asks beyond saving, and give the page that follows."""
    now = clock.now()
    if found.state in {"late", "submitted"}:
        if not form_recovery.wants_json():
            flash(_complaint(found))
            services.open_review(own_attempt_to_change(attempt.id), now=now)
        return review_of(attempt)
    if found.state == "locked" and go not in {"next", "overview", "submit"} and not go.isdecimal():
        flash(_complaint(found))
    if go == "submit":
        _hand_in(attempt.id, now)
        return review_of(attempt)
    if go == "flag":
        services.turn_flag(attempt, question, now=now)
    return page_of(attempt, _next_position(position, go, len(attempt.deal)))


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


def _complaint(found: Kept) -> str:
    words = {
        "late": _("Time was over when this answer arrived. It is kept, but does not count."),
        "submitted": _("This attempt was already handed in. What you sent just now is kept, but does not count."),
        "locked": _("This question is locked. Your first answer counts."),
    }
    return str(words[found.state])


def _said(found: Kept) -> Any:
    """The word to the page's script: ``saved_at`` only for what counts and is safe."""
    if found.state != "saved":
        return {"error": found.state, "message": _complaint(found)}, 409
    return {"saved_at": clock_time(found.at) if found.at else None, "seen": found.event_id}


def _sent_back(attempt_id: int, position: int, form: AnswerForm) -> Any:
    if form_recovery.wants_json():
        return {"error": "invalid", "message": form.complaint}, 422
    return _question_page(own_attempt(attempt_id), position, form)


def _question_page(attempt: Attempt, position: int, form: AnswerForm | None = None) -> Answered:
    """The page of one question; with what was typed where ``form`` was sent back."""
    found = sheet_of(attempt)
    if not found.may_open(position):
        return redirect(page_of(attempt, found.front))
    line = found.lines[position - 1]
    stored = queries.stored_answer(attempt.id, line.question.id)
    shown = form.shown if form else line.response.answer
    is_checked = line.response.is_final and found.quiz.gives_feedback
    return fresh(
        "quizzes/question.html",
        422 if form else 200,
        attempt=attempt,
        sheet=found,
        line=line,
        shown=shown,
        complaint=form.complaint if form else None,
        seen=stored.event_id if stored else "",
        saved_at=clock_time(stored.answered_at) if stored and line.is_answered else None,
        is_checked=is_checked,
        disclosure=disclosure(found.quiz.review, is_passed=False, may_retry=True, is_running=True),
        **_time(attempt, clock.now()),
    )


def _time(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What a page says about time: seconds left, when the script hands in (after the grace where that
    was granted to the person, not only to the line), and the hour of the end."""
    rules, ends_at = services.quiz_of(attempt), attempt.deadline_at
    handed_in_at = timing.last_moment(ends_at, timing.grace(rules)) if rules.on_expiry == "grace" else ends_at
    return {
        "seconds": timing.seconds_left(ends_at, now),
        "submit_in": timing.seconds_left(handed_in_at, now),
        "ends_at": clock_time(ends_at) if ends_at else None,
    }


@bp.post("/attempts/<int:attempt_id>/submit")
@signed_in
def submit(attempt_id: int) -> Any:
    """Hand in; a second press, or a second tab, finds the same result."""
    attempt = _hand_in(attempt_id, clock.now())
    db.session.commit()
    return redirect(review_of(attempt))


def _hand_in(attempt_id: int, now: datetime) -> Attempt:
    """The result is what the person sees next."""
    attempt = own_attempt_to_change(attempt_id)
    services.submit_attempt(attempt, now=now)
    services.open_review(attempt, now=now)
    return attempt
