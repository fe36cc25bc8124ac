"""What a learner's home page says first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Situation = Literal["start", "going-on", "retry", "waiting", "finished", "later", "halted", "done", "new"]


@dataclass(frozen=True)
class Facts:
    """All courses of one person. ``next_state`` is the state of the item to continue with."""

    takes_courses: bool
    can_go_on: bool
    has_started: bool
    next_state: str | None
    is_waiting: bool
    awaits_certificate: bool
    opens_at: datetime | None
    is_halted: bool


def situation(facts: Facts) -> Situation:
    """The first that applies: what the person can do comes before what others do, and that before what is over."""
    if facts.can_go_on:
        if facts.next_state == "failed":
            return "retry"
        return "going-on" if facts.has_started else "start"
    if not facts.takes_courses:
        return "new"
    if facts.is_waiting:
        return "waiting"
    if facts.awaits_certificate:
        return "finished"
    if facts.opens_at is not None:
        return "later"
    return "halted" if facts.is_halted else "done"
