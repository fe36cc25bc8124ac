"""The meetings that learners are expected at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from lms.attendance import queries
from lms.attendance.meetings import PlannedMeeting, planned_meetings
from lms.content.items.live_session import LiveSession
from lms.core.i18n import zone
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.queries import window_of
from lms.learning.queries import CourseProgress


class ExpectedMeeting(NamedTuple):
    progress: CourseProgress
    item: ItemSummary
    meeting: PlannedMeeting
    starts_at: datetime

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now


def expected_meetings(taken: Iterable[CourseProgress], now: datetime) -> list[ExpectedMeeting]:
    """Those with a time that are not over, of sessions that are not done, for which the learner is not marked; the next
    one first. Makes no query for courses without such sessions."""
    sessions = [
        (progress, row.item)
        for progress in taken
        for row in progress.rows
        if row.item.type == LiveSession.type and not row.is_done
    ]
    marks = queries.marks_of_enrolments({one.enrolment.id for one, _item in sessions}) if sessions else {}
    found = [
        ExpectedMeeting(progress, item, one, one.starts_at)
        for progress, item in sessions
        for one in _own_meetings(progress, item)
        if one.starts_at is not None and not one.is_over(now)
        if one.number not in marks.get((progress.enrolment.id, item.item_id), {})
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.item.item_id))


def _own_meetings(progress: CourseProgress, item: ItemSummary) -> list[PlannedMeeting]:
    session, enrolment = courses.item_content(item.item_revision_id), progress.enrolment
    assert isinstance(session, LiveSession)
    changes = queries.meeting_changes(item.item_id, [enrolment.cohort_id])[enrolment.cohort_id]
    return planned_meetings(session, window_of(enrolment, enrolment.cohort, zone()), changes)
