"""Grading by rubric: the points of the picked levels become a percentage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lms.content.items.rubric import Criterion

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def earned(rubric: Sequence[Criterion], picked: Mapping[int, int]) -> Decimal:
    """The points of the picked levels; ``picked`` maps each criterion to its level, both by position from 0.

    :raises ValueError: a level is missing or does not exist.
    """
    total = Decimal(0)
    for position, criterion in enumerate(rubric):
        choice = picked.get(position, -1)
        if not 0 <= choice < len(criterion.levels):
            raise ValueError(f"criterion {position} has no level {choice}")
        total += criterion.levels[choice].points
    return total


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
