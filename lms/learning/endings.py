"""How near the end of somebody's own time is, as their own pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.learning.vocabulary import SIGNS, nearness


@dataclass(frozen=True)
class LastDay:
    on: date
    days: int
    """Whole days left; 0: it is today, negative: it has passed."""
    sign: str
    """The kind of tag it is shown with: near, or passed; empty where it need not be looked at."""


def last_day(due_on: date | None, today: date, near_days: int, *, is_pressing: bool) -> LastDay | None:
    """``is_pressing``: something is left that the person can do. Without it, a last day warns of nothing."""
    if due_on is None:
        return None
    pressing = nearness(due_on, today, near_days) if is_pressing else None
    return LastDay(due_on, (due_on - today).days, SIGNS[pressing] if pressing else "")
