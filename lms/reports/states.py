"""The states by which boards count and filter: those of an enrolment (``lms.learning.status``), and one more.

"Not enrolled" is said of people, not of enrolments, and meets no other state.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from lms.learning import status

State = Literal["not-enrolled", status.Status]
STATES: tuple[State, ...] = get_args(State)
"""In the order in which boards show them."""

UNFINISHED: tuple[State, ...] = ("not-started", "in-progress", "waiting", "near", "overdue", "failed")
"""Who takes a course and has not finished it, whatever the reason: what a leader asks for first."""

TAKING: tuple[State, ...] = (*UNFINISHED, "finished")
"""Who is enrolled and has not left: of whom a share has finished."""
StateFilter = State | Literal["unfinished", "taking"]
FILTERS: tuple[StateFilter, ...] = ("unfinished", "taking", *STATES)
_SEVERAL: dict[str, tuple[State, ...]] = {"unfinished": UNFINISHED, "taking": TAKING}


def meant(asked: StateFilter) -> tuple[State, ...]:
    """The states that a filter lets through."""
    return _SEVERAL.get(asked) or (cast("State", asked),)


REMINDABLE: tuple[State, ...] = ("not-started", "in-progress", "near", "overdue")
"""Who can still do something about it. Who waits for a grader, or has no more tries, cannot."""
