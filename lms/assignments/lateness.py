"""Until when work is accepted, and what lateness costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from lms.content.items.assignment import Assignment
from lms.content.when import When
from lms.enrolment.windows import MomentSource, Window

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
    source: MomentSource = "course"
    """What set it."""

    def days_late(self, at: datetime) -> int:
        """Started days since the due moment: a second late is 1, 24 hours and a second are 2."""
        if self.due is None or at < self.due + SECOND:
            return 0
        return 1 + (at - self.due - SECOND) // DAY

    def is_over(self, at: datetime) -> bool:
        return self.last is not None and at >= self.last + SECOND

    def later(self, other: Deadline) -> Deadline:
        """The more generous of both, moment by moment."""
        due = max(self.due, other.due) if self.due and other.due else None
        last = max(self.last, other.last) if self.last and other.last else None
        gives_more = (due, last) != (self.due, self.last)
        return replace(self, due=due, last=last, source=other.source if gives_more else self.source)

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
        return cost(self.penalty, days)


def deadline(
    due: datetime | None, *, late: bool, until: datetime | None, penalty: Decimal, closes: datetime | None
) -> Deadline:
    """Combine the author's moments.

    Without a ``late`` rule nothing is accepted after ``due``, with one until ``until``. The item's ``closes`` always
    ends it.
    """
    ends = [moment for moment in (until if late else due, closes) if moment is not None]
    return Deadline(due=due, last=min(ends, default=None), penalty=penalty)


def deadline_in(window: Window, item_id: int, assignment: Assignment, closes: When | None) -> Deadline:
    """The deadline by one person's dates. ``closes`` is the closing moment that the course gives the item.

    If the cohort has its own due moment, work is accepted at least until then. If it has its own closing moment,
    nothing is accepted after it, whatever the course says.
    """
    due, due_source = window.sourced_moment(item_id, assignment.due, "due")
    closes_at, end_source = window.sourced_moment(item_id, closes, "closes")
    source = due_source if due_source != "course" else end_source
    if window.source(item_id, "closes") != "course":
        return Deadline(due=due, last=closes_at, penalty=assignment.penalty, source=source)
    until = window.moment(assignment.late.until, "closes") if assignment.late else None
    if due is not None and window.source(item_id, "due") != "course":
        until, closes_at = (max(due, moment) if moment else None for moment in (until, closes_at))
    found = deadline(due, late=assignment.takes_late, until=until, penalty=assignment.penalty, closes=closes_at)
    return replace(found, source=source)


def latest(deadlines: Iterable[Deadline]) -> Deadline:
    """The deadline of a group: what is in time for one member is in time for all."""
    return reduce(Deadline.later, deadlines)


def cost(penalty: Decimal, days: int) -> Decimal:
    """The deduction in percent of the score, ``penalty`` for each day."""
    return min(Decimal(100), penalty * days)


def after_deduction(score: Decimal, percent: Decimal) -> Decimal:
    """The score less ``percent`` of itself."""
    return (score * (100 - percent) / 100).quantize(CENT, ROUND_HALF_UP)
