"""A list of people out of a file: finds the sheet and its headings, and gives each row's cells by what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.lib.tables_reading import Cell, SheetData, read_tables
from lms.roster.columns import EXAMPLE, Field, field_of, unit_rank

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
    """``headings`` as the file has them; ``unread`` are the ones nobody knows; ``examples`` rows were skipped.

    ``other_sheets`` in sight hold people as well and were not read: the list is only a part of what was handed in.
    """

    sheet: str
    headings: dict[Field, str]
    unread: tuple[str, ...]
    rows: tuple[FileRow, ...]
    examples: int
    uncomputed: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()


def read_people(data: bytes) -> PeopleFile:
    """The first sheet that has headings, read.

    :raises Unreadable: the file holds no table.
    :raises NoHeadings: no sheet has known headings.
    :raises NoRows: there is nobody in it.
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


def _people(table: SheetData, begins: int, titles: list[str]) -> PeopleFile:
    columns, unread = _columns(titles)
    rows, examples = [], 0
    for number, cells in table.rows[begins:]:
        texts = {field: _first(cells, places) for field, places in columns.items()}
        filled = {field: text for field, text in texts.items() if text}
        if filled.get("nip", "").casefold().startswith(EXAMPLE):
            examples += 1
        elif filled and not _is_of_numbers(filled) and not _are_headings(filled):
            rows.append(FileRow(number, filled))
    if not rows:
        raise NoRows
    headings = {field: ", ".join(titles[place] for place in places) for field, places in columns.items()}
    return PeopleFile(table.name, headings, tuple(unread), tuple(rows), examples, table.uncomputed)


def _columns(titles: list[str]) -> tuple[dict[Field, list[int]], list[str]]:
    """Where each field stands, and the headings that are left out. Of several columns of units the most exact counts,
    and the next where it is empty; of any other field the first column counts."""
    columns: dict[Field, list[int]] = {}
    unread = []
    for position, title in enumerate(titles):
        field = field_of(title)
        if field is None or (field in columns and field != "unit"):
            unread += [title] if title else []
        else:
            columns.setdefault(field, []).append(position)
    columns.get("unit", []).sort(key=lambda place: unit_rank(titles[place]))
    return columns, unread


def _first(cells: list[Cell], places: list[int]) -> str:
    """What the first of the columns says that says anything; a stroke in a cell means that nothing is there."""
    texts = (_text(cells[place]) for place in places if place < len(cells))
    return next((text for text in texts if text and text.strip("-–—.")), "")


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
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]  # how some programs keep a spreadsheet from shortening a number
    return text[1:] if text.startswith("'") and len(text) > 1 else text
