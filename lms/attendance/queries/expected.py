"""The meetings that learners are expected at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from lms.attendance import queries
from lms.attendance.meetings import PlannedMeeting
from lms.core.i18n import zone
from lms.courses.contents import ItemSummary
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import window_of
from lms.learning.queries import CourseProgress


class ExpectedMeeting(NamedTuple):
    progress: CourseProgress
    item: ItemSummary
    meeting: PlannedMeeting
    starts_at: datetime


def expected_meetings(taken: Iterable[CourseProgress], now: datetime) -> list[ExpectedMeeting]:
    """Those with a time that are not over, of sessions that are not done, for which the learner is not marked; the next
    one first. Makes no query for courses without such sessions."""
    sessions = [
        (progress, row.item) for progress in taken for row in progress.rows if row.item.is_live and not row.is_done
    ]
    marks = queries.marks_of_enrolments({one.enrolment.id for one, _item in sessions}) if sessions else {}
    found = [
        ExpectedMeeting(progress, item, one, one.starts_at)
        for progress, item in sessions
        for one in _meetings(progress.enrolment, item)
        if one.starts_at is not None and not one.is_over(now)
        if one.number not in marks.get((progress.enrolment.id, item.item_id), {})
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.item.item_id))


def _meetings(enrolment: Enrolment, item: ItemSummary) -> list[PlannedMeeting]:
    return queries.own_meetings(item, enrolment.cohort_id, window_of(enrolment, enrolment.cohort, zone()))
