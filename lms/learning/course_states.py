"""Where a person stands in a whole course, from the marks of its items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from lms.learning.completion import Outcome
from lms.learning.states import Mark

CourseState = Literal["in-progress", "waiting", "failed", "finished"]


def course_state(outcome: Outcome, marks: Collection[Mark], *, is_completed: bool, has_dead_end: bool) -> CourseState:
    """``finished`` once completed, whatever came after; ``waiting`` while work lies with a grader; ``failed`` where
    something the course needs was failed and no more tries are left."""
    if is_completed or outcome.is_complete:
        return "finished"
    if any(mark.state == "waiting" for mark in marks):
        return "waiting"
    return "failed" if has_dead_end else "in-progress"
