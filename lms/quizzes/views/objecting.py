"""A learner reports a faulty question or contests the mark of an attempt; what instructors see of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.objections import queries as objections
from lms.objections import services as objecting
from lms.objections.subjects import ObjectionSubject, ObjectionTarget
from lms.quizzes import queries, services
from lms.quizzes.disclosure import TO_TEACHERS
from lms.quizzes.forms import AttemptObjectionForm
from lms.quizzes.queries import AttemptRow, attempt_state, regrades
from lms.quizzes.queries.regrades import Remark
from lms.quizzes.views.attempt import bp, own_attempt, uncached_page
from lms.quizzes.views.attempt_values import question_url, review_url
from lms.web.access import signed_in
from lms.web.fields import saving


@bp.route("/attempts/<int:attempt_id>/<int:position>/report", methods=["GET", "POST"])
@signed_in
def report_question(attempt_id: int, position: int) -> Any:
    """In a running attempt the answer was saved by the button that led here; nothing of the attempt changes."""
    attempt, form = own_attempt(attempt_id), AttemptObjectionForm()
    if not 1 <= position <= len(attempt.selection):
        abort(404)
    question = attempt.selection[position - 1]["id"]
    target = ObjectionTarget(attempt.enrolment_id, attempt.item_id, services.subject(attempt), question)
    back = review_url(attempt) if attempt.submitted_at else question_url(attempt, position)
    if form.validate_on_submit():
        with saving(form):
            is_new = objecting.report_question(
                target, form.reason.data.strip(), actor_id=current_user.id, now=clock.now()
            )
            flash(_("Your report was sent. Thank you.") if is_new else _("You have reported it already."), "done")
            return redirect(back)
    newest = objections.newest(attempt.enrolment_id, attempt.item_id, question)
    return uncached_page(
        "quizzes/report_question.html",
        422 if form.is_submitted() else 200,
        title=_("Report question %(n)s", n=position),
        back=back,
        back_text=_("Back to the result") if attempt.submitted_at else _("Back to the question"),
        is_running=attempt.submitted_at is None,
        has_end=attempt.deadline_at is not None,
        open=newest if newest and newest.answered_at is None else None,
        hint=_("For example: two options are right, or a word is missing."),
        form=form,
    )


@bp.route("/attempts/<int:attempt_id>/objection", methods=["GET", "POST"])
@signed_in
def contest_mark(attempt_id: int) -> Any:
    attempt, form = own_attempt(attempt_id), AttemptObjectionForm()
    if attempt.reviewed_at is None or attempt.is_practice:
        abort(404)
    told_at = told_mark_at(attempt, _remarks(attempt))
    target = ObjectionTarget(attempt.enrolment_id, attempt.item_id, services.subject(attempt), score=attempt.score)
    if form.validate_on_submit():
        with saving(form):
            is_new = objecting.contest_mark(
                target, form.reason.data.strip(), told_at=told_at, actor_id=current_user.id, now=clock.now()
            )
            flash(_("Your objection was sent.") if is_new else _("You have objected already."), "done")
            return redirect(review_url(attempt))
    newest = objections.newest(attempt.enrolment_id, attempt.item_id)
    return uncached_page(
        "quizzes/contest_mark.html",
        422 if form.is_submitted() else 200,
        title=_("Object to the mark"),
        back=review_url(attempt),
        back_text=_("Back to the result"),
        attempt=attempt,
        until=objecting.may_object_until(told_at),
        open=newest if newest and newest.answered_at is None else None,
        hint=_("Name the question and say why your answer should count."),
        form=form,
    )


def _remarks(attempt: AttemptRow) -> list[Remark]:
    return regrades.remarks([attempt.id]).get(attempt.id, [])


def told_mark_at(attempt: AttemptRow, remarks: list[Remark]) -> datetime:
    """When the learner was told the mark as it is now, of an attempt whose result was opened."""
    assert attempt.reviewed_at is not None
    return max([attempt.reviewed_at, *(one.at for one in remarks)])


def describe(attempt_id: int, question: str) -> ObjectionSubject | None:
    """The question as it was asked, with the answer and the key; of a contested mark the attempt's page alone."""
    attempt = queries.attempt_by_id(attempt_id)
    if attempt is None:
        return None
    is_done = attempt.submitted_at is not None
    label = _("Practice %(n)s", n=-attempt.number) if attempt.is_practice else _("Attempt %(n)s", n=attempt.number)
    location = queries.quiz_location(attempt)
    one = next((one for one in attempt_state(attempt).questions if one.asked.id == question), None)
    page = url_for("quizzes.attempt_of_participant", attempt_id=attempt.id, _anchor=f"q{one.position}" if one else None)
    remedies = []
    if location.item_slug is not None:
        remedies.append(
            (
                str(_("Make the question void, or mark the quiz again")),
                url_for("quizzes.regrade", slug=location.course_slug, item=location.item_slug),
            )
        )
    return ObjectionSubject(
        label=str(label if is_done else _("%(attempt)s, not handed in yet", attempt=label)),
        address=page if is_done and not attempt.is_practice else "",
        score=attempt.score,
        work=Markup(render_template("quizzes/_objected.html", one=one, disclosure=TO_TEACHERS)) if one else "",  # noqa: S704 - a template's
        remedies=tuple(remedies),
    )
