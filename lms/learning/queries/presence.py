"""Who else has work open now that is to be graded."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.core.db import db
from lms.learning.models import OpenWork
from lms.learning.work import GraderAtWork
from lms.people import queries as persons

SIGN_LASTS = timedelta(minutes=5)


AtWork = dict[str, list[GraderAtWork]]
"""By the name of the work. Work that nobody else has open is left out."""


def others_at_work(*, not_by: int, now: datetime) -> AtWork:
    """In all courses: the table has a row for each grader at work. Callers pick the work that they may see."""
    rows = db.session.execute(
        select(OpenWork.work, OpenWork.person_id, OpenWork.opened_at)
        .where(OpenWork.seen_at > now - SIGN_LASTS, OpenWork.person_id != not_by)
        .order_by(OpenWork.opened_at, OpenWork.id)
    ).all()
    names = persons.names_of({row.person_id for row in rows}) if rows else {}
    found: AtWork = {}
    for row in rows:
        minutes = max(0, int((now - row.opened_at).total_seconds() // 60))
        found.setdefault(row.work, []).append(GraderAtWork(names[row.person_id], minutes))
    return found
