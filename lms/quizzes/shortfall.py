"""How far an attempt is from a pass, and what the next one needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_UP, Decimal
from fractions import Fraction
from math import ceil

from lms.content.questions.base import Question
from lms.quizzes.scoring import CENT, passes, rounded

HALF_CENT = Fraction(1, 200)
"""Scores are rounded half up to cents before they are compared with the pass mark."""


@dataclass(frozen=True)
class Shortfall:
    """``questions`` is the number of whole questions; None if they earn different points."""

    points: Decimal
    questions: int | None


def shortfall(questions: Collection[Question], points: Decimal, most: Decimal, mark: float) -> Shortfall | None:
    """What an attempt with ``points`` of ``most`` lacks; None if it passes."""
    if not most or passes(rounded(Fraction(points) / Fraction(most) * 100), mark):
        return None
    lacking = (Fraction(_in_cents(mark)) - HALF_CENT) / 100 * Fraction(most) - Fraction(points)
    worth = {question.points for question in questions}
    count = ceil(lacking / worth.pop()) if len(worth) == 1 else None
    shown = Decimal(lacking.numerator) / Decimal(lacking.denominator)
    return Shortfall(max(CENT, shown.quantize(CENT, ROUND_UP)), count)


def next_score(scores: Sequence[Decimal], mark: float) -> Decimal:
    """What the next attempt needs where the average of all counts; above 100 if one is not enough."""
    return max(Decimal(0), _in_cents(mark) * (len(scores) + 1) - sum(scores, Decimal()))


def _in_cents(mark: float) -> Decimal:
    """The lowest score that reaches the mark."""
    return Decimal(str(mark)).quantize(CENT, ROUND_CEILING)
