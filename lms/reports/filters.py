"""What is asked of a board: by the filters of its address, within what the asker may see, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms.accounts.scopes import NOBODY, WITHOUT_UNIT, Scope
from lms.records.years import JpTarget
from lms.reports.states import StateFilter
from lms.reports.tree import Tree

RUNNING = "running"
"""Stands for a year of enrolment: whatever has not come to its end."""
MOST_PICKED = 200
Goal = str
"""``missed`` or ``reached``; empty: both."""


def floors(targets: Mapping[str, JpTarget]) -> dict[str, int]:
    """The JP that are to be reached, by status."""
    return {status: target.jp for status, target in targets.items() if target.jp and target.meaning == "floor"}


def highest_floor(targets: Mapping[str, JpTarget]) -> int:
    return max(floors(targets).values(), default=0)


@dataclass(frozen=True)
class BoardFilters:
    """The filters, as the address says them. What is None or empty does not narrow."""

    unit_id: int | None = None
    is_unit_only: bool = False
    """The unit's own people, without those of the units below it."""
    course_id: int | None = None
    cohort_id: int | None = None
    state: StateFilter | None = None
    period: str = ""
    """A year of enrolment, or ``RUNNING``."""
    status: str = ""
    words: str = ""
    person_id: int | None = None
    goal: Goal = ""
    """By the year's JP against their target; asked of people only."""
    jp: tuple[int, int] | None = None
    """At least and at most so many JP in the year; asked of people only."""
    picked: frozenset[int] = frozenset()
    """Only these rows of the names: enrolments, or people where the state is "not enrolled"."""

    def address(self, **changes: Any) -> dict[str, str]:
        """The query of the address that asks this, changed where ``changes`` says so."""
        asked = replace(self, **changes)
        values = {
            "unit": asked.unit_id,
            "only": int(asked.is_unit_only) or None,
            "course": asked.course_id,
            "cohort": asked.cohort_id,
            "state": asked.state,
            "period": asked.period or None,
            "status": asked.status or None,
            "q": asked.words or None,
            "person": asked.person_id,
            "goal": asked.goal or None,
            "jp": f"{asked.jp[0]}-{asked.jp[1]}" if asked.jp else None,
        }
        return {name: str(value) for name, value in values.items() if value is not None}

    def of_people(self) -> BoardFilters:
        """Without what narrows enrolments: a person's JP of a year are one sum over all courses."""
        return replace(self, course_id=None, cohort_id=None, state=None, period="")

    @property
    def year(self) -> int | None:
        """The year of enrolment, where one is asked for."""
        return int(self.period) if self.period.isdecimal() else None

    @property
    def is_about_people(self) -> bool:
        """Whether the names are of people without an enrolment."""
        return self.state == "not-enrolled"


@dataclass(frozen=True)
class BoardQuery:
    """A filters within the scope of whoever asks. ``scope`` is kept by every query, whatever the filters says."""

    filters: BoardFilters
    scope: Scope
    tree: Tree
    today: date
    near_days: int
    zone: str
    targets: Mapping[str, JpTarget]
    """The JP of a year by status."""
    sees_numbers: bool = False
    """Whether the asker may know whole NIPs and addresses."""

    @property
    def floors(self) -> dict[str, int]:
        """The targets that are to be reached, by status."""
        return floors(self.targets)

    @property
    def ceilings(self) -> dict[str, int]:
        """The JP of which no more count, by status."""
        return {status: target.jp for status, target in self.targets.items() if target.jp and status not in self.floors}

    @property
    def goal(self) -> int:
        """The line that bars are held against: the highest of the targets that are to be reached; 0: there is none."""
        return highest_floor(self.targets)

    @property
    def narrowed(self) -> Scope:
        """The scope, narrowed to the chosen unit."""
        chosen = self.filters.unit_id
        if chosen is None:
            return self.scope
        if chosen == WITHOUT_UNIT:
            return NOBODY if self.scope.unit_ids is not None else self.scope
        return self.scope.within({chosen} if self.filters.is_unit_only else self.tree.below(chosen))

    def but(self, **changes: Any) -> BoardQuery:
        """The same with another filters."""
        return replace(self, filters=replace(self.filters, **changes))
