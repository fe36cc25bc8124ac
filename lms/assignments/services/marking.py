"""Marking: judgements are added, never edited; the newest of the latest graded submission counts."""

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


class MarkedMeanwhile(Refusal):
    message = lazy(
        "%(name)s marked this work meanwhile, on %(moment)s. Nothing was overwritten, and what you chose is still "
        "here. If your judgement should hold instead, give a reason and save it as a correction."
    )


class ReasonIsMissing(Refusal):
    message = lazy("A mark that was given is only changed with a reason. Please write it down.")


class FeedbackIsTooTangled(Refusal):
    message = lazy("This feedback is too long or too tangled to be shown. Please write it more simply.")


@dataclass(frozen=True)
class Judgement:
    """What a grader decided. ``picked`` for a rubric (criterion to level, from 0), ``points`` without one."""

    picked: Mapping[int, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    feedback: str = ""
    reason: str = ""


def mark(submission: Submission, judgement: Judgement, *, grader_id: int, seen: int, now: datetime) -> Marking:
    """Add a judgement and pass the mark that counts on to the person's progress.

    ``seen`` is how many judgements the grader saw when the page was made; the
    same judgement sent twice gives the one there already is.

    :raises MarkedMeanwhile: there is one the grader has not seen.
    :raises ReasonIsMissing: a correction does not say why.
    """
    queries.lock(submission.id)
    before = queries.markings(submission.id)
    task = queries.assignment_of(submission.item_revision_id)
    new = _marking(submission, task, judgement, grader_id=grader_id, number=len(before) + 1, now=now)
    if len(before) == seen + 1 and _say_the_same(before[-1], new):
        return before[-1]
    if len(before) != seen:
        name = queries.names([before[-1].graded_by])[before[-1].graded_by]
        raise MarkedMeanwhile(name=name, moment=say_moment(before[-1].graded_at))
    if before and not new.reason:
        raise ReasonIsMissing
    db.session.add(new)
    submission.is_graded = True
    db.session.flush()
    _pass_on(submission, new, task, now=now)
    return new


def _marking(
    submission: Submission, task: Assignment, judgement: Judgement, *, grader_id: int, number: int, now: datetime
) -> Marking:
    earned = rubric.earned(task.rubric, judgement.picked) if task.rubric else judgement.points
    score = rubric.percent(earned, task.best)
    feedback = judgement.feedback.replace("\r\n", "\n").strip()
    try:
        feedback_html = render_plain(feedback) if feedback else ""
    except TextTooComplex as error:
        raise FeedbackIsTooTangled from error
    return Marking(
        submission_id=submission.id,
        number=number,
        levels={str(criterion): level for criterion, level in judgement.picked.items()} if task.rubric else {},
        score=score,
        final_score=after_penalty(score, task.penalty, submission.late_days),
        feedback=feedback,
        feedback_html=feedback_html,
        reason=judgement.reason.strip() if number > 1 else "",
        graded_by=grader_id,
        graded_at=now,
    )


def _say_the_same(one: Marking, other: Marking) -> bool:
    def said(marking: Marking) -> tuple[object, ...]:
        return marking.graded_by, marking.levels, marking.score, marking.feedback

    return said(one) == said(other)


def _pass_on(submission: Submission, marking: Marking, task: Assignment, *, now: datetime) -> None:
    item = submission.item_revision
    effective = queries.counting_score(submission.enrolment_id, submission.item_id)
    assert effective is not None
    learning.record_result(
        submission.enrolment_id,
        item,
        source=f"submission:{submission.id}",
        score=marking.final_score,
        effective=effective,
        is_passed=effective >= Decimal(str(learning.pass_mark(task.pass_mark))),
        graded_by=marking.graded_by,
        reason=marking.reason,
        is_last_try=task.attempts is not None and submission.number >= task.attempts,
        now=now,
    )
    if queries.newest_waits(submission.enrolment_id, submission.item_id):
        learning.record_waiting(submission.enrolment_id, item, now=now)
    facts = {"number": marking.number, "score": marking.score, "final": marking.final_score, "reason": marking.reason}
    ledger.record(marking.graded_by, "mark submission", f"submission:{submission.id}", now=now, **facts)
