"""Submitted files as graders read them on the site, and files that graders gave."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.assignments import policy, queries
from lms.assignments.models import WorkFile
from lms.assignments.queries import anonymity
from lms.assignments.queries.feedback import feedback_file as find_feedback_file
from lms.assignments.views.learner import bp
from lms.learning.services import file_reading
from lms.web.access import require, role, signed_in
from lms.web.headers import set_disposition
from lms.web.stored_file import picture, stored_file


@bp.get("/files/<int:file_id>/text")
@role("instructor", "admin")
def file_text(file_id: int) -> str:
    file = _submitted(file_id, "text")
    number = anonymity.hidden_submissions([file.submission_id]).get(file.submission_id) if file.submission_id else None
    return render_template(
        "learning/file_text.html",
        file=file,
        text=file_reading.text_of(file) or abort(404),
        name=file.name if number is None else anonymity.file_name(file, number),
        back=url_for(".submission", submission_id=file.submission_id),
        download=url_for(".file", file_id=file.id),
    )


@bp.get("/files/<int:file_id>/picture")
@role("instructor", "admin")
def file_picture(file_id: int) -> Response:
    return picture(file_reading.picture_of(_submitted(file_id, "picture")) or abort(404))


@bp.get("/feedback-files/<int:feedback_id>")
@signed_in
def feedback_file(feedback_id: int) -> Response:
    """As a download. A player on a page ignores that, and fetches the file in parts."""
    found = find_feedback_file(feedback_id) or abort(404)
    require(policy.may_read_feedback(current_user, found), status=404)
    response = stored_file(found.file.key, found.file.size, found.file.content_type)
    set_disposition(response, "attachment", found.file.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _submitted(file_id: int, shown_as: str) -> WorkFile:
    """404 for drafts, for files of other courses, and for those that are shown in another way."""
    found = queries.work_file(file_id) or abort(404)
    require(policy.may_read_submitted(current_user, found), status=404)
    return found.file if found.file.shown_as == shown_as else abort(404)
