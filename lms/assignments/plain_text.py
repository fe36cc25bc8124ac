"""Texts that learners submit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def tidy(text: str) -> str:
    """Normalize line ends, remove control characters and surrounding whitespace."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or (one >= " " and one != "\x7f")).strip()


def as_paragraphs(text: str) -> str:
    """Plain text as HTML: empty lines separate paragraphs, single line ends stay. Markup in it is escaped."""
    paragraphs = [part for part in _BREAK.split(tidy(text)) if part]
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(part)) for part in paragraphs)


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of a tidy text begin and end, in characters."""
    at = 0
    for found in _BREAK.finditer(text):
        if at < found.start():
            yield at, found.start()
        at = found.end()
    if at < len(text):
        yield at, len(text)


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in paragraph.split("\n"))
