"""Whom announcements are for, and the notices of them that say what no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from lms.announcements.models import Announcement
from lms.announcements.queries import is_addressed
from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.notices.models import Notice
from lms.notices.notifications import announcement_key
from lms.notices.queries import enrolled_with


def addressees(one: Announcement, day: date) -> Sequence[Any]:
    """Who was there when it was announced, on this day: (person id, enrolment id, slug, course title)."""
    rows = enrolled_with().join(Cohort, Cohort.id == Enrolment.cohort_id)
    who = is_addressed(one.course_id, one.cohort_id, day), Enrolment.enrolled_at <= one.told_at
    return db.session.execute(rows.where(*who).order_by(Enrolment.id)).all()


def course_title(course_id: int) -> str | None:
    """None if it is not published."""
    current = CourseRevision.course_id == course_id, CourseRevision.is_current
    return db.session.scalar(select(CourseRevision.title).where(*current))


def notices_of(one: Announcement) -> Sequence[Any]:
    """(id, facts) of all notices and mails of it."""
    keys = [announcement_key(one.id, number) for number in range(1, one.told_number + 1)]
    return db.session.execute(select(Notice.id, Notice.facts).where(Notice.key.in_(keys)).order_by(Notice.id)).all()
