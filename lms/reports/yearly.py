"""A year of training, summed up by unit, employment status and course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import fmean, median

from lms.people.scopes import Scope
from lms.people.unit_tree import UnitTree
from lms.records.years import JpTarget
from lms.reports.board import JpTotals


@dataclass
class UnitYear:
    """A unit with all units below it. ``unit_id`` is None for people without a unit."""

    unit_id: int | None
    name: str
    depth: int
    jp_totals: JpTotals = field(default_factory=JpTotals)


def by_unit(
    tree: UnitTree,
    scope: Scope,
    hours: Iterable[tuple[int | None, str, int, int]],
    targets: Mapping[str, JpTarget],
    without: str,
) -> list[UnitYear]:
    """``hours`` are rows of unit, status, JP and number of people."""
    lines = {node.id: UnitYear(node.id, node.name, depth) for node, depth in tree.in_order(scope)}
    nobody = UnitYear(None, without, 0)
    for unit_id, status, jp, count in hours:
        path = [node.id for node in tree.path(unit_id)] if unit_id is not None else []
        for line in [lines[one] for one in path if one in lines] or [nobody]:
            line.jp_totals.add(count, jp, targets.get(status))
    return [line for line in (*lines.values(), nobody) if line.jp_totals.people]


def by_status(
    hours: Iterable[tuple[int | None, str, int, int]], targets: Mapping[str, JpTarget]
) -> dict[str, JpTotals]:
    """The people of each employment status, in the order of ``targets``."""
    found = {status: JpTotals() for status in targets}
    for _unit_id, status, jp, count in hours:
        found.setdefault(status, JpTotals()).add(count, jp, targets.get(status))
    return {status: jp_totals for status, jp_totals in found.items() if jp_totals.people}


@dataclass(frozen=True)
class CourseYear:
    """A course, by people who enrolled in the year. Mean score and days cover those who finished, or are None."""

    course_id: int
    title: str
    enrolled: int
    withdrawn: int
    finished: int
    mean_score: float | None
    median_days: float | None

    @property
    def percent(self) -> int:
        taking = self.enrolled - self.withdrawn
        return 100 * self.finished // taking if taking else 0


Taken = tuple[int, bool, datetime, datetime | None, Decimal | None]
"""Course id, withdrawn or not, enrolled at, completed at, final score."""


def by_course(titles: dict[int, str], rows: Iterable[Taken]) -> list[CourseYear]:
    """The courses that anybody enrolled in, in the order of ``titles``."""
    of: dict[int, list[Taken]] = {}
    for row in rows:
        of.setdefault(row[0], []).append(row)
    return [_course(course_id, title, of[course_id]) for course_id, title in titles.items() if course_id in of]


def _course(course_id: int, title: str, rows: list[Taken]) -> CourseYear:
    finished = [row for row in rows if row[3] is not None and not row[1]]
    scores = [float(row[4]) for row in finished if row[4] is not None]
    days = [(row[3] - row[2]).total_seconds() / 86_400 for row in finished if row[3] is not None]
    return CourseYear(
        course_id=course_id,
        title=title,
        enrolled=len(rows),
        withdrawn=sum(row[1] for row in rows),
        finished=len(finished),
        mean_score=round(fmean(scores), 2) if scores else None,
        median_days=round(median(days), 1) if days else None,
    )
