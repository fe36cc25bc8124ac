"""Meetings that instructors hold soon, and those whose attendance they have to complete."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from lms.attendance import queries
from lms.attendance.meetings import PlannedMeeting
from lms.attendance.models import AttendanceMark
from lms.attendance.queries import MARKED
from lms.content.items.live_session import LiveSession
from lms.core.db import db
from lms.core.numbered_rows import is_newest
from lms.courses import queries as courses
from lms.courses.queries import PublishedItem
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import CohortSummary

NEAR, PAST = timedelta(days=7), timedelta(days=14)
"""So long before a meeting begins and after it ends, its instructors are told of it. Late codes are told of until
somebody has decided."""


class NearMeeting(NamedTuple):
    of: PublishedItem
    summary: CohortSummary
    meeting: PlannedMeeting
    counts: Mapping[str, int]
    """Participants with a mark, by its status."""

    @property
    def claimed(self) -> int:
        return self.counts.get("claimed", 0)

    @property
    def unmarked(self) -> int:
        return max(0, self.summary.taken - sum(self.counts.values()))

    def wants_attention(self, now: datetime) -> bool:
        return self.claimed > 0 or (self.unmarked > 0 and self.meeting.is_over(now))


def near_meetings(course_ids: Collection[int], now: datetime) -> list[NearMeeting]:
    """The meetings of these courses that are soon or go on, and those that are over and not completed; oldest first."""
    found: list[NearMeeting] = []
    sessions = courses.published_items(course_ids, LiveSession.type)
    cohorts = {one: enrolments.cohorts_of_course(one) for one in {of.course_id for of in sessions}}
    for of in sessions:
        summaries = {one.cohort.id: one for one in cohorts[of.course_id] if one.taken}
        counts = queries.counts(of.item.item_id, list(summaries))
        planned = queries.meetings_of_cohorts(of.item, [one.cohort for one in summaries.values()])
        found += [
            NearMeeting(of, summaries[cohort.id], one, counts.get((cohort.id, one.number), {}))
            for cohort, meetings in planned
            for one in meetings
        ]
    told = [one for one in found if _is_told(one, now)]
    return sorted(told, key=lambda one: (one.meeting.starts_at or now, one.summary.cohort.id, one.meeting.number))


def _is_told(near: NearMeeting, now: datetime) -> bool:
    starts_at, ends_at = near.meeting.starts_at, near.meeting.ends_at
    if near.claimed:
        return True
    if starts_at is None or ends_at is None:
        return False
    if near.meeting.is_over(now):
        return near.unmarked > 0 and now < ends_at + PAST
    return starts_at <= now + NEAR


def late_code_count(course_ids: Collection[int], *, not_of: int) -> int:
    """How many late codes wait for a decision in these courses, without those of the person ``not_of``."""
    if not course_ids:
        return 0
    found = (
        select(func.count())
        .select_from(AttendanceMark)
        .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
        .where(
            AttendanceMark.status == "claimed",
            is_newest(AttendanceMark, *MARKED),
            Enrolment.course_id.in_(course_ids),
            Enrolment.withdrawn_at.is_(None),
            Enrolment.person_id != not_of,
        )
    )
    return db.session.scalar(found) or 0
