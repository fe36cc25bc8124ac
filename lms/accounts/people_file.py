"""A list of people out of a file: finds the sheet and its headings, and gives each row's cells by what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lms.accounts.people_columns import EXAMPLE, Field, field_of
from lms.lib.tables_reading import Cell, Table, read_tables

HEADINGS_WITHIN = 40
"""A letterhead is not longer."""
BEYOND_EXACT = 10**15


class NoHeadings(Exception):
    """No sheet has a row of headings with a number or an address, and anything else that is known."""


class NoRows(Exception):
    """There are headings and nobody below them."""


@dataclass(frozen=True)
class FileRow:
    """A person's cells as text, without spaces around; what was empty is left out."""

    number: int
    cells: dict[Field, str]


@dataclass(frozen=True)
class PeopleFile:
    """``headings`` as the file has them; ``unread`` are the ones nobody knows; ``examples`` rows were skipped."""

    sheet: str
    headings: dict[Field, str]
    unread: tuple[str, ...]
    rows: tuple[FileRow, ...]
    examples: int
    uncomputed: tuple[str, ...]


def read_people(data: bytes) -> PeopleFile:
    """The first sheet that has headings, read.

    :raises Unreadable: the file holds no table.
    :raises NoHeadings: no sheet has known headings.
    :raises NoRows: there is nobody in it.
    """
    for table in read_tables(data):
        found = _headings(table)
        if found is not None:
            return _people(table, *found)
    raise NoHeadings


def _headings(table: Table) -> tuple[int, list[str]] | None:
    """Where the rows of people begin, and the heading of each column. A heading may stand in two rows."""
    best: tuple[int, int, list[str]] | None = None
    for place, (_number, cells) in enumerate(table.rows[:HEADINGS_WITHIN]):
        one = [_text(cell) for cell in cells]
        candidates = [(place + 1, one)]
        if place + 1 < len(table.rows):
            candidates.append((place + 2, _joined(one, [_text(cell) for cell in table.rows[place + 1][1]])))
        for begins, titles in candidates:
            known = {field for field in map(field_of, titles) if field}
            if len(known) >= 2 and known & {"nip", "email"} and (best is None or len(known) > best[0]):
                best = len(known), begins, titles
    return best[1:] if best else None


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Headings of two rows as one: ``Gelar`` over ``depan``; a cell merged over both rows counts once."""
    wide = max(len(upper), len(lower))
    pairs = zip(upper + [""] * (wide - len(upper)), lower + [""] * (wide - len(lower)), strict=True)
    return [_whole_heading(above, below) for above, below in pairs]


def _whole_heading(above: str, below: str) -> str:
    if above == below or not below:
        return above
    return next((one for one in (f"{above} {below}", below) if field_of(one)), f"{above} {below}".strip())


def _people(table: Table, begins: int, titles: list[str]) -> PeopleFile:
    columns: dict[Field, int] = {}
    unread = []
    for position, title in enumerate(titles):
        field = field_of(title)
        if field is None or field in columns:
            unread += [title] if title else []
        else:
            columns[field] = position
    rows, examples = [], 0
    for number, cells in table.rows[begins:]:
        texts = {field: _text(cells[place]) for field, place in columns.items() if place < len(cells)}
        filled = {field: text for field, text in texts.items() if text}
        if filled.get("nip", "").casefold().startswith(EXAMPLE):
            examples += 1
        elif filled and not _is_of_numbers(filled) and not _are_headings(filled):
            rows.append(FileRow(number, filled))
    if not rows:
        raise NoRows
    headings = {field: titles[place] for field, place in columns.items()}
    return PeopleFile(table.name, headings, tuple(unread), tuple(rows), examples, table.uncomputed)


def _is_of_numbers(cells: dict[Field, str]) -> bool:
    """The row ``1 2 3 4`` that official tables have under their headings."""
    return len(cells) > 1 and all(text.strip("()").isdecimal() and len(text) <= 4 for text in cells.values())


def _are_headings(cells: dict[Field, str]) -> bool:
    """Headings repeated at the top of a printed page."""
    return all(field_of(text) == field for field, text in cells.items())


def _text(cell: Cell) -> str:
    """A cell as a person would read it; a number too long for a spreadsheet as the spreadsheet shows it."""
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
    return text[1:] if text.startswith("'") and len(text) > 1 else text
