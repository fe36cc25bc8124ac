"""The queue of work that waits, and the desk where one paper is graded."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.assignments import policy, queries
from lms.assignments.forms import MarkForm
from lms.assignments.queries import Choice, Paper
from lms.assignments.rubric import in_points
from lms.assignments.services import marking
from lms.assignments.views.learner import bp
from lms.assignments.views.shown import Shown, shown
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number
from lms.web.access import require, role
from lms.web.paging import paged
from lms.web.request_limits import row_number


@bp.get("/teach/grading")
@role("instructor")
def grading() -> str:
    """What waits, oldest first; ``?show=graded`` what is done, newest first. Filters stand in the address."""
    mine, choice = current_user.taught_course_ids, _choice()
    is_graded = request.args.get("show") == "graded"
    listed = queries.graded if is_graded else queries.waiting
    return render_template(
        "assignments/queue.html",
        page=paged(listed(mine, choice, not_by=current_user.id), scalars=False),
        is_graded=is_graded,
        courses=queries.filter_courses(mine),
        items=queries.filter_items([choice.course_id] if choice.course_id else mine),
        choice=choice,
        narrowed=_narrowed(),
        waiting_count=queries.waiting_count(mine, not_by=current_user.id),
        now=clock.now(),
    )


@bp.route("/teach/grading/<int:submission_id>", methods=["GET", "POST"])
@role("instructor")
def paper(submission_id: int) -> Any:
    """One paper: the work on the left, the judgement on the right."""
    found = _own_paper(submission_id)
    form = MarkForm.for_task(queries.assignment_of(found.submission.item_revision_id))()
    if form.validate_on_submit():
        try:
            given = marking.mark(
                found.submission,
                form.judgement(),
                grader_id=current_user.id,
                seen=form.seen.data or 0,
                now=clock.now(),
            )
        except Refusal as refusal:
            _put_at_its_field(form, refusal)
        else:
            points = in_points(given.final_score, form.task.points)
            db.session.commit()
            return _go_on(found, say_number(points))
    view = _shown(found)
    if not form.is_submitted():
        _fill_in(form, view)
    return _desk(found, view, form), 422 if form.is_submitted() else 200


def _own_paper(submission_id: int) -> Paper:
    """Fetch and check: others' courses do not exist here, and nobody grades their own work."""
    found = queries.paper(submission_id) or abort(404)
    require(policy.may_see(current_user, found), status=404)
    require(policy.may_grade(current_user, found))
    return found


def _choice() -> Choice:
    """The filters of the address; what names nothing of mine narrows nothing."""
    slug = request.args.get("course")
    course = next((one for one in queries.filter_courses(current_user.taught_course_ids) if one.key == slug), None)
    return Choice(course.id if course else None, request.args.get("item", type=row_number))


def _narrowed() -> dict[str, Any]:
    """The filters as they are carried from page to page."""
    return {name: request.args[name] for name in ("course", "item") if request.args.get(name)}


def _shown(found: Paper) -> Shown:
    graders = {one.graded_by for one in found.submission.markings}
    return shown(found.submission, queries.names(graders))


def _fill_in(form: MarkForm, view: Shown) -> None:
    """A correction begins with what was decided before."""
    if view.newest is None:
        return
    before = view.newest.marking
    form.feedback.data = before.feedback
    for position, field in enumerate(form.levels):
        field.data = before.levels.get(str(position))
    if not form.task.rubric:
        form["points"].data = say_number(view.newest.points_before)


def _put_at_its_field(form: MarkForm, refusal: Refusal) -> None:
    if isinstance(refusal, marking.ReasonIsMissing):
        form.reason.errors = [refusal.text]
    elif isinstance(refusal, marking.FeedbackIsTooTangled):
        form.feedback.errors = [refusal.text]
    else:
        form.form_errors.append(refusal.text)


def _go_on(found: Paper, points: str) -> Any:
    """To the next paper, the queue where none is left, or back to the same page."""
    flash(_("Saved: %(points)s for %(name)s.", points=points, name=found.person.name), "done")
    if request.form.get("then") != "next":
        return redirect(url_for(".paper", submission_id=found.submission.id, **_narrowed()), 303)
    following = _following(found)
    if following is None:
        return redirect(url_for(".grading", **_narrowed()), 303)
    return redirect(url_for(".paper", submission_id=following.id, **_narrowed()), 303)


def _following(found: Paper) -> Any:
    mine = current_user.taught_course_ids
    return queries.next_waiting(mine, _choice(), found.submission, not_by=current_user.id)


def _desk(found: Paper, view: Shown, form: MarkForm) -> str:
    return render_template(
        "assignments/paper.html",
        paper=found,
        view=view,
        task=view.task,
        form=form,
        newer=queries.newest_of(found.submission),
        following=_following(found),
        waiting_count=queries.waiting_count(current_user.taught_course_ids, _choice(), not_by=current_user.id),
        narrowed=_narrowed(),
        now=clock.now(),
    )
