"""Archiving a course: it leaves the catalogue and takes nobody new; people who are enrolled go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.core import ledger
from lms.core.db import db
from lms.courses.models import Course
from lms.enrolment.models import Cohort
from lms.enrolment.services import moving_up, places


def archive(course: Course, *, actor_id: int | None, now: datetime) -> None:
    """Applications stay where they are until the course is brought back."""
    _lock(course)
    if course.archived_at is None:
        course.archived_at = now
        ledger.record(actor_id, "archive course", f"course:{course.id}", now=now)
        db.session.flush()


def bring_back(course: Course, *, actor_id: int | None, now: datetime) -> None:
    """Places that became free in the meantime go to the waiting lists."""
    _lock(course)
    if course.archived_at is None:
        return
    course.archived_at = None
    ledger.record(actor_id, "bring course back", f"course:{course.id}", now=now)
    db.session.flush()
    for cohort_id in db.session.scalars(select(Cohort.id).where(Cohort.course_id == course.id).order_by(Cohort.id)):
        moving_up.move_up(places.lock_cohort(cohort_id), now=now)


def _lock(course: Course) -> None:
    db.session.refresh(course, with_for_update={"key_share": True})
