"""A rubric: the table under ``## Rubrik`` of an assignment, or ``### Rubrik`` of an essay question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.tables import Cell, cells

MAX_POINTS = 1000

_LEVEL = re.compile(r"(.*\S)\s*\(\s*([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*\)")


@dataclass(frozen=True)
class Level:
    title: str
    points: Decimal
    description: str


@dataclass(frozen=True)
class Criterion:
    """A row of a rubric, with its levels in the author's order."""

    title: str
    levels: tuple[Level, ...]

    @property
    def best(self) -> Decimal:
        return max((level.points for level in self.levels), default=Decimal(0))


def best_possible(rubric: Sequence[Criterion]) -> Decimal:
    return sum((criterion.best for criterion in rubric), Decimal(0))


def earned_points(rubric: Sequence[Criterion], picked: Mapping[int, int]) -> Decimal:
    """The points of the picked levels; ``picked`` maps each criterion to its level, both by position from 0.

    :raises ValueError: a level is missing or does not exist.
    """
    total = Decimal(0)
    for position, criterion in enumerate(rubric):
        choice = picked.get(position, -1)
        if not 0 <= choice < len(criterion.levels):
            raise ValueError(f"criterion {position} has no level {choice}")
        total += criterion.levels[choice].points
    return total


def read_rubric(
    heading: str, line: int, blocks: Sequence[Block], body: Passage, findings: Findings
) -> tuple[Criterion, ...]:
    """The criteria of the one table below the heading, such as ``## Rubrik``, which stands on ``line``."""
    if len(blocks) != 1 or blocks[0].kind != "table":
        findings.error(
            (blocks[1 if blocks[0].kind == "table" else 0].first if blocks else line, 1),
            say("there is something other than one table under %(heading)s", heading=heading),
            say("write one table there, and other text above the heading"),
        )
        return ()
    table = blocks[0]
    top = cells(body, table.first)
    levels = [_read_level(cell, findings) for cell in top[1:]]
    _refuse_repeated(top[1:], findings)
    if levels and all(level and level[1] == 0 for level in levels):
        findings.error(top[1][1], say("no level earns points"), say("give the best level some points"))
    rows = [cells(body, number) for number in range(table.first + 2, table.last + 1)]
    if not levels or not rows:
        findings.error(
            (table.first, 1),
            say("the rubric is empty"),
            say("write a row for each criterion and a column for each level: Baik (3)"),
        )
    _refuse_repeated([row[0] for row in rows], findings)
    return tuple(_read_criterion(row, levels, len(top), findings) for row in rows)


def _read_level(cell: Cell, findings: Findings) -> tuple[str, Decimal] | None:
    words, position = cell
    found = _LEVEL.fullmatch(words)
    if not found:
        findings.error(
            position,
            say("the level “%(text)s” has no points", text=shorten(words)),
            say("write its points in brackets after its name: Baik (3)"),
        )
        return None
    if "," in found[2]:
        findings.error(
            position,
            say("“%(text)s” is not a number", text=found[2]),
            say("write the decimal point as a point: %(pointed)s", pointed=found[2].replace(",", ".")),
        )
        return None
    points = Decimal(str(float(found[2])))
    if points > MAX_POINTS:
        findings.error(
            position,
            say("“%(text)s” is out of range", text=found[2]),
            say("write a number from %(lowest)s to %(highest)s", lowest="0", highest=str(MAX_POINTS)),
        )
    return found[1], points


def _read_criterion(
    row: list[Cell], levels: Sequence[tuple[str, Decimal] | None], width: int, findings: Findings
) -> Criterion:
    if not row[0][0]:
        findings.error(row[0][1], say("this criterion has no name"), say("write what is judged in the first column"))
    if len(row) > width:
        findings.error(
            row[width][1],
            say("this row has more cells than the table has columns"),
            say("write a bar that belongs to the text as \\|"),
        )
    words = [text for text, _ in row[1:]] + [""] * len(levels)
    described = zip(levels, words, strict=False)
    return Criterion(row[0][0], tuple(Level(*level, description) for level, description in described if level))


def _refuse_repeated(found: Sequence[Cell], findings: Findings) -> None:
    seen: set[str] = set()
    for words, position in found:
        if words and words.casefold() in seen:
            findings.error(
                position,
                say("“%(text)s” appears twice in the rubric", text=shorten(words)),
                say("give each criterion and each level a name of its own"),
            )
        seen.add(words.casefold())
