"""The meetings of a session as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from lms.attendance.meetings import PlannedMeeting

REMIND_BEFORE = timedelta(hours=2)


class Invitation(NamedTuple):
    """What the meetings of one session have in common. ``key`` stays the same when a meeting is moved."""

    key: str
    title: str
    course_title: str
    address: str
    """Of the session's page."""
    link: str
    """Of the online meeting; may be empty."""
    site_name: str


def calendar_file(of: Invitation, meetings: Iterable[PlannedMeeting], now: datetime) -> bytes:
    """Meetings without a time are left out. A file that is opened again changes the entries of the one before."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//{of.site_name}//lms//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in meetings:
        if one.starts_at is None or one.ends_at is None:
            continue
        event, alarm = Event(), Alarm()
        event.add("uid", f"{one.number}-{of.key}")
        event.add("sequence", one.changes)
        event.add("dtstamp", now)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", of.title)
        event.add("description", "\n".join(filter(None, (of.course_title, of.link, of.address))))
        event.add("url", of.address)
        if one.place:
            event.add("location", one.place)
        alarm.add("action", "DISPLAY")
        alarm.add("description", of.title)
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
