"""A gradebook as a spreadsheet, and what was changed in it.

Beside the marks the file has a hidden sheet with each assignment's mark as it was when the file was made. What differs
from that was changed by whoever sends the file back; what differs on the site was changed by somebody else meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from lms.learning.final_score import CENT
from lms.lib.digits import whole_number
from lms.lib.table_data import Cell, SheetData

PERSON = "Kode"
"""Heading of the column with the number of the enrolment, in every language."""
BASE = "dasar"
"""Name of the hidden sheet."""
BASE_HEADINGS = ("course", "enrolment", "item", "heading", "submission", "markings", "mark")
MAX_CHANGES = 500
_FULL = Decimal(100)
_TYPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")
_INEXACT = Decimal("1e-9")
"""A spreadsheet may store 76.35 as 76.34999999999999."""


class WorkState(NamedTuple):
    """The newest work of a person at an assignment. ``score`` is percent before a late penalty; None: not marked."""

    submission_id: int
    markings: int
    score: Decimal | None


Key = tuple[int, int]
"""Enrolment and item."""


class NotThisBook(Exception):
    """The file was not made by this gradebook, or its hidden sheet is gone."""


class OtherCourse(NotThisBook):
    """The file has the marks of another course."""


ProblemCode = Literal["not-a-mark", "no-work", "no-name", "from-answers", "nobody", "twice", "too-many"]


@dataclass(frozen=True)
class SheetProblem:
    """A cell that cannot be taken. ``row`` and ``heading`` say which."""

    code: ProblemCode
    row: int
    heading: str
    written: str


@dataclass(frozen=True)
class SheetChange:
    """A mark that differs from the one that the file was made with. ``is_conflict``: so does the one on the site."""

    key: Key
    row: int
    heading: str
    base: Decimal | None
    now: WorkState
    new: Decimal
    is_conflict: bool


@dataclass(frozen=True)
class SheetComparison:
    changes: tuple[SheetChange, ...]
    problems: tuple[SheetProblem, ...]
    unchanged: int
    """Cells with the mark that the site has."""


def headings(titles: Sequence[str]) -> list[str]:
    """Titles as headings, each once: a second ``Kuis`` is ``Kuis (2)``."""
    found: list[str] = []
    for title in titles:
        number, heading = 1, title
        while heading in found or heading == PERSON:
            number += 1
            heading = f"{title} ({number})"
        found.append(heading)
    return found


def base_rows(slug: str, titles: Mapping[int, str], works: Mapping[Key, WorkState]) -> list[tuple[object, ...]]:
    """The rows of the hidden sheet; ``titles`` are the headings of assignments by item."""
    return [
        (slug, enrolment_id, item_id, titles[item_id], work.submission_id, work.markings, work.score)
        for (enrolment_id, item_id), work in sorted(works.items())
        if item_id in titles
    ]


def compare(
    sheets: Sequence[SheetData],
    slug: str,
    columns: Mapping[str, int],
    assignments: Mapping[int, str],
    scores: Mapping[Key, Decimal | None],
    works: Mapping[Key, WorkState],
    hidden: Collection[Key] = (),
) -> SheetComparison:
    """What the file changes. ``columns`` are the graded items by heading; only ``assignments`` of them can be changed.

    ``scores`` are what the gradebook shows of all items, by enrolment and item; ``works`` what is handed in now.
    ``hidden`` is graded without names, so not here.

    :raises NotThisBook: the file has no marks of this gradebook.
    """
    base, (at, rows) = _base(sheets, slug), _table(sheets)
    site = _SiteMarks(assignments, scores, works, hidden)
    participants, problems = _participants(at, rows, {enrolment_id for enrolment_id, _item_id in scores})
    changes: list[SheetChange] = []
    unchanged = 0
    for number, enrolment_id, cells in participants:
        for heading, item_id in columns.items():
            cell = cells[at[heading]] if heading in at and at[heading] < len(cells) else None
            if cell is None:
                continue
            key, new = (enrolment_id, item_id), mark_of(cell)
            code = site.problem(key, new)
            if code is not None:
                problems.append(SheetProblem(code, number, heading, str(cell)))
            if new is None or not site.can_change(key):
                continue
            then, now = base.get(key), works[key]
            before = then.score if then else None
            if new in (now.score, before):
                unchanged += 1
            else:
                changes.append(SheetChange(key, number, heading, before, now, new, is_conflict=now != then))
    problems.sort(key=lambda problem: problem.row)
    if len(changes) > MAX_CHANGES:
        problems.append(SheetProblem("too-many", changes[MAX_CHANGES].row, "", str(len(changes))))
    return SheetComparison(tuple(changes[:MAX_CHANGES]), tuple(problems), unchanged)


class _SiteMarks(NamedTuple):
    """The gradebook as it is now; the fields are arguments of ``compare``."""

    assignments: Mapping[int, str]
    scores: Mapping[Key, Decimal | None]
    works: Mapping[Key, WorkState]
    hidden: Collection[Key]

    def can_change(self, key: Key) -> bool:
        return key[1] in self.assignments and key not in self.hidden and key in self.works

    def problem(self, key: Key, new: Decimal | None) -> ProblemCode | None:
        """Why a cell cannot be taken. A mark that cannot be changed is no problem while it is as on the site."""
        if new is None:
            return "not-a-mark"
        if key[1] not in self.assignments:
            return None if new == self.scores[key] else "from-answers"
        if key in self.hidden:
            return None if new == self.scores[key] else "no-name"
        return None if key in self.works else "no-work"


def _participants(
    at: Mapping[str, int], rows: Iterable[tuple[int, list[Cell]]], people: Collection[int]
) -> tuple[list[tuple[int, int, list[Cell]]], list[SheetProblem]]:
    """The rows of participants (row number, enrolment, cells), and problems of the others."""
    found: list[tuple[int, int, list[Cell]]] = []
    problems: list[SheetProblem] = []
    seen = set[int]()
    for number, cells in rows:
        enrolment_id = _whole(cells[at[PERSON]] if at[PERSON] < len(cells) else None)
        if enrolment_id is None:
            continue
        if enrolment_id not in people or enrolment_id in seen:
            code: ProblemCode = "twice" if enrolment_id in seen else "nobody"
            problems.append(SheetProblem(code, number, PERSON, str(enrolment_id)))
            continue
        seen.add(enrolment_id)
        found.append((number, enrolment_id, cells))
    return found, problems


def mark_of(cell: Cell) -> Decimal | None:
    """A number from 0 to 100 with at most two decimals, as a spreadsheet has it or as it is typed (``76,5``)."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    if isinstance(cell, str) and not _TYPED.fullmatch(cell.strip()):
        return None
    value = Decimal(str(cell).strip().replace(",", "."))
    if not value.is_finite() or not 0 <= value <= _FULL:
        return None
    rounded = value.quantize(CENT, ROUND_HALF_UP)
    return rounded if abs(rounded - value) < _INEXACT else None


