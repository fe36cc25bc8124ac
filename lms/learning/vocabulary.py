"""The one vocabulary of where people stand in courses: what instructors, heads and the office read alike.

What is written further up wins: withdrawn, finished, failed, waiting, overdue, near, then in progress or not
started. So a deadline says nothing about who is done or whose work lies with a grader.

``lms.reports.queries`` says the same in SQL; a test compares the two on every combination. The words are in
``lms.learning.services``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

State = Literal["not-started", "in-progress", "waiting", "near", "overdue", "finished", "failed", "withdrawn"]

SIGNS: dict[State, str] = {
    "in-progress": "now",
    "waiting": "wait",
    "near": "wait",
    "overdue": "fail",
    "finished": "done",
    "failed": "fail",
}
"""The kind of tag; the others are plain."""


def state(progress: str | None, *, is_withdrawn: bool, due_on: date | None, today: date, near_days: int) -> State:
    """``progress`` is the enrolment's own (``lms.learning.course_states``); None: nothing was begun."""
    if is_withdrawn:
        return "withdrawn"
    if progress == "finished":
        return "finished"
    if progress == "failed":
        return "failed"
    if progress == "waiting":
        return "waiting"
    return nearness(due_on, today, near_days) or ("in-progress" if progress else "not-started")


def nearness(due_on: date | None, today: date, near_days: int) -> Literal["near", "overdue"] | None:
    """What a last day says of whoever still has something to do."""
    if due_on is None or due_on > today + timedelta(days=near_days):
        return None
    return "overdue" if due_on < today else "near"
