"""Plain text that people write, as HTML; and its beginning."""

from __future__ import annotations

import re

from markupsafe import Markup

BEGINNING = 200
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]*[^\s<>\"'“”.,;:!?()\[\]{}]")
"""Without the punctuation that ends a sentence or a bracket."""
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def as_html(text: str) -> Markup:
    """Empty lines separate paragraphs, single line ends stay, addresses are links. Markup in it is escaped."""
    paragraphs = [part for part in _BREAK.split(text.strip()) if part]
    return Markup("\n").join(Markup("<p>") + _lines(part) + Markup("</p>") for part in paragraphs)


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(map(_linked, paragraph.split("\n")))


def _linked(line: str) -> Markup:
    found, at = Markup(), 0
    for address in _ADDRESS.finditer(line):
        link = Markup('<a href="{0}" rel="noopener nofollow">{0}</a>').format(address[0])
        found, at = found + line[at : address.start()] + link, address.end()
    return found + line[at:]


def beginning(text: str) -> str:
    """The first words, on one line."""
    words = " ".join(text.split())
    if len(words) <= BEGINNING:
        return words
    cut = words[:BEGINNING].rpartition(" ")[0] or words[:BEGINNING]
    return f"{cut} …"
