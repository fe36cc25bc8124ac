"""Events as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class CalendarEvent:
    """A file that is opened again changes the events of the one before: ``uid``, of one site, says which, and a larger
    ``sequence`` which of them holds. Moments without a time zone are those on the clock of the device."""

    uid: str
    title: str
    starts_at: datetime
    seconds: int
    address: str
    description: str = ""
    place: str = ""
    sequence: int = 0
    weekly_on: tuple[int, ...] = ()
    """Days of the week, 0 for Monday, on which it is repeated until ``until``."""
    until: datetime | None = None
    remind_before: timedelta = timedelta()


def calendar_file(events: Iterable[CalendarEvent], host: str, site_name: str, now: datetime) -> bytes:
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//{site_name}//lms//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in events:
        event, alarm = Event(), Alarm()
        event.add("uid", f"{one.uid}@{host}")
        event.add("sequence", one.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.starts_at + timedelta(seconds=one.seconds))
        event.add("summary", one.title)
        event.add("description", one.description)
        event.add("url", one.address)
        if one.place:
            event.add("location", one.place)
        if one.weekly_on:
            event.add("rrule", {"freq": "weekly", "byday": [DAYS[day] for day in one.weekly_on], "until": one.until})
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", -one.remind_before)
        event.add_component(alarm)
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
