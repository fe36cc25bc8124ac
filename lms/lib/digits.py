"""Whole numbers in what pages and files send: ids, counts and positions."""

from __future__ import annotations

MAX_ROW_NUMBER = 2**31 - 1
"""The largest id that PostgreSQL takes; SQLite would take more."""


def whole_number(text: str, *, most: int = MAX_ROW_NUMBER) -> int | None:
    """The number, if the text is nothing but ASCII digits and the number at most ``most``."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None
