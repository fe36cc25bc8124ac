"""Until when work is accepted, and what lateness costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Deadline:
    """When work is due for one learner. A moment includes its own second, so 23.59.59 is the end of the day."""

    due: datetime | None
    """None: work is never late."""
    last: datetime | None
    """Nothing is accepted after this. None: accepted without end."""
    penalty: Decimal = Decimal(0)
    """Percent of the score that each started day after ``due`` costs."""

    def days_late(self, at: datetime) -> int:
        """Started days since the due moment: a second late is 1, 24 hours and a second are 2."""
        if self.due is None or at < self.due + SECOND:
            return 0
        return 1 + (at - self.due - SECOND) // DAY

    def is_over(self, at: datetime) -> bool:
        return self.last is not None and at >= self.last + SECOND

    def extended(self, moment: datetime) -> Deadline:
        """Work is in time until ``moment``, and accepted at least until then."""
        due = max(self.due, moment) if self.due else None
        return replace(self, due=due, last=max(self.last, moment) if self.last else None)

    @property
    def takes_late(self) -> bool:
        """True if work is still accepted after the due moment."""
        return self.due is not None and (self.last is None or self.last > self.due)

    def cost(self, days: int) -> Decimal:
        """The deduction in percent of the score."""
        return min(Decimal(100), self.penalty * days)


def deadline(
    due: datetime | None, *, late: bool, until: datetime | None, penalty: Decimal, closes: datetime | None
) -> Deadline:
    """Combine the author's moments.

    Without a ``late`` rule nothing is accepted after ``due``, with one until ``until``. The item's ``closes`` always
    ends it.
    """
    ends = [moment for moment in (until if late else due, closes) if moment is not None]
    return Deadline(due=due, last=min(ends, default=None), penalty=penalty)


def after_penalty(score: Decimal, penalty: Decimal, days: int) -> Decimal:
    """The score less ``penalty`` percent of itself per day, never below 0."""
    left = max(Decimal(0), 100 - penalty * days)
    return (score * left / 100).quantize(CENT, ROUND_HALF_UP)
