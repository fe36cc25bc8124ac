"""The grading queue, and the page where one submission is graded."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.assignments import policy, queries
from lms.assignments.forms import GradeForm
from lms.assignments.models import Submission
from lms.assignments.queries import FilterOption, QueueFilter, SubmissionDetails
from lms.assignments.rubric import in_points
from lms.assignments.services import grading
from lms.assignments.views.learner import bp
from lms.assignments.views.submission_view import SubmissionView, submission_view
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.paging import paged
from lms.web.request_limits import row_number


@bp.get("/teach/grading")
@role("instructor")
def queue() -> str:
    """Work that waits, oldest first; with ``?show=graded`` graded work, newest first."""
    taught = current_user.taught_course_ids
    courses = queries.course_options(taught)
    queue_filter = _queue_filter(courses)
    is_graded = request.args.get("show") == "graded"
    listed = queries.graded if is_graded else queries.waiting
    return render_template(
        "assignments/queue.html",
        page=paged(listed(taught, queue_filter, not_by=current_user.id), scalars=False),
        is_graded=is_graded,
        courses=courses,
        assignments=queries.assignment_options([queue_filter.course_id] if queue_filter.course_id else taught),
        queue_filter=queue_filter,
        filter_args=_filter_args(),
        waiting_count=queries.waiting_count(taught, not_by=current_user.id),
        now=clock.now(),
    )


@bp.route("/teach/grading/<int:submission_id>", methods=["GET", "POST"])
@role("instructor")
def submission(submission_id: int) -> Any:
    """One submission: the work on the left, the grade on the right."""
    details = _gradable(submission_id)
    form = GradeForm.for_assignment(queries.assignment_of(details.submission.item_revision_id))()
    if form.validate_on_submit():
        with saving(form, {grading.ReasonMissing: form.reason, grading.FeedbackTooComplex: form.feedback}):
            given = grading.grade_submission(
                details.submission,
                form.decision(),
                grader_id=current_user.id,
                seen=form.seen.data or 0,
                now=clock.now(),
            )
            return _saved(details, say_number(in_points(given.final_score, form.assignment.points)))
    view = _view(details)
    if not form.is_submitted():
        _fill_in(form, view)
    return _page(details, view, form), 422 if form.is_submitted() else 200


def _gradable(submission_id: int) -> SubmissionDetails:
    """404 for submissions to courses that the instructor does not teach, 403 for their own work."""
    details = queries.submission_details(submission_id) or abort(404)
    require(policy.may_see(current_user, details), status=404)
    require(policy.may_grade(current_user, details))
    return details


def _queue_filter(courses: list[FilterOption] | None = None) -> QueueFilter:
    """From the query string; the slug of a course that the instructor does not teach is ignored."""
    slug = request.args.get("course")
    if courses is None:
        courses = queries.course_options(current_user.taught_course_ids) if slug else []
    course = next((one for one in courses if one.key == slug), None)
    return QueueFilter(course.id if course else None, request.args.get("item", type=row_number))


def _filter_args() -> dict[str, Any]:
    """The query string of the filter, for links."""
    return {name: request.args[name] for name in ("course", "item") if request.args.get(name)}


def _view(details: SubmissionDetails) -> SubmissionView:
    graders = {one.graded_by for one in details.submission.markings}
    return submission_view(details.submission, queries.full_names(graders))


def _fill_in(form: GradeForm, view: SubmissionView) -> None:
    """A correction starts with the newest decision."""
    if view.newest is None:
        return
    before = view.newest.marking
    form.feedback.data = before.feedback
    for position, field in enumerate(form.levels):
        field.data = before.levels.get(str(position))
    if not form.assignment.rubric:
        form["points"].data = say_number(view.newest.points_before)


def _saved(details: SubmissionDetails, points: str) -> Any:
    """Redirect to the next submission, to the queue if there is none, or back to the same page."""
    flash(_("Saved: %(points)s for %(name)s.", points=points, name=details.person.name), "done")
    following: Submission | None = details.submission
    if request.form.get("then") == "next":
        following = _following(details, _queue_filter())
    if following is None:
        return redirect(url_for(".queue", **_filter_args()), 303)
    return redirect(url_for(".submission", submission_id=following.id, **_filter_args()), 303)


def _following(details: SubmissionDetails, queue_filter: QueueFilter) -> Submission | None:
    taught = current_user.taught_course_ids
    return queries.next_waiting(taught, queue_filter, details.submission, not_by=current_user.id)


def _page(details: SubmissionDetails, view: SubmissionView, form: GradeForm) -> str:
    queue_filter = _queue_filter()
    return render_template(
        "assignments/submission.html",
        details=details,
        view=view,
        assignment=view.assignment,
        form=form,
        newer=queries.newer_submission(details.submission),
        following=_following(details, queue_filter),
        waiting_count=queries.waiting_count(current_user.taught_course_ids, queue_filter, not_by=current_user.id),
        filter_args=_filter_args(),
    )
