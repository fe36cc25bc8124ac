"""Where a person stands in a whole course, from the marks of its items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from lms.learning.completion import Outcome
from lms.learning.states import Mark

CourseState = Literal["in-progress", "waiting", "failed", "finished"]


def course_state(outcome: Outcome, marks: Collection[Mark], *, is_completed: bool) -> CourseState:
    """``finished`` once completed, whatever came after; ``waiting`` while work lies with a grader; ``failed`` where
    no tries are left that could complete it."""
    if is_completed or outcome.is_complete:
        return "finished"
    if any(mark.state == "waiting" for mark in marks):
        return "waiting"
    return "failed" if outcome.is_lost else "in-progress"
