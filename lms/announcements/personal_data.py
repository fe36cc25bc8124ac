"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.announcements.models import Announcement
from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.courses.models import Course
from lms.enrolment.models import Cohort


def _announcements(person_id: int) -> dict[str, Any]:
    own = (
        select(
            Course.slug.label("course"),
            Cohort.name.label("cohort"),
            Announcement.title,
            Announcement.text,
            Announcement.created_at,
            Announcement.corrected_at,
            Announcement.told_at,
            Announcement.told_number,
            Announcement.withdrawn_at,
        )
        .join(Course, Course.id == Announcement.course_id)
        .outerjoin(Cohort, Cohort.id == Announcement.cohort_id)
        .where(Announcement.author_id == person_id)
        .order_by(Announcement.id)
    )
    return {"announcements": rows(own)}


AREAS = (
    DataArea(
        name="announcements",
        title=lazy("Announcements"),
        what=lazy("What an instructor announced to a course or a cohort, with its moments."),
        why=lazy("So that participants learn what changes, and can read it again."),
        who=lazy("Those whom it is for, with the instructor's name; the instructors of the course and the admins."),
        how_long=left_to_the_agency,
        tables=("announcement",),
        copied=_announcements,
        not_copied={
            "announcement.number": "keeps what is sent twice from being announced twice",
            "announcement.version": "counts the corrections; the copy has the newest",
        },
    ),
)
