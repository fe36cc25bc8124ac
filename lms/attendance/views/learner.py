"""A session as its learner sees it: its meetings, whether they were attended, and a field for the code."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_login import current_user

from lms.attendance import queries
from lms.attendance.forms import MAX_CODE_LENGTH, CheckInForm
from lms.attendance.meetings import PlannedMeeting, attended
from lms.attendance.models import AttendanceMark, CheckIn
from lms.attendance.queries.expected import ExpectedMeeting, expected_meetings
from lms.attendance.services import checking_in
from lms.attendance.services.checking_in import LATE_FOR
from lms.attendance.services.labels import MODES, STATUSES
from lms.content.items.live_session import LiveSession
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.courses.contents import Contents
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort
from lms.learning import queries as learning
from lms.learning.queries import CourseProgress, ItemAccess
from lms.web.rate_limits import limiter

bp = Blueprint("attendance", __name__)

SOON = timedelta(days=1)
"""So long before a meeting its page has a field for the code, also for a phone that has no line there."""


@bp.app_template_global()
def next_meeting(progress: CourseProgress) -> ExpectedMeeting | None:
    """The one that the page of the course, in a lower package, shows to its learner."""
    return next(iter(expected_meetings([progress], clock.now())), None)


@bp.app_template_global()
def meetings_to_join(contents: Contents, cohort: Cohort) -> list[PlannedMeeting]:
    """Those with a time that a cohort has in a course, by time: whether one can come is asked before enrolling."""
    planned = [
        meetings
        for item in contents.items
        if item.is_live
        for _cohort, meetings in queries.meetings_of_cohorts(item, [cohort])
    ]
    timed = [(one.starts_at, one) for one in chain.from_iterable(planned) if one.starts_at is not None]
    return [one for _starts_at, one in sorted(timed)]


def show(access: ItemAccess) -> Any:
    """The page of an item of type session, GET and POST. Access and locks are already checked."""
    session = queries.content(access.item)
    form = CheckInForm()
    if form.is_submitted():
        return _check_in(access, session, form)
    form.code.data = request.args.get("code", "")[:MAX_CODE_LENGTH]
    return _page(access, session, form)


@limiter.limit("30/hour", key_func=lambda: str(current_user.id))
def _check_in(access: ItemAccess, session: LiveSession, form: CheckInForm) -> Any:
    if not form.validate():
        return _page(access, session, form), 422
    cohort_id = enrolments.cohort_id_of(access.enrolment_id)
    try:
        number, outcome = checking_in.check_in(
            cohort_id, access.enrolment_id, access.item, session, form.code.data or "", now=access.now
        )
    except Refusal as refusal:
        db.session.rollback()
        if isinstance(refusal, checking_in.AlreadyMarked):
            form.form_errors.append(refusal.text)
        else:
            form.code.errors = [refusal.text]
        return _page(access, session, form), 422
    db.session.commit()
    if outcome == "present":
        flash(_("You are marked present at meeting %(number)s.", number=number), "done")
    else:
        flash(
            _(
                "Your code for meeting %(number)s arrived after it was no longer shown. It is kept; your instructor "
                "decides whether you were there.",
                number=number,
            )
        )
    return redirect(request.path, 303)


def _page(access: ItemAccess, session: LiveSession, form: CheckInForm) -> str:
    cohort_id = enrolments.cohort_id_of(access.enrolment_id)
    item_id = access.item.item_id
    meetings = queries.own_meetings(access.item, cohort_id, access.window)
    marks = queries.marks_of(access.enrolment_id, item_id)
    is_expected = queries.check_ins(cohort_id, item_id, CheckIn.closes_at > access.now - LATE_FOR)
    return render_template(
        "attendance/session.html",
        context=learning.item_context(access),
        session=session,
        mode=MODES[session.mode],
        statuses=STATUSES,
        meetings=meetings,
        marks=marks,
        attended=attended(session, {number: one.status for number, one in marks.items()}),
        form=form,
        takes_code=bool(form.errors)
        or any(_may_type(one, marks.get(one.number), access.now, one.number in is_expected) for one in meetings),
        has_times=any(one.starts_at is not None and not one.is_over(access.now) for one in meetings),
        now=access.now,
    )


def _may_type(meeting: PlannedMeeting, mark: AttendanceMark | None, now: datetime, has_check_in: bool) -> bool:
    if mark is not None:
        return False
    if has_check_in or meeting.starts_at is None or meeting.ends_at is None:
        return has_check_in
    return meeting.starts_at - SOON <= now <= meeting.ends_at + LATE_FOR
