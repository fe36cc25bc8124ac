"""For instructors: what participants object to, and the answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.objections import queries, services
from lms.objections.forms import OUTCOMES, AnswerObjectionForm
from lms.objections.hooks import figures_of, hidden_names, subject_of
from lms.objections.models import Objection
from lms.people import queries as persons
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.paging import ids_of, paginate

bp = Blueprint("objections", __name__)
blueprints = (bp,)


@bp.get("/teach/objections")
@role("instructor")
def list_() -> str:
    """What waits for an answer, oldest first; with ``?show=answered`` what was answered, newest first."""
    taught, is_answered = current_user.taught_course_ids, request.args.get("show") == "answered"
    found = queries.listed(taught, is_answered=is_answered, not_by=current_user.id)
    page = paginate(found, scalars=False, by=ids_of(found, Objection.id))
    return render_template(
        "objections/list.html",
        page=page,
        hidden=hidden_names(row[0].source for row in page.rows),
        is_answered=is_answered,
        open_count=queries.open_count(taught, not_by=current_user.id),
        outcomes=dict(OUTCOMES),
    )


@bp.route("/teach/objections/<int:objection_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def objection(objection_id: int) -> Any:
    """The reason, the work, its statistics, and the answer. Nobody answers their own."""
    details = queries.taught_details(objection_id, current_user) or abort(404)
    require(details.person.id != current_user.id)
    one, form = details.objection, AnswerObjectionForm()
    hidden = hidden_names([one.source]).get(one.source)
    subject = subject_of(one.source, one.question)
    if form.validate_on_submit():
        with saving(form):
            services.answer_objection(
                one,
                form.outcome.data,
                form.answer.data.strip(),
                score=subject.score if subject else None,
                tells_score=hidden is None,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Answered. %(name)s is told.", name=hidden or details.person.name), "done")
            return redirect(url_for(".list_"), 303)
        details = queries.taught_details(objection_id, current_user) or abort(404)
    page = render_template(
        "objections/objection.html",
        details=details,
        name=hidden or details.person.full_name,
        is_hidden=hidden is not None,
        one=details.objection,
        subject=subject,
        figures=figures_of(details.course_slug, one.item_id, one.question) if one.question else "",
        form=form,
        outcomes=dict(OUTCOMES),
        names=persons.names_of({one.answered_by} if one.answered_by else set()),
    )
    return page, 422 if form.is_submitted() else 200
