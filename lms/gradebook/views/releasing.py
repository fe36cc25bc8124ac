"""Releasing marks that were held: those of one item, or all of a course."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.gradebook import queries, services
from lms.gradebook.queries import GradebookQuery
from lms.gradebook.views.page import book_of, bp
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.web.access import role
from lms.web.request_limits import row_number

AT_ONCE = 10
"""Marks per transaction, so that nobody waits long for the database."""


@bp.post("/teach/courses/<slug>/gradebook/release")
@role("instructor", "admin")
def release(slug: str) -> Any:
    """Release the marks of one item, in the whole course or in one of its cohorts."""
    course, _revision = taught_course(slug, current_user) or abort(404)
    _runs, cohort_id = cohorts_and_chosen(course.id, request.form.get("cohort", type=row_number))
    _release(GradebookQuery(course.id, cohort_id), request.form.get("item", 0, type=row_number))
    return redirect(url_for(".page", slug=slug, cohort=cohort_id), 303)


@bp.route("/teach/courses/<slug>/gradebook/release-all", methods=["GET", "POST"])
@role("instructor", "admin")
def release_all(slug: str) -> Any:
    """Release the marks of all items, after a page that says how many each has."""
    course, revision = taught_course(slug, current_user) or abort(404)
    cohorts, cohort_id = cohorts_and_chosen(course.id, request.values.get("cohort", type=row_number))
    query = GradebookQuery(course.id, cohort_id)
    if request.method == "POST":
        _release(query)
        return redirect(url_for(".page", slug=slug, cohort=cohort_id), 303)
    works = queries.held_works(query)
    return render_template(
        "gradebook/release.html",
        course=course,
        revision=revision,
        chosen=next((one.cohort for one in cohorts if one.cohort.id == cohort_id), None),
        book=book_of(query, revision),
        counts=Counter(one.item_id for one in works),
        people=len({one.enrolment_id for one in works}),
    )


def _release(query: GradebookQuery, item_id: int | None = None) -> None:
    now, released = clock.now(), 0
    for works in services.in_transactions(queries.held_works(query, item_id), AT_ONCE):
        released += services.release(works, actor_id=current_user.id, now=now)
        db.session.commit()
    if released:
        flash(ngettext("%(num)s mark was released.", "%(num)s marks were released.", released), "done")
    else:
        flash(_("No mark was held here: nothing was changed."))