def _base(sheets: Sequence[SheetData], slug: str) -> dict[Key, WorkState]:
    table = next((sheet for sheet in sheets if sheet.name == BASE), None)
    if table is None or not table.rows or tuple(table.rows[0][1][: len(BASE_HEADINGS)]) != BASE_HEADINGS:
        raise NotThisBook
    found: dict[Key, WorkState] = {}
    for _number, cells in table.rows[1:]:
        course, *numbers, mark = cells[0], *map(_whole, (cells[1], cells[2], cells[4], cells[5])), cells[6:7]
        if course != slug:
            raise OtherCourse
        enrolment_id, item_id, submission_id, markings = numbers
        if enrolment_id is None or item_id is None or submission_id is None or markings is None:
            raise NotThisBook
        found[enrolment_id, item_id] = WorkState(submission_id, markings, mark_of(mark[0]) if mark else None)
    return found


def _table(sheets: Sequence[SheetData]) -> tuple[dict[str, int], list[tuple[int, list[Cell]]]]:
    """The columns by heading, and the rows below the headings."""
    for sheet in sheets:
        for index, (_number, cells) in enumerate(sheet.rows[:40]):
            if sheet.name != BASE and PERSON in cells:
                at = {
                    str(cell).strip(): column for column, cell in reversed(list(enumerate(cells))) if cell is not None
                }
                return at, sheet.rows[index + 1 :]
    raise NotThisBook


def _whole(cell: Cell) -> int | None:
    """A positive whole number, also as text or as the decimal number that a spreadsheet makes of it."""
    text = str(cell).strip().removesuffix(".0") if cell is not None and not isinstance(cell, bool) else ""
    return whole_number(text)
