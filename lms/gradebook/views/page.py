"""The blueprint; the page of a gradebook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock, settings
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses.models import CourseRevision
from lms.gradebook import queries
from lms.gradebook.book import SHOWS, Book, RowOrder, Show, filter_rows, sort_rows
from lms.gradebook.queries import GradebookQuery, HelpLimits
from lms.gradebook.services import IDLE_DAYS
from lms.learning import services as learning
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.learning.services import renewal
from lms.lib.digits import whole_number
from lms.notices.services import reminders
from lms.web.access import role
from lms.web.paging import paginate_rows
from lms.web.request_limits import row_number
from lms.web.urls import same_page

bp = Blueprint("gradebook", __name__)


@bp.get("/teach/courses/<slug>/gradebook")
@role("instructor", "admin")
def page(slug: str) -> str:
    course, revision = taught_course(slug, current_user) or abort(404)
    cohorts, cohort_id = cohorts_and_chosen(course.id, request.args.get("cohort", type=row_number))
    words, show, order = request.args.get("q", "").strip(), _show(), _order()
    book = book_of(GradebookQuery(course.id, cohort_id, words), revision)
    order = order if not isinstance(order.by, int) or order.by in book.by_item else RowOrder()
    return render_template(
        "gradebook/page.html",
        course=course,
        revision=revision,
        left_to_renew=renewal.left_to_renew(course.id),
        cohorts=cohorts,
        chosen=cohort_id,
        words=words,
        show=show,
        order=order,
        book=book,
        drops=bool(revision.rule.drop_lowest),
        oldest_waiting=None
        if words and book.has_anonymous  # of one person, it would tell which paper in the queue is theirs
        else queries.oldest_waiting(GradebookQuery(course.id, cohort_id, words)),
        page=paginate_rows(sort_rows(filter_rows(book.rows, show), order)),
        sorted_by=lambda by: same_page(sort=by),
        now=clock.now(),
    )


@bp.post("/teach/courses/<slug>/gradebook/remind")
@role("instructor", "admin")
def remind(slug: str) -> Any:
    """Remind the ticked people of this course; once a day, also after a double click."""
    course, _revision = taught_course(slug, current_user) or abort(404)
    ticked = {one for one in map(whole_number, request.form.getlist("one")) if one is not None}
    ids = queries.enrolments_among(GradebookQuery(course.id), ticked)
    count = reminders.remind(ids, actor_id=current_user.id, now=clock.now()) if ids else 0
    db.session.commit()
    if count:
        flash(ngettext("%(num)s person was reminded.", "%(num)s people were reminded.", count), "done")
    else:
        flash(_("Nobody was reminded: nobody was ticked, or they have been reminded today or have finished."))
    return redirect(url_for(".page", slug=slug), 303)


def book_of(query: GradebookQuery, revision: CourseRevision) -> Book:
    limits = settings.values((learning.PASS_MARK, learning.NEAR_DAYS, IDLE_DAYS))
    return queries.book(
        query,
        revision.id,
        pass_mark=limits[learning.PASS_MARK.name],
        limits=HelpLimits(limits[learning.NEAR_DAYS.name], limits[IDLE_DAYS.name]),
        zone=current_app.config["TIMEZONE"],
        now=clock.now(),
    )


def _show() -> Show:
    wanted = request.args.get("show")
    return next((one for one in SHOWS if one == wanted), "all")


def _order() -> RowOrder:
    """``sort=name``, ``score`` or the id of an item; with ``-`` before it, the largest first."""
    wanted: Any = request.args.get("sort", "")
    is_falling, by = wanted.startswith("-"), wanted.removeprefix("-")
    if by in ("name", "score"):
        return RowOrder(by, is_falling)
    try:
        return RowOrder(row_number(by), is_falling)
    except ValueError:
        return RowOrder()
