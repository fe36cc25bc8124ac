"""When an attempt ends, and when the next may start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.content.items.quiz import Quiz


def grace(quiz: Quiz) -> timedelta:
    """How long after the deadline an answer that arrives still counts."""
    return timedelta(seconds=quiz.grace_seconds)


def deadline(started_at: datetime, time_limit: int | None, closes_at: datetime | None) -> datetime | None:
    """The earlier of time limit and closing moment, or None."""
    ends = [closes_at] if closes_at else []
    if time_limit is not None:
        ends.append(started_at + timedelta(seconds=time_limit))
    return min(ends, default=None)


def last_moment(deadline_at: datetime | None, grace: timedelta) -> datetime | None:
    """The last moment at which an answer may arrive and count."""
    return deadline_at + grace if deadline_at else None


def is_over(deadline_at: datetime | None, grace: timedelta, now: datetime) -> bool:
    last = last_moment(deadline_at, grace)
    return last is not None and now > last


def seconds_left(deadline_at: datetime | None, now: datetime) -> int | None:
    """Whole seconds, rounded up, so that none are left only when the deadline has come; None without a deadline."""
    return max(0, -((now - deadline_at) // timedelta(seconds=1))) if deadline_at else None


@dataclass(frozen=True)
class Obstacle:
    """Why no new attempt can start: ``closed``, ``none-left``, or ``wait`` (until ``until``)."""

    reason: str
    until: datetime | None = None

    @property
    def is_temporary(self) -> bool:
        return self.reason == "wait"


def obstacle(
    quiz: Quiz, *, used: int, last_submitted_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Obstacle | None:
    """What prevents a new attempt, permanent obstacles first; None: nothing does."""
    if closes_at is not None and now >= closes_at:
        return Obstacle("closed", closes_at)
    if quiz.attempts is not None and used >= quiz.attempts:
        return Obstacle("none-left")
    if quiz.wait and last_submitted_at is not None:
        until = last_submitted_at + timedelta(seconds=quiz.wait)
        if now < until:
            return Obstacle("wait", until)
    return None
