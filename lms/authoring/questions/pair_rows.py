"""The steps of an ordering question and the rows of a matching one: as a form has them, and as lines of a file."""

from __future__ import annotations

from collections.abc import Sequence

from lms.authoring.questions.pieces import new_lines, rewritten
from lms.authoring.questions.values import PairValues, text_lines
from lms.authoring.splice import Line, plain
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.tables import Cell, cells


def pairs_of_list(block: Block, passage: Passage) -> list[tuple[PairValues, Passage]]:
    """Each step with its lines, without mark and indentation."""
    found = []
    for at, item in enumerate(block.children):
        words = passage.inside_item(item)
        found.append((PairValues(left="\n".join(map(plain, words.lines)), at=at), words))
    return found


def pairs_of_table(block: Block, passage: Passage) -> list[PairValues] | None:
    """None where a row has not two cells: no form can show it."""
    rows = [cells(passage, line) for line in range(block.first + 2, block.last + 1)]
    if len(cells(passage, block.first)) != 2 or any(len(row) != 2 for row in rows):
        return None
    return [
        PairValues(left=plain(left), right=plain(right), at=at) for at, ((left, _l), (right, _r)) in enumerate(rows)
    ]


def step_lines(text: str, mark: str) -> list[Line]:
    """:param mark: with its white space; the lines below are indented by as much."""
    return new_lines(text_lines(text) or [""], " " * len(mark.expandtabs(4)), mark)


def changed_step(raw: Sequence[Line], words: Passage, text: str, mark: str) -> list[Line]:
    """A step that stays at its place with another text."""
    return rewritten(raw, words.lines, text_lines(text), " " * len(mark.expandtabs(4)), first_is_special=True)


def table_lines(pairs: Sequence[PairValues]) -> list[Line]:
    return [Line("|  |  |", ""), Line("| --- | --- |", ""), *(row_line(one) for one in pairs)]


def row_line(pair: PairValues, margin: str = "") -> Line:
    return Line(f"{margin}| {_escaped(pair.left)} | {_escaped(pair.right)} |", "")


def changed_row(raw: Line, passage: Passage, line: int, old: PairValues, new: PairValues, margin: str) -> Line:
    """A row with other words: what stands around its cells stays."""
    text = raw.text
    cells_there: list[Cell] = cells(passage, line)
    for said, wanted, (_words, (_line, column)) in reversed(
        [(old.left, new.left, cells_there[0]), (old.right, new.right, cells_there[1])]
    ):
        if said == wanted:
            continue
        start, written = column - 1, _escaped(said)
        if not said or not wanted or not text.startswith(written, start):
            return Line(row_line(new, margin).text, raw.end)
        text = text[:start] + _escaped(wanted) + text[start + len(written) :]
    return Line(text, raw.end)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
