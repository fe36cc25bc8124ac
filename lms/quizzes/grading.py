"""One mark from several attempts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from lms.quizzes.scoring import CENT


def effective_score(scores: Sequence[Decimal], rule: str) -> Decimal:
    """What counts, by ``highest``, ``average``, ``first`` or ``last``; ``scores`` in the order of the attempts."""
    if rule == "average":
        return (sum(scores, Decimal()) / len(scores)).quantize(CENT, ROUND_HALF_UP)
    if rule == "first":
        return scores[0]
    return scores[-1] if rule == "last" else max(scores)


def passes(score: Decimal, pass_mark: float) -> bool:
    """The score as it is shown decides: whoever reads 70 of 70 has passed."""
    return score >= Decimal(str(pass_mark))
