"""Marks that instructors give to single answers: instead of a key, or for essays, which no key can mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.content.questions.base import Question
from lms.content.questions.essay import Essay
from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses import queries as courses
from lms.enrolment.models import Enrolment
from lms.learning import services as learning
from lms.learning.services.feedback import rendered_feedback
from lms.quizzes import queries, scoring
from lms.quizzes.models import AnswerMark, Attempt
from lms.quizzes.queries import regrades
from lms.quizzes.regrading import Basis, Result, voided_among
from lms.quizzes.services import counting_answers, quiz_in_force, record_result, store_score


class MarkedMeanwhile(Refusal):
    message = lazy(
        "Somebody has marked this answer in the meantime. Nothing was overwritten; the mark that counts is shown below."
    )


class DoesNotCount(Refusal):
    message = lazy("By the rules of the quiz the answers of this attempt do not count, so none of them can be marked.")


class NotAnswered(Refusal):
    message = lazy("This question was not answered, so there is no answer to mark.")


class TooManyPoints(Refusal):
    message = lazy("At most %(most)s points. Nothing was saved.")


class MarkNeedsReason(Refusal):
    message = lazy("A mark can only be changed with a reason. Please enter one.")


@dataclass(frozen=True)
class EssayDecision:
    """The levels ``picked`` from the rubric (criterion to level, both from 0), or ``points`` where there is none."""

    picked: Mapping[int, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    feedback: str = ""
    reason: str = ""


def mark_answer(
    attempt: Attempt,
    question: Question,
    points: Decimal | None,
    reason: str,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
) -> AnswerMark:
    """Give an answer these points whatever the key says; None has the key mark it again. Later regrades keep it.

    ``question`` is the one by which the attempt was marked. ``seen`` is the number of marks that the page showed. The
    same mark sent twice returns the existing one.

    :raises MarkedMeanwhile: somebody has marked the answer since.
    :raises NotAnswered: there is no answer.
    :raises DoesNotCount: the quiz discards the attempt.
    :raises TooManyPoints: more than the question has.
    """
    values = {"points": points, "reason": reason}
    return _add_mark(attempt, question, values, seen=seen, actor_id=actor_id, now=now)


def mark_essay(
    attempt: Attempt,
    essay: Essay,
    decision: EssayDecision,
    *,
    seen: int,
    actor_id: int,
    is_by_admin: bool = False,
    now: datetime,
) -> AnswerMark:
    """As ``mark_answer``, with levels and feedback. The mark of the last essay gives the attempt its score.

    Where marks are told together, it is held (``releasing``). The ledger says of a mark if an admin gave it who does
    not teach the course.

    :raises MarkNeedsReason: it changes an earlier mark.
    :raises FeedbackTooComplex:
    """
    feedback = rendered_feedback(decision.feedback)
    if seen and not decision.reason.strip():
        raise MarkNeedsReason
    points = scoring.rounded(essay.points_by(decision.picked)) if essay.rubric else decision.points
    values: dict[str, Any] = {
        "points": points,
        "feedback": feedback.text,
        "feedback_html": feedback.html,
        "reason": decision.reason.strip() if seen else "",
    }
    values |= {"levels": _in_words(essay, decision.picked)} if essay.rubric else {}
    facts = {"by": "admin"} if is_by_admin else {}
    return _add_mark(attempt, essay, values, seen=seen, actor_id=actor_id, now=now, **facts)


def _in_words(essay: Essay, picked: Mapping[int, int]) -> list[dict[str, str]]:
    """The picked levels as texts, which can be read when the rubric has changed."""
    rows = [(one, one.levels[picked[at]]) for at, one in enumerate(essay.rubric)]
    return [
        {"criterion": one.title, "level": level.title, "points": _plain(level.points), "most": _plain(one.best)}
        for one, level in rows
    ]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _add_mark(
    attempt: Attempt,
    question: Question,
    values: Mapping[str, Any],
    *,
    seen: int,
    actor_id: int,
    now: datetime,
    **facts: str,
) -> AnswerMark:
    lock_attempt(attempt.id)
    _refuse_what_cannot_be_marked(attempt, question, values["points"])
    newest = regrades.answer_marks(attempt.id).get(question.id)
    number = newest.number if newest else 0
    if newest and number == seen + 1 and newest.marked_by == actor_id and _has_values(newest, values):
        return newest
    if number != seen:
        raise MarkedMeanwhile
    key = insert_if_missing(
        AnswerMark,
        ("attempt_id", "question", "number"),
        attempt_id=attempt.id,
        question=question.id,
        number=seen + 1,
        marked_by=actor_id,
        marked_at=now,
        is_held=attempt.waits_for_mark and quiz_in_force(attempt).marks == "together",
        **values,
    )
    if key is None:
        raise MarkedMeanwhile
    made = db.session.get_one(AnswerMark, key)
    facts = {"question": question.id, "reason": values["reason"], **facts}
    ledger.record(actor_id, "mark answer", f"attempt:{attempt.id}", now=now, points=values["points"], **facts)
    if made.is_held:
        made.old_effective = made.new_effective = effective(attempt)
        db.session.flush()
    else:
        score_with_marks(attempt, made, now)
    return made


def _refuse_what_cannot_be_marked(attempt: Attempt, question: Question, points: Decimal | None) -> None:
    if queries.is_discarded(attempt):
        raise DoesNotCount
    state = queries.attempt_state(attempt)
    if not any(one.asked.id == question.id and one.is_answered for one in state.questions):
        raise NotAnswered
    if points is not None and points > question.points:
        raise TooManyPoints(most=scoring.rounded(question.points))


def _has_values(mark: AnswerMark, values: Mapping[str, Any]) -> bool:
    return all(getattr(mark, name) == value for name, value in values.items())


def score_with_marks(attempt: Attempt, made: AnswerMark, now: datetime) -> None:
    """``made`` is the newest mark. An attempt without a score gets it with the last one, by the decisions about
    questions that hold then."""
    waited, before = attempt.waits_for_mark, effective(attempt)
    basis = Basis.of(attempt.basis, attempt.item_revision_id)
    if waited:
        drawn = [one["id"] for one in attempt.selection]
        now_void = voided_among(queries.voided(attempt.item_id), drawn)
        if now_void != dict(basis.voided):
            basis = Basis(basis.revision_id, now_void)
            attempt.basis = basis.to_json()
    old = attempt.points, attempt.most_points, attempt.score
    new = score_by(attempt, queries.questions_as_marked(attempt), basis)
    store_score(attempt, new)
    if not new.unmarked and (waited or Result.of(new) != old):
        made.grade_number = record_result(
            attempt, graded_by=made.marked_by, reason=made.reason, by_learner=False, now=now
        )
        if any(one.submitted_at is not None and one.score is None for one in _attempts_of(attempt)):
            version = courses.item_version(attempt.item_revision_id)
            learning.record_waiting(attempt.enrolment_id, version, by_learner=False, now=now)
    made.old_effective, made.new_effective = before, effective(attempt)
    db.session.flush()


def _attempts_of(attempt: Attempt) -> list[queries.AttemptRow]:
    return queries.attempts_of(attempt.enrolment_id, attempt.item_id)


def score_by(attempt: Attempt, questions: Mapping[str, Question], basis: Basis) -> scoring.AttemptScore:
    """The score of an attempt by these questions, from the answers in its journal."""
    marks = queries.marks_by_hand([attempt.id]).get(attempt.id, {})
    return scoring.score_attempt(questions.values(), counting_answers(attempt), voided=basis.voided, marks=marks)


def effective(attempt: Attempt) -> Decimal | None:
    """The quiz's score that counts for the learner; None while no attempt has one."""
    scores = queries.scores(attempt.enrolment_id, attempt.item_id)
    return scoring.effective_score(scores, quiz_in_force(attempt).grade) if scores else None


def lock_attempt(attempt_id: int) -> Attempt:
    """Lock the enrolment, then the attempt: the order of submitting and of renewal."""
    enrolment_id = select(Attempt.enrolment_id).where(Attempt.id == attempt_id).scalar_subquery()
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)).all()
    attempt = queries.attempt_for_update(attempt_id)
    assert attempt is not None
    return attempt
