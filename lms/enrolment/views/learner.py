"""Joining and leaving a course."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.enrolment import queries, services
from lms.web.access import signed_in

bp = Blueprint("enrolment", __name__)


@bp.post("/courses/<slug>/enrol")
@signed_in
def enrol(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    services.enrol_openly(current_user, found[0], now=clock.now())
    db.session.commit()
    flash(_("You are enrolled. Begin whenever you like; everything you do is kept."), "done")
    return redirect(url_for("learning.course", slug=slug))


@bp.route("/courses/<slug>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    enrolment = queries.enrolment_of(current_user.id, found[0].id) or abort(404)
    form = FlaskForm()
    if form.validate_on_submit():
        services.withdraw(enrolment, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("You have left the course. What you did is kept, should you come back."), "done")
        return redirect(url_for("learning.course", slug=slug))
    return render_template("enrolment/withdraw.html", revision=found[1], slug=slug, form=form)
