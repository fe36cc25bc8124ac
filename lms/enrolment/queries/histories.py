"""What people already have in a course before they enter one of its cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lms.core.db import db
from lms.core.hooks import Hook
from lms.core.i18n import to_site_time
from lms.enrolment.models import Cohort, Enrolment


@dataclass(frozen=True)
class CourseResult:
    """How far an enrolment has come: ``done`` of all items that count. ``completed_at`` is None if not completed."""

    done: int
    total: int
    completed_at: datetime | None


course_results: Hook[[Collection[int]], dict[int, CourseResult]] = Hook("course_results")
"""Results by enrolment id, without enrolments that were not started."""


class HistoryKind(IntEnum):
    """In rising order of precedence, for people who have several."""

    ENDED = 1
    """Left, or the deadline passed, without completing the course."""
    COMPLETED = 2
    RUNNING = 3


@dataclass(frozen=True)
class CourseHistory:
    """What a person has in a course, in another cohort than the one to enter. In that one they start over."""

    kind: HistoryKind
    cohort_name: str
    """Empty for the cohort without dates."""
    result: CourseResult | None
    """None: nothing was started."""

    @property
    def needs_consent(self) -> bool:
        """True if the person would begin anew with a course that they take or have completed."""
        return self.kind > HistoryKind.ENDED


def histories(person_ids: Collection[int], cohort: Cohort, now: datetime) -> dict[int, CourseHistory]:
    """By person id, without people who never took the course outside this cohort."""
    if not person_ids:
        return {}
    rows = db.session.scalars(
        select(Enrolment)
        .join(Enrolment.cohort)
        .options(contains_eager(Enrolment.cohort))
        .where(
            Enrolment.course_id == cohort.course_id,
            Enrolment.cohort_id != cohort.id,
            Enrolment.person_id.in_(person_ids),
        )
        .order_by(Enrolment.id)
    ).all()
    results = course_results([row.id for row in rows]) if rows else {}
    today = to_site_time(now).date()
    found: dict[int, CourseHistory] = {}
    for row in rows:
        result = results.get(row.id)
        history = CourseHistory(_kind(row, result, today), row.cohort.name, result)
        if row.person_id not in found or history.kind >= found[row.person_id].kind:
            found[row.person_id] = history
    return found


def would_start_over(histories: Mapping[int, CourseHistory]) -> set[int]:
    """The ids of people who would begin anew with a course that they take or have completed."""
    return {person_id for person_id, history in histories.items() if history.needs_consent}


def _kind(enrolment: Enrolment, result: CourseResult | None, today: date) -> HistoryKind:
    if result is not None and result.completed_at is not None:
        return HistoryKind.COMPLETED
    is_past = enrolment.due_on is not None and enrolment.due_on < today
    return HistoryKind.ENDED if is_past or enrolment.withdrawn_at is not None else HistoryKind.RUNNING
