"""Which limits of a quiz hold for one person: the person's own before the cohort's before the quiz's.

Each limit is looked up by itself, so that a person whose attempts are overridden keeps the cohort's time limit. Opening
and closing are overridden in the same order, by ``enrolment.windows``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any, Literal, NamedTuple

from lms.content.items.quiz import Quiz

NO_LIMIT = 0
"""As a time limit or a number of attempts."""
LimitSource = Literal["quiz", "cohort", "person"]


@dataclass(frozen=True)
class OverrideValues:
    """What a row of overrides says; None: as the quiz says. Times are in seconds, ``extra_time`` in percent."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit: int | None = None
    attempts: int | None = None
    extra_time: int | None = None
    further_attempts: int = 0


NOTHING = OverrideValues()


@dataclass(frozen=True)
class Overrides:
    """The overrides of one person at one quiz. ``everywhere`` is what the person has at every quiz of the course."""

    person: OverrideValues = NOTHING
    everywhere: OverrideValues = NOTHING
    cohort: OverrideValues = NOTHING


class Limit(NamedTuple):
    value: int | None
    source: LimitSource


@dataclass(frozen=True)
class AttemptLimits:
    """``attempts`` counts the further ones; ``time_limit``, in seconds, the extra time. A value of None: no limit."""

    attempts: Limit
    further_attempts: int
    time_limit: Limit
    extra_time: Limit
    """Percent, 0 for none."""

    def of(self, quiz: Quiz) -> Quiz:
        """The quiz as it is for this person."""
        return replace(quiz, attempts=self.attempts.value, time_limit=self.time_limit.value)


def attempt_limits(quiz: Quiz, overrides: Overrides) -> AttemptLimits:
    person, cohort = overrides.person, overrides.cohort
    attempts = _limit(("person", person.attempts), ("cohort", cohort.attempts), quiz.attempts)
    time_limit = _limit(("person", person.time_limit), ("cohort", cohort.time_limit), quiz.time_limit)
    extra = _first(
        ("person", person.extra_time), ("person", overrides.everywhere.extra_time), ("cohort", cohort.extra_time)
    ) or Limit(0, "quiz")
    if attempts.value is not None and person.further_attempts:
        attempts = Limit(attempts.value + person.further_attempts, "person")
    if time_limit.value is not None and extra.value:
        time_limit = Limit(with_extra_time(time_limit.value, extra.value), extra.source)
    return AttemptLimits(attempts, person.further_attempts, time_limit, extra)


def with_extra_time(seconds: int, percent: int) -> int:
    """Rounded up to whole seconds."""
    return ceil(seconds * (100 + percent) / 100)


def applied(quiz: Quiz, overrides: Overrides) -> Quiz:
    """The quiz with the number of attempts and the time limit that hold for this person."""
    return quiz if overrides == Overrides() else attempt_limits(quiz, overrides).of(quiz)


def _limit(person: tuple[LimitSource, int | None], cohort: tuple[LimitSource, int | None], own: int | None) -> Limit:
    found = _first(person, cohort)
    if found is None:
        return Limit(own, "quiz")
    return Limit(None if found.value == NO_LIMIT else found.value, found.source)


def _first(*levels: tuple[LimitSource, int | None]) -> Limit | None:
    return next((Limit(value, source) for source, value in levels if value is not None), None)


class OverrideRow(NamedTuple):
    """A stored row, as far as it decides."""

    enrolment_id: int | None
    cohort_id: int | None
    item_id: int | None
    number: int
    values: OverrideValues


def overrides_at(item_id: int, rows: Iterable[OverrideRow]) -> Overrides:
    """From the rows of one person and their cohort, in any order: the newest of each target."""
    found: dict[str, OverrideValues] = {}
    for row in sorted(rows, key=lambda row: row.number):
        if row.item_id not in (None, item_id):
            continue
        level = "cohort" if row.cohort_id is not None else "everywhere" if row.item_id is None else "person"
        found[level] = row.values
    return Overrides(**found)


def target(*, enrolment_id: int | None = None, cohort_id: int | None = None, item_id: int | None = None) -> str:
    """The name under which the rows of one person or cohort at one quiz are counted."""
    whose = f"enrolment:{enrolment_id}" if enrolment_id is not None else f"cohort:{cohort_id}"
    return whose if item_id is None else f"{whose}/item:{item_id}"


def facts(values: OverrideValues) -> dict[str, Any]:
    """What differs from the quiz, for the ledger."""
    named = {name: getattr(values, name) for name in values.__dataclass_fields__}
    return {
        name: value for name, value in named.items() if value not in (None, 0) or (name in _ZERO_MEANS and value == 0)
    }


_ZERO_MEANS = ("time_limit", "attempts")
