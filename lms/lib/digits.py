"""Whole numbers in what pages and files send: ids, counts and positions."""

from __future__ import annotations


def whole_number(text: str, *, most_digits: int = 10) -> int | None:
    """The number, if the text is nothing but ASCII digits and no more than ``most_digits``."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None
