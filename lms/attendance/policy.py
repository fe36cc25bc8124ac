"""Who marks attendance. Instructors of the course and admins see the pages (``learning.queries.teaching``)."""

from __future__ import annotations

from lms.attendance.queries import Attendee


def may_mark(person_id: int, attendee: Attendee) -> bool:
    """Nobody marks their own attendance."""
    return attendee.person_id != person_id
