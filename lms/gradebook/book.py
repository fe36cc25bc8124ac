"""The rows of a gradebook, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median
from typing import Literal, NamedTuple, get_args

from lms.courses.contents import ItemSummary
from lms.learning.completion import CourseOutcome
from lms.learning.final_score import CENT

Show = Literal["all", "waiting", "missing", "below", "help"]
SHOWS: tuple[Show, ...] = get_args(Show)

BIN = 10
"""Points per bar of the distribution."""
OFTEN_FAILED = 2
"""So many failed attempts at an item that is still failed are a reason to help."""


class CellProgress(NamedTuple):
    """How far a person is with an item; the columns of ``Progress`` that a gradebook reads."""

    state: str
    score: Decimal | None
    is_final: bool


@dataclass(frozen=True)
class HeldMark:
    """A mark that its participant is not told yet; it counts for nothing until it is released."""

    score: Decimal | None
    """None: it is not said here, since its paper is graded without names, or it is that of an attempt at a quiz."""
    has_newer: bool = False
    """Other work at the item, such as a later submission, waits for a mark."""


class MarkCell(NamedTuple):
    """One graded item of one person."""

    progress: CellProgress | None
    is_late: bool = False
    """Handed in late; the penalty is in the score."""
    is_missing: bool = False
    """Nothing was handed in and its time is over."""
    held: HeldMark | None = None
    is_anonymous: bool = False
    """Its newest paper is graded without names: nothing is said here that it could be found by."""
    late_deduction: Decimal | None = None
    """Percent of the score that its grader took off for lateness, where that is the grader's decision."""

    @property
    def score(self) -> Decimal | None:
        return self.progress.score if self.progress else None

    @property
    def state(self) -> str | None:
        return self.progress.state if self.progress else None

    @property
    def is_waiting(self) -> bool:
        """True if somebody has to give a mark."""
        return self.state == "waiting" and (self.held is None or self.held.has_newer)

    @property
    def is_failed(self) -> bool:
        return self.state == "failed"


NO_CELL = MarkCell(None)


@dataclass(frozen=True)
class BookPerson:
    """A person in the course, as the gradebook lists them."""

    enrolment_id: int
    cohort_id: int
    name: str
    """With titles."""
    sort_name: str
    unit: str | None
    due_on: date | None
    touched_at: datetime | None
    """When the person last did something in the course."""
    is_completed: bool


@dataclass(frozen=True)
class BookRow:
    participant: BookPerson
    cells: Mapping[int, MarkCell]
    """By item id; items without a cell have ``NO_CELL``."""
    outcome: CourseOutcome
    needs: tuple[str, ...] = ()
    """Why the person may need help, see ``reasons_to_help``."""
    dropped: frozenset[int] = frozenset()
    """The items whose scores are left out of ``score``."""

    def cell(self, item_id: int) -> MarkCell:
        return self.cells.get(item_id, NO_CELL)

    @property
    def score(self) -> Decimal | None:
        """The mean of what is marked so far, which is the final score once everything is."""
        return self.outcome.score_so_far

    @property
    def is_provisional(self) -> bool:
        return self.outcome.score != self.outcome.score_so_far

    @property
    def is_below(self) -> bool:
        score, mark = self.score, self.outcome.pass_mark
        return score is not None and mark is not None and score < mark


@dataclass(frozen=True)
class RowOrder:
    """``by`` is ``name``, ``score``, or the id of an item."""

    by: Literal["name", "score"] | int = "name"
    is_falling: bool = False


def sort_rows(rows: Sequence[BookRow], order: RowOrder) -> list[BookRow]:
    """People without a mark come last, whichever way marks are sorted; equal ones by name."""
    by_name = sorted(rows, key=lambda row: (row.participant.sort_name.casefold(), row.participant.enrolment_id))
    if order.by == "name":
        return by_name[::-1] if order.is_falling else by_name
    value = _value_of(order.by)
    marked = [row for row in by_name if value(row) is not None]
    marked.sort(key=lambda row: value(row) or Decimal(0), reverse=order.is_falling)
    return [*marked, *(row for row in by_name if value(row) is None)]


def _value_of(by: str | int) -> Callable[[BookRow], Decimal | None]:
    if isinstance(by, int):
        return lambda row: row.cell(by).score
    return lambda row: row.score


def filter_rows(rows: Sequence[BookRow], show: Show) -> list[BookRow]:
    return [row for row in rows if _SHOWS[show](row)]


_SHOWS: dict[Show, Callable[[BookRow], bool]] = {
    "all": lambda row: True,
    "waiting": lambda row: any(cell.is_waiting for cell in row.cells.values()),
    "missing": lambda row: any(cell.is_missing or cell.is_late for cell in row.cells.values()),
    "below": lambda row: row.is_below,
    "help": lambda row: bool(row.needs),
}


