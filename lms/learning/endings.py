"""How near the end of somebody's own time is, as their own pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class LastDay:
    on: date
    days: int
    """Whole days left; 0: it is today, negative: it has passed."""
    sign: Literal["", "wait", "fail"]
    """The kind of tag it is shown with: near, or passed; empty where it need not be looked at."""


def last_day(due_on: date | None, today: date, near_days: int, *, is_pressing: bool) -> LastDay | None:
    """``is_pressing``: something is left that the person can do. Without it, a last day warns of nothing."""
    if due_on is None:
        return None
    days = (due_on - today).days
    if not is_pressing or days > near_days:
        return LastDay(due_on, days, "")
    return LastDay(due_on, days, "fail" if days < 0 else "wait")
