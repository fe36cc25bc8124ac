"""For instructors: people who completed the course, and issuing their certificates."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock, scheduler
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time
from lms.core.small_transactions import commit_until_error
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning.services import renewal
from lms.people import nip
from lms.people import queries as persons
from lms.records import policy, queries, services
from lms.records.forms import IssueForm, IssueToAllForm
from lms.records.services import batches as record_batches
from lms.records.services import differences, preview, readiness, waiting
from lms.records.services.settings import certificate_settings
from lms.records.views.verifying import bp
from lms.web.access import recent_proof, require, role
from lms.web.paging import ids_of, paginate
from lms.web.request_limits import row_number

log = logging.getLogger(__name__)

PER_PAGE = 100
"""A whole cohort on one page."""
SHOWN_BATCHES = 5
ISSUED_AT_ONCE = 20
"""The largest batch that is issued before its page is shown: about a quarter of a second."""


@bp.route("/teach/courses/<slug>/completions", methods=["GET", "POST"])
@role("instructor", "admin")
@recent_proof
def completions(slug: str) -> Any:
    """The list, from which ``ready`` is opened with those chosen; that page posts here."""
    course, revision = _own_course(slug)
    sent = request.form.getlist("enrolment", type=row_number)
    form = IssueForm(queries.enrolments_to_issue(course.id, sent[:PER_PAGE]))
    if "everyone" in request.form and (everybody := IssueToAllForm()).validate_on_submit():
        return _issue(course, everybody, _everybody(course, only_complete=bool(everybody.complete.data)), everyone=1)
    if form.validate_on_submit():
        return _issue(course, form, [key for key, _label in form.enrolment.choices if key in form.enrolment.data])
    found = queries.completed(course.id)
    page = paginate(found, PER_PAGE, scalars=False, by=ids_of(found, Enrolment.id))
    rows = queries.candidates(page.rows)
    batches = queries.batches(course.id, SHOWN_BATCHES)
    return render_template(
        "records/completions.html",
        course=course,
        revision=revision,
        page=page,
        rows=rows,
        form=form,
        chosen=_chosen(form, rows),
        ready_count=queries.ready_counts([course.id], not_of=current_user.id).get(course.id, 0),
        batches=batches,
        counts=queries.batch_counts(batches),
        differences=differences.differences(rows, revision),
        left_to_renew=renewal.left_to_renew(course.id),
        what_lacks=services.what_lacks,
        **_whom_to_ask(),
    ), 422 if form.is_submitted() else 200


@bp.get("/teach/courses/<slug>/completions/ready")
@role("instructor", "admin")
def ready(slug: str) -> Any:
    """What would be printed for those chosen, and what is missing: the page before issuing."""
    course, revision = _own_course(slug)
    everyone, only_complete = "everyone" in request.args, "complete" in request.args
    sent = None if everyone else request.args.getlist("enrolment", type=row_number)[:PER_PAGE]
    found = waiting.to_look_at(sent, course.id, not_of=current_user.id)
    total, lacking = waiting.counts(found)
    if only_complete:
        found = found.where(~queries.lacks_data())
    page = paginate(found, PER_PAGE, scalars=False, by=ids_of(found, Enrolment.id))
    if not page.total:
        nobody_waits = _("Nobody among them waits for a certificate that you can issue.")
        flash(nobody_waits if sent or everyone else _("Choose at least one participant."))
        return redirect(url_for(".completions", slug=slug))
    settings, now = certificate_settings(), clock.now()
    previews = preview.previews(page.rows, settings, now=now)
    chosen = [] if everyone else [one.candidate.enrolment.id for one in previews if one.candidate.state == "ready"]
    ids = _everybody(course, only_complete=only_complete) if everyone else chosen
    admin_scope = persons.admin_scope(current_user)
    return render_template(
        "records/ready.html",
        course=course,
        revision=revision,
        page=page,
        previews=previews,
        settings=settings,
        number=preview.next_number(settings, revision.code or "", now=now),
        issued_on=to_site_time(now).date(),
        everyone=everyone,
        only_complete=only_complete,
        total=total,
        lacking=lacking,
        chosen=chosen,
        may_fill=lambda person: policy.may_fill(current_user, person, admin_scope),
        masked=nip.masked,
        what_lacks=services.what_lacks,
        **_form_values(course, ids, now),
        **_whom_to_ask(),
    )


def _form_values(course: Course, enrolment_ids: Sequence[int], now: datetime) -> dict[str, Any]:
    """How many certificates the button issues, and what its form says of the page that was looked at."""
    batches = queries.batches(course.id, 1)
    return {
        "count": len(enrolment_ids),
        "seen": preview.mark_of_all(preview.marks_of(enrolment_ids), to_site_time(now).date()),
        "newest": batches[0].id if batches else 0,
    }


@bp.get("/teach/courses/<slug>/completions/<int:batch_id>")
@role("instructor", "admin")
def batch(slug: str, batch_id: int) -> str:
    """The progress of a batch, and its result."""
    course, revision = _own_course(slug)
    found = queries.batch(batch_id, course.id) or abort(404)
    return render_template(
        "records/batch.html",
        course=course,
        revision=revision,
        batch=found,
        counts=queries.batch_counts([found])[found.id],
        names=persons.names_of([found.created_by] if found.created_by else []),
        page=paginate(queries.batch_entries(found.id), PER_PAGE, scalars=False, total=found.total),
        refusal_text=record_batches.refusal_text,
    )


def _own_course(slug: str) -> tuple[Course, CourseRevision]:
    found = courses.published(slug) or abort(404)
    require(policy.may_issue(current_user, found[0].id), status=404)
    return found


def _chosen(form: IssueForm, rows: list[queries.Candidate]) -> set[int]:
    """The ticked enrolments: those sent, or everyone who can be chosen if the address says ``all``."""
    if "all" not in request.args:
        return set(form.enrolment.data or [])
    return {one.enrolment.id for one in rows if one.state == "ready" and one.person.id != current_user.id}


def _everybody(course: Course, *, only_complete: bool) -> Sequence[int]:
    return queries.all_to_issue(course.id, not_of=current_user.id, with_all_data=only_complete)


def _whom_to_ask() -> dict[str, Any]:
    """What no certificate can be issued without, and who enters it."""
    return {
        "missing": readiness.missing_now(),
        "admins": [] if current_user.is_admin else persons.site_admins(),
    }


def _issue(course: Course, form: IssueToAllForm, enrolment_ids: Sequence[int], **everyone: int) -> Response:
    """Start a batch of what was looked at. A small one is issued before its page is shown; the job does the others."""
    slug, now = course.slug, clock.now()
    marks = preview.marks_of(enrolment_ids)
    if readiness.missing_now() or form.seen.data != preview.mark_of_all(marks, to_site_time(now).date()):
        return _look_again(course, form, enrolment_ids, **everyone)
    made = record_batches.start_batch(
        course.id, enrolment_ids, actor_id=current_user.id, newest=form.newest_id, seen=marks, now=now
    )
    batch_id, total = made.id if made else None, made.total if made else 0
    db.session.commit()
    if batch_id is None:
        flash(_("All those chosen have their certificates already."))
        return redirect(url_for(".completions", slug=slug))
    if total <= ISSUED_AT_ONCE:
        _issue_now(batch_id)
    else:
        scheduler.wake()
    return redirect(url_for(".batch", slug=slug, batch_id=batch_id), 303)


def _look_again(course: Course, form: IssueToAllForm, enrolment_ids: Sequence[int], **everyone: int) -> Response:
    """Redirect to the page before issuing, or after a double click to what the first press has started."""
    started = queries.batches(course.id, 1) if everyone and form.seen.data else []
    if started and started[0].created_by == current_user.id and started[0].id > (form.newest_id or 0):
        return redirect(url_for(".batch", slug=course.slug, batch_id=started[0].id), 303)
    if form.seen.data:
        flash(
            _(
                "Nothing was issued: what would be printed has changed since you opened the page. Below is what would"
                " be printed now."
            )
        )
    chosen: dict[str, Any] = everyone or {"enrolment": list(enrolment_ids)}
    return redirect(url_for(".ready", slug=course.slug, complete=form.complete.data or None, **chosen), 303)


def _issue_now(batch_id: int) -> None:
    """Issue the batch in this request. After an error, the job goes on with the others."""
    commit_until_error(
        lambda: record_batches.issue_next(batch_id, policy.may_issue, now=clock.now()),
        lambda error: log.warning("batch %s is left to the job: %s", batch_id, type(error).__name__),
    )
