"""Points and scores: exact fractions inside, rounded once for storing and showing.

A question left unanswered earns nothing, even if its rule counts the options
rightly left unpicked: the learner did not leave them on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.learning.results import ItemOutcome
from lms.quizzes.responses import NO_RESPONSE, Response

CENT = Decimal("0.01")
FULL, LEFT_OUT, COUNTS = "full", "left-out", "counts"
"""Rules for a void question: full marks for all who drew it; not in the total; the decision was withdrawn."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class AttemptScore:
    """``points`` by question, without those left out. The total is rounded once, so that three thirds make one.

    While some questions are ``unmarked``, points and score are what the others earn.
    """

    points: Mapping[str, Decimal]
    total: Decimal
    most: Decimal
    score: Decimal
    """Percent; 100 if no question earns points."""
    unmarked: frozenset[str] = frozenset()
    """Answered questions that people mark, and have not marked yet."""

    def earned(self, question_id: str) -> Decimal | None:
        """None while it is unmarked; 0 for a question that is left out."""
        return None if question_id in self.unmarked else self.points.get(question_id, Decimal(0))


def score_attempt(
    questions: Iterable[Question],
    responses: Mapping[str, Response],
    *,
    voided: Mapping[str, str] = NOTHING,
    marks: Mapping[str, Decimal] = NOTHING,
) -> AttemptScore:
    """Score the selected questions; one without a response earns nothing.

    ``voided`` has the rule of void questions by id (``models.QuestionVoid``), which applies to all who drew them.
    ``marks`` are points that an instructor gave to single answers, at most those of the question.
    """
    questions = tuple(question for question in questions if voided.get(question.id) != LEFT_OUT)
    earned, unmarked = {}, set()
    for question in questions:
        if voided.get(question.id) == FULL:
            earned[question.id] = question.points
        elif question.id in marks:
            earned[question.id] = min(Fraction(marks[question.id]), question.points)
        elif waits_for_mark(question, response := responses.get(question.id, NO_RESPONSE)):
            unmarked.add(question.id)
        else:
            earned[question.id] = question.points * share(question, response)
    total, most = sum(earned.values(), Fraction()), most_points(questions)
    return AttemptScore(
        points={question_id: rounded(points) for question_id, points in earned.items()},
        total=rounded(total),
        most=rounded(most),
        score=rounded(total / most * 100) if most else Decimal(100),
        unmarked=frozenset(unmarked),
    )


def waits_for_mark(question: Question, response: Response) -> bool:
    """True where no key can mark the answer. Without an answer there is nothing to mark."""
    return question.is_marked_by_people and not response.is_empty


def most_points(questions: Iterable[Question]) -> Fraction:
    return sum((question.points for question in questions), Fraction())


def share(question: Question, response: Response) -> Fraction:
    """The part of the question's points that the response earns, from 0 to 1, less what wrong tries cost."""
    if response.is_empty:
        return Fraction(0)
    return max(Fraction(0), question.score(response.answer) - response.deduction)


def rounded(number: Fraction) -> Decimal:
    """To two decimals, halves up."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(CENT, ROUND_HALF_UP)


def effective_score(scores: Sequence[Decimal], rule: str) -> Decimal:
    """The score that counts by ``highest``, ``average``, ``first`` or ``last``; ``scores`` in order of the attempts."""
    if rule == "average":
        return (sum(scores, Decimal()) / len(scores)).quantize(CENT, ROUND_HALF_UP)
    if rule == "first":
        return scores[0]
    return scores[-1] if rule == "last" else max(scores)


def is_discarded(quiz: Quiz, submitted_by: str | None) -> bool:
    """True if the quiz does not count an attempt because it was not handed in before its time ended."""
    return submitted_by == "deadline" and quiz.on_expiry == "discard"


def passes(score: Decimal, pass_mark: float) -> bool:
    """The score as it is shown decides: 70 of 70 passes."""
    return score >= Decimal(str(pass_mark))


def item_outcome(
    scores: Sequence[Decimal | None], quiz: Quiz, mark: float, unfinished: Literal["started", "waiting"] | None = None
) -> ItemOutcome:
    """``scores`` in order of the attempts; None: it runs, or waits for a mark."""
    marked = [score for score in scores if score is not None]
    effective = effective_score(marked, quiz.grade) if marked else None
    return ItemOutcome(
        score=effective,
        is_passed=effective is not None and passes(effective, mark),
        is_final=quiz.attempts is not None and len(marked) >= quiz.attempts,
        unfinished=unfinished,
    )
