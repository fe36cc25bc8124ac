"""The page where an instructor marks an essay, and what the grading queue shows of essays."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Any, NamedTuple

from flask import abort, flash, get_template_attribute, redirect, render_template, request, url_for
from flask_login import current_user

from lms.comments.services import GraderComments
from lms.content.questions.essay import Essay
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number
from lms.enrolment.models import Enrolment
from lms.learning.queries.presence import active_graders, active_graders_at
from lms.learning.services import presence
from lms.learning.services.feedback import FeedbackTooComplex
from lms.learning.work import WaitingGroup
from lms.people import queries as persons
from lms.people.models import Person
from lms.people.names import name_without_titles
from lms.quizzes import queries
from lms.quizzes.attempt_state import AttemptQuestion
from lms.quizzes.disclosure import TO_TEACHERS
from lms.quizzes.forms import EssayMarkForm
from lms.quizzes.models import AnswerMark, Attempt
from lms.quizzes.queries import AttemptRow, essays
from lms.quizzes.queries.files import answer_files
from lms.quizzes.services import marking
from lms.quizzes.views.attempt import bp
from lms.web.access import require, role
from lms.web.fields import saving


class EssayToMark(NamedTuple):
    attempt: AttemptRow
    enrolment: Enrolment
    person: Person
    position: int
    asked: AttemptQuestion
    essay: Essay


def waiting_groups(course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[WaitingGroup]:
    others = active_graders(not_by=not_by, now=clock.now())
    found = []
    for one in essays.waiting_questions(course_ids, item_id=item_id, not_by=not_by, others=others):
        name = essays.work_name(one.item_id, one.question, "")
        graders = [grader for work, list_ in others.items() if work.startswith(name) for grader in list_]
        address = _address(one.attempt_id, one.position)
        found.append(WaitingGroup(one.title, one.item_title, one.course_title, one.count, one.since, address, graders))
    return found


@bp.route("/teach/grading/essays/<int:attempt_id>/<int:position>", methods=["GET", "POST"])
@role("instructor", "admin")
def essay(attempt_id: int, position: int) -> Any:
    """The answer on the left, its mark on the right. Saving opens the next answer to the same question."""
    own = _essay_to_mark(attempt_id, position)
    form, now = EssayMarkForm.for_essay(own.essay)(), clock.now()
    if request.method == "GET":
        presence.record_open(_work_name(own), current_user.id, now=now)
    bank = GraderComments(current_user.id, own.enrolment.course_id, name=name_without_titles(own.person.name))
    if form.do.data:
        with saving(form.feedback):
            form.press(bank, now=now)
    elif form.validate_on_submit():
        with saving(form, {marking.MarkNeedsReason: form.reason, FeedbackTooComplex: form.feedback}):
            mark = marking.mark_essay(
                db.session.get_one(Attempt, attempt_id),
                own.essay,
                form.decision(),
                seen=form.seen_number,
                actor_id=current_user.id,
                is_by_admin=not _teaches(own),
                now=now,
            )
            return _saved(own, mark)
    return _page(own, form, bank.texts)


def _page(own: EssayToMark, form: EssayMarkForm, comments: dict[int, str]) -> Any:
    marks = essays.marks_of_answer(own.attempt.id, own.essay.id)
    if not form.is_submitted():
        _fill_in(form, marks[-1] if marks else None)
    taught = current_user.taught_course_ids
    groups = essays.waiting_questions(taught, item_id=own.attempt.item_id, not_by=current_user.id)
    page = render_template(
        "quizzes/essay.html",
        own=own,
        form=form,
        address=_address(own.attempt.id, own.position),
        comments=comments,
        marks=marks,
        files=answer_files(own.asked.response.files),
        names=persons.names_of({one.marked_by for one in marks}),
        disclosure=TO_TEACHERS,
        others=active_graders_at(_work_name(own), not_by=current_user.id, now=clock.now()),
        location=queries.quiz_location(own.attempt),
        is_by_admin=not _teaches(own),
        waiting_count=sum(one.count for one in groups if one.question == own.essay.id),
        following=_following(own),
    )
    return page, 422 if form.errors or (form.is_submitted() and not form.do.data) else 200


@bp.post("/teach/grading/essays/<int:attempt_id>/<int:position>/open")
@role("instructor", "admin")
def open_work(attempt_id: int, position: int) -> Any:
    work, has_left = _work_name(_essay_to_mark(attempt_id, position)), bool(request.form.get("left"))
    others = presence.report(work, current_user.id, has_left=has_left, now=clock.now())
    db.session.commit()
    return {"said": str(get_template_attribute("learning/_presence.html", "said")(others))}


def _work_name(own: EssayToMark) -> str:
    return essays.work_name(own.attempt.item_id, own.essay.id, own.attempt.id)


def _essay_to_mark(attempt_id: int, position: int) -> EssayToMark:
    """404 for what is no answered essay of a course that the person teaches or administers, 403 for the own one."""
    attempt, enrolment, person = queries.submitted_attempt(attempt_id, current_user) or abort(404)
    if not 1 <= position <= len(attempt.selection) or queries.is_discarded(attempt):
        abort(404)
    asked = queries.attempt_state(attempt).questions[position - 1]
    if not isinstance(asked.asked, Essay) or not asked.is_answered:
        abort(404)
    require(person.id != current_user.id)
    return EssayToMark(attempt, enrolment, person, position, asked, asked.asked)


def _teaches(own: EssayToMark) -> bool:
    """False for an admin who helps out: the grading queue is not theirs."""
    return own.enrolment.course_id in current_user.taught_course_ids


def _fill_in(form: EssayMarkForm, newest: AnswerMark | None) -> None:
    """A correction starts with the newest mark, as far as the rubric still has its words."""
    if newest is None:
        return
    form.feedback.data = newest.feedback
    if not form.essay.rubric:
        form["points"].data = say_number(newest.points) if newest.points is not None else ""
        return
    levels = {one["criterion"]: one["level"] for one in newest.levels or ()}
    for criterion, field in zip(form.essay.rubric, form.levels, strict=True):
        titles = [level.title for level in criterion.levels]
        wanted = levels.get(criterion.title)
        field.data = titles.index(wanted) if wanted in titles else None


def _saved(own: EssayToMark, mark: AnswerMark) -> Any:
    assert mark.points is not None
    flash(_("Saved: %(points)s for %(name)s.", points=say_number(mark.points), name=own.person.name), "done")
    presence.record_closed(_work_name(own), current_user.id)
    if not _teaches(own):
        target = url_for("quizzes.attempt_of_participant", attempt_id=own.attempt.id, _anchor=f"q{own.position}")
    elif request.form.get("then") == "next":
        target = _following(own) or url_for("assignments.queue")
    else:
        target = _address(own.attempt.id, own.position)
    return redirect(target, 303)


def _following(own: EssayToMark) -> str | None:
    """The next answer to this question that waits; after the last one, any other essay of the quiz.

    One that somebody else has open comes only where there is nothing else.
    """
    taught, item_id, me = current_user.taught_course_ids, own.attempt.item_id, current_user.id
    others = active_graders(not_by=me, now=clock.now())
    for avoided, question in product((others, {}) if others else ({},), (own.essay.id, None)):
        position = essays.next_waiting(
            taught, item_id, question, after=own.attempt, skipped_question=own.essay.id, not_by=me, others=avoided
        )
        if position:
            return _address(*position)
    return None


def _address(attempt_id: int, position: int) -> str:
    return url_for("quizzes.essay", attempt_id=attempt_id, position=position)
