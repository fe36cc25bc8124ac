"""Renew what is stored about submissions when the rules have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from lms.assignments import queries
from lms.assignments.lateness import deadline_in, latest
from lms.assignments.models import Submission
from lms.assignments.queries import groups
from lms.assignments.services import grading
from lms.content.items.assignment import Assignment
from lms.learning import services as learning
from lms.learning.results import EnrolmentRules, ItemOutcome


def renew(rules: Mapping[int, EnrolmentRules], now: datetime) -> dict[tuple[int, int], ItemOutcome]:
    """Renew days late and late penalties; returns the outcomes by enrolment and item."""
    outcomes = {}
    found = queries.submissions_by_item(list(rules))
    papers = {one.paper_id for submissions in found.values() for one in submissions if one.paper_id}
    windows = groups.paper_windows(papers)
    for (enrolment_id, item_id), submissions in found.items():
        one = rules[enrolment_id]
        item = one.contents.item(item_id)
        if item is None:
            continue
        assignment = queries.assignment_of(item.item_revision_id)
        for submission in submissions:
            theirs = windows.get(submission.paper_id, [one.window])
            due = latest(deadline_in(window, item_id, assignment, item.closes) for window in theirs)
            days = due.days_late(submission.submitted_at)
            if days < submission.late_days:  # never more: what was in time stays in time
                grading.renew_penalty(submission, days, now=now)
        outcomes[enrolment_id, item_id] = _item_outcome(submissions, assignment)
    return outcomes


def _attempts(submissions: Sequence[Submission], upto: Submission) -> int:
    """How many attempts there were up to this one. Returned submissions do not count; those of a group are shared."""
    if upto.paper is not None:
        return groups.attempt_of(upto.enrolment_id, upto.paper)
    return sum(one.number <= upto.number and one.returned is None for one in submissions)


def _item_outcome(submissions: Sequence[Submission], assignment: Assignment) -> ItemOutcome:
    graded = [one for one in submissions if one.told_markings]
    score = graded[-1].told_markings[-1].final_score if graded else None
    return ItemOutcome(
        score=score,
        is_passed=score is not None and score >= Decimal(str(learning.pass_mark(assignment.pass_mark))),
        is_final=assignment.attempts is not None
        and bool(graded)
        and _attempts(submissions, graded[-1]) >= assignment.attempts,
        unfinished=None if submissions[-1].told_markings else "started" if submissions[-1].returned else "waiting",
    )
