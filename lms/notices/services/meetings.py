"""Finds the meetings of live sessions that begin soon or were moved. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from lms.attendance import queries as attendance
from lms.attendance.meetings import PlannedMeeting
from lms.core.small_transactions import UNDIVIDED, Parts
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment import queries as enrolments
from lms.notices import notifications, queries
from lms.notices.notifications import EnrolledCourse, NextMeeting, Notification
from lms.notices.queries import meetings
from lms.notices.queries.meetings import ChangedMeeting

SOON = timedelta(hours=24)


def near_meetings(*, now: datetime, parts: Parts = UNDIVIDED) -> list[Notification]:
    """The meetings that begin within a day, for those who are not marked yet."""
    found: list[Notification] = []
    for course_id, revision_id, _rule in queries.published_revisions():
        find = partial(_near_in, course_id, revision_id, now)
        found += parts.read(find, [], "finding meetings in course %s", course_id)
    return found


def _near_in(course_id: int, revision_id: int, now: datetime) -> list[Notification]:
    items = [one for one in courses.contents(revision_id).items if one.is_live]
    cohorts = [one.cohort for one in enrolments.cohorts_of_course(course_id)] if items else []
    return [
        notifications.meeting(EnrolledCourse(*row), _next(item, one))
        for item in items
        for cohort, planned in attendance.meetings_of_cohorts(item, cohorts)
        for one in planned
        if one.starts_at is not None and now < one.starts_at <= now + SOON
        for row in meetings.not_marked(cohort.id, item.item_id, one.number)
    ]


def moved(since: datetime, now: datetime, parts: Parts) -> list[Notification]:
    """The meetings whose time or place was changed since then, unless they are over."""
    found: list[Notification] = []
    for change in meetings.changes(since):
        found += parts.read(partial(_told_of, change, now), [], "telling of meeting change %s", change.id)
    return found


def _told_of(change: ChangedMeeting, now: datetime) -> list[Notification]:
    item = courses.contents(change.revision_id).item(change.item_id)
    return [
        notifications.meeting_moved(EnrolledCourse(*row), _next(item, one), change.id)
        for _cohort, planned in (attendance.meetings_of_cohorts(item, [change.cohort]) if item and item.is_live else ())
        for one in planned
        if item and one.number == change.meeting and one.starts_at is not None and one.starts_at > now
        for row in meetings.not_marked(change.cohort.id, item.item_id, one.number)
    ]


def _next(item: ItemSummary, one: PlannedMeeting) -> NextMeeting:
    assert one.starts_at is not None
    return NextMeeting(item.item_id, item.slug, item.title, one.number, one.starts_at, one.place)
