"""A person's inbox and channels."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.notices import queries
from lms.notices.forms import ChannelsForm
from lms.notices.services import inbox as service
from lms.notices.services.wording import translate
from lms.people import queries as persons
from lms.web.access import signed_in
from lms.web.paging import paginate
from lms.web.request_limits import row_number

bp = Blueprint("notices", __name__)
PER_PAGE = 15


@bp.get("/notices")
@signed_in
def inbox() -> Any:
    page = paginate(queries.inbox(current_user.id), PER_PAGE)
    notices = [(notice, translate(notice.kind, notice.facts)) for notice in page.rows]
    return render_template("notices/inbox.html", page=page, notices=notices)


@bp.post("/notices")
@signed_in
def read() -> Any:
    """Open a notice and mark it as read; without ``notice`` in the form, mark all as read."""
    now = clock.now()
    if "notice" not in request.form:
        service.read_all(current_user.id, now=now)
        db.session.commit()
        return redirect(url_for(".inbox"), 303)
    number = request.form.get("notice", 0, type=row_number)
    notice = queries.own_notice(current_user.id, number) or abort(404)
    service.read_one(notice, now=now)
    link = notice.link
    db.session.commit()
    return redirect(link, 303)


@bp.route("/account/notices", methods=["GET", "POST"])
@signed_in
def choices() -> Any:
    form = ChannelsForm(obj=current_user)
    if form.validate_on_submit():
        wants_mail = form.wants_mail.data if current_user.email else current_user.wants_mail
        service.choose_channels(persons.row_of(current_user), wants_mail=wants_mail, phone=form.number, now=clock.now())
        db.session.commit()
        flash(_("Saved."), "done")
        return redirect(url_for(".choices"), 303)
    page = render_template("notices/choices.html", form=form)
    return page, 422 if form.is_submitted() else 200
