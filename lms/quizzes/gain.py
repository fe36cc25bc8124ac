"""What somebody gained from a pretest to its posttest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MAX_SCORE = 100


@dataclass(frozen=True)
class Gain:
    """Scores out of 100."""

    before: Decimal
    after: Decimal

    @property
    def absolute(self) -> Decimal:
        return self.after - self.before

    @property
    def normalised(self) -> float | None:
        """Percent of what was left to gain (Hake 1998); None if nothing was."""
        left = MAX_SCORE - self.before
        return float(100 * Fraction(self.absolute) / Fraction(left)) if left else None
