"""The privacy page, for everybody, and the button that makes a copy of one's own data."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_login import current_user
from werkzeug.wsgi import wrap_file

from lms.auth.devices import COOKIE_LIFE, COOKIE_NAME
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.notices.services.settings import help_contact
from lms.privacy import queries
from lms.privacy.services import copies
from lms.privacy.services.settings import privacy_settings
from lms.web.access import gives_file, public, recent_proof, signed_in
from lms.web.headers import set_disposition

bp = Blueprint("privacy", __name__)
blueprints = [bp]

IN_MEMORY = 1024 * 1024
"""Larger copies are sent from the disk, piece by piece."""
COPIES_AT_ONCE = 2
SECONDS_TO_WAIT = 5
"""Longer waits would keep other requests from being worked on (``web.overload``)."""
_copying = threading.BoundedSemaphore(COPIES_AT_ONCE)


@bp.get("/privacy")
@public
def privacy() -> Any:
    return render_template(
        "privacy/privacy.html",
        areas=queries.AREAS,
        privacy=privacy_settings(),
        contact=help_contact(),
        session_cookie=current_app.config["SESSION_COOKIE_NAME"],
        device_cookie=COOKIE_NAME,
        device_cookie_days=COOKIE_LIFE.days,
    )


@bp.post("/account/copy")
@signed_in
@recent_proof
@gives_file
def copy() -> Any:
    """Nothing is recorded before the copy is complete."""
    now, person_id = clock.now(), current_user.id
    copies.check_may_copy(person_id, now=now)
    if not _copying.acquire(timeout=SECONDS_TO_WAIT):
        raise copies.ManyAreCopying
    try:
        file = copies.make_copy(person_id, current_app.config["SITE_NAME"], now=now)
    finally:
        _copying.release()
    copies.note_copy(person_id, now=now)
    db.session.commit()
    size = file.tell()
    file.seek(0)
    if size <= IN_MEMORY:
        with file:
            response = Response(file.read(), mimetype="application/zip")
    else:
        response = Response(wrap_file(request.environ, file), mimetype="application/zip", direct_passthrough=True)
        response.content_length = size
        response.call_on_close(file.close)
    response.headers["Cache-Control"] = "private, no-store"
    name = f"data-saya-{to_site_time(now):%Y%m%d-%H%M}.zip"
    set_disposition(response, "attachment", name)
    return response
