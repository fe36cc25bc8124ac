"""The catalogue, and media files of courses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_login import current_user

from lms.core import storage
from lms.courses import queries
from lms.courses.cover import cover_svg
from lms.web.access import public, signed_in
from lms.web.headers import FILE_POLICY
from lms.web.paging import paged

bp = Blueprint("courses", __name__)
blueprints = [bp]


bp.add_app_template_global(cover_svg, "cover")


@bp.get("/courses")
@public
def catalogue() -> Any:
    search = request.args.get("q", "").strip()[:100]
    category = request.args.get("category", "")
    return render_template(
        "courses/catalogue.html",
        page=paged(queries.catalogue(search, category), queries.PER_PAGE),
        search=search,
        category=category,
        categories=queries.categories(),
        is_visitor=not current_user.is_authenticated,
    )


@bp.get("/media/<digest>/<name>")
@signed_in
def media(digest: str, name: str) -> Response:
    """A media file. Its address contains its hash, so browsers may cache it for a year."""
    if len(digest) != 20:
        abort(404)
    file = queries.media_file(digest, name) or abort(404)
    response = Response(storage.read(file.key), content_type=file.content_type)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = f"{FILE_POLICY}; style-src 'unsafe-inline'"
    return response
