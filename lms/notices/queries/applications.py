"""Applications for a place that were refused, to notify people of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Application, Cohort
from lms.people.models import Person


def newly_refused_applications(since: datetime) -> Sequence[Any]:
    """(person id, slug, course title, application id, reason), of active people."""
    rows = (
        select(Application.person_id, Course.slug, CourseRevision.title, Application.id, Application.reason)
        .join(Person, (Person.id == Application.person_id) & Person.is_active)
        .join(Cohort, Cohort.id == Application.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Application.state == "refused", Application.decided_at > since)
    )
    return db.session.execute(rows.order_by(Application.id)).all()
