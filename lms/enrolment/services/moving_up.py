"""Leaving a cohort, and moving up from its waiting list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.enrolment import queries
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.queries import CourseHistory
from lms.enrolment.queries.prerequisites import missing_prerequisites
from lms.enrolment.services import places


def withdraw(enrolment: Enrolment, *, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Withdraw from a course. Answers, work and marks are kept for a return. The first person waiting moves up."""
    cohort = places.lock_cohort(enrolment.cohort_id)
    db.session.refresh(enrolment)
    if enrolment.withdrawn_at is None:
        places.give_up(enrolment, reason, actor_id, now)
        move_up(cohort, now=now)


def move_up(cohort: Cohort, *, now: datetime) -> int:
    """Give the free places of a locked cohort to the waiting list, oldest first; returns how many moved up.

    People without an active account or a prerequisite, and those who would start over without anybody having said so,
    are passed by, and stay on the list: the job ``fill places`` sees when that has changed.
    """
    if cohort.ends_on is not None and cohort.ends_on < to_site_time(now).date():
        return 0
    if courses.is_archived(cohort.course_id):
        return 0
    line = next_in_line(cohort, now)
    if line.ready:
        places.take_places(line.ready, cohort, line.histories, start_over=line.start_over, actor_id=None, now=now)
    return len(line.ready)


@dataclass(frozen=True)
class NextInLine:
    """Who gets the free places of a cohort, oldest first."""

    ready: Sequence[int]
    histories: Mapping[int, CourseHistory]
    start_over: Collection[int]


def next_in_line(cohort: Cohort, now: datetime) -> NextInLine:
    waiting = queries.waiting_list(cohort.id)
    people = [person.id for _row, person in waiting]
    not_ready, histories = missing_prerequisites(people, cohort.course_id), queries.histories(people, cohort, now)
    start_over = {person.id for row, person in waiting if row.starts_over}
    staying = queries.would_start_over(histories) - start_over
    ready = [one for one in people if one not in not_ready | staying]
    return NextInLine(ready[: places.free_places(cohort)], histories, start_over)
