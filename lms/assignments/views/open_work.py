"""A grader's page says that it is still open, and is told who else has the same work open."""

from __future__ import annotations

from typing import Any

from flask import abort, get_template_attribute, request
from flask_login import current_user

from lms.assignments import policy, queries
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.db import db
from lms.learning.services import presence
from lms.web.access import require, role


@bp.post("/teach/grading/<int:submission_id>/open")
@role("instructor", "admin")
def open_work(submission_id: int) -> Any:
    details = queries.submission_details(submission_id) or abort(404)
    require(policy.may_see(current_user, details), status=404)
    require(policy.may_grade(current_user, details))
    work, has_left = queries.work_name(details.submission), bool(request.form.get("left"))
    others = presence.report(work, current_user.id, has_left=has_left, now=clock.now())
    db.session.commit()
    return {"said": str(get_template_attribute("learning/_presence.html", "said")(others))}
