"""Until when work is taken, and what lateness costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Deadline:
    """When work is due for one person. A moment includes its own second: 23.59.59 ends with the day."""

    due: datetime | None
    """Null: work is never late."""
    last: datetime | None
    """After this nothing is taken. Null: taken without end."""
    penalty: Decimal = Decimal(0)
    """Percent of the mark that each day begun after ``due`` costs."""

    def days_late(self, at: datetime) -> int:
        """Days begun since the due moment: a second late is one day, 24 hours and a second are two."""
        if self.due is None or at < self.due + SECOND:
            return 0
        return 1 + (at - self.due - SECOND) // DAY

    def is_over(self, at: datetime) -> bool:
        return self.last is not None and at >= self.last + SECOND

    @property
    def takes_late(self) -> bool:
        """Whether there is any time between the due moment and the last."""
        return self.due is not None and (self.last is None or self.last > self.due)

    def cost(self, days: int) -> Decimal:
        """What so many days take off, in percent of the mark."""
        return min(Decimal(100), self.penalty * days)


def deadline(
    due: datetime | None, *, late: bool, until: datetime | None, penalty: Decimal, closes: datetime | None
) -> Deadline:
    """Put the author's moments together.

    Without a ``late`` rule nothing is taken after ``due``; with one, until ``until``.
    The item's own ``closes`` ends it in any case.
    """
    ends = [moment for moment in (until if late else due, closes) if moment is not None]
    return Deadline(due=due, last=min(ends, default=None), penalty=penalty)


def after_penalty(score: Decimal, penalty: Decimal, days: int) -> Decimal:
    """The mark less ``penalty`` percent of itself for each day begun, never below 0."""
    left = max(Decimal(0), 100 - penalty * days)
    return (score * left / 100).quantize(CENT, ROUND_HALF_UP)
