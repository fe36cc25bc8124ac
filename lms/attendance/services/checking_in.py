"""Check-in by a code that changes: instructors show it, learners type it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from lms.attendance import codes, queries
from lms.attendance.models import CheckIn
from lms.attendance.services.marking import NewAttendance, SessionMeeting, mark_attendance
from lms.content.items.live_session import LiveSession
from lms.core import ledger
from lms.core.db import insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses.contents import ItemSummary
from lms.enrolment.models import Cohort

OPEN_FOR = timedelta(hours=1)
LATE_FOR = timedelta(days=3)
"""So long after a check-in has closed, its codes still arrive, for an instructor to decide."""
OF_ONE_DAY = timedelta(hours=12)
"""Older codes of a check-in that was opened again are those of another day."""

Outcome = Literal["present", "claimed"]


class NoCode(Refusal):
    message = lazy("The code has six digits, such as 123 456. Your instructor shows it. Nothing was recorded yet.")


class CodeNotShown(Refusal):
    message = lazy(
        "This is not the code of a meeting of your cohort. It changes every minute: type the one that is shown now. "
        "Nothing was recorded yet; your instructor can also mark you by name."
    )


class AlreadyMarked(Refusal):
    message = lazy(
        "Your instructor has already marked your attendance at this meeting, so the code changes nothing. "
        "If the mark is wrong, please tell your instructor."
    )


def open_check_in(cohort: Cohort, item_id: int, meeting: int, *, actor_id: int, now: datetime) -> None:
    """Opened again while it is open, it stays open for longer."""
    key = {"cohort_id": cohort.id, "item_id": item_id, "meeting": meeting}
    closes_at = now + OPEN_FOR
    row = {"secret": codes.new_secret(), "opened_by": actor_id, "opened_at": now, "closes_at": closes_at}
    if not insert_if_missing(CheckIn, tuple(key), **key, **row):
        there = queries.check_ins(cohort.id, item_id)[meeting]
        there.closes_at = closes_at
    ledger.record(actor_id, "open check-in", f"cohort:{cohort.id}", now=now, item=item_id, meeting=meeting)


def close_check_in(cohort: Cohort, item_id: int, meeting: int, *, actor_id: int, now: datetime) -> None:
    """Nothing happens to one that is closed."""
    there = queries.check_ins(cohort.id, item_id).get(meeting)
    if there is None or there.closes_at <= now:
        return
    there.closes_at = max(now, there.opened_at)
    ledger.record(actor_id, "close check-in", f"cohort:{cohort.id}", now=now, item=item_id, meeting=meeting)


def check_in(
    cohort_id: int, enrolment_id: int, item: ItemSummary, session: LiveSession, typed: str, *, now: datetime
) -> tuple[int, Outcome]:
    """Record that a learner attends the meeting whose code was typed; returns its number.

    A code that was shown before, as from a phone that had no line then, is ``claimed``: nobody can tell where it was
    typed, so an instructor decides.

    :raises Refusal: one of this module.
    """
    code = codes.typed_code(typed)
    if code is None:
        raise NoCode
    open_ones = queries.check_ins(cohort_id, item.item_id, CheckIn.closes_at > now - LATE_FOR)
    for number, one in open_ones.items():
        if now < one.closes_at and codes.is_good(one.secret, code, now):
            return number, _record(enrolment_id, SessionMeeting(item, session, number), "present", now=now)
    for number, one in open_ones.items():
        last = min(one.closes_at, now)
        if codes.was_shown(one.secret, code, max(one.opened_at, last - OF_ONE_DAY), last):
            return number, _record(enrolment_id, SessionMeeting(item, session, number), "claimed", now=now)
    raise CodeNotShown


def _record(enrolment_id: int, at: SessionMeeting, status: Outcome, *, now: datetime) -> Outcome:
    """A mark of an instructor stays; so does one that is as good."""
    newest = queries.marks_of(enrolment_id, at.item.item_id).get(at.meeting)
    if newest is not None:
        if newest.status == "present":
            return "present"
        if newest.marked_by is not None:
            raise AlreadyMarked
        if newest.status == status:
            return status
    seen = newest.number if newest else 0
    if mark_attendance(at, [NewAttendance(enrolment_id, status, seen)], actor_id=None, now=now):
        raise AlreadyMarked
    return status
