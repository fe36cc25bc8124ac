"""What a learner can do at a quiz where no attempt is left: ask for one more, and practise."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.content.items.quiz import Quiz
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.learning import queries as learning
from lms.learning.queries import ItemContext
from lms.quizzes.forms import AskForAttemptForm
from lms.quizzes.queries import attempt_state
from lms.quizzes.services import overrides as services
from lms.quizzes.services import practice
from lms.quizzes.views.attempt import bp
from lms.quizzes.views.attempt_values import question_url
from lms.web.access import signed_in
from lms.web.fields import saving


def _own_context(slug: str, item_slug: str) -> ItemContext:
    """An open quiz of a course that the reader takes; 404 otherwise."""
    zone = current_app.config["TIMEZONE"]
    access = learning.item_access(current_user.id, slug, item_slug, zone=zone, now=clock.now())
    if access is None or access.row.lock or access.item.type != Quiz.type:
        abort(404)
    return learning.item_context(access)


@bp.route("/courses/<slug>/<item_slug>/further-attempt", methods=["GET", "POST"])
@signed_in
def ask_for_attempt(slug: str, item_slug: str) -> Any:
    """Whoever teaches the course is told, and answers on the page of the participant."""
    context, form = _own_context(slug, item_slug), AskForAttemptForm()
    if form.validate_on_submit():
        with saving(form):
            is_new = services.ask_for_attempt(context, form.reason.data, now=clock.now())
            flash(_("Your request was sent.") if is_new else _("You have asked already."), "done")
            return redirect(url_for("learning.item", slug=slug, item=item_slug))
    page = render_template("quizzes/ask_for_attempt.html", context=context, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/courses/<slug>/<item_slug>/practice")
@signed_in
def practise(slug: str, item_slug: str) -> Any:
    """Start to practise, or go on with it."""
    attempt = practice.start_practice(_own_context(slug, item_slug), seed=secrets.randbits(64), now=clock.now())
    target = question_url(attempt, attempt_state(attempt).first_open)
    db.session.commit()
    return redirect(target)
