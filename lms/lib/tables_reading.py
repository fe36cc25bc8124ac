"""Reading spreadsheets and CSV files as people have them: odd encodings, merged cells, several sheets.

A malicious file can crash the reader or make it allocate gigabytes. Run it in a
separate process: ``lms.core.isolated.run(read_tables, data, ...)``.
"""

from __future__ import annotations

import io
import re
import zipfile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from lms.lib.csv_reading import Sense, consistency, decoded, read_csv
from lms.lib.damaged_zip import BROKEN
from lms.lib.table_data import MAX_COLUMNS, MAX_ROWS, Cell, SheetData, Unreadable, UnreadableReason

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
"""Uncompressed size of a file, in bytes."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")
_MARKUP = ("<html", "<!doctype", "<table", "<meta", "<?xml", "<style", "<head")
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"(?:[^>]*><f(?:/>|[^>]*>[^<]*</f>)(?:<v/>|<v></v>)?</c>|[^>]* t="e"[^>]*>)'
)
"""A formula without a computed value, or a cell whose value is an error such as ``#N/A``."""


def read_tables(data: bytes, sense: Sense = consistency) -> list[SheetData]:
    """All sheets that are not empty, visible ones first. A CSV file is one sheet.

    The format is detected from the content, because file names are often wrong.

    :param sense: how much sense the rows of a CSV file make; of several ways to read it, the best one counts.
    :raises Unreadable: with the reason.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable(UnreadableReason.EMPTY)
    if data.startswith(_OTHERS):
        raise Unreadable(UnreadableReason.NO_TABLE)
    if data.startswith((_ZIP, _OLE)):
        return _workbook(data)
    texts = decoded(data)
    if any(text.lstrip()[:300].lower().startswith(_MARKUP) for text in texts):
        raise Unreadable(UnreadableReason.HTML)
    return [read_csv(texts, sense)]


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
    except (CalamineError, ZipError, OverflowError) as error:  # the last: a length of time that Python does not know
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
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise Unreadable(UnreadableReason.TOO_LARGE)
            for part in packed.infolist():
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml") and len(found) < 20:
                    found += [cell.decode() for cell in _FORMULA_CELL.findall(packed.read(part))[:20]]
    except BROKEN as error:
        raise Unreadable(UnreadableReason.BROKEN) from error
    return tuple(found)


def _sheet(name: str, sheet: CalamineSheet, uncomputed: tuple[str, ...], *, is_hidden: bool) -> SheetData:
    if sheet.height > MAX_ROWS:
        raise Unreadable(UnreadableReason.TOO_MANY_ROWS)
    if sheet.width > MAX_COLUMNS:
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
