"""A course that somebody completes again: whether its JP count again, by the rule of the year (decision 0029).

Here for the records of one person; ``queries.repeats`` is the same rule for records in the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar

Rule = Literal["each", "yearly", "once"]
DEFAULT: Rule = "each"


@dataclass(frozen=True)
class Rules:
    """The rule of each year: ``changes`` are years with the rule that holds from then on, in their order."""

    changes: tuple[tuple[int, Rule], ...] = ()
    changed_at: datetime | None = None
    """When any of them was set last."""

    def of(self, year: int) -> Rule:
        return next((rule for since, rule in reversed(self.changes) if since <= year), DEFAULT)


class OneOfSeveral(Protocol):
    @property
    def course_id(self) -> int: ...
    @property
    def enrolment_id(self) -> int: ...
    @property
    def completed_on(self) -> date: ...


Completed = TypeVar("Completed", bound=OneOfSeveral)


def counted_before(valid: Iterable[Completed], rules: Rules) -> dict[int, date]:
    """Of one person's records that are not revoked: those whose JP do not count, as enrolments with the day on which
    the one was completed that does."""
    first: dict[tuple[int, int | None], date] = {}
    repeated: dict[int, date] = {}
    for one in sorted(valid, key=lambda one: (one.completed_on, one.enrolment_id)):
        year = one.completed_on.year
        rule, of_year, of_all = rules.of(year), (one.course_id, year), (one.course_id, None)
        if rule != "each" and (day := first.get(of_year if rule == "yearly" else of_all)):
            repeated[one.enrolment_id] = day
        for key in (of_year, of_all):
            first.setdefault(key, one.completed_on)
    return repeated


@dataclass(frozen=True)
class Counted:
    """The courses whose JP a person has already, so that completing one of them again in the year brings none."""

    course_ids: Collection[int] = ()
    rule: Rule = "each"

    def jp_of(self, courses: Iterable[tuple[int, int]]) -> list[int]:
        """The JP that completing each of ``courses`` would bring, given as their ids and JP."""
        if self.rule == "each":
            return [jp for _course_id, jp in courses]
        seen, found = set(self.course_ids), []
        for course_id, jp in courses:
            found.append(0 if course_id in seen else jp)
            seen.add(course_id)
        return found
