"""Meetings that were moved, and whom to tell of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from lms.attendance.models import AttendanceMark, MeetingChange
from lms.core.db import db
from lms.core.numbered_rows import is_newest
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import Progress
from lms.notices.queries import enrolled_with


class ChangedMeeting(NamedTuple):
    """The newest change of a meeting, and the published revision of its course."""

    id: int
    item_id: int
    meeting: int
    revision_id: int
    cohort: Cohort


def changes(since: datetime) -> list[ChangedMeeting]:
    rows = (
        select(MeetingChange.id, MeetingChange.item_id, MeetingChange.meeting, CourseRevision.id, Cohort)
        .join(Cohort, Cohort.id == MeetingChange.cohort_id)
        .join(CourseRevision, (CourseRevision.course_id == Cohort.course_id) & CourseRevision.is_current)
        .where(MeetingChange.changed_at > since, is_newest(MeetingChange, "cohort_id", "item_id", "meeting"))
    )
    return [ChangedMeeting(*row) for row in db.session.execute(rows.order_by(MeetingChange.id))]


def not_marked(cohort_id: int, item_id: int, meeting: int) -> Sequence[Any]:
    """Active participants without any mark of this meeting, who have not attended enough others: (person id, enrolment
    id, slug, course title)."""
    marked = (
        select(AttendanceMark.id)
        .where(
            AttendanceMark.enrolment_id == Enrolment.id,
            AttendanceMark.item_id == item_id,
            AttendanceMark.meeting == meeting,
        )
        .exists()
    )
    has_done = (
        select(Progress.id)
        .where(Progress.enrolment_id == Enrolment.id, Progress.item_id == item_id, Progress.state == "done")
        .exists()
    )
    return db.session.execute(enrolled_with().where(Enrolment.cohort_id == cohort_id, ~marked, ~has_done)).all()
