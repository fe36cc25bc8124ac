"""Fixed times for learning, which people choose themselves and their phones remind them of.

Who plans when and where to do something does it more often than who only means to (Gollwitzer and Sheeran, 2006,
"Implementation intentions and goal achievement", Advances in Experimental Social Psychology 38).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple

WITHOUT_DEADLINE = timedelta(weeks=8)
"""A plan for a course without a deadline ends then."""
MINUTES = (15, 25, 45, 60)
USUAL_MINUTES, USUAL_TIME = 25, time(19)
_SPREAD: dict[int, tuple[int, ...]] = {
    1: (1,),
    2: (1, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
"""So many days of the week, 0 for Monday, with time between them."""


@dataclass(frozen=True)
class StudyPlan:
    """``days`` of the week, 0 for Monday; times are those on the clock of the site. ``last`` is included."""

    days: tuple[int, ...]
    at: time
    minutes: int
    last: date

    def sessions(self, now: datetime) -> list[datetime]:
        """When they begin, after ``now``. All moments are on the clock of the site, without a zone."""
        days = (now.date() + timedelta(days=number) for number in range((self.last - now.date()).days + 1))
        moments = (datetime.combine(day, self.at) for day in days if day.weekday() in self.days)
        return [one for one in moments if one > now]


class Proposal(NamedTuple):
    """``is_enough`` is False if not even the longest plan gets the learner ready in time."""

    days: tuple[int, ...]
    minutes: int
    is_enough: bool


def proposal(minutes_left: int, today: date, last: date) -> Proposal:
    """Short times if they are enough: on at most four days a week, or else on all."""
    weeks = max(1.0, ((last - today).days + 1) / 7)
    times = {minutes: -(-minutes_left // minutes) / weeks for minutes in MINUTES if minutes >= USUAL_MINUTES}
    for most in (4, 7):
        for minutes, wanted in times.items():
            if wanted <= most:
                return Proposal(_SPREAD[max(1, ceil(wanted))], minutes, is_enough=True)
    return Proposal(_SPREAD[7], MINUTES[-1], is_enough=False)
