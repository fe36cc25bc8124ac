"""Files of answers: downloads for those who may read the answer; graders can also read them on the site."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.learning.services import file_reading
from lms.quizzes import queries
from lms.quizzes.models import AnswerFile
from lms.quizzes.queries.files import answer_file as find_answer_file
from lms.quizzes.views.attempt import bp
from lms.web.access import require, role, signed_in
from lms.web.stored_file import attachment, picture


@bp.get("/attempts/files/<int:file_id>")
@signed_in
def answer_file(file_id: int) -> Response:
    """For its owner, and once the attempt was handed in for the instructors of the course and admins."""
    file = find_answer_file(file_id) or abort(404)
    is_own = file.person_id == current_user.id
    require(is_own or queries.submitted_attempt(file.attempt_id, current_user) is not None, status=404)
    return attachment(file.key, file.size, file.content_type, file.name)


@bp.get("/attempts/files/<int:file_id>/text")
@role("instructor", "admin")
def answer_file_text(file_id: int) -> str:
    file = _handed_in(file_id, "text")
    return render_template(
        "learning/file_text.html",
        file=file,
        name=file.name,
        text=file_reading.text_of(file) or abort(404),
        back=url_for(".attempt_of_participant", attempt_id=file.attempt_id),
        download=url_for(".answer_file", file_id=file.id),
    )


@bp.get("/attempts/files/<int:file_id>/picture")
@role("instructor", "admin")
def answer_file_picture(file_id: int) -> Response:
    return picture(file_reading.picture_of(_handed_in(file_id, "picture")) or abort(404))


def _handed_in(file_id: int, shown_as: str) -> AnswerFile:
    """404 for files of running attempts and of other courses, and for those that are shown in another way."""
    file = find_answer_file(file_id) or abort(404)
    require(queries.submitted_attempt(file.attempt_id, current_user) is not None, status=404)
    return file if file.shown_as == shown_as else abort(404)
