"""The figures of a board, summed up from the database's counts: tiles, unit × course, JP by unit, spread of JP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lms.people.scopes import WITHOUT_UNIT
from lms.records.years import JpTarget
from lms.reports.filters import BoardQuery
from lms.reports.states import STATES, State, StateFilter, matching_states

SHADES = 5
SPANS = ((0, 0), (1, 4), (5, 9), (10, 14), (15, 19), (20, 24), (25, 999))
"""Classes of the spread: at least and at most so many JP in the year."""


@dataclass
class Cell:
    """How many are enrolled, without those who withdrew, and how many of them finished."""

    enrolled: int = 0
    finished: int = 0

    def add(self, enrolled: int, finished: int) -> None:
        self.enrolled += enrolled
        self.finished += finished

    @property
    def percent(self) -> int:
        return 100 * self.finished // self.enrolled if self.enrolled else 0

    @property
    def shade(self) -> int:
        """A shade from 0 (nobody finished) to ``SHADES`` (nearly everybody)."""
        return -(-self.percent * SHADES // 100)


@dataclass
class JpTotals:
    """The JP of some people. ``with_target`` counts those who have a target to reach, ``reached`` those who have."""

    people: int = 0
    jp: int = 0
    with_target: int = 0
    reached: int = 0
    late: int = 0
    """The JP of a year that were issued after it."""

    def add(self, count: int, jp: int, target: JpTarget | None, *, late: int = 0) -> None:
        self.people += count
        self.jp += count * jp
        self.late += count * late
        if target is not None and target.jp and target.meaning == "floor":
            self.with_target += count
            self.reached += count if jp >= target.jp else 0

    def include(self, other: JpTotals) -> None:
        self.people += other.people
        self.jp += other.jp
        self.late += other.late
        self.with_target += other.with_target
        self.reached += other.reached

    @property
    def mean(self) -> float:
        return self.jp / self.people if self.people else 0.0

    @property
    def missed(self) -> int:
        return self.with_target - self.reached

    @property
    def percent(self) -> int:
        return 100 * self.reached // self.with_target if self.with_target else 0


@dataclass
class Group:
    """A row of the board: a unit with all units below it, or only its own people (``is_only``)."""

    unit_id: int
    name: str
    unit_ids: frozenset[int | None]
    is_only: bool = False
    leads_down: bool = False
    cells: dict[int, Cell] = field(default_factory=dict)
    total: Cell = field(default_factory=Cell)
    jp_totals: JpTotals = field(default_factory=JpTotals)


@dataclass(frozen=True)
class Board:
    tiles: Mapping[State, int]
    people: int
    course_ids: tuple[int, ...]
    groups: tuple[Group, ...]
    total: Cell
    jp_totals: JpTotals
    spread: Mapping[tuple[int, int], int]
    """How many people have so many JP in the year."""

    @property
    def found(self) -> int:
        """The number of enrolments."""
        return sum(count for state, count in self.tiles.items() if state != "not-enrolled")

    def in_state(self, query: StateFilter) -> int:
        """The number of enrolments in a state or a group of states."""
        return sum(self.tiles[one] for one in matching_states(query))

    @property
    def longest(self) -> float:
        """The highest mean JP of all rows."""
        return max((line.jp_totals.mean for line in self.groups), default=0.0)


def base_of(query: BoardQuery) -> int | None:
    """The unit whose children are the rows: the chosen one, or else the single top unit of the scope."""
    if query.filters.unit_id is not None:
        return query.filters.unit_id
    tops = query.tree.tops(query.scope)
    return tops[0].id if len(tops) == 1 else None


def groups(query: BoardQuery, *, own: str, without: str) -> list[Group]:
    """The rows: the children of the chosen unit, then the people of the unit itself.

    ``own`` and ``without`` name that last row, and the row of people without a unit.
    """
    base, tree, scope = base_of(query), query.tree, query.scope
    nobody = Group(WITHOUT_UNIT, without, frozenset({None}))
    if base == WITHOUT_UNIT:
        return [nobody]
    lines = tree.tops(scope) if base is None else tree.children(base)
    found = [
        Group(node.id, node.name, tree.below({node.id}), leads_down=bool(tree.children(node.id)))
        for node in lines
        if scope.covers(node.id) and not query.filters.is_unit_only
    ]
    if base is not None and base in tree.by_id and scope.covers(base):
        is_only = bool(tree.children(base))
        found.append(Group(base, own if found else tree.by_id[base].name, frozenset({base}), is_only=is_only))
    if query.filters.unit_id is None and scope.unit_ids is None:
        found.append(nobody)
    return found


def board(
    query: BoardQuery,
    states: Mapping[State, int],
    cells: Iterable[tuple[int | None, int, int, int]],
    hours: Iterable[tuple[int | None, str, int, int]],
    not_enrolled: int,
    lines: Iterable[Group],
) -> Board:
    """Each number is counted in exactly one row. ``cells`` are of a unit and a course: enrolled, and finished."""
    lines = list(lines)
    line_of = {unit_id: line for line in lines for unit_id in line.unit_ids}
    tiles: dict[State, int] = dict.fromkeys(STATES, 0) | dict(states) | {"not-enrolled": not_enrolled}
    total, jp_totals, course_ids = Cell(), JpTotals(), set[int]()
    spread = dict.fromkeys(SPANS, 0)
    people = 0
    for unit_id, course_id, enrolled, finished in cells:
        total.add(enrolled, finished)
        course_ids.add(course_id)
        if unit_id in line_of:
            line_of[unit_id].cells.setdefault(course_id, Cell()).add(enrolled, finished)
            line_of[unit_id].total.add(enrolled, finished)
    for unit_id, status, jp, count in hours:
        people += count
        jp_totals.add(count, jp, query.targets.get(status))
        spread[next(span for span in SPANS if span[0] <= jp <= span[1] or span is SPANS[-1])] += count
        if unit_id in line_of:
            line_of[unit_id].jp_totals.add(count, jp, query.targets.get(status))
    shown = tuple(line for line in lines if line.jp_totals.people)
    return Board(tiles, people, tuple(course_ids), shown, total, jp_totals, spread)
