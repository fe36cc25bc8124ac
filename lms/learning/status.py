"""A learner's status in a course, worded the same for learners, instructors, heads and admins.

The first that applies wins: withdrawn, finished, failed, waiting, overdue, near, then in progress or not started.
A deadline therefore says nothing about people who have finished or whose work waits for grading.

``lms.reports.queries`` computes the same in SQL; a test compares the two on every combination. The labels are in
``lms.learning.services``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Status = Literal["not-started", "in-progress", "waiting", "near", "overdue", "finished", "failed", "withdrawn"]

TAGS: dict[Status, str] = {
    "in-progress": "now",
    "waiting": "wait",
    "near": "wait",
    "overdue": "fail",
    "finished": "done",
    "failed": "fail",
}
"""The kind of tag that shows a status; the others have a plain one."""


def learner_status(
    state: str | None, *, is_withdrawn: bool, due_on: date | None, today: date, near_days: int
) -> Status:
    """``state`` is the enrolment's (``EnrolmentState.state``); None: not started."""
    if is_withdrawn:
        return "withdrawn"
    if state == "finished":
        return "finished"
    if state == "failed":
        return "failed"
    if state == "waiting":
        return "waiting"
    return _deadline_status(due_on, today, near_days) or ("in-progress" if state else "not-started")


def _deadline_status(due_on: date | None, today: date, near_days: int) -> Literal["near", "overdue"] | None:
    """``near`` or ``overdue`` for somebody who still has something to do; None if the deadline is further away."""
    if due_on is None or due_on > today + timedelta(days=near_days):
        return None
    return "overdue" if due_on < today else "near"


@dataclass(frozen=True)
class CourseDeadline:
    """A learner's own deadline, as their pages show it."""

    on: date
    days_left: int
    """0 is today; negative once it has passed."""
    tag: str
    """Kind of the tag (``TAGS``); empty for plain text."""


def course_deadline(due_on: date | None, today: date, near_days: int, *, has_work_left: bool) -> CourseDeadline | None:
    """The deadline, with a warning only if the learner has something left to do."""
    if due_on is None:
        return None
    status = _deadline_status(due_on, today, near_days) if has_work_left else None
    return CourseDeadline(due_on, (due_on - today).days, TAGS[status] if status else "")
