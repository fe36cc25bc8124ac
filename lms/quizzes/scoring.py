"""Answers into points: exact fractions within, rounded once for what is kept and shown.

What was left unanswered earns nothing, also where a rule counts options rightly
left alone: somebody who did not answer did not leave them on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms.content.questions.base import Question
from lms.quizzes.responses import NOTHING, Response

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Result:
    """``points`` per question; the sum is rounded once, so that three thirds are one."""

    points: Mapping[str, Decimal]
    total: Decimal
    most: Decimal
    score: Decimal
    """Percent. Where nothing earns points, having handed in is all there is to do: 100."""


def score_attempt(questions: Iterable[Question], responses: Mapping[str, Response]) -> Result:
    """Mark the dealt questions; a question without a response earns nothing."""
    questions = tuple(questions)
    earned = {
        question.id: question.points * share(question, responses.get(question.id, NOTHING)) for question in questions
    }
    total, most = sum(earned.values(), Fraction()), most_points(questions)
    return Result(
        points={question_id: rounded(points) for question_id, points in earned.items()},
        total=rounded(total),
        most=rounded(most),
        score=rounded(total / most * 100) if most else Decimal(100),
    )


def most_points(questions: Iterable[Question]) -> Fraction:
    return sum((question.points for question in questions), Fraction())


def share(question: Question, response: Response) -> Fraction:
    """Which part of the question's points this response earns, from 0 to 1."""
    return Fraction(0) if response.is_empty else question.score(response.answer)


def rounded(number: Fraction) -> Decimal:
    """To the cent, halves up, as people round."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(CENT, ROUND_HALF_UP)
