"""A year of training, summed up by unit, employment status and course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lms.people.names import full_name
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


class YearHours(NamedTuple):
    """A number of people with the same unit, status and JP of a year. ``late`` JP were issued after the year."""

    unit_id: int | None
    status: str
    jp: int
    people: int
    late: int = 0


class PersonYear(NamedTuple):
    """A person's unit, status and JP of a year. ``late`` JP were issued after the year."""

    unit_id: int | None
    status: str
    jp: int
    late: int
    person_id: int
    title_before: str
    name: str
    title_after: str
    nip: str | None
    email: str | None

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


def by_unit(
    tree: UnitTree, scope: Scope, hours: Iterable[YearHours], targets: Mapping[str, JpTarget], without: str
) -> list[UnitYear]:
    lines = {node.id: UnitYear(node.id, node.name, depth) for node, depth in tree.in_order(scope)}
    nobody = UnitYear(None, without, 0)
    path_of: dict[int | None, list[UnitYear]] = {}
    for one in hours:
        if one.unit_id not in path_of:
            path = tree.path(one.unit_id) if one.unit_id is not None else []
            path_of[one.unit_id] = [lines[node.id] for node in path if node.id in lines] or [nobody]
        for line in path_of[one.unit_id]:
            line.jp_totals.add(one.people, one.jp, targets.get(one.status), late=one.late)
    return [line for line in (*lines.values(), nobody) if line.jp_totals.people]


def people_by_unit(tree: UnitTree, scope: Scope, people: Iterable[PersonYear]) -> list[tuple[str, PersonYear]]:
    """Each person with the path of the unit, in the order of the tree; those without a unit come last."""
    order = {node.id: place for place, (node, _depth) in enumerate(tree.in_order(scope))}
    named = {unit_id: " › ".join(node.name for node in tree.path(unit_id)) for unit_id in order}
    found = sorted(people, key=lambda one: order.get(one.unit_id or 0, len(order)))
    return [(named.get(one.unit_id or 0, "–"), one) for one in found]


def by_status(hours: Iterable[YearHours], targets: Mapping[str, JpTarget]) -> dict[str, JpTotals]:
    """The people of each employment status, in the order of ``targets``."""
    found = {status: JpTotals() for status in targets}
    for one in hours:
        found.setdefault(one.status, JpTotals()).add(one.people, one.jp, targets.get(one.status), late=one.late)
    return {status: jp_totals for status, jp_totals in found.items() if jp_totals.people}


@dataclass
class KindYear:
    """A kind of competence, empty if not named. ``late`` JP were issued after the year."""

    kind: str
    jp: int = 0
    certificates: int = 0
    late: int = 0


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


class CompletionFigures(NamedTuple):
    """How many completed a course, with which score and after how many days. Scores are None where there are none."""

    number: int
    mean_score: float | None
    median_days: float


def by_course(
    titles: Mapping[int, str], enrolled: Mapping[int, tuple[int, int]], completed: Mapping[int, CompletionFigures]
) -> list[CourseYear]:
    """The courses that anybody enrolled in, in the order of ``titles``.

    ``enrolled`` has by course how many enrolled and how many of them withdrew.
    """
    return [_course(one, title, enrolled[one], completed.get(one)) for one, title in titles.items() if one in enrolled]


def _course(course_id: int, title: str, counts: tuple[int, int], completed: CompletionFigures | None) -> CourseYear:
    score = completed.mean_score if completed else None
    return CourseYear(
        course_id=course_id,
        title=title,
        enrolled=counts[0],
        withdrawn=counts[1],
        finished=completed.number if completed else 0,
        mean_score=None if score is None else round(score, 2),
        median_days=round(completed.median_days, 1) if completed else None,
    )
