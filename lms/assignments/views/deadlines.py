"""For instructors: other moments of an assignment for one cohort."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.assignments.forms import DeadlineForm
from lms.assignments.models import DeadlineOverride
from lms.assignments.queries import overrides
from lms.assignments.services import overriding
from lms.assignments.services.overriding import DeadlineMoments
from lms.assignments.views.learner import bp
from lms.content.items.assignment import Assignment
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import today, zone
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort
from lms.learning.queries.teaching import TaughtItem, taught_item
from lms.people import queries as persons
from lms.web.access import role
from lms.web.fields import saving


@bp.get("/teach/courses/<slug>/deadlines/<item>")
@role("instructor", "admin")
def deadlines(slug: str, item: str) -> str:
    """Which cohorts have other moments than the course gives."""
    taught = taught_item(slug, item, current_user, Assignment) or abort(404)
    newest: dict[int, DeadlineOverride] = {}
    for row in overrides.history(taught.item.item_id):
        newest.setdefault(row.cohort_id, row)
    cohorts = [one.cohort for one in enrolments.cohorts_of_course(taught.course.id)]
    return render_template(
        "assignments/deadlines.html",
        course=taught.course,
        revision=taught.revision,
        item=taught.item,
        cohorts=cohorts,
        newest=newest,
        by_course={one.id: _by_course(taught, one) for one in cohorts},
    )


@bp.route("/teach/courses/<slug>/deadlines/<item>/cohorts/<int:cohort_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def deadlines_of_cohort(slug: str, item: str, cohort_id: int) -> Any:
    taught = taught_item(slug, item, current_user, Assignment) or abort(404)
    cohort = enrolments.cohort_of_course(taught.course.id, cohort_id) or abort(404)
    form = DeadlineForm()
    if form.validate_on_submit():
        with saving(form):
            overriding.override_for_cohort(
                cohort,
                taught.item.item_id,
                DeadlineMoments(form.opens_at.data, form.due_at.data, form.closes_at.data),
                form.reason.data,
                seen=form.seen.data or 0,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Saved. Participants of this cohort see it on the page of the assignment."), "done")
            return redirect(url_for(".deadlines", slug=slug, item=item), 303)
    rows = overrides.history(taught.item.item_id, cohort.id)
    if rows and not form.is_submitted():
        form.opens_at.data, form.due_at.data, form.closes_at.data = rows[0].opens_at, rows[0].due_at, rows[0].closes_at
    page = render_template(
        "assignments/deadlines_of_cohort.html",
        course=taught.course,
        item=taught.item,
        cohort=cohort,
        form=form,
        seen=rows[0].number if rows else 0,
        history=rows,
        names=persons.names_of({row.given_by for row in rows if row.given_by}),
        by_course=_by_course(taught, cohort),
    )
    return page, 422 if form.is_submitted() else 200


def _by_course(taught: TaughtItem[Assignment], cohort: Cohort) -> dict[str, Any]:
    """The moments that the course gives this cohort; empty for one without dates where each person has their own."""
    late, due, closes = taught.content.late, taught.content.due, taught.item.closes
    last = late.until if late else closes if taught.content.takes_late else due or closes
    if cohort.starts_on is None and any(when and when.base != "fixed" for when in (taught.item.opens, due, last)):
        return {}
    window = enrolments.window_of_cohort(cohort, zone(), today())
    return {
        "opens_at": window.moment(taught.item.opens, "opens"),
        "due_at": window.moment(due, "closes"),
        "closes_at": window.moment(last, "closes"),
    }
