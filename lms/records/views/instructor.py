"""For instructors: people who completed the course, and issuing their certificates."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.people import queries as persons
from lms.records import policy, queries, services
from lms.records.forms import IssueForm
from lms.records.services import Issued
from lms.records.views.verifying import bp
from lms.web.access import require, role
from lms.web.paging import paged
from lms.web.request_limits import row_number

PER_PAGE = 100
"""A whole cohort on one page."""


@bp.route("/teach/courses/<slug>/completions", methods=["GET", "POST"])
@role("instructor", "admin")
def completions(slug: str) -> Any:
    course, revision = _own_course(slug)
    sent = request.form.getlist("enrolment", type=row_number)
    form = IssueForm(queries.enrolments_to_issue(course.id, sent[:PER_PAGE]))
    if form.validate_on_submit():
        return _issue(form.enrolment.data, slug)
    page = paged(queries.completed(course.id), PER_PAGE, scalars=False)
    rows = queries.candidates(page.rows)
    return render_template(
        "records/completions.html",
        course=course,
        revision=revision,
        page=page,
        rows=rows,
        form=form,
        chosen=_chosen(form, rows),
        what_lacks=services.what_lacks,
    ), 422 if form.is_submitted() else 200


def _own_course(slug: str) -> tuple[Course, CourseRevision]:
    found = courses.published(slug) or abort(404)
    require(policy.may_issue(current_user, found[0].id), status=404)
    return found


def _chosen(form: IssueForm, rows: list[queries.Candidate]) -> set[int]:
    """The ticked enrolments: those sent, or everyone who can be chosen if the address says ``all``."""
    if "all" not in request.args:
        return set(form.enrolment.data or [])
    return {one.enrolment.id for one in rows if one.state == "ready" and one.person.id != current_user.id}


def _issue(enrolment_ids: list[int], slug: str) -> Response:
    results = services.issue_records(queries.enrolments(enrolment_ids), actor_id=current_user.id, now=clock.now())
    refused = _refused(results)
    count = sum(one.record is not None for one in results)
    db.session.commit()
    if count:
        flash(
            ngettext(
                "%(n)s certificate was issued. Its owner finds it under “My training”.",
                "%(n)s certificates were issued. Their owners find them under “My training”.",
                count,
                n=count,
            ),
            "done",
        )
    for line in refused:
        flash(line)
    return redirect(url_for(".completions", slug=slug))


def _refused(results: list[Issued]) -> list[str]:
    """A line with the reason for each person who got no certificate."""
    refusals = {one.enrolment.person_id: one.refusal.text for one in results if one.refusal}
    names = persons.names_of(refusals)
    return [_("Not issued to %(name)s: %(why)s", name=names[one], why=why) for one, why in refusals.items()]
