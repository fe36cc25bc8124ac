"""Failed and waiting mails, for admins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import ngettext
from lms.notices import queries
from lms.notices.models import Notice
from lms.notices.services import outbox as service
from lms.notices.services.wording import translate
from lms.web.access import role
from lms.web.paging import paginate
from lms.web.request_limits import row_number

bp = Blueprint("outbox", __name__)


@bp.get("/admin/notices")
@role("admin")
def failed() -> Any:
    page = paginate(queries.failed_mails(), scalars=False)
    rows = [(notice, person, translate(notice.kind, notice.facts)) for notice, person in page.rows]
    return render_template("notices/failed.html", page=page, rows=rows, outbox=queries.outbox())


@bp.post("/admin/notices")
@role("admin")
def try_again() -> Any:
    """One mail; without ``notice`` in the form, all that failed."""
    chosen = queries.failed_mails()
    if "notice" in request.form:
        chosen = chosen.where(Notice.id == request.form.get("notice", 0, type=row_number))
    notices = db.session.scalars(chosen).all()
    if "notice" in request.form and not notices:
        abort(404)
    count = service.try_again(notices, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(
        ngettext(
            "%(num)s e-mail will be sent again within minutes.",
            "%(num)s e-mails will be sent again within minutes.",
            count,
        ),
        "done",
    )
    return redirect(url_for(".failed"), 303)
