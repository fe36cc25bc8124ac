"""Questions to instructors, and their answers, to notify people of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.inquiries.models import Inquiry
from lms.notices.queries import enrolled_with, open_to_instructors


def new_inquiries(since: datetime) -> Sequence[Any]:
    """Those that nobody has answered, for each active instructor of the course: (instructor's id, inquiry id, course
    title, the participant)."""
    rows = open_to_instructors(Inquiry, Inquiry.id, CourseRevision.title)
    return db.session.execute(rows.where(Inquiry.asked_at > since)).all()


def newly_answered_inquiries(since: datetime) -> Sequence[Any]:
    """(person id, enrolment id, slug, course title, inquiry id, answer, when it was written)"""
    rows = enrolled_with(Inquiry.id, Inquiry.answer, Inquiry.answered_at)
    rows = rows.join(Inquiry, Inquiry.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Inquiry.answered_at > since).order_by(Inquiry.id)).all()
