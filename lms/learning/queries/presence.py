"""Which graders have work open now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from lms.core.db import db
from lms.learning.models import OpenWork
from lms.learning.work import ActiveGrader
from lms.people import queries as persons

EXPIRES_AFTER = timedelta(minutes=5)
"""Since the last report that work is open."""
GradersByWork = dict[str, list[ActiveGrader]]
"""By the name of the work. Work that nobody else has open is left out."""


def active_graders(*, not_by: int, now: datetime) -> GradersByWork:
    """The graders at work in all courses. The table has a row for each; callers pick the work that they may see."""
    return _graders_by_work(OpenWork.person_id != not_by, now=now)


def active_graders_at(work: str, *, not_by: int, now: datetime) -> list[ActiveGrader]:
    return _graders_by_work(OpenWork.work == work, OpenWork.person_id != not_by, now=now).get(work, [])


def _graders_by_work(*where: ColumnElement[bool], now: datetime) -> GradersByWork:
    rows = db.session.execute(
        select(OpenWork.work, OpenWork.person_id, OpenWork.opened_at)
        .where(OpenWork.seen_at > now - EXPIRES_AFTER, *where)
        .order_by(OpenWork.opened_at, OpenWork.id)
    ).all()
    names = persons.names_of({row.person_id for row in rows}) if rows else {}
    found: GradersByWork = {}
    for row in rows:
        minutes = max(0, int((now - row.opened_at).total_seconds() // 60))
        found.setdefault(row.work, []).append(ActiveGrader(names[row.person_id], minutes))
    return found
