"""The number that graders see instead of a name."""

from __future__ import annotations

from secrets import choice

from lms.assignments.models import AnonymousNumber
from lms.assignments.queries import anonymity
from lms.core.db import insert_if_missing

MIN_RANGE = 99
"""Numbers are drawn from 1 to this, or to twice as many as there are people: how many came before says nothing."""
TRIES = 50


def draw_number(enrolment_id: int, item_id: int) -> None:
    """Give a participant a number at an assignment, once for all submissions."""
    for _try in range(TRIES):
        if anonymity.has_number(enrolment_id, item_id):
            return
        taken = anonymity.numbers_taken(item_id)
        free = set(range(1, max(MIN_RANGE, 2 * (len(taken) + 1)) + 1)) - taken
        values = {"enrolment_id": enrolment_id, "item_id": item_id, "number": choice(sorted(free))}
        insert_if_missing(AnonymousNumber, ("item_id", "number"), **values)
    raise RuntimeError(f"no number could be drawn for item {item_id}")
