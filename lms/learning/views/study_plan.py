"""A learner's own times for learning, as a file for the calendar of a phone. Nothing is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time, weekdays
from lms.core.site import absolute_url
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.learning import queries, services
from lms.learning.forms import StudyPlanForm
from lms.learning.queries import CourseProgress
from lms.learning.queries.enrolments import progress_in_course
from lms.learning.states import minutes_left
from lms.learning.study_plan import USUAL_TIME, WITHOUT_DEADLINE, StudyPlan, proposal
from lms.learning.views.learner import bp
from lms.lib.calendar_file import CalendarEvent
from lms.web.access import signed_in
from lms.web.calendar_files import calendar_response


class _Course(NamedTuple):
    """What is left of a course, and until when. ``now`` is on the clock of the site."""

    progress: CourseProgress
    minutes_left: int
    has_deadline: bool
    now: datetime

    @property
    def last(self) -> date:
        due_on = self.progress.due_on
        return due_on if self.has_deadline and due_on else self.now.date() + WITHOUT_DEADLINE

    def plan(self, form: StudyPlanForm) -> StudyPlan:
        return StudyPlan(tuple(sorted(form.days.data)), form.at.data, form.minutes.data, self.last)


@bp.get("/study-plan/<slug>")
@signed_in
def study_plan(slug: str) -> Any:
    found = _course(slug)
    if not found.minutes_left:
        return redirect(url_for("learning.course", slug=slug))
    proposed = proposal(found.minutes_left, found.now.date(), found.last)
    proposed_values = {"days": proposed.days, "at": USUAL_TIME, "minutes": proposed.minutes}
    form = StudyPlanForm(request.args or None, data=proposed_values)
    is_asked = "at" in request.args
    plan = found.plan(form) if is_asked and form.validate() else None
    page = render_template(
        "learning/study_plan.html",
        slug=slug,
        revision=found.progress.revision,
        form=form,
        minutes_left=found.minutes_left,
        last=found.last,
        has_deadline=found.has_deadline,
        proposed=proposed,
        plan=plan,
        sessions=plan.sessions(found.now) if plan else [],
        day_names=weekdays(),
    )
    return page, 422 if is_asked and plan is None else 200


@bp.get("/study-plan/<slug>/plan.ics")
@signed_in
def study_plan_file(slug: str) -> Any:
    """404 without a session to come: the page offers no such file."""
    found, form = _course(slug), StudyPlanForm(request.args)
    if not form.validate():
        return redirect(f"{url_for('.study_plan', slug=slug)}?{request.query_string.decode('ascii', 'ignore')}")
    plan = found.plan(form)
    sessions = plan.sessions(found.now) or abort(404)
    address = absolute_url(url_for("learning.course", slug=slug))
    event = CalendarEvent(
        uid=f"study-{found.progress.enrolment.id}",
        title=_("Learn: %(title)s", title=found.progress.revision.title),
        starts_at=sessions[0],
        seconds=60 * plan.minutes,
        address=address,
        description=address,
        sequence=int(clock.now().timestamp()) // 60,
        weekly_on=plan.days,
        until=sessions[-1],
    )
    return calendar_response([event], slug)


def _course(slug: str) -> _Course:
    """404 for somebody who does not take it. Nothing is left of a course that is completed or cannot be."""
    course, revision = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, course.id) or abort(404)
    now = clock.now()
    progress = progress_in_course(enrolment, course, revision, pass_mark=services.pass_mark(), now=now)
    here = to_site_time(now).replace(tzinfo=None)
    is_over = queries.is_completed(enrolment.id) or progress.end_reason(here.date()) is not None
    left = 0 if is_over else minutes_left(progress.eligible_rows)
    return _Course(progress, left, progress.due_on is not None and progress.due_on >= here.date(), here)
