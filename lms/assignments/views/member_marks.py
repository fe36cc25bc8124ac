"""Another mark for one member of a group than the others have."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user

from lms.assignments import queries
from lms.assignments.services import grading
from lms.assignments.views import instructor
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.web.access import require, role
from lms.web.fields import saving


@bp.post("/teach/grading/<int:submission_id>/member")
@role("instructor", "admin")
def mark_member(submission_id: int) -> Any:
    """The feedback stays; the mark is the member's own until the whole group is graded from the member's page."""
    details = instructor.gradable(submission_id)
    require(bool(details.members), status=404)
    form = instructor.member_form(details, is_sent=True)
    if form.validate():
        chosen_id, seen = form.chosen
        chosen = instructor.gradable(chosen_id)
        before = queries.markings(chosen_id)
        with saving(form, {grading.ReasonMissing: form.reason}):
            grading.grade_submission(
                chosen.submission,
                form.decision(before[-1].feedback if before else ""),
                grader_id=current_user.id,
                seen=seen,
                now=clock.now(),
                is_by_admin=not instructor.teaches(details),
                is_alone=True,
            )
            flash(_("Saved: %(points)s for %(name)s.", points=form.points.data, name=chosen.person.name), "done")
            return redirect(url_for(".submission", submission_id=chosen_id, **instructor.filter_args()), 303)
    return instructor.grading_page(instructor.gradable(submission_id), member_form=form), 422
