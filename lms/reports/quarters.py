"""The quarters of a year: JP by the day on which the training was completed, and how many had reached the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lms.people.scopes import Scope
from lms.people.unit_tree import UnitTree
from lms.records.years import JpTarget

FIRST_MONTHS = (1, 4, 7, 10)
NUMERALS = ("I", "II", "III", "IV")
"""As quarters are numbered in Indonesian reports."""


class QuarterHours(NamedTuple):
    """A number of people with the same unit, status and JP of each quarter."""

    unit_id: int | None
    status: str
    jp: tuple[int, int, int, int]
    people: int


@dataclass
class Quarter:
    """``reached`` are the people who had reached the year's target by its end, by certificates in force now."""

    numeral: str
    has_begun: bool
    jp: int = 0
    learners: int = 0
    """People with JP of this quarter."""
    reached: int = 0

    def add(self, one: QuarterHours, number: int, target: JpTarget | None) -> None:
        self.jp += one.people * one.jp[number]
        self.learners += one.people if one.jp[number] else 0
        self.reached += one.people if target and target.is_reached(sum(one.jp[: number + 1])) else 0


def quarters(year: int, today: date) -> list[Quarter]:
    """The quarters of a year, still empty."""
    return [
        Quarter(numeral, date(year, month, 1) <= today) for numeral, month in zip(NUMERALS, FIRST_MONTHS, strict=True)
    ]


def of_all(year: int, today: date, rows: Iterable[QuarterHours], targets: Mapping[str, JpTarget]) -> list[Quarter]:
    found = quarters(year, today)
    for one in rows:
        for number, quarter in enumerate(found):
            quarter.add(one, number, targets.get(one.status))
    return found


def by_unit(
    tree: UnitTree,
    scope: Scope,
    year: int,
    today: date,
    rows: Iterable[QuarterHours],
    targets: Mapping[str, JpTarget],
) -> dict[int | None, list[Quarter]]:
    """The quarters of each unit with all units below it; None stands for people without a unit of the scope."""
    found: dict[int | None, list[Quarter]] = {}
    for one in rows:
        path: list[int | None] = []
        if one.unit_id is not None:
            path += [node.id for node in tree.path(one.unit_id) if scope.covers(node.id)]
        for unit_id in path or [None]:
            for number, quarter in enumerate(found.setdefault(unit_id, quarters(year, today))):
                quarter.add(one, number, targets.get(one.status))
    return found
