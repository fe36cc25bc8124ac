"""Grading: decisions are added, never edited. The newest one of the latest graded submission counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from lms.assignments import queries, rubric
from lms.assignments.lateness import after_deduction, cost
from lms.assignments.models import Marking, Submission
from lms.assignments.queries import anonymity, groups
from lms.assignments.services import feedback_files, passages
from lms.assignments.services.feedback_files import GivenFile
from lms.content.items.assignment import Assignment
from lms.content.rendering.markdown_html import TextTooComplex, render_plain
from lms.content.rubric import earned_points
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.courses import queries as courses
from lms.learning import services as learning


class GradedMeanwhile(Refusal):
    message = lazy(
        "%(name)s graded this work in the meantime, on %(moment)s. Nothing was overwritten, and your choices are still "
        "here. To use your grade instead, give a reason and save it as a correction."
    )


class ReasonMissing(Refusal):
    message = lazy("A grade can only be changed with a reason. Please enter one.")


class LatenessUndecided(Refusal):
    message = lazy(
        "This work was handed in late, and its grader decides what that costs. Nothing was changed: decide it with the "
        "mark, on the page of the work in the grading queue."
    )


class NewerWorkHasNoName(Refusal):
    message = lazy(
        "The participant has handed in again, and that work is graded without names. This mark can be corrected once "
        "the mark of the newer work was told. Nothing was changed; your choices are still here."
    )


class FeedbackTooComplex(Refusal):
    message = lazy("This feedback is too long or too complex to be shown. Please simplify it.")


@dataclass(frozen=True)
class GradeDecision:
    """A grader's decision: the levels ``picked`` from a rubric (criterion to level, both from 0), or ``points``.

    Work with a rubric may be given points as a whole too; the marking then has no levels. ``files`` are those that the
    learner gets; None: those of the marking before.
    """

    picked: Mapping[int, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    feedback: str = ""
    reason: str = ""
    files: tuple[GivenFile, ...] | None = None
    late_deduction: Decimal | None = None
    """Percent of the score; None: as decided with the marking before."""
    late_reason: str = ""
    withdrawn: Collection[int] = ()
    """Ids of notes on passages that a correction withdraws."""


def grade_submission(
    submission: Submission,
    decision: GradeDecision,
    *,
    grader_id: int,
    seen: int,
    now: datetime,
    is_by_admin: bool = False,
    is_alone: bool = False,
) -> Marking:
    """Add a marking, give the grader's notes on passages with it, and pass the score that counts on to the learner's
    progress, unless it is held (``releasing``).

    For a group's paper every member gets the marking, except members whose newest marking is individual; with
    ``is_alone`` only the learner of ``submission``, with a reason. ``seen`` is the number of markings that the grader's
    page showed. The same decision sent twice returns the existing marking. The ledger says of a mark if an admin gave
    it who does not teach the course.

    :raises GradedMeanwhile: there is a marking that the grader has not seen.
    :raises LatenessUndecided: the work is late, and neither this decision nor the marking before says what that costs.
    :raises ReasonMissing: a correction, or a mark for one member, has no reason.
    :raises NewerWorkHasNoName: correcting a mark that was told would name the author of work graded without names.
    :raises Refusal: one of ``passages.give_notes``.
    """
    feedback = _rendered(decision.feedback)  # before anybody has to wait for this transaction
    queries.lock(submission.id)
    before = queries.markings(submission.id)
    is_alone = is_alone and submission.paper_id is not None
    new = _marking(submission, decision, feedback, grader_id=grader_id, before=before, is_alone=is_alone, now=now)
    if len(before) == seen + 1 and _are_equal(before[-1], new):
        return before[-1]
    if seen > len(before) or any(not one.is_renewed for one in before[seen:]):
        name = queries.full_names([before[-1].graded_by])[before[-1].graded_by]
        raise GradedMeanwhile(name=name, moment=say_moment(before[-1].graded_at))
    if (before or is_alone) and not new.reason:
        raise ReasonMissing
    if any(not one.is_held for one in before) and anonymity.hidden_number(submission) is not None:
        raise NewerWorkHasNoName
    in_force = queries.assignment_of(courses.published_item_id(submission.item_id) or submission.item_revision_id)
    facts = {"by": "admin"} if is_by_admin else {}
    passages.give_notes(submission, new.number, grader_id=grader_id, withdrawn=decision.withdrawn)
    _add(submission, new, before, in_force, now=now, **facts)
    for other in [] if is_alone else _other_submissions(submission):
        theirs = queries.markings(other.id)
        if not (theirs and theirs[-1].is_alone):
            marking = _marking(other, decision, feedback, grader_id=grader_id, before=theirs, is_alone=False, now=now)
            passages.copy_notes(submission, new.number, other, marking.number)
            _add(other, marking, theirs, in_force, now=now, **facts)
    return new


def _other_submissions(submission: Submission) -> list[Submission]:
    """What the others have of a group's paper. A later paper of the group may have taken the place of theirs."""
    others = [one for one in groups.paper_rows(submission) if one is not submission]
    return [one for one in others if one.is_graded or submission.is_superseded or not one.is_superseded]


def _add(
    submission: Submission,
    new: Marking,
    before: Sequence[Marking],
    in_force: Assignment,
    *,
    now: datetime,
    **facts: str,
) -> None:
    new.is_held = in_force.marks == "together" and all(one.is_held for one in before)
    db.session.add(new)
    submission.is_graded = True
    db.session.flush()
    if not new.is_held:
        tell_marking(submission, new, in_force, now=now)
    _record_marking(submission, new, actor_id=new.graded_by, now=now, **facts)


class _Feedback(NamedTuple):
    text: str
    html: str


