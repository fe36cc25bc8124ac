"""The one vocabulary of where people stand in courses.

What is written further up wins: withdrawn, finished, failed, waiting, overdue, near, then in progress or not
started. So a deadline says nothing about who is done or whose work lies with a grader. "Not enrolled" is said
of people, not of enrolments, and meets no other state.

``lms.reports.queries`` says the same in SQL; a test compares the two on every combination.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

State = Literal[
    "not-enrolled", "not-started", "in-progress", "waiting", "near", "overdue", "finished", "failed", "withdrawn"
]
STATES: tuple[State, ...] = get_args(State)
"""In the order in which boards show them."""

SIGNS: dict[State, str] = {
    "in-progress": "now",
    "waiting": "wait",
    "near": "wait",
    "overdue": "fail",
    "finished": "done",
    "failed": "fail",
}
"""The kind of tag; the others are plain."""

UNFINISHED: tuple[State, ...] = ("not-started", "in-progress", "waiting", "near", "overdue", "failed")
"""Who takes a course and has not finished it, whatever the reason: what a leader asks for first."""

StateFilter = State | Literal["unfinished"]
FILTERS: tuple[StateFilter, ...] = ("unfinished", *STATES)


def meant(asked: StateFilter) -> tuple[State, ...]:
    """The states that a filter lets through."""
    return UNFINISHED if asked == "unfinished" else (asked,)


REMINDABLE: tuple[State, ...] = ("not-started", "in-progress", "near", "overdue")
"""Who can still do something about it. Who waits for a grader, or has no more tries, cannot."""


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
    if due_on is not None and due_on < today:
        return "overdue"
    if due_on is not None and due_on <= today + timedelta(days=near_days):
        return "near"
    return "in-progress" if progress else "not-started"
