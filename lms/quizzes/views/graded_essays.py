"""Essays that are marked already: by question in the grading queue, and the answers to one question."""

from __future__ import annotations

from collections.abc import Collection

from flask import abort, render_template, request, url_for
from flask_login import current_user

from lms.learning.work import GradedGroup
from lms.people import queries as persons
from lms.quizzes import queries
from lms.quizzes.models import AnswerMark, Attempt
from lms.quizzes.queries import essays
from lms.quizzes.views.attempt import bp
from lms.web.access import role
from lms.web.paging import ids_of, paginate


def graded_groups(course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[GradedGroup]:
    found = []
    for one in essays.graded_questions(course_ids, item_id=item_id, not_by=not_by):
        address = url_for("quizzes.graded_essays", item_id=one.item_id, question=one.question)
        found.append(GradedGroup(one.title, one.item_title, one.course_title, one.count, one.newest_at, address))
    return found


@bp.get("/teach/grading/essays/of/<int:item_id>")
@role("instructor")
def graded_essays(item_id: int) -> str:
    """The marked answers to the essay ``?question=``, the newest mark first."""
    taught, question = current_user.taught_course_ids, request.args.get("question", "")
    found = essays.graded_questions(taught, item_id=item_id, question=question, not_by=current_user.id)
    if not found:
        abort(404)
    rows = essays.graded_answers(taught, item_id, question, not_by=current_user.id)
    page = paginate(rows, scalars=False, by=ids_of(rows, AnswerMark.id))
    return render_template(
        "quizzes/graded_essays.html",
        asked=found[0],
        page=page,
        position=_position,
        most=_most,
        names=persons.names_of({mark.marked_by for _attempt, _person, mark in page.rows}),
    )


def _position(attempt: Attempt, question: str) -> int:
    """From 1, in the order that its participant had."""
    return [one["id"] for one in attempt.selection].index(question) + 1


def _most(attempt: Attempt, question: str) -> object:
    """The points that a full answer earned there."""
    return queries.quiz_of_revision(attempt.item_revision_id).question(question).points