@dataclass(frozen=True)
class Summary:
    """Scores put together. ``mean`` is rounded half up to two decimals; both are None without any score."""

    scores: tuple[Decimal, ...]

    @property
    def count(self) -> int:
        return len(self.scores)

    @cached_property
    def mean(self) -> Decimal | None:
        return _rounded(sum(self.scores, Decimal(0)) / len(self.scores)) if self.scores else None

    @cached_property
    def median(self) -> Decimal | None:
        return _rounded(median(self.scores)) if self.scores else None

    @cached_property
    def distribution(self) -> tuple[int, ...]:
        """How many scores are in 0–9.99, 10–19.99 … and 90–100."""
        bars = [0] * (100 // BIN)
        for score in self.scores:
            bars[min(len(bars) - 1, int(score // BIN))] += 1
        return tuple(bars)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class ItemMarks:
    """The marks of one item put together, and how many people lack theirs.

    ``waiting``: somebody has to give it; ``missing``: nothing was handed in and its time is over; ``held``: it is not
    told yet.
    """

    scores: Summary
    waiting: int
    missing: int
    held: int
    is_anonymous: bool
    """True if a paper at it is graded without names."""


def _item_marks(cells: Sequence[MarkCell]) -> ItemMarks:
    scores: list[Decimal] = []
    waiting = missing = held = 0
    is_anonymous = False
    for cell in cells:
        if cell.progress is not None:
            if cell.progress.score is not None:
                scores.append(cell.progress.score)
            waiting += cell.is_waiting
        missing += cell.is_missing
        held += cell.held is not None
        is_anonymous = is_anonymous or cell.is_anonymous
    return ItemMarks(Summary(tuple(scores)), waiting, missing, held, is_anonymous)


@dataclass(frozen=True)
class ItemReach:
    """How many participants have done an item, and how many have begun it without having done it."""

    item: ItemSummary
    done: int
    begun: int


def reached(items: Sequence[ItemSummary], progress: Sequence[Mapping[int, CellProgress]]) -> list[ItemReach]:
    """How many have reached each item that counts, in course order. ``progress`` is each participant's, by item."""
    found = []
    for item in items:
        states = [own[item.item_id].state for own in progress if item.item_id in own]
        done = states.count("done")
        found.append(ItemReach(item, done, len(states) - done))
    return found


@dataclass(frozen=True)
class Book:
    """All participants of a course or of one of its cohorts."""

    items: Sequence[ItemSummary]
    """The graded ones, in course order."""
    rows: Sequence[BookRow]
    reach: Sequence[ItemReach] = ()
    """How far the participants are in each item that counts."""

    @cached_property
    def finals(self) -> Summary:
        return Summary(tuple(row.score for row in self.rows if row.score is not None))

    @cached_property
    def by_item(self) -> dict[int, ItemMarks]:
        return {item.item_id: _item_marks([row.cell(item.item_id) for row in self.rows]) for item in self.items}

    @cached_property
    def below(self) -> int:
        return sum(row.is_below for row in self.rows)

    @cached_property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.by_item.values())

    @cached_property
    def missing(self) -> int:
        return sum(one.missing for one in self.by_item.values())

    @cached_property
    def with_held(self) -> list[ItemSummary]:
        """The items of which marks are not told yet."""
        return [item for item in self.items if self.by_item[item.item_id].held]

    @cached_property
    def has_anonymous(self) -> bool:
        return any(one.is_anonymous for one in self.by_item.values())

    @cached_property
    def in_need(self) -> list[BookRow]:
        return [row for row in self.rows if row.needs]


def reasons_to_help(
    participant: BookPerson,
    failed_attempts: Collection[int],
    *,
    today: date,
    last_day: date | None,
    near_days: int,
    idle_days: int,
) -> tuple[str, ...]:
    """``idle``: nothing done for ``idle_days``; ``failed``: an item failed twice or more and not passed since, by the
    numbers of attempts; ``near``: unfinished, the deadline is within ``near_days``; ``overdue``: it has passed.

    ``last_day`` is the last day on which the person did something. Nobody who has completed the course needs help.
    """
    if participant.is_completed:
        return ()
    found = []
    if participant.due_on is not None and participant.due_on < today:
        found.append("overdue")
    elif participant.due_on is not None and (participant.due_on - today).days <= near_days:
        found.append("near")
    if any(number >= OFTEN_FAILED for number in failed_attempts):
        found.append("failed")
    if last_day is not None and (today - last_day).days >= idle_days:
        found.append("idle")
    return tuple(found)
