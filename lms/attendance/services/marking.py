"""Marks of who attended a meeting, and what they mean for the session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from lms.attendance import queries
from lms.attendance.meetings import Status, attended
from lms.attendance.models import AttendanceMark
from lms.content.items.live_session import LiveSession
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.numbered_rows import add_next
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.learning import services as learning


@dataclass(frozen=True)
class SessionMeeting:
    """One meeting of a session that is being marked."""

    item: ItemSummary
    session: LiveSession
    meeting: int


class NewAttendance(NamedTuple):
    """``seen`` is the number of the newest mark that the actor saw; 0: there was none."""

    enrolment_id: int
    status: Status
    seen: int


class AttendanceChanged(Refusal):
    message = lazy("Somebody else has marked this attendance in the meantime. Please look again.")


def mark_attendance(
    at: SessionMeeting, marks: Iterable[NewAttendance], *, actor_id: int | None, now: datetime
) -> list[int]:
    """Mark some participants. Returns the enrolments that somebody else has marked otherwise in the meantime, which are
    left as they are.

    ``actor_id`` is None for learners who check in by a code.
    """
    changed = []
    for one in sorted(marks):
        try:
            _mark(at, one, actor_id=actor_id, now=now)
        except AttendanceChanged:
            changed.append(one.enrolment_id)
    return changed


def _mark(at: SessionMeeting, new: NewAttendance, *, actor_id: int | None, now: datetime) -> None:
    key = {"enrolment_id": new.enrolment_id, "item_id": at.item.item_id, "meeting": at.meeting}
    row = {"status": new.status, "marked_by": actor_id, "marked_at": now}
    compared = ("status",)
    if not add_next(AttendanceMark, key, row, seen=new.seen, compared=compared, changed=AttendanceChanged):
        return
    facts = {"item": at.item.item_id, "meeting": at.meeting, "number": new.seen + 1, "status": new.status}
    ledger.record(actor_id, "mark attendance", f"enrolment:{new.enrolment_id}", now=now, **facts)
    db.session.flush()
    statuses = {number: one.status for number, one in queries.marks_of(new.enrolment_id, at.item.item_id).items()}
    version = courses.item_version(at.item.item_revision_id)
    state = attended(at.session, statuses).state
    learning.record_state(new.enrolment_id, version, state, by_learner=new.status == "present", now=now)
