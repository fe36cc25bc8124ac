"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.attendance.models import AttendanceMark, MeetingChange
from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.courses.models import Course, CourseItem
from lms.enrolment.models import Enrolment


def _attendance(person_id: int) -> dict[str, Any]:
    marks = (
        select(
            AttendanceMark.enrolment_id.label("enrolment"),
            Course.slug.label("course"),
            CourseItem.key.label("session"),
            AttendanceMark.meeting,
            AttendanceMark.number,
            AttendanceMark.status,
            AttendanceMark.marked_by.is_(None).label("by_code"),
            AttendanceMark.marked_at,
        )
        .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseItem, CourseItem.id == AttendanceMark.item_id)
        .where(Enrolment.person_id == person_id)
        .order_by(AttendanceMark.id)
    )
    changes = (
        select(
            Enrolment.id.label("enrolment"),
            CourseItem.key.label("session"),
            MeetingChange.meeting,
            MeetingChange.starts_at,
            MeetingChange.place,
            MeetingChange.changed_at,
        )
        .join(Enrolment, Enrolment.cohort_id == MeetingChange.cohort_id)
        .join(CourseItem, CourseItem.id == MeetingChange.item_id)
        .where(Enrolment.person_id == person_id)
        .order_by(MeetingChange.id)
    )
    return {"attendance": rows(marks), "meetings_of_cohort": rows(changes)}


OF_COHORTS = ("meeting_change", "check_in")

AREAS = (
    DataArea(
        name="attendance",
        title=lazy("Attendance"),
        what=lazy(
            "Whether the person attended each meeting of a seminar, workshop or webinar, when that was marked, and "
            "whether by a code or by an instructor; the times and places of these meetings."
        ),
        why=lazy("To count what was attended towards the course and its lesson hours."),
        who=lazy("The person, the instructors of the course, and admins."),
        how_long=left_to_the_agency,
        tables=("attendance_mark", *OF_COHORTS),
        copied=_attendance,
        not_copied={
            "meeting_change.number": "the order of the rows, which are copied in it",
            "check_in": "codes of a meeting, nothing about this person",
        },
    ),
)
