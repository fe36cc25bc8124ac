"""Joining and leaving a course, and applying for a place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import say_date, to_site_time, today
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries, services
from lms.enrolment.forms import OwnLeaveForm
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.people import queries as persons
from lms.web.access import signed_in
from lms.web.request_limits import row_number

bp = Blueprint("enrolment", __name__)


@bp.post("/courses/<slug>/enrol")
@signed_in
def enrol(slug: str) -> Any:
    """Join the chosen cohort, or the only one that is open."""
    course, _revision = courses.published(slug) or abort(404)
    now = clock.now()
    present = queries.running_enrolment(current_user.id, course.id, to_site_time(now).date())
    starts_over = request.form.get("starts_over") == "1"
    found = present or services.join(
        persons.row_of(current_user),
        _chosen(course),
        now=now,
        starts_over=starts_over,
        withdraws=request.form.get("withdraws") == "1",
    )
    db.session.commit()
    flash(_joined(found), "done")
    return redirect(url_for("learning.course", slug=slug))


def _chosen(course: Course) -> Cohort:
    """The chosen cohort; 404 if it is not of this course.

    :raises CourseArchived: the course takes nobody new.
    :raises NotOpen: none was chosen, and there is not exactly one open cohort.
    """
    if course.archived_at is not None:
        raise services.CourseArchived
    cohort_id = request.form.get("cohort", type=row_number)
    if cohort_id is not None:
        cohort = queries.cohort(cohort_id)
        return cohort if cohort is not None and cohort.course_id == course.id else abort(404)
    cohorts = queries.cohorts_to_join(course.id, today())
    if len(cohorts) != 1:
        raise services.NotOpen
    return cohorts[0].cohort


def _joined(found: Enrolment | Application) -> str:
    if isinstance(found, Enrolment):
        begins_on = found.cohort.starts_on
        if begins_on is not None and begins_on > today():
            return str(_("You are enrolled. The course opens on %(day)s.", day=say_date(begins_on)))
        return str(_("You are enrolled. Begin whenever you like; your progress is saved."))
    if found.state == "waiting":
        return str(_("You are on the waiting list. You will be enrolled as soon as a place is free."))
    return str(_("Your application was sent. This page will show the decision."))


@bp.post("/courses/<slug>/application/withdraw")
@signed_in
def withdraw_application(slug: str) -> Any:
    course, _revision = courses.published(slug) or abort(404)
    application = queries.application_of(current_user.id, course.id)
    if application is None:
        # It may have come before, and only the answer was lost.
        queries.has_withdrawn_application(current_user.id, course.id) or abort(404)
    else:
        services.withdraw_application(application, actor_id=current_user.id, now=clock.now())
        db.session.commit()
    flash(_("Your application was withdrawn."), "done")
    return redirect(url_for("learning.course", slug=slug))


@bp.route("/courses/<slug>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    enrolment = queries.enrolment_of(current_user.id, found[0].id)
    if enrolment is None:
        # A form may have come before, and only its answer was lost.
        came_before = request.method == "POST" and queries.has_left(current_user.id, found[0].id)
        return redirect(url_for("learning.course", slug=slug)) if came_before else abort(404)
    form = OwnLeaveForm()
    if form.validate_on_submit():
        services.withdraw(enrolment, reason=form.reason.data or "", actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("You have left the course. Your work is kept in case you return."), "done")
        return redirect(url_for("learning.course", slug=slug))
    return render_template("enrolment/withdraw.html", revision=found[1], slug=slug, form=form)
