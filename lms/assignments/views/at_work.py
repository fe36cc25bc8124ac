"""A grader's page says that it is still open, and is told who else has the same work open."""

from __future__ import annotations

from typing import Any

from flask import abort, get_template_attribute, request
from flask_login import current_user

from lms.assignments import policy, queries
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.db import db
from lms.learning.queries import presence
from lms.learning.services import presence as signs
from lms.web.access import require, role


@bp.post("/teach/grading/<int:submission_id>/open")
@role("instructor", "admin")
def at_work(submission_id: int) -> Any:
    """``left``: the page was closed."""
    details = queries.submission_details(submission_id) or abort(404)
    require(policy.may_see(current_user, details), status=404)
    require(policy.may_grade(current_user, details))
    work, now = queries.work_name(details.submission), clock.now()
    if request.form.get("left"):
        signs.leave(work, current_user.id)
        db.session.commit()
    else:
        signs.sign(work, current_user.id, now=now)
    others = presence.others_at(work, not_by=current_user.id, now=now)
    return {"said": str(get_template_attribute("learning/_presence.html", "said")(others))}
