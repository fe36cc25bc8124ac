"""A learner contests the mark of a paper."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.assignments import queries
from lms.assignments.forms import PaperObjectionForm
from lms.assignments.views.learner import bp, own_access, told_mark_at
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.objections import queries as objections
from lms.objections import services as objecting
from lms.objections.subjects import ObjectionTarget
from lms.web.access import signed_in
from lms.web.fields import saving


@bp.route("/courses/<slug>/<item_slug>/objection", methods=["GET", "POST"])
@signed_in
def contest_mark(slug: str, item_slug: str) -> Any:
    """Contest the mark of the submission that counts."""
    now = clock.now()
    access = own_access(slug, item_slug, now)
    submissions = queries.submissions(access.enrolment_id, access.item.item_id)
    marked = next((one for one in submissions if one.told_markings), None) or abort(404)
    told_at, score = told_mark_at(submissions) or abort(404), marked.told_markings[-1].final_score
    target = ObjectionTarget(access.enrolment_id, access.item.item_id, queries.work_name(marked), score=score)
    back, form = url_for("learning.item", slug=slug, item=item_slug), PaperObjectionForm()
    if form.validate_on_submit():
        with saving(form):
            is_new = objecting.contest_mark(
                target, form.reason.data.strip(), told_at=told_at, actor_id=current_user.id, now=now
            )
            flash(_("Your objection was sent.") if is_new else _("You have objected already."), "done")
            return redirect(back)
    newest = objections.newest(access.enrolment_id, access.item.item_id)
    page = render_template(
        "assignments/contest_mark.html",
        title=_("Object to the mark"),
        back=back,
        back_text=access.item.title,
        number=marked.number,
        score=score,
        until=objecting.may_object_until(told_at),
        open=newest if newest and newest.answered_at is None else None,
        hint=_("Say which part of your work was not judged rightly."),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
