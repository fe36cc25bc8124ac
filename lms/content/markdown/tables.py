"""The cells of a table's rows, with the places of their texts."""

from __future__ import annotations

import re

from lms.content.markdown.blocks import Passage
from lms.content.markdown.problems import SourcePosition

_BAR = re.compile(r"(?<!\\)\|")
_BEGINS_A_BLOCK = re.compile(
    r"^(\d{0,9})([.)](?=\s|$)|[-+*](?=\s|$)|#(?=#{0,5}(?:\s|$))|>|[-*_](?=(?:\s*[-*_]){2,}\s*$))"
)

Cell = tuple[str, SourcePosition]


def as_line(words: str) -> str:
    """The source of a cell: what begins a list, a quote or a heading elsewhere begins nothing here."""
    return _BEGINS_A_BLOCK.sub(r"\1\\\2", words)


def cells(body: Passage, line: int) -> list[Cell]:
    """The cells of a row and the positions of their text. A bar within a cell is written ``\\|``."""
    text = body.line(line)
    start = len(text) - len(text.lstrip())
    start += text.startswith("|", start)
    end = len(text.rstrip())
    end -= end > start and text.endswith("|", 0, end) and not text.endswith("\\|", 0, end)
    found = []
    for bar in [*(one.start() for one in _BAR.finditer(text, start, end)), end]:
        words = text[start:bar]
        column = start + len(words) - len(words.lstrip()) + 1
        found.append((words.strip().replace("\\|", "|"), body.position(line, column)))
        start = bar + 1
    return found
