"""Grading: decisions are added, never edited. The newest one of the latest graded submission counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lms.assignments import queries, rubric
from lms.assignments.lateness import after_penalty
from lms.assignments.models import Marking, Submission
from lms.content.items.assignment import Assignment
from lms.content.rendering.markdown_html import TextTooComplex, render_plain
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.learning import services as learning


class GradedMeanwhile(Refusal):
    message = lazy(
        "%(name)s graded this work in the meantime, on %(moment)s. Nothing was overwritten, and your choices are still "
        "here. To use your grade instead, give a reason and save it as a correction."
    )


class ReasonMissing(Refusal):
    message = lazy("A grade can only be changed with a reason. Please enter one.")


class FeedbackTooComplex(Refusal):
    message = lazy("This feedback is too long or too complex to be shown. Please simplify it.")


@dataclass(frozen=True)
class GradeDecision:
    """A grader's decision: ``picked`` with a rubric (criterion to level, both from 0), ``points`` without one."""

    picked: Mapping[int, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    feedback: str = ""
    reason: str = ""


def grade_submission(
    submission: Submission, decision: GradeDecision, *, grader_id: int, seen: int, now: datetime
) -> Marking:
    """Add a marking and pass the score that counts on to the learner's progress.

    ``seen`` is the number of markings that the grader's page showed. The same decision sent twice returns the existing
    marking.

    :raises GradedMeanwhile: there is a marking that the grader has not seen.
    :raises ReasonMissing: a correction has no reason.
    """
    queries.lock(submission.id)
    before = queries.markings(submission.id)
    assignment = queries.assignment_of(submission.item_revision_id)
    new = _marking(submission, assignment, decision, grader_id=grader_id, number=len(before) + 1, now=now)
    if len(before) == seen + 1 and _are_equal(before[-1], new):
        return before[-1]
    if len(before) != seen:
        name = queries.full_names([before[-1].graded_by])[before[-1].graded_by]
        raise GradedMeanwhile(name=name, moment=say_moment(before[-1].graded_at))
    if before and not new.reason:
        raise ReasonMissing
    db.session.add(new)
    submission.is_graded = True
    db.session.flush()
    _record_result(submission, new, assignment, now=now)
    return new


def _marking(
    submission: Submission,
    assignment: Assignment,
    decision: GradeDecision,
    *,
    grader_id: int,
    number: int,
    now: datetime,
) -> Marking:
    earned = rubric.earned(assignment.rubric, decision.picked) if assignment.rubric else decision.points
    score = rubric.percent(earned, assignment.best)
    feedback = decision.feedback.replace("\r\n", "\n").strip()
    try:
        feedback_html = render_plain(feedback) if feedback else ""
    except TextTooComplex as error:
        raise FeedbackTooComplex from error
    return Marking(
        submission_id=submission.id,
        number=number,
        levels={str(criterion): level for criterion, level in decision.picked.items()} if assignment.rubric else {},
        score=score,
        final_score=after_penalty(score, assignment.penalty, submission.late_days),
        feedback=feedback,
        feedback_html=feedback_html,
        reason=decision.reason.strip() if number > 1 else "",
        graded_by=grader_id,
        graded_at=now,
    )


def _are_equal(one: Marking, other: Marking) -> bool:
    def values(marking: Marking) -> tuple[object, ...]:
        return marking.graded_by, marking.levels, marking.score, marking.feedback

    return values(one) == values(other)


def _record_result(submission: Submission, marking: Marking, assignment: Assignment, *, now: datetime) -> None:
    revision = submission.item_revision
    effective = queries.counting_score(submission.enrolment_id, submission.item_id)
    assert effective is not None
    learning.record_result(
        submission.enrolment_id,
        revision,
        source=f"submission:{submission.id}",
        score=marking.final_score,
        effective=effective,
        is_passed=effective >= Decimal(str(learning.pass_mark(assignment.pass_mark))),
        graded_by=marking.graded_by,
        reason=marking.reason,
        is_last_try=assignment.attempts is not None and submission.number >= assignment.attempts,
        now=now,
    )
    if queries.is_newest_ungraded(submission.enrolment_id, submission.item_id):
        learning.record_waiting(submission.enrolment_id, revision, now=now)
    facts = {"number": marking.number, "score": marking.score, "final": marking.final_score, "reason": marking.reason}
    ledger.record(marking.graded_by, "mark submission", f"submission:{submission.id}", now=now, **facts)
