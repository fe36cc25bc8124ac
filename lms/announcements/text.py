"""The text of an announcement as HTML, and its beginning."""

from __future__ import annotations

import re

from jinja2.utils import urlize
from markupsafe import Markup

BEGINNING = 200
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def as_html(text: str) -> Markup:
    """Empty lines separate paragraphs, single line ends stay, addresses are links. Markup in it is escaped."""
    paragraphs = [part for part in _BREAK.split(text.strip()) if part]
    return Markup("\n").join(Markup("<p>") + _lines(part) + Markup("</p>") for part in paragraphs)


def _lines(paragraph: str) -> Markup:
    linked = (Markup(urlize(line, rel="noopener nofollow")) for line in paragraph.split("\n"))  # noqa: S704 - it escapes
    return Markup("<br>\n").join(linked)


def beginning(text: str) -> str:
    """The first words, on one line."""
    words = " ".join(text.split())
    if len(words) <= BEGINNING:
        return words
    cut = words[:BEGINNING].rpartition(" ")[0] or words[:BEGINNING]
    return f"{cut} …"
