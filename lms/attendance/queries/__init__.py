"""Reads of meetings and attendance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from lms.attendance.meetings import PlannedMeeting, planned_meetings
from lms.attendance.models import AttendanceMark, CheckIn, MeetingChange
from lms.content.items.live_session import LiveSession
from lms.core.db import db
from lms.core.i18n import today, zone
from lms.core.numbered_rows import is_newest
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.queries import participants, window_of_cohort
from lms.enrolment.windows import Window
from lms.people.models import Person

MARKED = "enrolment_id", "item_id", "meeting"
"""What a mark is of: of the rows with the same, the newest counts."""


def content(item: ItemSummary) -> LiveSession:
    session = courses.item_content(item.item_revision_id)
    assert isinstance(session, LiveSession)
    return session


def meeting_changes(item_id: int, cohort_ids: Collection[int]) -> dict[int, dict[int, MeetingChange]]:
    """The newest change of each meeting that has one, by cohort, then by the number of the meeting."""
    rows = select(MeetingChange).where(MeetingChange.item_id == item_id, MeetingChange.cohort_id.in_(cohort_ids))
    found: dict[int, dict[int, MeetingChange]] = {cohort_id: {} for cohort_id in cohort_ids}
    for one in db.session.scalars(rows.order_by(MeetingChange.number)):
        found[one.cohort_id][one.meeting] = one
    return found


def meetings_of_cohorts(item: ItemSummary, cohorts: Sequence[Cohort]) -> list[tuple[Cohort, list[PlannedMeeting]]]:
    session, changes = content(item), meeting_changes(item.item_id, [one.id for one in cohorts])
    return [(one, planned_meetings(session, _window(one), changes[one.id])) for one in cohorts]


def own_meetings(item: ItemSummary, cohort_id: int, window: Window) -> list[PlannedMeeting]:
    """Those of a learner, whose own dates may differ from the cohort's."""
    return planned_meetings(content(item), window, meeting_changes(item.item_id, [cohort_id])[cohort_id])


def by_course(session: LiveSession, cohort: Cohort) -> list[PlannedMeeting]:
    """The meetings as the course gives them to this cohort."""
    return planned_meetings(session, _window(cohort), {})


def _window(cohort: Cohort) -> Window:
    return window_of_cohort(cohort, zone(), today())


def marks_of(enrolment_id: int, item_id: int) -> dict[int, AttendanceMark]:
    """The marks that count, by the number of the meeting."""
    return marks_of_enrolments([enrolment_id]).get((enrolment_id, item_id), {})


def marks_of_enrolments(enrolment_ids: Collection[int]) -> dict[tuple[int, int], dict[int, AttendanceMark]]:
    """The marks that count, by enrolment and item, then by the number of the meeting."""
    rows = select(AttendanceMark).where(AttendanceMark.enrolment_id.in_(enrolment_ids))
    found: dict[tuple[int, int], dict[int, AttendanceMark]] = {}
    for one in db.session.scalars(rows.order_by(AttendanceMark.number)):
        found.setdefault((one.enrolment_id, one.item_id), {})[one.meeting] = one
    return found


class Attendee(NamedTuple):
    """A participant and the mark of one meeting that counts. ``number`` is 0 without a mark."""

    enrolment_id: int
    person_id: int
    name: str
    unit: str
    number: int
    status: str
    marked_by: int | None
    marked_at: datetime | None


def attendees(cohort: Cohort, item_id: int, meeting: int) -> list[Attendee]:
    """The participants of a cohort, by name."""
    marks = {
        one.enrolment_id: one
        for one in db.session.scalars(
            select(AttendanceMark)
            .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
            .where(
                Enrolment.cohort_id == cohort.id, AttendanceMark.item_id == item_id, AttendanceMark.meeting == meeting
            )
            .order_by(AttendanceMark.number)
        )
    }
    return [
        _attendee(enrolment, person, marks.get(enrolment.id))
        for enrolment, person in db.session.execute(participants(cohort.course_id, cohort.id))
    ]


def _attendee(enrolment: Enrolment, person: Person, mark: AttendanceMark | None) -> Attendee:
    unit = person.unit.name if person.unit else ""
    given = (mark.number, mark.status, mark.marked_by, mark.marked_at) if mark else (0, "", None, None)
    return Attendee(enrolment.id, person.id, person.full_name, unit, *given)


def counts(item_id: int, cohort_ids: Collection[int]) -> dict[tuple[int, int], dict[str, int]]:
    """How many participants have each status, by cohort and the number of the meeting."""
    rows = db.session.execute(
        select(Enrolment.cohort_id, AttendanceMark.meeting, AttendanceMark.status, func.count())
        .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
        .where(
            AttendanceMark.item_id == item_id,
            is_newest(AttendanceMark, *MARKED),
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.withdrawn_at.is_(None),
        )
        .group_by(Enrolment.cohort_id, AttendanceMark.meeting, AttendanceMark.status)
    )
    found: dict[tuple[int, int], dict[str, int]] = {}
    for cohort_id, meeting, status, count in rows:
        found.setdefault((cohort_id, meeting), {})[status] = count
    return found


def check_ins(cohort_id: int, item_id: int, *where: ColumnElement[bool]) -> Mapping[int, CheckIn]:
    """By the number of the meeting."""
    found = select(CheckIn).where(CheckIn.cohort_id == cohort_id, CheckIn.item_id == item_id, *where)
    return {one.meeting: one for one in db.session.scalars(found.order_by(CheckIn.meeting))}
