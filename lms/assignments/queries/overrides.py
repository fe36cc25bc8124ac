"""Other moments of assignments for cohorts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.assignments.models import DeadlineOverride
from lms.core.db import db


def history(item_id: int, cohort_id: int | None = None) -> Sequence[DeadlineOverride]:
    """The overrides of all cohorts or of one, newest first."""
    rows = select(DeadlineOverride).where(DeadlineOverride.item_id == item_id)
    if cohort_id is not None:
        rows = rows.where(DeadlineOverride.cohort_id == cohort_id)
    return db.session.scalars(rows.order_by(DeadlineOverride.number.desc(), DeadlineOverride.id.desc())).all()
