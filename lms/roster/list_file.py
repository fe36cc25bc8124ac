"""Reads a list of people from a file: finds the sheet and its headings, and maps each row's cells to fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lms.lib.folding import compose_text, visible
from lms.lib.table_data import Cell, SheetData
from lms.lib.tables_reading import read_tables
from lms.people import nip
from lms.people.unit_names import PATH_SEPARATORS, SEPARATOR
from lms.roster.columns import EXAMPLE, FIELDS, Field, field_of, unit_kind_of
from lms.roster.unit_columns import UnitCell, kinds_of, level_of, path_of

HEADINGS_WITHIN = 40
"""Rows searched for headings; no letterhead is longer."""
ROWS_JUDGED = 150
"""Rows from the first one on that are compared with possible headings."""
WEIGHT_OF_ROWS = len(FIELDS)
"""How many known headings it outweighs if all rows fit."""
BEYOND_EXACT = 10**15
_KEY = re.compile(r"(?:\d[ .'-]?){10}|\d[.,]\d+E\+\d|\S@\S", re.IGNORECASE)
"""Something like a number, also one that a spreadsheet has shortened, or an address."""


class NoHeadings(Exception):
    """No sheet has headings for a number or e-mail address and at least one more known column."""


class FirstRowIsData(NoHeadings):
    """There are people, but no headings above them."""


class NoRows(Exception):
    """There are headings, but no people below them."""


@dataclass(frozen=True)
class FileRow:
    """A person's cells as stripped text, without the empty ones. Several columns of units make one path."""

    number: int
    cells: dict[Field, str]
    unit_kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds of units that the headings name, by the ``comparable`` names of the units."""
    has_surplus: bool = False
    """There are filled cells beyond the last heading, so it is not clear which cell belongs to which heading."""


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
    tables = read_tables(data, sense)
    found = [(table, headings) for table in tables if (headings := _headings(table)) is not None]
    if not found:
        raise FirstRowIsData if any(map(_begins_with_a_person, tables)) else NoHeadings
    (first, headings), *others = found
    return replace(_people(first, headings), other_sheets=tuple(_with_people(others)))


def sense(table: SheetData) -> float:
    """How much sense the rows make as a list of people."""
    headings = _headings(table)
    if headings is not None:
        return 1 + headings.sense
    return sum(_has_number(cells) for _number, cells in table.rows) / max(1, len(table.rows))


def _with_people(sheets: Iterable[tuple[SheetData, _Headings]]) -> Iterator[str]:
    for table, headings in sheets:
        with suppress(NoRows):
            if not table.is_hidden and _people(table, headings):
                yield table.name


def _begins_with_a_person(table: SheetData) -> bool:
    return any(_has_number(cells) for _number, cells in table.rows[:1])


def _has_number(cells: list[Cell]) -> bool:
    return any(nip.problem_of(_text(cell)) is None for cell in cells if cell is not None)


@dataclass(frozen=True)
class _Headings:
    """The heading of each column, and the index of the first row below. ``sense``: how well the rows fit them."""

    begins: int
    titles: list[str]
    sense: float


def _headings(table: SheetData) -> _Headings | None:
    """The headings that fit the rows below them best; of equal ones, the first."""
    return max(_possible_headings(table), key=lambda one: one.sense, default=None)


def _possible_headings(table: SheetData) -> Iterator[_Headings]:
    """Rows with known headings. Headings may span two rows."""
    for index, (_number, cells) in enumerate(table.rows[:HEADINGS_WITHIN]):
        one = [_text(cell) for cell in cells]
        candidates = [(index + 1, one)]
        if index + 1 < len(table.rows):
            candidates.append((index + 2, _joined(one, [_text(cell) for cell in table.rows[index + 1][1]])))
        for begins, titles in candidates:
            known = {field for field in map(field_of, titles) if field}
            if len(known) >= 2 and known & {"nip", "email"}:
                yield _Headings(
                    begins, titles, len(known) + WEIGHT_OF_ROWS * _share_of_people(table.rows, begins, titles)
                )


def _share_of_people(rows: Sequence[tuple[int, list[Cell]]], begins: int, titles: list[str]) -> float:
    """How many rows have a number or an address under its heading, and no cells beyond the headings."""
    keys = [index for index, title in enumerate(titles) if field_of(title) in ("nip", "email")]
    fit = sum(
        any(_KEY.search(_filled(cells, index)) for index in keys) and not _has_surplus(cells, titles)
        for _number, cells in rows[begins:ROWS_JUDGED]
    )
    return fit / max(1, len(rows[:ROWS_JUDGED]))


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Join headings that span two rows: ``Gelar`` over ``depan``. A cell merged over both rows counts once."""
    wide = max(len(upper), len(lower))
    pairs = zip(upper + [""] * (wide - len(upper)), lower + [""] * (wide - len(lower)), strict=True)
    return [_whole_heading(above, below) for above, below in pairs]


