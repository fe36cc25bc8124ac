"""One submission on a page of its own, for its learner: a long text would make the assignment's page heavy."""

from __future__ import annotations

from flask import abort, render_template

from lms.assignments import queries
from lms.assignments.views.learner import bp, own_access
from lms.assignments.views.submission_view import submission_view
from lms.core import clock
from lms.learning import queries as learning
from lms.web.access import signed_in


@bp.get("/courses/<slug>/<item_slug>/submissions/<int:number>")
@signed_in
def own_submission(slug: str, item_slug: str, number: int) -> str:
    access = own_access(slug, item_slug, clock.now())
    submissions = queries.submissions(access.enrolment_id, access.item.item_id)
    found = next((one for one in submissions if one.number == number), None) or abort(404)
    return render_template(
        "assignments/own_submission.html", context=learning.item_context(access), one=submission_view(found, {})
    )
