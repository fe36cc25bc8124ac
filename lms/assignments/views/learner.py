"""An assignment as its learner sees it, and the files handed in."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.assignments import kinds, policy, queries
from lms.assignments.forms import LONGEST_TEXT, WorkForm
from lms.assignments.models import Draft, Submission
from lms.assignments.services import drafts, handing_in
from lms.assignments.services.drafts import FileRefused
from lms.assignments.views.shown import shown
from lms.content.items.assignment import Assignment
from lms.core import clock, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time
from lms.learning import queries as learning_queries
from lms.learning import services as learning
from lms.learning.queries import ItemAccess, ItemContext
from lms.web.access import require, signed_in
from lms.web.form_recovery import wants_json

bp = Blueprint("assignments", __name__)


def show(access: ItemAccess) -> Any:
    """The item page of an assignment, GET and POST; access and locks are checked already."""
    context = learning_queries.item_context(access)
    form = WorkForm()
    if form.is_submitted():
        return _changed(context, form)
    draft = queries.draft(context.enrolment_id, context.item_revision.item_id)
    if draft is not None:
        form.text.data, form.link.data = draft.text, draft.link
    return _page(context, form, draft)


def _changed(context: ItemContext, form: WorkForm) -> Any:
    """Do what the pressed button says; whatever becomes of it, text and files stay as the draft."""
    now = clock.now()
    if not form.validate():
        return _sent_back(context, form)
    try:
        message = _do(context, form, now)
    except Refusal as refusal:
        db.session.commit()
        _put_at_its_field(form, refusal)
        return _sent_back(context, form)
    db.session.commit()
    if wants_json():
        return {"saved_at": f"{to_site_time(now):%H.%M}"}
    flash(message, "done")
    return redirect(request.path, 303)


def _do(context: ItemContext, form: WorkForm, now: datetime) -> str:
    """What the pressed button asks for; gives what to tell the person."""
    work, number = form.work(queries.assignment_of(context.item_revision.id).files.largest), form.number.data or 1
    message: str
    if form.do.data == "submit":
        done = handing_in.hand_in(context, work, number=number, now=now)
        message = _("Handed in as number %(number)s. Your instructor will look at it.", number=done.number)
    elif form.do.data == "again":
        last = queries.handed_in(context.enrolment_id, context.item_revision.item_id) or abort(404)
        drafts.start_from(context, last[0], now=now)
        message = _("What you handed in last is now your draft. Improve it, then hand it in again.")
    else:
        drafts.save(context, work, number=number, now=now)
        message = _("The file was uploaded.") if work.upload else _("The draft was saved.")
        if form.to_remove is not None:
            drafts.remove_file(context, form.to_remove, now=now)
            message = _("The file was removed.")
    return message


def _put_at_its_field(form: WorkForm, refusal: Refusal) -> None:
    if isinstance(refusal, FileRefused):
        form.file.errors = [refusal.text]
    elif isinstance(refusal, handing_in.LinkIsNotHttps):
        form.link.errors = [refusal.text]
    else:
        form.form_errors.append(refusal.text)


def _sent_back(context: ItemContext, form: WorkForm) -> Any:
    if wants_json():
        messages = [*form.form_errors, *(text for field in form for text in field.errors)]
        return {"error": "refused", "message": str(messages[0])}, 422
    return _page(context, form, queries.draft(context.enrolment_id, context.item_revision.item_id)), 422


def _page(context: ItemContext, form: WorkForm, draft: Draft | None) -> str:
    task, now = queries.assignment_of(context.item_revision.id), clock.now()
    handed_in = queries.handed_in(context.enrolment_id, context.item_revision.item_id)
    deadline = handing_in.deadline_of(context)
    graders = queries.names({marking.graded_by for one in handed_in for marking in one.markings})
    return render_template(
        "assignments/assignment.html",
        context=context,
        task=task,
        form=form,
        draft=draft,
        deadline=deadline,
        days_late=deadline.days_late(now),
        submissions=[shown(one, graders) for one in handed_in],
        is_open=not deadline.is_over(now) and _tries_left(task, handed_in) != 0,
        is_over=deadline.is_over(now),
        tries_left=_tries_left(task, handed_in),
        pass_mark=learning.pass_mark(task.pass_mark),
        accept=kinds.accepted(task.files.types),
        longest_text=LONGEST_TEXT,
    )


def _tries_left(task: Assignment, handed_in: list[Submission] | Any) -> int | None:
    """None: as many as one likes."""
    return None if task.attempts is None else max(0, task.attempts - len(handed_in))


@bp.get("/files/<int:file_id>")
@signed_in
def file(file_id: int) -> Response:
    """A file of somebody's work, always to be kept, never shown by this site itself."""
    kept = queries.kept_file(file_id) or abort(404)
    require(policy.may_read(current_user, kept), status=404)
    try:
        data = storage.read(kept.file.key)
    except storage.FileMissing:
        abort(404)
    response = send_file(
        BytesIO(data), mimetype=kept.file.content_type, as_attachment=True, download_name=kept.file.name, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
