"""What a board shows: the filters of its address, within what the viewer may see, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms.people.scopes import NOBODY, WITHOUT_UNIT, Scope
from lms.people.unit_tree import UnitTree
from lms.records.years import JpTarget
from lms.reports.states import StateFilter

RUNNING = "running"
"""Instead of a year of enrolment: cohorts and enrolments that have not ended."""
MAX_PICKED = 200
Goal = str
"""``missed``, ``reached``, or empty for both."""


def floors(targets: Mapping[str, JpTarget]) -> dict[str, int]:
    """The JP to be reached, by status."""
    return {status: target.jp for status, target in targets.items() if target.jp and target.meaning == "floor"}


def highest_floor(targets: Mapping[str, JpTarget]) -> int:
    return max(floors(targets).values(), default=0)


@dataclass(frozen=True)
class BoardFilters:
    """The filters of an address. None or empty means no filter."""

    unit_id: int | None = None
    is_unit_only: bool = False
    """Without the people of the units below."""
    course_id: int | None = None
    cohort_id: int | None = None
    state: StateFilter | None = None
    period: str = ""
    """A year of enrolment, or ``RUNNING``."""
    status: str = ""
    words: str = ""
    person_id: int | None = None
    goal: Goal = ""
    """By the JP of the year against the target; used on the page of people only."""
    jp: tuple[int, int] | None = None
    """At least and at most so many JP in the year; used on the page of people only."""
    picked: frozenset[int] = frozenset()
    """Ids of the ticked rows: enrolments, or people if the state is "not enrolled"."""

    def address(self, **changes: Any) -> dict[str, str]:
        """The parameters of the address with these filters, after ``changes``."""
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
        """These filters without those of enrolments: a person's JP of a year are summed over all courses."""
        return replace(self, course_id=None, cohort_id=None, state=None, period="")

    @property
    def year(self) -> int | None:
        """The year of enrolment, if there is one."""
        return int(self.period) if self.period.isdecimal() else None

    @property
    def is_about_people(self) -> bool:
        """True if the rows are people without an enrolment."""
        return self.state == "not-enrolled"


@dataclass(frozen=True)
class BoardQuery:
    """Filters within the viewer's scope. Every query keeps to ``scope``, whatever the filters say."""

    filters: BoardFilters
    scope: Scope
    tree: UnitTree
    today: date
    near_days: int
    zone: str
    targets: Mapping[str, JpTarget]
    """The JP of a year by status."""
    sees_numbers: bool = False
    """True if the viewer may search by parts of NIPs and addresses."""

    @property
    def floors(self) -> dict[str, int]:
        """The targets to be reached, by status."""
        return floors(self.targets)

    @property
    def ceilings(self) -> dict[str, int]:
        """The most JP that count, by status."""
        return {status: target.jp for status, target in self.targets.items() if target.jp and status not in self.floors}

    @property
    def goal(self) -> int:
        """The line drawn in bars: the highest target to be reached, or 0."""
        return highest_floor(self.targets)

    @property
    def narrowed(self) -> Scope:
        """The scope, narrowed to the chosen unit."""
        chosen = self.filters.unit_id
        if chosen is None:
            return self.scope
        if chosen == WITHOUT_UNIT:
            return NOBODY if self.scope.unit_ids is not None else self.scope
        return self.scope.within({chosen} if self.filters.is_unit_only else self.tree.below({chosen}))

    @property
    def is_about_everybody(self) -> bool:
        """True if no filter of people narrows the whole site."""
        filters = self.filters
        is_filtered = filters.unit_id is not None or filters.status or filters.words or filters.person_id is not None
        return self.scope.unit_ids is None and not is_filtered and not filters.picked

    def but(self, **changes: Any) -> BoardQuery:
        """The same query with changed filters."""
        return replace(self, filters=replace(self.filters, **changes))
