"""A grader's page says that it is still open, and is told who else has the same work open."""

from __future__ import annotations

from typing import Any

from flask import abort, get_template_attribute, request
from flask_login import current_user

from lms.assignments import policy, queries
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.db import db
from lms.learning.queries.presence import active_graders_at
from lms.learning.services import presence
from lms.web.access import require, role


@bp.post("/teach/grading/<int:submission_id>/open")
@role("instructor", "admin")
def open_work(submission_id: int) -> Any:
    """``left``: the page was closed."""
    details = queries.submission_details(submission_id) or abort(404)
    require(policy.may_see(current_user, details), status=404)
    require(policy.may_grade(current_user, details))
    work, now = queries.work_name(details.submission), clock.now()
    if request.form.get("left"):
        presence.record_closed(work, current_user.id)
        db.session.commit()
    else:
        presence.record_open(work, current_user.id, now=now)
    others = active_graders_at(work, not_by=current_user.id, now=now)
    return {"said": str(get_template_attribute("learning/_presence.html", "said")(others))}
