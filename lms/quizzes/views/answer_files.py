"""Files of answers: fetched by who may read the answer, and read on the site by graders."""

from __future__ import annotations

from io import BytesIO

from flask import abort, make_response, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.content.folder.archive import BadArchive
from lms.core import storage
from lms.core.i18n import say_message
from lms.learning.services import file_reading
from lms.media.encoding import PictureRefused
from lms.quizzes import queries
from lms.quizzes.models import AnswerFile
from lms.quizzes.queries.files import answer_file as find_answer_file
from lms.quizzes.views.attempt import bp
from lms.web.access import require, role, signed_in


@bp.get("/attempts/files/<int:file_id>")
@signed_in
def answer_file(file_id: int) -> Response:
    """Always a download: the site itself never shows an uploaded file. For its owner, and once the attempt was handed
    in for the instructors of the course and admins."""
    file = find_answer_file(file_id) or abort(404)
    is_own = file.person_id == current_user.id
    require(is_own or queries.handed_in(file.attempt_id, current_user) is not None, status=404)
    try:
        data = storage.read(file.key)
    except storage.FileMissing:
        abort(404)
    response = send_file(
        BytesIO(data), mimetype=file.content_type, as_attachment=True, download_name=file.name, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/attempts/files/<int:file_id>/text")
@role("instructor", "admin")
def answer_file_text(file_id: int) -> str:
    """A page of its own; ``file_text.js`` shows what it says below the file."""
    file = _handed_in(file_id, "text")
    document, problem = None, dict[str, str]()
    try:
        document = file_reading.text_of(file)
    except BadArchive as refusal:
        problem = {"what": say_message(refusal.what), "mend": say_message(refusal.mend)}
    except storage.FileMissing:
        abort(404)
    return render_template(
        "learning/file_text.html",
        file=file,
        name=file.name,
        document=document,
        problem=problem,
        back=url_for(".attempt_of_participant", attempt_id=file.attempt_id),
        download=url_for(".answer_file", file_id=file.id),
    )


@bp.get("/attempts/files/<int:file_id>/picture")
@role("instructor", "admin")
def answer_file_picture(file_id: int) -> Response:
    try:
        response = make_response(file_reading.picture_of(_handed_in(file_id, "picture")))
    except (PictureRefused, storage.FileMissing):
        abort(404)
    response.content_type = "image/jpeg"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _handed_in(file_id: int, shown_as: str) -> AnswerFile:
    """404 for files of running attempts and of other courses, and for those that are not shown so."""
    file = find_answer_file(file_id) or abort(404)
    require(queries.handed_in(file.attempt_id, current_user) is not None, status=404)
    return file if file.shown_as == shown_as else abort(404)