def _whole_heading(above: str, below: str) -> str:
    if above == below or not below:
        return above
    both = f"{above} {below}".strip()
    return next((one for one in (both, below) if field_of(one)), both)


def _people(table: SheetData, headings: _Headings) -> PeopleFile:
    titles = headings.titles
    columns, unread = _columns(titles)
    rows, examples = [], 0
    for number, cells in table.rows[headings.begins :]:
        units = _unit_cells(cells, columns.get("unit", ()), titles)
        texts = {name: _filled(cells, indexes[0]) for name, indexes in columns.items()}
        if units:
            texts["unit"] = path_of(units)
        filled = {name: text for name, text in texts.items() if text}
        if filled.get("nip", "").casefold().startswith(EXAMPLE):
            examples += 1
        elif filled and not _is_of_numbers(filled) and not _are_headings(filled):
            has_surplus = bool(table.separator) and _has_surplus(cells, titles)
            rows.append(FileRow(number, filled, kinds_of(units), has_surplus))
    if not rows:
        raise NoRows
    used = {name: SEPARATOR.join(titles[index] for index in indexes) for name, indexes in columns.items()}
    return PeopleFile(table.name, used, tuple(unread), tuple(rows), examples, table.uncomputed)


def _columns(titles: list[str]) -> tuple[dict[Field, list[int]], list[str]]:
    """Column indexes by field, and the headings that are ignored.

    Columns of units are ordered from the highest level to the lowest. Of any other field only the first column is used.
    """
    columns: dict[Field, list[int]] = {}
    unread = []
    for position, title in enumerate(titles):
        field = field_of(title)
        if field is None or (field in columns and field != "unit"):
            unread += [title] if title else []
        else:
            columns.setdefault(field, []).append(position)
    columns.get("unit", []).sort(key=lambda index: level_of(unit_kind_of(titles[index])))
    return columns, unread


def _unit_cells(cells: list[Cell], indexes: Iterable[int], titles: list[str]) -> list[UnitCell]:
    filled = ((unit_kind_of(titles[index]), _filled(cells, index)) for index in indexes)
    return [UnitCell(kind, text) for kind, text in filled if text]


def _filled(cells: list[Cell], index: int) -> str:
    """The text of a cell; a dash counts as empty."""
    text = _text(cells[index]) if index < len(cells) else ""
    return text if text.strip("-–—.") else ""


def _has_surplus(cells: list[Cell], titles: list[str]) -> bool:
    return any(_filled(cells, index) for index in range(len(titles), len(cells)))


def _is_of_numbers(cells: dict[Field, str]) -> bool:
    """True for the row ``1 2 3 4`` that official tables have under their headings."""
    return len(cells) > 1 and all(text.strip("()").isdecimal() and len(text) <= 4 for text in cells.values())


def _are_headings(cells: dict[Field, str]) -> bool:
    """True for headings repeated at the top of a printed page."""
    return all(field_of(part) == name for name, text in cells.items() for part in PATH_SEPARATORS.split(text))


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
    text = visible(compose_text(" ".join(str(cell).split()))).strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]  # some programs write numbers like this, so that spreadsheets do not shorten them
    return text[1:] if text.startswith("'") and len(text) > 1 else text
