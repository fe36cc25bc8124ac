"""The form of the grading page, for one submission: its fields, and what it begins with."""

from __future__ import annotations

from typing import Any

from lms.assignments import queries
from lms.assignments.forms import GradeForm
from lms.assignments.queries import SubmissionDetails
from lms.assignments.services import feedback_files, grading
from lms.assignments.views.submission_view import SubmissionView
from lms.core.i18n import say_number


def grade_form(details: SubmissionDetails, **values: Any) -> GradeForm:
    submission = details.submission
    assignment = queries.assignment_of(submission.item_revision_id)
    is_decided = grading.is_lateness_decided(submission)
    return GradeForm.for_assignment(assignment, is_lateness_decided=is_decided)(**values)


def fill_in(form: GradeForm, view: SubmissionView) -> None:
    """A correction starts with the newest decision; a deduction for lateness with what the course proposes."""
    if form.late_fields and view.late_deduction:
        form["late_deduction"].data = say_number(view.late_deduction)
    if view.newest is None:
        return
    before = view.newest.marking
    form.feedback.data = before.feedback
    form.given = feedback_files.given_with(before.files)
    for position, field in enumerate(form.levels):
        field.data = before.levels.get(str(position))
    if not form.assignment.rubric:
        form["points"].data = say_number(view.newest.points_before)
    if form.late_fields and before.late_deduction is not None:
        form["late_deduction"].data = say_number(before.late_deduction)
        form["late_reason"].data = before.late_reason
