"""The meetings of a session for the calendar of its learner's phone."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, url_for
from flask_login import current_user

from lms.attendance import queries
from lms.attendance.views.learner import bp
from lms.core import clock
from lms.core.i18n import zone
from lms.core.site import absolute_url
from lms.enrolment import queries as enrolments
from lms.learning import queries as learning
from lms.lib.calendar_file import CalendarEvent
from lms.web.access import signed_in
from lms.web.calendar_files import calendar_response

REMIND_BEFORE = timedelta(hours=2)


@bp.get("/courses/<slug>/<item>/meetings.ics")
@signed_in
def calendar(slug: str, item: str) -> Response:
    """Those of the learner's cohort that have a time. One that was moved replaces its entry."""
    access = learning.item_access(current_user.id, slug, item, zone=zone(), now=clock.now())
    if access is None or not access.item.is_live:
        abort(404)
    address = absolute_url(url_for("learning.item", slug=slug, item=item))
    link = queries.content(access.item).link
    cohort_id = enrolments.cohort_id_of(access.enrolment_id)
    events = [
        CalendarEvent(
            uid=f"{one.number}-meeting-{access.enrolment_id}-{access.item.item_id}",
            title=access.item.title,
            starts_at=one.starts_at,
            seconds=one.seconds,
            address=address,
            description="\n".join(filter(None, (access.course_title, link, address))),
            place=one.place,
            sequence=one.changes,
            remind_before=REMIND_BEFORE,
        )
        for one in queries.own_meetings(access.item, cohort_id, access.window)
        if one.starts_at is not None
    ]
    return calendar_response(events, item)
