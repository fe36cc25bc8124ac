"""Texts and links that learners submit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup, escape

MAX_LINK_LENGTH = 500
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


def is_https(address: str) -> bool:
    """True for a complete https address without spaces, user name or password."""
    if len(address) > MAX_LINK_LENGTH or not address.isprintable():
        return False
    if any(one.isspace() or one in '<>"' for one in address):
        return False
    try:
        parts = urlsplit(address)
        has_host = "." in (parts.hostname or "").strip(".")
        return parts.scheme == "https" and has_host and parts.username is None and parts.port in {None, 443}
    except ValueError:
        return False
