"""A rubric as a grid of criteria and levels, and as the table of the file, of which only changed rows differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lms.authoring.front_matter import NotEditable, values_of
from lms.authoring.splice import editable_text, plain, splice
from lms.content.items.assignment import Assignment, end_of_task, rubric_section
from lms.content.markdown.blocks import Passage
from lms.content.markdown.document import open_document
from lms.content.markdown.frontmatter import body_of, read_front_matter
from lms.content.markdown.problems import Findings
from lms.content.markdown.tables import cells

T = TypeVar("T")

HEADING = "## Rubrik"
MAX_CRITERIA = 40
MAX_LEVELS = 10

_LEVEL = re.compile(r"(.*?)\s*\(\s*([^()]*?)\s*\)")
_PRESSED = re.compile(r"rubric-(criterion|level)(?:-(up|drop)-([0-9]{1,3}))?")


@dataclass(frozen=True)
class GridLevel:
    """``points`` as they were typed."""

    title: str = ""
    points: str = ""


@dataclass(frozen=True)
class GridCriterion:
    title: str = ""
    cells: tuple[str, ...] = ()
    """The description of each level for this criterion."""


@dataclass(frozen=True)
class RubricGrid:
    levels: tuple[GridLevel, ...] = ()
    criteria: tuple[GridCriterion, ...] = ()
    corner: str = "Kriteria"
    """The head of the first column."""


NEW_RUBRIC = RubricGrid(
    (GridLevel("Baik", "3"), GridLevel("Cukup", "2"), GridLevel("Kurang", "1")),
    (GridCriterion("", ("", "", "")), GridCriterion("", ("", "", ""))),
)


def grid_of(table: str) -> RubricGrid | None:
    """The table as a grid; None if it is not one table, or has a row with more cells than levels."""
    if not table:
        return RubricGrid()
    passage = Passage(tuple(table.split("\n")), 1)
    blocks = passage.blocks()
    if len(blocks) != 1 or blocks[0].kind != "table" or (blocks[0].first, blocks[0].last) != (1, passage.last):
        return None
    head, *rows = [[words for words, _at in cells(passage, line)] for line in (1, *range(3, passage.last + 1))]
    if any(len(row) > len(head) for row in rows):
        return None
    criteria = (GridCriterion(row[0], (*row[1:], *[""] * (len(head) - len(row)))) for row in rows)
    return RubricGrid(tuple(map(_level_of, head[1:])), tuple(criteria), head[0])


def table_of(grid: RubricGrid, old: str = "") -> str:
    """The table, in which the rows of the ``old`` one that say the same keep their lines."""
    if not grid.levels and not grid.criteria:
        return ""
    before = grid_of(old) if old else None
    lines = old.split("\n")
    is_same_width = before is not None and len(before.levels) == len(grid.levels)
    is_same_head = before is not None and (before.levels, before.corner) == (grid.levels, grid.corner)
    known = dict(zip(before.criteria, lines[2:], strict=True)) if before and is_same_width else {}
    head = [grid.corner, *(_written_level(one) for one in grid.levels)]
    return "\n".join(
        [
            lines[0] if is_same_head else _row(head),
            lines[1] if is_same_width else _row(["---"] * len(head)),
            *(known.get(one) or _row([one.title, *one.cells]) for one in grid.criteria),
        ]
    )


def without_empty(table: str) -> str:
    """The table without empty criteria and levels; empty for a new rubric that was left empty."""
    grid = grid_of(table)
    if grid is None or not table:
        return table
    criteria = tuple(one for one in grid.criteria if one.title or any(one.cells))
    kept = [
        at
        for at, level in enumerate(grid.levels)
        if level.title or level.points or any(one.cells[at] for one in criteria)
    ]
    levels = tuple(grid.levels[at] for at in kept)
    if not criteria and levels in ((), NEW_RUBRIC.levels):
        return ""
    rows = tuple(replace(one, cells=tuple(one.cells[at] for at in kept)) for one in criteria)
    return table_of(replace(grid, levels=levels, criteria=rows), table)


def pressed(grid: RubricGrid, button: str) -> RubricGrid | None:
    """The grid after a button that adds, moves or drops; None for any other button."""
    found = _PRESSED.fullmatch(button)
    if not found:
        return None
    what, how, at = found[1], found[2], int(found[3] or 0)
    if not how and not grid.levels and not grid.criteria:
        return NEW_RUBRIC
    if what == "criterion":
        empty = [GridCriterion("", ("",) * len(grid.levels))] if len(grid.criteria) < MAX_CRITERIA else []
        return replace(grid, criteria=_changed(grid.criteria, how, at) if how else (*grid.criteria, *empty))
    if not how and len(grid.levels) >= MAX_LEVELS:
        return grid
    levels = _changed(grid.levels, how, at) if how else (*grid.levels, GridLevel())
    rows = (replace(one, cells=_changed(one.cells, how, at) if how else (*one.cells, "")) for one in grid.criteria)
    return replace(grid, levels=levels, criteria=tuple(rows))


def _changed(rows: tuple[T, ...], how: str, at: int) -> tuple[T, ...]:
    if how == "drop":
        return (*rows[:at], *rows[at + 1 :])
    if not 0 < at < len(rows):
        return rows
    return (*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :])


def _level_of(words: str) -> GridLevel:
    found = _LEVEL.fullmatch(words)
    return GridLevel(found[1], found[2]) if found else GridLevel(words)


def _written_level(level: GridLevel) -> str:
    return f"{level.title} ({level.points})".strip() if level.points else level.title


def _row(words: Sequence[str]) -> str:
    written = " | ".join(one.replace("|", "\\|") for one in words)
    return f"| {written} |"


# The rubric of an assignment


@dataclass(frozen=True)
class RubricPlace:
    """``table``: its lines, or empty; ``first`` and ``last``: lines of the file that a new table takes the place of."""

    table: str
    first: int
    last: int
    heading: int | None

    def has_line(self, line: int) -> bool:
        return self.heading is not None and self.heading <= line <= self.last


def is_assignment(raw: bytes) -> bool:
    try:
        return bool(values_of(raw).get("type") == Assignment.type)
    except NotEditable:
        return False


def rubric_place(raw: bytes) -> RubricPlace | None:
    """Where the rubric is in an assignment; None if there is something other than one table."""
    findings = Findings("")
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if document is None or front is None:
        return None
    body = body_of(document, front)
    blocks = body.blocks()
    end = end_of_task(blocks, body.last)
    section = rubric_section([one for one in blocks if one.first <= end], end)
    if section is None:
        return RubricPlace("", end + 1, end, None)
    if section.others or len(section.inside) > 1:
        return None
    heading = section.heading
    if not section.inside:
        return RubricPlace("", heading.last + 1, heading.last, heading.first)
    (table,) = section.inside
    words = "\n".join(plain(body.line(line)) for line in range(table.first, table.last + 1))
    return RubricPlace(words, table.first, table.last, heading.first) if grid_of(words) else None


def with_rubric(raw: bytes, place: RubricPlace, table: str) -> bytes:
    """The assignment with this table as its rubric; all other lines keep their bytes."""
    if table == place.table:
        return raw
    lines = editable_text(raw).split("\n")
    above, below = lines[: place.first - 1], lines[place.last :]
    if not table:
        del above[(place.heading or place.first) - 1 :]
    elif place.heading is None:
        above = [*_without_blank_end(above), "", HEADING]
    new = table.split("\n") if table else []
    if new and above and above[-1].strip():
        new = ["", *new]
    if not new:
        above = _without_blank_end(above)
    if below[0].strip() if below else not place.table:
        below = ["", *below]
    return splice(raw, "\n".join([*above, *new, *below]))


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
