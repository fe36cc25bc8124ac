"""Files of courses. Their addresses contain their hash, so browsers may keep them."""

from __future__ import annotations

from flask import Response, abort
from flask_login import current_user

from lms.learning.policy import may_teach
from lms.learning.queries.media import media_file
from lms.learning.views.learner import bp
from lms.media import queries as pictures
from lms.web.access import signed_in
from lms.web.stored_file import stored_file


@bp.get("/media/<digest>/<name>")
@signed_in
def media(digest: str, name: str) -> Response:
    """Send a media file as the author gave it; of a picture with versions, participants get one without metadata."""
    file = media_file(current_user, current_user.id, digest, name) or abort(404)
    if not may_teach(current_user, file.revision.course_id) and (light := pictures.plain_version(file.sha256)):
        return stored_file(light.key, light.size, light.content_type)
    return stored_file(file.key, file.size, file.content_type or "")


@bp.get("/pictures/<digest>/<int:width>.<any(webp, avif, jpg, png):encoding>")
@signed_in
def picture(digest: str, width: int, encoding: str) -> Response:
    if media_file(current_user, current_user.id, digest) is None:
        abort(404)
    version = pictures.version(digest, width, encoding) or abort(404)
    return stored_file(version.key, version.size, version.content_type)
