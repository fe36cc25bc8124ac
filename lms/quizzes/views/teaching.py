"""Attempts as instructors see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import abort, render_template, url_for
from flask_login import current_user

from lms.content.items.base import Item
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, say_number
from lms.learning.explaining import ItemExplanation, MarkPart, counting_share
from lms.learning.services import pass_mark
from lms.learning.work import Work
from lms.people import queries as persons
from lms.quizzes import queries, selection, services
from lms.quizzes.disclosure import TO_TEACHERS
from lms.quizzes.forms import AnswerMarkForm
from lms.quizzes.models import AnswerMark
from lms.quizzes.queries import attempt_state, regrades
from lms.quizzes.queries.files import files_by_question
from lms.quizzes.queries.regrades import Remark
from lms.quizzes.responses import NO_RESPONSE, Response
from lms.quizzes.scoring import effective_score
from lms.quizzes.views.attempt import bp
from lms.web.access import role


@bp.get("/teach/attempts/<int:attempt_id>")
@role("instructor", "admin")
def attempt_of_participant(attempt_id: int) -> str:
    """Every question as the participant had it, with the answer and the key. Nothing of it is recorded as a review."""
    return attempt_page(attempt_id)


def attempt_page(attempt_id: int, form: AnswerMarkForm | None = None, position: int = 0) -> str:
    """``form`` is an invalid mark for the answer at ``position``."""
    attempt, enrolment, person = queries.submitted_attempt(attempt_id, current_user) or abort(404)
    answers, marks = queries.answers(attempt.id), regrades.answer_marks(attempt.id)
    state = attempt_state(attempt, answers).with_points({id: row.points for id, row in answers.items()})
    remarks = regrades.remarks([attempt.id]).get(attempt.id, [])
    return render_template(
        "quizzes/attempt_of_participant.html",
        attempt=attempt,
        enrolment=enrolment,
        person=person,
        state=state,
        location=queries.quiz_location(attempt),
        pass_mark=pass_mark(services.quiz_in_force(attempt).pass_mark),
        disclosure=TO_TEACHERS,
        may_mark=person.id != current_user.id and not queries.is_discarded(attempt),
        forms={
            one.position: form if form and one.position == position else _mark_form(marks.get(one.asked.id))
            for one in state.questions
            if one.is_answered
        },
        invalid=position,
        marks=marks,
        files=files_by_question(state.questions),
        remarks=remarks,
        names=persons.names_of({one.by for one in remarks} | {one.marked_by for one in marks.values()}),
    )


def _mark_form(mark: AnswerMark | None) -> AnswerMarkForm:
    """Empty, with the number of the newest mark of the answer."""
    return AnswerMarkForm(formdata=None, seen=mark.number if mark else 0)


class PreviewedQuestion(NamedTuple):
    """A question with no answer, in the shape of an attempt's."""

    question: Question
    response: Response
    text_above: Question | None


def preview(item: Item, body_html: str, *, has_keys: bool = True) -> str:
    assert isinstance(item, Quiz)
    return render_template(
        "quizzes/_preview.html",
        quiz=item,
        count=selection.question_count(item),
        pass_mark=pass_mark(item.pass_mark),
        body_html=body_html,
        questions=_previewed(item),
        disclosure=TO_TEACHERS if has_keys else None,
    )


def _previewed(quiz: Quiz) -> list[PreviewedQuestion]:
    return [PreviewedQuestion(question, NO_RESPONSE, text) for question, text in quiz.with_texts_above(quiz.asked)]


def work_of(enrolment_id: int) -> Mapping[int, list[Work]]:
    found: dict[int, list[Work]] = {}
    for one in queries.attempts_of_enrolment(enrolment_id):
        found.setdefault(one.item_id, []).append(_work(one))
    return found


def _work(one: queries.AttemptRow) -> Work:
    if one.submitted_at is None:
        return Work(_("Attempt %(n)s, not handed in yet", n=one.number), "", one.started_at, None)
    address = url_for("quizzes.attempt_of_participant", attempt_id=one.id)
    return Work(_("Attempt %(n)s", n=one.number), address, one.submitted_at, one.score)


RULE_TEXTS = {
    "highest": lazy("The highest mark counts."),
    "average": lazy("The mean of all attempts counts."),
    "first": lazy("The mark of the first attempt counts."),
    "last": lazy("The mark of the last attempt counts."),
}


def explain(enrolment_id: int, is_own: bool) -> dict[int, ItemExplanation]:
    """Why a quiz has its score: its attempts, what each brings, and why some were marked again."""
    by_item: dict[int, list[queries.AttemptRow]] = {}
    for one in queries.attempts_of_enrolment(enrolment_id):
        if one.score is not None:
            by_item.setdefault(one.item_id, []).append(one)
    remarks = regrades.remarks([one.id for attempts in by_item.values() for one in attempts])
    return {key: _explained(attempts, remarks, is_own=is_own) for key, attempts in by_item.items()}


def _explained(
    attempts: list[queries.AttemptRow], remarks: Mapping[int, list[Remark]], *, is_own: bool
) -> ItemExplanation:
    rule = services.quiz_in_force(attempts[0]).grade
    scores = [one.score for one in attempts if one.score is not None]
    shares = counting_share(scores, effective_score(scores, rule), rule)
    page = "quizzes.review" if is_own else "quizzes.attempt_of_participant"
    parts = [
        MarkPart(
            _("Attempt %(n)s", n=one.number),
            one.score,
            share,
            how=_("%(points)s of %(most)s points", points=say_number(one.points), most=say_number(one.most_points)),
            source=services.subject(one),
            address=url_for(page, attempt_id=one.id),
        )
        for one, share in zip(attempts, shares, strict=True)
    ]
    notes = {
        (services.subject(one), remark.grade_number): str(
            _("an instructor marked an answer") if remark.question else _("the quiz was marked again")
        )
        for one in attempts
        for remark in remarks.get(one.id, [])
        if remark.grade_number is not None
    }
    return ItemExplanation(str(RULE_TEXTS[rule]), tuple(parts), notes)
