"""Cohorts: list, create, repeat, settings and dates."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import today, zone
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import policy, queries, services
from lms.enrolment.cohort_dates import CohortDates, cohort_name, next_cohort_dates
from lms.enrolment.forms import STATES, CohortFilter, CohortForm, NewCohortForm
from lms.enrolment.models import Cohort
from lms.enrolment.queries import CohortSummary
from lms.enrolment.settings import CohortSettings, way_of
from lms.enrolment.views.cohort_access import bp, cohort_context, cohort_or_404
from lms.enrolment.views.relative_dates import in_words
from lms.enrolment.windows import Window, date_overrides
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.paging import Page, ids_of, paginate, paginate_or_near
from lms.web.request_limits import row_number


@bp.get("")
@role("admin", "agency-admin", "committee", "instructor")
def list_() -> Any:
    """Admins see all cohorts, committees their own, instructors those of their courses."""
    choices = queries.published_course_choices()
    form = CohortFilter(choices, formdata=request.args, meta={"csrf": False})
    chosen = courses.course(form.course.data) if form.course.data else None
    words = (form.q.data or "")[:160]

    def page_of(words: str) -> Page:
        found = queries.cohort_summaries(
            today(),
            course_id=chosen.id if chosen else None,
            state=form.state.data if form.state.data in STATES else "",
            words=words,
            cohort_ids=current_user.committee_cohort_ids,
            course_ids=current_user.taught_course_ids,
            is_whole_site=policy.sees_all_cohorts(current_user),
            decided=policy.decidable_by(current_user),
        )
        return paginate(found, scalars=False, by=ids_of(found, Cohort.id))

    page, meant = paginate_or_near(words, page_of, lambda: queries.words_meant(words))
    rows = [CohortSummary(*row) for row in page.rows]
    return render_template(
        "enrolment/cohorts.html",
        form=form,
        page=Page(rows, page.number, page.count, page.total),
        meant=meant,
        states={row.cohort.id: row.state(today()) for row in rows},
        is_narrowed=bool(form.course.data or form.state.data or form.q.data),
    )


@bp.route("/new", methods=["GET", "POST"])
@role("admin")
def new() -> Any:
    form = NewCohortForm(
        queries.published_course_choices(offered_only=True),
        data={"course": request.args.get("course", ""), "way": "list"},
    )
    if form.validate_on_submit():
        course = courses.course(form.course.data) or abort(404)
        with saving(form.name):
            return _to_new_cohort(course, form, up_to=request.form.get("newest", type=row_number))
    year, form.newest.data = today().year, str(queries.newest_cohort())
    page = render_template("enrolment/cohort_new.html", form=form, offered=cohort_name(1, year))
    return page, 422 if form.is_submitted() else 200


@bp.route("/<int:cohort_id>/again", methods=["GET", "POST"])
@role("admin")
def again(cohort_id: int) -> Any:
    """Create another cohort with the same settings; the form is filled in."""
    summary, permissions = cohort_or_404(cohort_id)
    cohort = summary.cohort
    if cohort.starts_on is None or cohort.ends_on is None:
        abort(404)
    dates = next_cohort_dates(CohortDates(cohort.starts_on, cohort.ends_on, cohort.enrols_until), today())
    way = way_of(cohort.is_open, cohort.needs_approval)
    filled = vars(dates) | {"name": _offered(cohort.course_id, dates.starts_on), "way": way, "quota": cohort.quota}
    form = CohortForm(data=filled)
    if form.validate_on_submit():
        with saving(form.name):
            return _to_new_cohort(cohort.course, form)
    page = render_template("enrolment/cohort_again.html", form=form, **cohort_context(summary, permissions))
    return page, 422 if form.is_submitted() else 200


def _offered(course_id: int, starts_on: date, up_to: int | None = None) -> str:
    number = max(queries.numbers_used(course_id, starts_on.year, up_to), default=0) + 1
    return cohort_name(number, starts_on.year)


def _to_new_cohort(course: Course, form: CohortForm, up_to: int | None = None) -> Response:
    settings = form.settings(_offered(course.id, form.starts_on.data, up_to))
    cohort = services.create_cohort(course, settings, actor_id=current_user.id, now=clock.now())
    flash(_("%(name)s was created.", name=cohort.name), "done")
    return redirect(url_for(".cohort", cohort_id=cohort.id))


@bp.route("/<int:cohort_id>/settings", methods=["GET", "POST"])
@role("admin", "committee")
def settings(cohort_id: int) -> Any:
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_set)
    cohort = summary.cohort
    way = way_of(cohort.is_open, cohort.needs_approval)
    form = CohortForm(obj=cohort, data={"way": way}, is_dated=cohort.starts_on is not None)
    form.show(_settings_of(cohort))
    if form.validate_on_submit():
        with saving(form.name, {services.QuotaTooSmall: form.quota}):
            cohort = services.lock_cohort(cohort_id)
            entered = form.settings(cohort.name)
            if not form.is_outdated(_settings_of(cohort), asdict(entered)):
                services.change_cohort(cohort, entered, actor_id=current_user.id, now=clock.now())
                flash(_("Saved."), "done")
                return redirect(url_for(".cohort", cohort_id=cohort_id))
    page = render_template("enrolment/cohort_settings.html", form=form, **cohort_context(summary, permissions))
    return page, 422 if form.is_submitted() else 200


def _settings_of(cohort: Cohort) -> dict[str, Any]:
    way = way_of(cohort.is_open, cohort.needs_approval)
    dates = (cohort.starts_on, cohort.ends_on)
    return asdict(CohortSettings(cohort.name, *dates, way, cohort.enrols_until, cohort.quota))


@bp.get("/<int:cohort_id>/dates")
@role("admin", "agency-admin", "committee", "instructor")
def dates(cohort_id: int) -> Any:
    """The course's relative dates as calendar dates of this cohort."""
    summary, permissions = cohort_or_404(cohort_id)
    cohort = summary.cohort
    revision = cohort.course.revision
    entries = courses.contents(revision.id).items if revision else ()
    own = date_overrides(cohort.item_dates)
    window = Window(cohort.starts_on, cohort.ends_on, zone(), True, of_cohort=own) if cohort.starts_on else None
    rows = [
        {
            "entry": entry,
            "opens": window.item_moment(entry.item_id, entry.opens, "opens") if window else None,
            "closes": window.end_moment(entry.item_id, entry.ends, entry.closes) if window else None,
            "opens_rule": in_words(entry.opens, is_dated=window is not None),
            "closes_rule": in_words(entry.ends, is_dated=window is not None),
        }
        for entry in entries
    ]
    return render_template(
        "enrolment/cohort_dates.html", rows=rows, window=window, **cohort_context(summary, permissions)
    )
