"""Qualifications (kualifikasi): the word for a final score, from a table that an admin edits.

    90,01 Sangat Memuaskan
    80,01 Memuaskan

Each line has the lowest score of its band and the word for it.
"""

from __future__ import annotations

import re
from decimal import Decimal

LAN_SCALE = """\
90,01 Sangat Memuaskan
80,01 Memuaskan
70,01 Cukup Memuaskan
60,01 Kurang Memuaskan
0 Tidak Memuaskan"""
MAX_WORD_LENGTH = 60

Bands = list[tuple[Decimal, str]]
_LINE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s+(\S.*)")


class BadLine(ValueError):
    """``line`` is the text of a line that cannot be read."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read(table: str) -> Bands:
    """The bands, highest first.

    :raises BadLine: A line has no score of 0 to 100, no word or a very long one, or repeats a score.
    """
    bands: dict[Decimal, str] = {}
    for line in filter(None, map(str.strip, re.split(r"[\n;]", table))):
        found = _LINE.fullmatch(line)
        score = Decimal(found[1].replace(",", ".")) if found else Decimal(-1)
        if found is None or score > 100 or score in bands or len(found[2]) > MAX_WORD_LENGTH:
            raise BadLine(line)
        bands[score] = found[2]
    return sorted(bands.items(), reverse=True)


def word_for(score: Decimal | None, bands: Bands) -> str:
    """The word of the score's band; empty without a score, or below the lowest band."""
    if score is None:
        return ""
    return next((word for lowest, word in bands if score >= lowest), "")
