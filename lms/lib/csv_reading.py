"""Reading CSV files, which do not say how they are written.

The encoding, the separator and the quotation marks are those that make the most sense of the rows. Counting commas
would not do: names have more of them than lists have columns.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.lib.table_data import MAX_COLUMNS, MAX_ROWS, Cell, SheetData, Unreadable, UnreadableReason

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

Sense = Callable[[SheetData], float]
SEPARATORS = ";,\t|"
QUOTES = "\"'"
SAMPLE_LINES = 300
_SEPARATOR_LINE = re.compile(r"sep=([^\w\r\n'\"])\r?\n")
"""Written by some programs as a hint for spreadsheets."""
_QUOTED_LINE = re.compile(r'^"((?:[^"\r\n]|"")*)"(?=\r?$)', re.MULTILINE)
_QUOTED = re.compile(r"""(["'])(.*)\1""", re.DOTALL)


@dataclass(frozen=True)
class _Reading:
    """One way to read a file. ``lines_above`` were cut off."""

    text: str
    separator: str
    quote: str
    lines_above: int = 0

    def sample(self) -> SheetData:
        """The first rows, as far as they can be read."""
        lines = itertools.islice(io.StringIO(self.text, newline=""), SAMPLE_LINES)
        rows: list[tuple[int, list[Cell]]] = []
        with suppress(Unreadable):
            rows.extend(self._rows(csv.reader(lines, delimiter=self.separator, quotechar=self.quote)))
        return SheetData("", rows, separator=self.separator)

    def table(self) -> SheetData:
        """:raises Unreadable: a quotation mark is open, or there are too many rows or none."""
        text = io.StringIO(self.text, newline="")
        try:
            rows = list(self._rows(csv.reader(text, delimiter=self.separator, quotechar=self.quote, strict=True)))
        except Unreadable as error:
            rows = self._rows_with_quotes_as_text() if error.why is UnreadableReason.QUOTES else []
            if not rows:
                raise
        if not rows:
            raise Unreadable(UnreadableReason.EMPTY)
        return SheetData("", rows, separator=self.separator)

    def _rows_with_quotes_as_text(self) -> list[tuple[int, list[Cell]]]:
        """Read cells such as ``"Aceng" Santoso``; empty if a quotation mark has no counterpart in its cell."""
        text = io.StringIO(self.text, newline="")
        reader = csv.reader(text, delimiter=self.separator, quoting=csv.QUOTE_NONE)
        rows = list(self._rows(reader))
        if any(cell.count(self.quote) % 2 for _number, cells in rows for cell in cells if isinstance(cell, str)):
            return []
        return [(number, [_unquoted(cell, self.quote) for cell in cells]) for number, cells in rows]

    def _rows(self, reader: CsvReader) -> Iterator[tuple[int, list[Cell]]]:
        """The rows that are not empty, each with the number of its first line.

        :raises Unreadable: a quotation mark is open, or there are too many rows.
        """
        line, count = self.lines_above + 1, 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    count += 1
                    yield line, [cell or None for cell in cells[:MAX_COLUMNS]]
                line = self.lines_above + reader.line_num + 1
                if count > MAX_ROWS:
                    raise Unreadable(UnreadableReason.TOO_MANY_ROWS)
        except csv.Error as error:
            raise Unreadable(UnreadableReason.QUOTES, line) from error


def decoded(data: bytes) -> list[str]:
    """The texts that the bytes can stand for.

    :raises Unreadable: they are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        texts = [_decoded(data, "utf-16")]
    elif b"\0" in data[:2000]:
        texts = [_decoded(data, "utf-16-le"), _decoded(data, "utf-16-be")]
    else:
        texts = [_decoded(data, "utf-8-sig") or _line_by_line(data)]
    found = [text for text in texts if text and "\0" not in text]
    if not found:
        raise Unreadable(UnreadableReason.NOT_TEXT)
    return found


def read_csv(texts: Sequence[str], sense: Sense) -> SheetData:
    """Read a file in the way that makes the most sense.

    :raises Unreadable: a quotation mark is open, or there are too many rows or none.
    """
    readings = [reading for text in texts for reading in _readings(text)]
    return max(readings, key=lambda reading: _sense(reading, sense)).table()


def consistency(table: SheetData) -> float:
    """The share of rows with the most usual number of cells; 0 if that is one."""
    widths = Counter(len(cells) for _number, cells in table.rows)
    [(width, count)] = widths.most_common(1) or [(1, 0)]
    return count / len(table.rows) if width > 1 else 0.0


def _readings(text: str) -> Iterable[_Reading]:
    hint = _SEPARATOR_LINE.match(text)
    if hint:
        text = text[hint.end() :]
    whole_lines = _QUOTED_LINE.sub(lambda line: line[1].replace('""', '"'), text)
    for version in dict.fromkeys([text, whole_lines]):
        for separator in hint[1] if hint else SEPARATORS:
            for quote in QUOTES:
                yield _Reading(version, separator, quote, 1 if hint else 0)


def _sense(reading: _Reading, sense: Sense) -> tuple[float, float]:
    table = reading.sample()
    cells = [cell for _number, row in table.rows for cell in row if isinstance(cell, str)]
    if reading.quote != QUOTES[0] and any(cell.count(QUOTES[0]) % 2 for cell in cells):
        return -1, 0
    quoted = sum(_QUOTED.fullmatch(cell) is not None for cell in cells)
    return sense(table), consistency(table) - quoted / max(1, len(cells))


def _unquoted(cell: Cell, quote: str) -> Cell:
    is_quoted = isinstance(cell, str) and len(cell) > 1 and cell.startswith(quote) and cell.endswith(quote)
    return cell[1:-1].replace(quote * 2, quote) or None if is_quoted and isinstance(cell, str) else cell


def _decoded(data: bytes, encoding: str) -> str:
    """Empty if the bytes are not of this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _line_by_line(data: bytes) -> str:
    """Decode a list that was put together from files of two encodings; empty if a line is in neither of them."""
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    texts = [_decoded(line, "utf-8") or _decoded(line, "cp1252") for line in lines]
    return "".join(texts) if all(texts) else ""
