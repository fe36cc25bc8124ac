"""An assignment as its learner sees it, its model answer, and submitted files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.assignments import policy, queries
from lms.assignments.forms import MAX_TEXT_LENGTH, SubmissionForm
from lms.assignments.models import Draft, Submission
from lms.assignments.plain_text import as_paragraphs
from lms.assignments.queries import SubmittedFile, anonymity, groups
from lms.assignments.rubric import in_points
from lms.assignments.services import drafts, submitting
from lms.assignments.services.submitting import SubmissionLimits
from lms.assignments.views.submission_view import submission_view
from lms.content.documents import file_types
from lms.content.items.assignment import Assignment
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_time
from lms.core.uploads import FileRefused
from lms.journal.events import ClientSeq
from lms.learning import queries as learning_queries
from lms.learning import reading_again
from lms.learning import services as learning
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.reading_again import ReadAgain
from lms.objections.services import own_objections
from lms.web.access import require, signed_in
from lms.web.form_recovery import wants_json
from lms.web.stored_file import attachment

bp = Blueprint("assignments", __name__)


def show(access: ItemAccess) -> Any:
    """The page of an item of type assignment, GET and POST. Access and locks are already checked."""
    context = learning_queries.item_context(access)
    form = SubmissionForm()
    if form.is_submitted():
        return _change(context, form, access.now)
    draft = queries.draft(context.enrolment_id, context.item_revision.item_id)
    if draft is not None:
        form.text.data, form.link.data = draft.text, draft.link
    return _page(context, form, draft, access.now, again=_to_read_again(access))


def _to_read_again(access: ItemAccess) -> list[ReadAgain]:
    if access.row.state != "failed":
        return []
    return reading_again.to_read_again(access.rows, access.item, access.course_slug, {})


def _change(context: ItemContext, form: SubmissionForm, now: datetime) -> Any:
    """Do what the button asks for. If it is refused, text and files stay as the draft."""
    if not form.validate():
        return _refused(context, form, now)
    try:
        message = _do(context, form, now)
    except Refusal as refusal:
        db.session.commit()
        _show_at_field(form, refusal)
        return _refused(context, form, now, is_replaced=isinstance(refusal, drafts.DraftReplaced))
    db.session.commit()
    if wants_json():
        return {"saved_at": say_time(now), "turn": form.client_seq.data}
    if form.do.data == "upload" and not form.file.data:
        flash(_("Choose a file first, then press “Upload”. Your text is saved."))
    else:
        flash(message, "done")
    return redirect(request.path, 303)


def _do(context: ItemContext, form: SubmissionForm, now: datetime) -> str:
    """Returns the message for the learner."""
    assignment = queries.assignment_of(context.item_revision.id)
    content, number = form.content(assignment.files.largest), form.number.data or 1
    message: str
    if form.do.data == "submit":
        submission = submitting.submit_assignment(context, content, number=number, now=now)
        message = _("Handed in as number %(number)s. Your instructor will look at it.", number=submission.number)
        if submission.paper is not None:
            message = _(
                "Handed in for %(group)s. Everybody in the group sees it now.", group=submission.paper.group_name
            )
    elif form.do.data == "again":
        earlier = queries.submissions(context.enrolment_id, context.item_revision.item_id) or abort(404)
        drafts.copy_to_draft(context, earlier[0], now=now)
        message = _("What you handed in last is now your draft. Improve it, then hand it in again.")
    else:
        drafts.save_draft(context, content, number=number, now=now)
        message = _("The file was uploaded.") if content.upload else _("The draft was saved.")
        if form.to_remove is not None:
            drafts.remove_file(context, form.to_remove, now=now)
            message = _("The file was removed.")
    return message


def _show_at_field(form: SubmissionForm, refusal: Refusal) -> None:
    if isinstance(refusal, FileRefused):
        form.file.errors = [refusal.text]
    elif isinstance(refusal, submitting.LinkNotHttps):
        form.link.errors = [refusal.text]
    else:
        form.form_errors.append(refusal.text)


def _refused(context: ItemContext, form: SubmissionForm, now: datetime, *, is_replaced: bool = False) -> Any:
    if wants_json():
        messages = [*form.form_errors, *(text for field in form for text in field.errors)]
        hint = " " + _("Press “Save draft” to see both.") if is_replaced else ""
        return {"error": "refused", "message": f"{messages[0]}{hint}"}, 422
    draft = queries.draft(context.enrolment_id, context.item_revision.item_id)
    return _page(context, form, draft, now, replaced_by=draft if is_replaced else None), 422


def _page(
    context: ItemContext,
    form: SubmissionForm,
    draft: Draft | None,
    now: datetime,
    *,
    replaced_by: Draft | None = None,
    again: Sequence[ReadAgain] = (),
) -> str:
    """``replaced_by`` is the draft of another page, which is shown besides what this page has sent."""
    assignment = queries.assignment_of(context.item_revision.id)
    submissions = queries.submissions(context.enrolment_id, context.item_revision.item_id)
    newest = queries.newest_event(draft) if draft else None
    group = groups.own_group(context.enrolment_id) if assignment.group else None
    limits = submitting.limits_of(context, submissions, group)
    graders = _graders(submissions)
    mark = learning.pass_mark(assignment.pass_mark)
    return render_template(
        "assignments/assignment.html",
        context=context,
        assignment=assignment,
        form=form,
        draft=draft,
        replaced_by=replaced_by,
        stored_html=as_paragraphs(replaced_by.text) if replaced_by else "",
        base_event_id=newest.id if newest else 0,
        page_name=ClientSeq.new_page(),
        deadline=limits.deadline,
        days_late=limits.deadline.days_late(now),
        submissions=[submission_view(one, graders) for one in submissions],
        graders=graders,
        group=group,
        papers=groups.paper_members({one.paper_id for one in submissions if one.paper_id}),
        is_open=limits.allow(now),
        has_model_answer=_may_read_model_answer(context, assignment, submissions, limits, now),
        is_over=limits.deadline.is_over(now),
        attempts_left=limits.attempts_left,
        pass_mark=mark,
        points_to_pass=in_points(Decimal(str(mark)), assignment.points),
        again=again,
        objections=own_objections([queries.work_name(one) for one in submissions], told_mark_at(submissions), now),
        is_completed=context.state == "done" and learning_queries.is_completed(context.enrolment_id),
        accept=file_types.accept_attribute(assignment.files.types),
        most_bytes=_most_bytes(assignment, draft),
        longest_text=MAX_TEXT_LENGTH,
    )


def _graders(submissions: Sequence[Submission]) -> dict[int, str]:
    """The names of those who marked or returned a submission, as far as the learner was told, by person id."""
    marked = {marking.graded_by for one in submissions for marking in one.told_markings}
    return queries.full_names(marked | {one.returned.returned_by for one in submissions if one.returned})


def _may_read_model_answer(
    context: ItemContext,
    assignment: Assignment,
    submissions: Sequence[Submission],
    limits: SubmissionLimits,
    now: datetime,
) -> bool:
    newest, may_submit = submissions[0] if submissions else None, limits.allow(now)
    is_passed = context.state == "done"
    return bool(assignment.model_answer) and policy.may_read_model_answer(
        newest, is_passed=is_passed, may_submit=may_submit
    )


def told_mark_at(submissions: Sequence[Submission]) -> datetime | None:
    """When the learner was told the mark that counts as it is now; None without one. ``submissions``: newest first."""
    marked = next((one for one in submissions if one.told_markings), None)
    return marked.told_markings[-1].told_at if marked else None


def _most_bytes(assignment: Assignment, draft: Draft | None) -> int:
    """How large the next file may be."""
    used = sum(file.size for file in draft.files) if draft else 0
    return min(assignment.files.largest, assignment.files.total_size - used)


def own_access(slug: str, item_slug: str, now: datetime) -> ItemAccess:
    """To an assignment of a course that the signed-in person takes; 404 without it, and while it is locked."""
    zone = current_app.config["TIMEZONE"]
    access = learning_queries.item_access(current_user.id, slug, item_slug, zone=zone, now=now)
    if access is None or access.row.lock or access.item.type != Assignment.type:
        abort(404)
    return access


@bp.get("/courses/<slug>/<item_slug>/model-answer")
@signed_in
def model_answer(slug: str, item_slug: str) -> Any:
    now = clock.now()
    context = learning_queries.item_context(own_access(slug, item_slug, now))
    assignment = queries.assignment_of(context.item_revision.id)
    if not assignment.model_answer:
        abort(404)
    submissions = queries.submissions(context.enrolment_id, context.item_revision.item_id)
    group = groups.own_group(context.enrolment_id) if assignment.group else None
    limits = submitting.limits_of(context, submissions, group)
    if not _may_read_model_answer(context, assignment, submissions, limits, now):
        flash(_("The model answer can be read once your work was graded and passed, or no attempt is left."))
        return redirect(url_for("learning.item", slug=slug, item=item_slug))
    page = make_response(
        render_template("assignments/model_answer.html", context=context, model_answer=assignment.model_answer)
    )
    page.headers["Cache-Control"] = "private, no-store"
    return page


@bp.get("/files/<int:file_id>")
@signed_in
def file(file_id: int) -> Response:
    found = queries.work_file(file_id) or abort(404)
    require(policy.may_read(current_user, found), status=404)
    return attachment(found.file.key, found.file.size, found.file.content_type, _name(found))


def _name(found: SubmittedFile) -> str:
    """The name of a file; graders of work without names do not see the one that its learner chose."""
    submission_id = found.file.submission_id
    if submission_id is None or found.file.person_id == current_user.id:
        return found.file.name
    number = anonymity.hidden_submissions([submission_id]).get(submission_id)
    return found.file.name if number is None else anonymity.file_name(found.file, number)
