"""Grading by rubric: the points of the picked levels become a percentage."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def percent(points: Decimal, most: Decimal) -> Decimal:
    """``points`` of ``most`` as a score from 0 to 100 with two decimals; 0 if there is nothing to earn."""
    if most <= 0:
        return Decimal(0)
    return _between(points * 100 / most, CENT)


def in_points(score: Decimal, most: Decimal) -> Decimal:
    """A score in percent as points of the assignment: 81.25 % of 40 points are 32.5."""
    return (score * most / 100).quantize(TENTH if most != 100 else CENT, ROUND_HALF_UP)


def read_points(text: str, most: Decimal) -> Decimal | None:
    """Parse points (``85``, ``85,5`` or ``85.5``); None if ``text`` is not a number from 0 to ``most``."""
    try:
        points = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return points if points.is_finite() and 0 <= points <= most else None


def _between(score: Decimal, step: Decimal) -> Decimal:
    return min(Decimal(100), max(Decimal(0), score)).quantize(step, ROUND_HALF_UP)
