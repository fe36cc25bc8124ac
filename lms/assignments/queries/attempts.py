"""How often a learner may still hand in."""

from __future__ import annotations

from lms.assignments import queries
from lms.assignments.queries import groups
from lms.content.items.assignment import Assignment
from lms.learning.states import ItemRow


def attempts_left(enrolment_id: int, row: ItemRow) -> int | None:
    """None: no limit, or the item is no assignment. Returned work is no attempt; members of a group share theirs."""
    allowed, item_id = row.item.attempts, row.item.item_id
    if row.item.type != Assignment.type or allowed is None:
        return None
    own = groups.own_group(enrolment_id) if queries.assignment_of(row.item.item_revision_id).group else None
    if own is not None:
        return allowed - groups.attempts_used(own.group.id, item_id)
    return allowed - sum(one.returned is None for one in queries.submissions(enrolment_id, item_id))
