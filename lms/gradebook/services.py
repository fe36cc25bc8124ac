"""Importing marks from a spreadsheet, and releasing marks that were held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from lms.assignments import policy as assignment_policy
from lms.assignments import queries as assignments
from lms.assignments.services import grading, releasing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.gradebook.queries import HeldWork
from lms.people.account import Account
from lms.quizzes.services import releasing as essays

IDLE_DAYS = Setting(
    "idle_days",
    14,
    group=lazy("Board"),
    label=lazy("Idle (days without doing anything)"),
    hint=lazy("The gradebook lists people who have done nothing in the course for so many days among those to help."),
    check=lambda value: None if 1 <= value <= 365 else str(lazy("Between 1 and 365.")),
)


@dataclass(frozen=True)
class NewMark:
    """``score`` is percent before a late penalty; ``seen`` the number of markings that the page knew of."""

    submission_id: int
    seen: int
    score: Decimal


class RefusedMark(NamedTuple):
    """``name`` is empty if the work is not one of the course's."""

    mark: NewMark
    name: str
    refusal: Refusal


class GradedWithoutNames(Refusal):
    message = lazy("This work is graded without names. Nothing was changed: mark it in the grading queue.")


class NotToBeMarked(Refusal):
    message = lazy("This work is not there to be marked by you. Nothing was changed.")


def take_marks(
    marks: Iterable[NewMark], course_id: int, *, actor: Account, reason: str, now: datetime
) -> tuple[int, list[RefusedMark]]:
    """Mark each of the submissions. Returns how many were marked, and those that were refused.

    A mark that is there already, because the page was sent twice, counts as marked. Of a group's paper, the same mark
    for all who have it is the group's; any other is that of the one member alone.
    """
    marks, taken, refused = list(marks), 0, list[RefusedMark]()
    scores = {mark.submission_id: mark.score for mark in marks}
    for mark in marks:
        details = assignments.submission_details(mark.submission_id)
        is_theirs = details is not None and details.course_id == course_id
        if details is None or not is_theirs or not assignment_policy.may_grade(actor, details):
            name = details.person.full_name if details is not None and is_theirs else ""
            refused.append(RefusedMark(mark, name, NotToBeMarked()))
            continue
        if details.hidden_number is not None:
            refused.append(RefusedMark(mark, details.name, GradedWithoutNames()))
            continue
        submission = details.submission
        best = assignments.assignment_of(submission.item_revision_id).best
        before = submission.markings[-1] if submission.markings else None
        decision = grading.GradeDecision(
            points=mark.score * best / 100, feedback=before.feedback if before else "", reason=reason
        )
        try:
            grading.grade_submission(
                submission,
                decision,
                grader_id=actor.id,
                seen=mark.seen,
                now=now,
                is_by_admin=course_id not in actor.taught_course_ids,
                is_alone=len({scores.get(one.submission_id) for one in details.members}) > 1,
            )
            taken += 1
        except Refusal as refusal:
            refused.append(RefusedMark(mark, details.person.full_name, refusal))
    return taken, refused


def in_transactions(works: Sequence[HeldWork], size: int) -> Iterator[list[HeldWork]]:
    """Group works by at most ``size``, but keep those of a person together: they are told by one notice."""
    batch: list[HeldWork] = []
    for _enrolment_id, own in groupby(works, key=lambda one: one.enrolment_id):
        theirs = list(own)
        if batch and len(batch) + len(theirs) > size:
            yield batch
            batch = []
        batch += theirs
    if batch:
        yield batch


def release(works: Sequence[HeldWork], *, actor_id: int, now: datetime) -> int:
    """Release the marks of these works; returns their number. Releasing them again changes nothing."""
    papers = [one.id for one in works if one.kind == "submission"]
    attempts = [one.id for one in works if one.kind == "attempt"]
    return releasing.release_marks(papers, actor_id=actor_id, now=now) + essays.release_marks(
        attempts, actor_id=actor_id, now=now
    )