def _rendered(feedback: str) -> _Feedback:
    text = feedback.replace("\r\n", "\n").strip()
    try:
        return _Feedback(text, render_plain(text) if text else "")
    except TextTooComplex as error:
        raise FeedbackTooComplex from error


def _marking(
    submission: Submission,
    decision: GradeDecision,
    feedback: _Feedback,
    *,
    grader_id: int,
    before: Sequence[Marking],
    is_alone: bool,
    now: datetime,
) -> Marking:
    assignment = queries.assignment_of(submission.item_revision_id)
    earned = earned_points(assignment.rubric, decision.picked) if decision.picked else decision.points
    score = rubric.percent(earned, assignment.best)
    late_deduction, late_reason = _late_decision(submission, assignment, decision, before)
    given = decision.files
    if given is None:
        given = feedback_files.given_with(before[-1].files) if before else ()
    return Marking(
        submission_id=submission.id,
        number=len(before) + 1,
        levels={str(criterion): level for criterion, level in decision.picked.items()},
        score=score,
        late_deduction=late_deduction,
        late_reason=late_reason,
        final_score=_final_score(score, assignment, submission.late_days, late_deduction),
        feedback=feedback.text,
        feedback_html=feedback.html,
        reason=decision.reason.strip() if before or is_alone else "",
        graded_by=grader_id,
        graded_at=now,
        is_alone=is_alone,
        files=feedback_files.rows(given, now=now),
    )


def is_lateness_decided(submission: Submission) -> bool:
    """Its grader decides what its lateness costs."""
    return submission.late_days > 0 and queries.assignment_of(submission.item_revision_id).is_lateness_decided


def _late_decision(
    submission: Submission, assignment: Assignment, decision: GradeDecision, before: Sequence[Marking]
) -> tuple[Decimal | None, str]:
    if not (submission.late_days and assignment.is_lateness_decided):
        return None, ""
    reason = decision.late_reason.strip()
    if decision.late_deduction is not None and reason:
        return decision.late_deduction, reason
    if before and before[-1].late_deduction is not None:
        return before[-1].late_deduction, before[-1].late_reason
    raise LatenessUndecided


def _final_score(score: Decimal, assignment: Assignment, late_days: int, decided: Decimal | None) -> Decimal:
    return after_deduction(score, cost(assignment.penalty, late_days) if decided is None else decided)


def renew_penalty(submission: Submission, late_days: int, *, now: datetime) -> None:
    """Change the days late, and add a marking if that changes what the newest one comes to. What the grader chose
    stays, a deduction that somebody decided as long as the work is late at all; for the ledger and the grades, nobody
    gave the new mark. The caller renews the item's result."""
    submission.late_days = late_days
    db.session.flush()
    if not submission.markings:
        return
    newest = submission.markings[-1]
    decided = newest.late_deduction if late_days else None
    assignment = queries.assignment_of(submission.item_revision_id)
    final_score = _final_score(newest.score, assignment, late_days, decided)
    if final_score == newest.final_score:
        return
    new = Marking(
        number=newest.number + 1,
        levels=newest.levels,
        score=newest.score,
        late_deduction=decided,
        late_reason=newest.late_reason if decided is not None else "",
        final_score=final_score,
        feedback=newest.feedback,
        feedback_html=newest.feedback_html,
        reason="",
        graded_by=newest.graded_by,
        graded_at=now,
        is_held=newest.is_held,
        is_alone=newest.is_alone,
        files=feedback_files.rows(feedback_files.given_with(newest.files), now=now),
    )
    submission.markings.append(new)
    if not new.is_held:
        learning.record_grade(
            submission.enrolment_id,
            submission.item_revision,
            source=queries.work_name(submission),
            score=final_score,
            graded_by=None,
            paper=submission.paper_id,
            now=now,
        )
    _record_marking(submission, new, actor_id=None, now=now)


def _are_equal(one: Marking, other: Marking) -> bool:
    def values(marking: Marking) -> tuple[object, ...]:
        files = sorted((file.key, file.name) for file in marking.files)
        lateness = marking.late_deduction, marking.late_reason
        return marking.graded_by, marking.levels, marking.score, marking.feedback, files, marking.is_alone, lateness

    return values(one) == values(other)


def tell_marking(submission: Submission, marking: Marking, in_force: Assignment, *, now: datetime) -> None:
    """Pass a marking that is not held on to the learner's marks, progress and completion.

    ``in_force`` is the assignment as it is published.
    """
    revision = submission.item_revision
    counting = queries.counting_mark(submission.enrolment_id, submission.item_id)
    assert counting is not None
    learning.record_result(
        submission.enrolment_id,
        revision,
        source=queries.work_name(submission),
        score=marking.final_score,
        effective=counting.score,
        is_passed=counting.score >= Decimal(str(learning.pass_mark(in_force.pass_mark))),
        graded_by=marking.graded_by,
        reason=marking.reason,
        is_last_attempt=in_force.attempts is not None and counting.attempt >= in_force.attempts,
        paper=submission.paper_id,
        now=now,
    )
    if queries.is_newest_waiting(submission.enrolment_id, submission.item_id):
        learning.record_waiting(submission.enrolment_id, revision, now=now)


def _record_marking(
    submission: Submission, marking: Marking, *, actor_id: int | None, now: datetime, **more: Any
) -> None:
    if submission.paper is not None:
        more |= {"paper": submission.paper.id, "group": submission.paper.group_name, "is_alone": marking.is_alone}
    facts = {"number": marking.number, "score": marking.score, "final": marking.final_score, "reason": marking.reason}
    if marking.late_deduction is not None:
        facts |= {"late_deduction": marking.late_deduction, "late_reason": marking.late_reason}
    if marking.files:
        facts["files"] = len(marking.files)
    ledger.record(actor_id, "mark submission", f"submission:{submission.id}", now=now, **facts, **more)
