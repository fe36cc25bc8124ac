"""The meetings of a session in a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from lms.attendance.meetings import PlannedMeeting
from lms.lib.calendar_file import CalendarEvent

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


def calendar_events(of: Invitation, meetings: Iterable[PlannedMeeting]) -> list[CalendarEvent]:
    """Meetings without a time are left out."""
    return [
        CalendarEvent(
            uid=f"{one.number}-{of.key}",
            title=of.title,
            starts_at=one.starts_at,
            seconds=one.seconds,
            address=of.address,
            description="\n".join(filter(None, (of.course_title, of.link, of.address))),
            place=one.place,
            sequence=one.changes,
            remind_before=REMIND_BEFORE,
        )
        for one in meetings
        if one.starts_at is not None
    ]
