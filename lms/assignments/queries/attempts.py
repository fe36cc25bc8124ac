"""How often a learner may still hand in."""

from __future__ import annotations

from collections.abc import Sequence

from lms.assignments import queries
from lms.assignments.models import Submission
from lms.assignments.queries import groups
from lms.assignments.queries.groups import OwnGroup
from lms.content.items.assignment import Assignment
from lms.learning.states import ItemRow


def attempts_used(item_id: int, submissions: Sequence[Submission], group: OwnGroup | None) -> int:
    """Returned submissions do not count as attempts. The members of a group share theirs, whoever handed in."""
    if group is not None:
        return groups.attempts_used(group.group.id, item_id)
    return sum(submission.returned is None for submission in submissions)


def attempts_left(
    assignment: Assignment, item_id: int, submissions: Sequence[Submission], group: OwnGroup | None
) -> int | None:
    """None: no limit."""
    if assignment.attempts is None:
        return None
    return max(0, assignment.attempts - attempts_used(item_id, submissions, group))


def attempts_left_at(enrolment_id: int, row: ItemRow) -> int | None:
    """As ``attempts_left``, for an item of any type: None if it is no assignment."""
    if row.item.type != Assignment.type or row.item.attempts is None:
        return None
    assignment, item_id = queries.assignment_of(row.item.item_revision_id), row.item.item_id
    group = groups.own_group(enrolment_id) if assignment.group else None
    return attempts_left(assignment, item_id, queries.submissions(enrolment_id, item_id), group)
