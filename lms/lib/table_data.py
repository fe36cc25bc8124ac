"""What a file of tables holds, and why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

MAX_ROWS = 50_000
MAX_COLUMNS = 300


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
    separator: str = ""
    """Between the cells of a CSV file; empty for other files."""
