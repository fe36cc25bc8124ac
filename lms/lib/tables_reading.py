"""Reading spreadsheets and CSV files as people have them: odd encodings, merged cells, several sheets.

A malicious file can crash the reader or make it allocate gigabytes. Run it in a
separate process: ``lms.core.isolated.run(read_tables, data, ...)``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TypeAlias

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

MOST_ROWS = 50_000
MOST_COLUMNS = 300
MOST_UNFOLDED = 400 * 1024 * 1024
"""Uncompressed size of a file, in bytes."""
SEPARATORS = ";,\t|"

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"(?:[^>]*><f(?:/>|[^>]*>[^<]*</f>)(?:<v/>|<v></v>)?</c>|[^>]* t="e"[^>]*>)'
)
"""A formula without a computed value, or a cell whose value is an error such as ``#N/A``."""


class UnreadableReason(Enum):
    """Why a file could not be read."""

    EMPTY = "empty"
    HTML = "html"
    LOCKED = "locked"
    NO_TABLE = "no-table"
    BROKEN = "broken"
    NOT_TEXT = "not-text"
    QUOTES = "quotes"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_LARGE = "too-large"


class Unreadable(Exception):
    """The file cannot be read as a table. ``line`` is the line of the fault, if known."""

    def __init__(self, why: UnreadableReason, line: int | None = None) -> None:
        super().__init__(why, line)
        self.why, self.line = why, line


@dataclass(frozen=True)
class SheetData:
    """The non-empty rows of a sheet, each with its row number in the file (from 1)."""

    name: str
    rows: list[tuple[int, list[Cell]]]
    uncomputed: tuple[str, ...] = ()
    """References of cells anywhere in the file whose formula was not computed or gave an error."""
    is_hidden: bool = False


def read_tables(data: bytes) -> list[SheetData]:
    """All sheets that are not empty, visible ones first. A CSV file is one sheet.

    The format is detected from the content, because file names are often wrong.

    :raises Unreadable: with the reason.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable(UnreadableReason.EMPTY)
    if data.startswith(_OTHERS):
        raise Unreadable(UnreadableReason.NO_TABLE)
    if data.startswith((_ZIP, _OLE)):
        return _workbook(data)
    text = _decoded(data)
    if text.lstrip()[:300].lower().startswith(("<html", "<!doctype", "<table", "<meta", "<?xml", "<style", "<head")):
        raise Unreadable(UnreadableReason.HTML)
    return [_csv(text)]


def _workbook(data: bytes) -> list[SheetData]:
    uncomputed = _look_inside(data) if data.startswith(_ZIP) else ()
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            metas = sorted(enumerate(book.sheets_metadata), key=lambda one: one[1].visible != SheetVisibleEnum.Visible)
            tables = [
                _sheet(
                    meta.name,
                    book.get_sheet_by_index(index),
                    uncomputed,
                    is_hidden=meta.visible != SheetVisibleEnum.Visible,
                )
                for index, meta in metas
            ]
    except PasswordError as error:
        raise Unreadable(UnreadableReason.LOCKED) from error
    except (CalamineError, ZipError) as error:
        raise Unreadable(_reason(data, error)) from error
    found = [table for table in tables if table.rows]
    if not found:
        raise Unreadable(UnreadableReason.EMPTY)
    return found


def _reason(data: bytes, error: Exception) -> UnreadableReason:
    """A password-protected workbook is an OLE file with an encrypted package; a Word file is no workbook at all."""
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableReason.LOCKED
    return UnreadableReason.NO_TABLE if "Cannot detect" in str(error) else UnreadableReason.BROKEN


def _look_inside(data: bytes) -> tuple[str, ...]:
    """Refuse files that would unpack to too much; otherwise return the formulas without a value."""
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNFOLDED:
                raise Unreadable(UnreadableReason.TOO_LARGE)
            for part in packed.infolist():
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml") and len(found) < 20:
                    found += [cell.decode() for cell in _FORMULA_CELL.findall(packed.read(part))[:20]]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable(UnreadableReason.BROKEN) from error
    return tuple(found)


def _sheet(name: str, sheet: CalamineSheet, uncomputed: tuple[str, ...], *, is_hidden: bool) -> SheetData:
    if sheet.height > MOST_ROWS:
        raise Unreadable(UnreadableReason.TOO_MANY_ROWS)
    if sheet.width > MOST_COLUMNS:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    grid: list[list[Cell]] = [[_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _spread(grid, top, left, bottom, right)
    rows = [(number, row) for number, row in enumerate(grid, start=1) if any(map(_holds, row))]
    return SheetData(name, rows, uncomputed, is_hidden)


def _spread(grid: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """Copy the value of merged cells to each of them."""
    if top >= len(grid) or left >= len(grid[top]):
        return
    for row in grid[top : bottom + 1]:
        row[left : right + 1] = [grid[top][left]] * len(row[left : right + 1])


def _value(cell: Cell) -> Cell:
    return None if cell == "" else cell


def _holds(cell: Cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:2000]:
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(UnreadableReason.NOT_TEXT)


def _csv(text: str) -> SheetData:
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)", first.strip())  # written by some programs as a hint for spreadsheets
    skipped = 1 if named else 0
    text = rest if named else text
    separator = named[1] if named else _separator(text)
    rows: list[tuple[int, list[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((number + skipped, [cell or None for cell in cells[:MOST_COLUMNS]]))
            number = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Unreadable(UnreadableReason.TOO_MANY_ROWS)
    except csv.Error as error:
        raise Unreadable(UnreadableReason.QUOTES, number + skipped) from error
    if not rows:
        raise Unreadable(UnreadableReason.EMPTY)
    return SheetData("", rows)


def _separator(text: str) -> str:
    """The separator that splits the first lines into the most cells."""
    lines = text[:20_000].splitlines()[:40]

    def cells(separator: str) -> int:
        return max((len(row) for row in csv.reader(lines, delimiter=separator)), default=0)

    return max(SEPARATORS, key=cells)
