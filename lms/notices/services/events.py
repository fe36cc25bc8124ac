"""Finds what to notify people of in the rows of the packages below. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lms.core.i18n import to_site_time, zone
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.windows import Window
from lms.notices import deadlines, notifications, queries
from lms.notices.deadlines import DeadlineDay
from lms.notices.notifications import EnrolledCourse, Notification


def new_events(since: datetime, *, now: datetime) -> list[Notification]:
    """Enrolments, marks given by people, and certificates since ``since``."""
    today = to_site_time(now).date()
    joined = [
        notifications.enrolled(EnrolledCourse(*who), starts_on if starts_on and starts_on > today else None, due_on)
        for *who, starts_on, due_on in queries.new_enrolments(since)
    ]
    marked = [notifications.graded(EnrolledCourse(*row[:4]), *row[4:]) for row in queries.new_marks(since)]
    issued = [
        notifications.certificate(person_id, record_id, snapshot["course"], number)
        for person_id, record_id, snapshot, number in queries.new_records(since)
    ]
    return joined + marked + issued


def near_deadlines(*, now: datetime) -> list[Notification]:
    """Deadlines of unfinished courses and their items that are near or have just passed."""
    today = to_site_time(now).date()
    found = _course_deadlines(now, today)
    for course_id, revision_id, rule in queries.published_revisions():
        entries = courses.contents(revision_id).items
        timed = deadlines.timed(entries, only_required=rule.items == "required")
        if timed:
            found += _item_deadlines(course_id, timed, now, today)
    return list({one.key: one for one in found}.values())


def _course_deadlines(now: datetime, today: date) -> list[Notification]:
    rows = queries.running(*deadlines.days_around(today))
    return [
        notification
        for row in rows
        if not deadlines.has_just_enrolled(row.enrolled_at, now)
        for notification in _notifications(
            EnrolledCourse(*row[:4]), deadlines.due_days({}, (), (), row.due_on, today), today
        )
    ]


def _item_deadlines(course_id: int, timed: list[ItemSummary], now: datetime, today: date) -> list[Notification]:
    """The days are computed once per window, which most people of a course share."""
    days_of: dict[Window, dict[int, date]] = {}
    near = []
    for row in queries.running_in(course_id):
        window = _window(row)
        if window not in days_of:
            days_of[window] = deadlines.item_days(timed, window)
        is_near = any(deadlines.is_near(day, today) for day in days_of[window].values())
        if is_near and not deadlines.has_just_enrolled(row.enrolled_at, now):
            near.append((row, days_of[window]))
    over = queries.items_over([row.id for row, _days in near])
    found = []
    for row, days in near:
        due = deadlines.due_days(days, timed, over.get(row.id, ()), row.due_on, today)
        found += _notifications(EnrolledCourse(*row[:4]), due, today)
    return found


def _window(row: Any) -> Window:
    """The same as ``lms.enrolment.queries.window_of``, from the columns alone."""
    begins_on = row.starts_on or row.enrolled_at.astimezone(ZoneInfo(zone())).date()
    return Window(begins_on, row.ends_on, zone(), row.starts_on is not None, row.extended_until)


def _notifications(course: EnrolledCourse, days: Sequence[DeadlineDay], today: date) -> list[Notification]:
    found = []
    for due in days:
        left = (due.day - today).days
        if left < 0:
            found.append(notifications.overdue(course, due.day, due.items))
        else:
            found.append(notifications.due(course, due.day, due.items, left))
    return found
