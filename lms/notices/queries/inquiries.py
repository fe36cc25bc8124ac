"""Questions to instructors, and their answers, to notify people of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, lazyload

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.inquiries.models import Inquiry
from lms.notices.queries import enrolled_with
from lms.people.models import Person, RoleGrant


def new_inquiries(since: datetime) -> Sequence[Any]:
    """Those that nobody has answered, for each active instructor of the course: (instructor's id, inquiry id, course
    title, the participant)."""
    teacher = aliased(Person)
    rows = (
        select(teacher.id, Inquiry.id, CourseRevision.title, Person)
        .select_from(Inquiry)
        .join(Enrolment, Enrolment.id == Inquiry.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRevision, (CourseRevision.course_id == Enrolment.course_id) & CourseRevision.is_current)
        .join(RoleGrant, (RoleGrant.course_id == Enrolment.course_id) & (RoleGrant.role == "instructor"))
        .join(teacher, (teacher.id == RoleGrant.person_id) & teacher.is_active)
        .where(Inquiry.asked_at > since, Inquiry.answered_at.is_(None), teacher.id != Person.id)
    )
    return db.session.execute(rows.options(lazyload(Person.grants)).order_by(Inquiry.id)).all()


def newly_answered_inquiries(since: datetime) -> Sequence[Any]:
    """(person id, enrolment id, slug, course title, inquiry id, answer, when it was written)"""
    rows = enrolled_with(Inquiry.id, Inquiry.answer, Inquiry.answered_at)
    rows = rows.join(Inquiry, Inquiry.enrolment_id == Enrolment.id)
    return db.session.execute(rows.where(Inquiry.answered_at > since).order_by(Inquiry.id)).all()
