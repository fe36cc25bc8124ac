"""Writing XLSX and CSV files row by row, in constant memory.

Text stays text (a NIP keeps its digits, ``=1+1`` is not a formula), numbers are numbers, dates are dates.
``tables_reading`` reads such files.

CSV is written for Indonesian spreadsheets: UTF-8 with a byte order mark, ``;`` between cells and a decimal comma. A
text that a spreadsheet would take for a formula, or for a number that is too long for it, is prefixed with ``'``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "number", "date", "moment", "percent"]

MAX_ROWS = 1_048_576
"""Per sheet, a limit of the file format."""
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters of texts that a spreadsheet may take for a formula."""
EXACT_DIGITS = 15
"""Spreadsheets lose the last digits of longer numbers."""

_FORMATS: dict[Kind, dict[str, str]] = {
    "text": {"num_format": "@"},
    "number": {"num_format": "General"},
    "date": {"num_format": "d mmm yyyy"},
    "moment": {"num_format": "d mmm yyyy hh:mm"},
    "percent": {"num_format": "0%"},
}
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_ROWS_WITH_CHOICES = 5_000


@dataclass(frozen=True)
class Column:
    """A column's heading and the kind of its cells; None is an empty cell.

    ``moment`` is a datetime that is already in the reader's time zone. ``percent`` is a
    fraction: 1 means 100 %. ``choices`` are offered in a list but not enforced.
    """

    title: str
    kind: Kind
    width: int = 18
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table. ``head`` are the lines above it, such as its title, its date and its filters.

    ``is_hidden``: for a program that reads the file again, not for people.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    head: Sequence[str] = ()
    is_hidden: bool = False


def write_xlsx(out: BinaryIO, *sheets: Sheet) -> None:
    """Write an XLSX file with ``sheet.head`` above a frozen header row with filters, ready to print on A4.

    :raises ValueError: there are more rows than a sheet can have.
    """
    from xlsxwriter import Workbook  # imported here because it takes 11 MiB

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        look = {kind: book.add_format(values) for kind, values in _FORMATS.items()}
        title = book.add_format({"bold": True, "font_size": 14})
        header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE9EE", "border": 1})
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.title))
            if sheet.is_hidden:
                page.hide()
            _write_sheet(page, sheet, look, title, header)


def _write_sheet(page: Worksheet, sheet: Sheet, look: dict[Kind, Format], title: Format, header: Format) -> None:
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width, look[column.kind])
    for row, line in enumerate(sheet.head):
        page.write_string(row, 0, line, title if row == 0 else None)
    top = len(sheet.head) + 1 if sheet.head else 0
    for position, column in enumerate(sheet.columns):
        page.write_string(top, position, column.title, header)
        if column.choices:
            offered = {"validate": "list", "source": list(column.choices), "error_type": "information"}
            page.data_validation(top + 1, position, top + _ROWS_WITH_CHOICES, position, offered)
    row = top
    for row, cells in enumerate(sheet.rows, start=top + 1):
        if row >= MAX_ROWS:
            raise ValueError("more rows than a sheet can have")
        for position, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            if cell is not None:
                _write_cell(page, row, position, column.kind, cell, look[column.kind])
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, row, len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write_cell(page: Worksheet, row: int, position: int, kind: Kind, cell: Any, look: Format) -> None:
    if kind == "text":
        page.write_string(row, position, str(cell), look)
    elif kind in ("number", "percent"):
        page.write_number(row, position, cell, look)
    else:
        page.write_datetime(row, position, _without_zone(cell), look)


def _without_zone(cell: Any) -> Any:
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _sheet_name(title: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub(" ", title)[:_LONGEST_SHEET_NAME].strip() or "1"


def write_csv(out: BinaryIO, sheet: Sheet) -> None:
    """Write the header row and the rows, without ``sheet.head``."""
    ways = [_CSV_CELLS[column.kind] for column in sheet.columns]
    with _as_text(out) as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow([_inert(column.title) for column in sheet.columns])
        for cells in sheet.rows:
            writer.writerow(
                ["" if cell is None else way(cell) for way, cell in zip(ways, cells, strict=True)],
            )


@contextmanager
def _as_text(out: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """A text stream on ``out``, which stays open."""
    stream = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield stream
        stream.flush()
    finally:
        stream.detach()


def _inert(text: str) -> str:
    """Prefix the text with ``'`` if a spreadsheet would compute it or drop some of its digits."""
    is_long_number = len(text) > EXACT_DIGITS and text.isdecimal()
    return f"'{text}" if text.startswith(COMPUTED) or is_long_number else text


def _csv_number(cell: Any) -> str:
    return str(cell).replace(".", ",")


_CSV_CELLS: dict[Kind, Callable[[Any], str]] = {
    "text": lambda cell: _inert(str(cell)),
    "number": _csv_number,
    "percent": lambda cell: f"{_csv_number(round(cell * 100, 2))}%",
    "date": lambda cell: cell.isoformat(),
    "moment": lambda cell: f"{cell:%Y-%m-%d %H:%M}",
}
