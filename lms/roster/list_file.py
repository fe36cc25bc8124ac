"""Reads a list of people from a file: finds the sheet and its headings, and maps each row's cells to fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.lib.tables_reading import Cell, SheetData, read_tables
from lms.roster.columns import EXAMPLE, Field, field_of, unit_rank

HEADINGS_WITHIN = 40
"""Rows searched for headings; no letterhead is longer."""
BEYOND_EXACT = 10**15


class NoHeadings(Exception):
    """No sheet has headings for a number or e-mail address and at least one more known column."""


class NoRows(Exception):
    """There are headings, but no people below them."""


@dataclass(frozen=True)
class FileRow:
    """A person's cells as stripped text, without the empty ones."""

    number: int
    cells: dict[Field, str]


@dataclass(frozen=True)
class PeopleFile:
    """``headings`` are those of the file; ``unread`` are the unknown ones; ``examples`` counts skipped example rows.

    ``other_sheets`` are visible sheets that contain people too but were not read, so the list is incomplete.
    """

    sheet: str
    headings: dict[Field, str]
    unread: tuple[str, ...]
    rows: tuple[FileRow, ...]
    examples: int
    uncomputed: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()


def read_people(data: bytes) -> PeopleFile:
    """Read the first sheet that has headings.

    :raises Unreadable: the file contains no table.
    :raises NoHeadings: no sheet has known headings.
    :raises NoRows: there are no people in it.
    """
    found = [(table, headings) for table in read_tables(data) if (headings := _headings(table)) is not None]
    if not found:
        raise NoHeadings
    (first, headings), *others = found
    return replace(_people(first, *headings), other_sheets=tuple(_with_people(others)))


def _with_people(sheets: Iterable[tuple[SheetData, tuple[int, list[str]]]]) -> Iterator[str]:
    for table, headings in sheets:
        with suppress(NoRows):
            if not table.is_hidden and _people(table, *headings):
                yield table.name


def _headings(table: SheetData) -> tuple[int, list[str]] | None:
    """Index of the first row below the headings, and the heading of each column. Headings may span two rows."""
    best: tuple[int, int, list[str]] | None = None
    for index, (_number, cells) in enumerate(table.rows[:HEADINGS_WITHIN]):
        one = [_text(cell) for cell in cells]
        candidates = [(index + 1, one)]
        if index + 1 < len(table.rows):
            candidates.append((index + 2, _joined(one, [_text(cell) for cell in table.rows[index + 1][1]])))
        for begins, titles in candidates:
            known = {field for field in map(field_of, titles) if field}
            if len(known) >= 2 and known & {"nip", "email"} and (best is None or len(known) > best[0]):
                best = len(known), begins, titles
    return best[1:] if best else None


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Join headings that span two rows: ``Gelar`` over ``depan``. A cell merged over both rows counts once."""
    wide = max(len(upper), len(lower))
    pairs = zip(upper + [""] * (wide - len(upper)), lower + [""] * (wide - len(lower)), strict=True)
    return [_whole_heading(above, below) for above, below in pairs]


def _whole_heading(above: str, below: str) -> str:
    if above == below or not below:
        return above
    return next((one for one in (f"{above} {below}", below) if field_of(one)), f"{above} {below}".strip())


def _people(table: SheetData, begins: int, titles: list[str]) -> PeopleFile:
    columns, unread = _columns(titles)
    rows, examples = [], 0
    for number, cells in table.rows[begins:]:
        texts = {field: _first(cells, indexes) for field, indexes in columns.items()}
        filled = {field: text for field, text in texts.items() if text}
        if filled.get("nip", "").casefold().startswith(EXAMPLE):
            examples += 1
        elif filled and not _is_of_numbers(filled) and not _are_headings(filled):
            rows.append(FileRow(number, filled))
    if not rows:
        raise NoRows
    headings = {field: ", ".join(titles[index] for index in indexes) for field, indexes in columns.items()}
    return PeopleFile(table.name, headings, tuple(unread), tuple(rows), examples, table.uncomputed)


def _columns(titles: list[str]) -> tuple[dict[Field, list[int]], list[str]]:
    """Column indexes by field, and the headings that are ignored.

    Unit columns are ordered from the most specific on; a cell falls back to the next if it is empty. Of any other
    field only the first column is used.
    """
    columns: dict[Field, list[int]] = {}
    unread = []
    for position, title in enumerate(titles):
        field = field_of(title)
        if field is None or (field in columns and field != "unit"):
            unread += [title] if title else []
        else:
            columns.setdefault(field, []).append(position)
    columns.get("unit", []).sort(key=lambda index: unit_rank(titles[index]))
    return columns, unread


def _first(cells: list[Cell], indexes: list[int]) -> str:
    """The first cell that is not empty; a dash counts as empty."""
    texts = (_text(cells[index]) for index in indexes if index < len(cells))
    return next((text for text in texts if text and text.strip("-–—.")), "")


def _is_of_numbers(cells: dict[Field, str]) -> bool:
    """True for the row ``1 2 3 4`` that official tables have under their headings."""
    return len(cells) > 1 and all(text.strip("()").isdecimal() and len(text) <= 4 for text in cells.values())


def _are_headings(cells: dict[Field, str]) -> bool:
    """True for headings repeated at the top of a printed page."""
    return all(field_of(text) == field for field, text in cells.items())


def _text(cell: Cell) -> str:
    """A cell as text. Numbers too long for a spreadsheet look as the spreadsheet shows them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        if abs(cell) >= BEYOND_EXACT:
            return f"{cell:.5E}".replace(".", ",")
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    text = " ".join(str(cell).split())
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]  # some programs write numbers like this, so that spreadsheets do not shorten them
    return text[1:] if text.startswith("'") and len(text) > 1 else text
