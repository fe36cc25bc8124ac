"""How long work waits to be graded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from statistics import median

from sqlalchemy import select

from lms.assignments.models import Marking, Submission
from lms.core.db import db


def submitted_at(enrolment_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """Since when work waits to be graded, by enrolment and item."""
    rows = db.session.execute(
        select(Submission.enrolment_id, Submission.item_id, Submission.submitted_at).where(
            Submission.enrolment_id.in_(enrolment_ids), ~Submission.is_graded, ~Submission.is_superseded
        )
    )
    return {(enrolment_id, item_id): at for enrolment_id, item_id, at in rows}


MIN_GRADED, MAX_GRADED = 5, 30
"""How many recent gradings the median needs and uses."""


def usual_days(item_id: int) -> int | None:
    """How many days work at an assignment usually waits: the median of its last gradings. None: too few to tell."""
    rows = db.session.execute(
        select(Submission.submitted_at, Marking.graded_at)
        .join(Marking, (Marking.submission_id == Submission.id) & (Marking.number == 1))
        .where(Submission.item_id == item_id)
        .order_by(Submission.id.desc())
        .limit(MAX_GRADED)
    ).all()
    if len(rows) < MIN_GRADED:
        return None
    return max(
        1, round(median((graded_at - submitted_at).total_seconds() for submitted_at, graded_at in rows) / 86_400)
    )
