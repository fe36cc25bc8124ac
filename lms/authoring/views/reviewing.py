"""Asking for a review of the draft, and returning it with a note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from lms.authoring import policy
from lms.authoring.services import DraftChanged, reviewing
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.web.access import require, role

MAX_NOTE_LENGTH = 1000


@bp.post("/teach/courses/<slug>/review")
@role("instructor", "admin")
def review(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    state, who = request.form.get("state", ""), {"actor_id": current_user.id, "now": clock.now()}
    note = request.form.get("note", "").strip()[:MAX_NOTE_LENGTH]
    try:
        if request.form.get("do") != "return":
            reviewing.ask_for_review(course.id, state, **who)
            text = _("Review asked for. Another instructor of the course or an admin publishes or returns it.")
        elif not note:
            flash(_("Write what is to be changed first."))
            return redirect(url_for(".publish_draft", slug=slug))
        else:
            require(policy.may_publish(current_user, course.id, reviewing.review_of(course.id, state)))
            reviewing.return_draft(course.id, state, note, **who)
            text = _("The draft has been returned with your note. Nothing was published.")
    except DraftChanged as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(url_for(".publish_draft", slug=slug))
    db.session.commit()
    flash(text, "done")
    return redirect(url_for(".outline", slug=slug))
