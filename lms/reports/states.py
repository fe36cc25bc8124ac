"""The states that boards count and filter by: those of an enrolment (``lms.learning.status``), and one more.

"Not enrolled" is a state of people, not of enrolments, and excludes all others.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from lms.learning import status

State = Literal["not-enrolled", status.Status]
STATES: tuple[State, ...] = get_args(State)
"""In the order of the board's tiles."""

UNFINISHED: tuple[State, ...] = ("not-started", "in-progress", "waiting", "near", "overdue", "failed")
"""People who are enrolled and have not finished, for whatever reason."""

TAKING: tuple[State, ...] = (*UNFINISHED, "finished")
"""People who are enrolled and have not withdrawn."""
StateFilter = State | Literal["unfinished", "taking"]
FILTERS: tuple[StateFilter, ...] = ("unfinished", "taking", *STATES)
_SEVERAL: dict[str, tuple[State, ...]] = {"unfinished": UNFINISHED, "taking": TAKING}


def matching_states(asked: StateFilter) -> tuple[State, ...]:
    """The states that pass a filter."""
    return _SEVERAL.get(asked) or (cast("State", asked),)


REMINDABLE: tuple[State, ...] = ("not-started", "in-progress", "near", "overdue")
"""People who can still do something: not those who wait for a grade or have no attempts left."""
