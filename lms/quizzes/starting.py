"""Why a person can or cannot start an attempt now: each rule with its value and where that comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from lms.content.items.quiz import Quiz
from lms.courses.contents import ItemSummary
from lms.enrolment.windows import Window
from lms.learning.states import Lock
from lms.quizzes.overrides import AttemptLimits

RuleName = Literal["taking-part", "opening", "order", "closing", "attempts", "pause", "running", "time-limit"]


@dataclass(frozen=True)
class StartRule:
    """``value`` is a moment, a number or a list of items, by ``name``; ``source`` says who set it.

    A rule that is not met keeps the person from starting. ``time-limit`` is always met: it says how long an attempt
    may take.
    """

    name: RuleName
    is_met: bool
    value: Any = None
    source: str = "course"
    further: int = 0
    """For ``attempts`` how many were given to this person, for ``time-limit`` the percent of extra time."""
    used: int = 0


@dataclass(frozen=True)
class AttemptHistory:
    """Attempts that count, without practice."""

    used: int
    last_submitted_at: datetime | None
    is_running: bool


def start_rules(
    quiz: Quiz,
    limits: AttemptLimits,
    item: ItemSummary,
    window: Window,
    lock: Lock | None,
    history: AttemptHistory,
    *,
    has_left: bool,
    now: datetime,
) -> list[StartRule]:
    """``quiz`` as published. Someone with a running attempt can go on with it whatever the other rules say."""
    opens_at, opening_source = window.sourced_moment(item.item_id, item.opens, "opens")
    closes_at, closing_source = window.sourced_moment(item.item_id, item.closes, "closes")
    if opens_at is None:
        opens_at, opening_source = window.opens_at, "cohort"
    before: Sequence[ItemSummary] = lock.after if lock else ()
    return [
        StartRule("taking-part", not has_left),
        StartRule("opening", opens_at is None or now >= opens_at, opens_at, opening_source),
        StartRule("order", not before, before),
        StartRule("closing", closes_at is None or now < closes_at, closes_at, closing_source),
        _attempts(limits, history),
        _pause(quiz, history, now),
        StartRule("running", True, history.is_running),
        StartRule(
            "time-limit", True, limits.time_limit.value, limits.time_limit.source, further=limits.extra_time.value or 0
        ),
    ]


def can_start(rules: Sequence[StartRule]) -> bool:
    return all(rule.is_met for rule in rules)


def _attempts(limits: AttemptLimits, history: AttemptHistory) -> StartRule:
    allowed = limits.attempts.value
    return StartRule(
        "attempts",
        allowed is None or history.used < allowed,
        allowed,
        limits.attempts.source,
        further=limits.further_attempts,
        used=history.used,
    )


def _pause(quiz: Quiz, history: AttemptHistory, now: datetime) -> StartRule:
    until = None
    if quiz.wait and history.last_submitted_at is not None:
        until = history.last_submitted_at + timedelta(seconds=quiz.wait)
    is_waiting = until is not None and now < until
    return StartRule("pause", not is_waiting, until if is_waiting else None)
