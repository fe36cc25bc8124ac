"""What there is to tell, from the rows of the packages below. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lms.core.i18n import to_site_time, zone
from lms.courses import queries as courses
from lms.courses.contents import Entry
from lms.enrolment.windows import Window
from lms.notices import deadlines, occasions, queries
from lms.notices.occasions import Occasion, Taken


def what_happened(since: datetime, *, now: datetime) -> list[Occasion]:
    """Enrolments, marks given by people, and certificates, each newer than ``since``."""
    today = to_site_time(now).date()
    joined = [
        occasions.enrolled(Taken(*who), starts_on if starts_on and starts_on > today else None, due_on)
        for *who, starts_on, due_on in queries.new_enrolments(since)
    ]
    marked = [occasions.graded(Taken(*row[:4]), *row[4:]) for row in queries.new_marks(since)]
    issued = [
        occasions.certificate(person_id, record_id, snapshot["course"], number)
        for person_id, record_id, snapshot, number in queries.new_records(since)
    ]
    return joined + marked + issued


def what_ends(*, now: datetime) -> list[Occasion]:
    """The last days of unfinished courses and of what is left in them: near, or gone by within few days."""
    today = to_site_time(now).date()
    found = _courses_ending(now, today)
    for course_id, revision_id, rule in queries.published_revisions():
        entries = courses.contents(revision_id).entries
        timed = deadlines.timed(entries, only_required=rule["items"] == "required")
        if timed:
            found += _items_ending(course_id, timed, now, today)
    return list({occasion.key: occasion for occasion in found}.values())


def _courses_ending(now: datetime, today: date) -> list[Occasion]:
    rows = queries.running(*deadlines.days_around(today))
    return [
        occasion
        for row in rows
        if not deadlines.is_news(row.enrolled_at, now)
        for occasion in _occasions(Taken(*row[:4]), deadlines.endings({}, (), (), row.due_on, today), today)
    ]


def _items_ending(course_id: int, timed: list[Entry], now: datetime, today: date) -> list[Occasion]:
    """Most people of a course have the same window: its days are counted once for all of them."""
    days_of: dict[Window, dict[int, date]] = {}
    near = []
    for row in queries.running_in(course_id):
        window = _window(row)
        if window not in days_of:
            days_of[window] = deadlines.item_days(timed, window)
        is_near = any(deadlines.is_told(day, today) for day in days_of[window].values())
        if is_near and not deadlines.is_news(row.enrolled_at, now):
            near.append((row, days_of[window]))
    over = queries.items_over([row.id for row, _days in near])
    found = []
    for row, days in near:
        endings = deadlines.endings(days, timed, over.get(row.id, ()), row.due_on, today)
        found += _occasions(Taken(*row[:4]), endings, today)
    return found


def _window(row: Any) -> Window:
    """As ``lms.enrolment.queries.window_of`` has it, from the columns alone."""
    begins_on = row.starts_on or row.enrolled_at.astimezone(ZoneInfo(zone())).date()
    return Window(begins_on, row.ends_on, zone(), row.starts_on is not None, row.extended_until)


def _occasions(taken: Taken, endings: Sequence[deadlines.Ending], today: date) -> list[Occasion]:
    found = []
    for ending in endings:
        left = (ending.day - today).days
        if left < 0:
            found.append(occasions.overdue(taken, ending.day, ending.items))
        else:
            found.append(occasions.due(taken, ending.day, ending.items, left))
    return found
