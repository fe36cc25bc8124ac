"""All kinds of personal data, and how often a person made a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from lms.announcements import personal_data as announcements
from lms.assignments import personal_data as assignments
from lms.attendance import personal_data as attendance
from lms.auth import personal_data as auth
from lms.authoring import personal_data as authoring
from lms.comments import personal_data as comments
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses import personal_data as courses
from lms.enrolment import personal_data as enrolment
from lms.inquiries import personal_data as inquiries
from lms.journal import personal_data as journal
from lms.learning import personal_data as learning
from lms.notices import personal_data as notices
from lms.objections import personal_data as objections
from lms.ops import personal_data as ops
from lms.people import personal_data as people
from lms.quizzes import personal_data as quizzes
from lms.records import personal_data as records
from lms.roster import personal_data as roster
from lms.surveys import personal_data as surveys

AREAS = (
    *people.AREAS,
    *auth.AREAS,
    *enrolment.AREAS,
    *learning.AREAS,
    *quizzes.AREAS,
    *assignments.AREAS,
    *attendance.AREAS,
    *surveys.AREAS,
    *comments.AREAS,
    *announcements.AREAS,
    *inquiries.AREAS,
    *objections.AREAS,
    *journal.AREAS,
    *records.AREAS,
    *notices.AREAS,
    *courses.AREAS,
    *authoring.AREAS,
    *roster.AREAS,
    *ops.AREAS,
)
"""In the order of the privacy page."""


def copies_made(person_id: int, verb: str, since: datetime) -> int:
    made = select(func.count()).where(
        LedgerEntry.target == f"person:{person_id}", LedgerEntry.verb == verb, LedgerEntry.at > since
    )
    return db.session.scalar(made) or 0
