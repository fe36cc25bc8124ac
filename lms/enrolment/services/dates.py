"""Moments of single items for one person or cohort, and what is told to higher packages when dates have changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from lms.core.db import db
from lms.core.hooks import Hook
from lms.enrolment.models import Cohort, Enrolment

dates_changed: Hook[[ColumnElement[bool], datetime], None] = Hook("dates_changed")
"""Called with a condition on ``Enrolment`` when a cohort's dates change, when people get an extension, and when people
return: no change of a rule has renewed their results while they were away."""


def override_dates(
    holder: Enrolment | Cohort,
    item_id: int,
    opens_at: datetime | None,
    closes_at: datetime | None,
    due_at: datetime | None = None,
) -> None:
    """Give an item other moments in one enrolment or cohort; None: as the course says. Locks the row.

    The caller renews what depends on them.
    """
    table = type(holder)
    db.session.execute(select(table.id).where(table.id == holder.id).with_for_update())
    db.session.refresh(holder, ["item_dates"])
    dates = dict(holder.item_dates or {})
    dates.pop(str(item_id), None)
    if opens_at or closes_at or due_at:
        due = {"due_at": _iso(due_at)} if due_at else {}
        dates[str(item_id)] = {"opens_at": _iso(opens_at), "closes_at": _iso(closes_at), **due}
    holder.item_dates = dates or None
    db.session.flush()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
