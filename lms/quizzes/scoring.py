"""Points and scores: exact fractions inside, rounded once for storing and showing.

A question left unanswered earns nothing, even if its rule counts the options
rightly left unpicked: the learner did not leave them on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms.content.questions.base import Question
from lms.quizzes.responses import NO_RESPONSE, Response

CENT = Decimal("0.01")


@dataclass(frozen=True)
class AttemptScore:
    """``points`` by question. The total is rounded once, so that three thirds make one."""

    points: Mapping[str, Decimal]
    total: Decimal
    most: Decimal
    score: Decimal
    """Percent; 100 if no question earns points."""


def score_attempt(questions: Iterable[Question], responses: Mapping[str, Response]) -> AttemptScore:
    """Score the selected questions; one without a response earns nothing."""
    questions = tuple(questions)
    earned = {
        question.id: question.points * share(question, responses.get(question.id, NO_RESPONSE))
        for question in questions
    }
    total, most = sum(earned.values(), Fraction()), most_points(questions)
    return AttemptScore(
        points={question_id: rounded(points) for question_id, points in earned.items()},
        total=rounded(total),
        most=rounded(most),
        score=rounded(total / most * 100) if most else Decimal(100),
    )


def most_points(questions: Iterable[Question]) -> Fraction:
    return sum((question.points for question in questions), Fraction())


def share(question: Question, response: Response) -> Fraction:
    """The part of the question's points that the response earns, from 0 to 1."""
    return Fraction(0) if response.is_empty else question.score(response.answer)


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


def passes(score: Decimal, pass_mark: float) -> bool:
    """The score as it is shown decides: 70 of 70 passes."""
    return score >= Decimal(str(pass_mark))
