"""The request by which a grader's page says that it is still open, and learns who else has the same work open."""

from __future__ import annotations

from typing import Any

from flask import get_template_attribute, request
from flask_login import current_user

from lms.assignments import queries
from lms.assignments.views.instructor import gradable
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.db import db
from lms.learning.services import presence
from lms.web.access import role


@bp.post("/teach/grading/<int:submission_id>/open")
@role("instructor", "admin")
def open_work(submission_id: int) -> Any:
    details = gradable(submission_id)
    work, has_left = queries.work_name(details.submission), bool(request.form.get("left"))
    others = presence.report(work, current_user.id, has_left=has_left, now=clock.now())
    db.session.commit()
    return {"said": str(get_template_attribute("learning/_presence.html", "said")(others))}
