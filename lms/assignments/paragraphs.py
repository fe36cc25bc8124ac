"""Plain text as safe HTML: what a learner typed is shown as typed, and nothing in it is markup."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def tidy(text: str) -> str:
    """One kind of line end, no invisible control characters, nothing empty around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or (sign >= " " and sign != "\x7f")).strip()


def as_paragraphs(text: str) -> str:
    """Empty lines part paragraphs, single line ends stay line ends."""
    parts = [part for part in _BREAK.split(tidy(text)) if part]
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(part)) for part in parts)


def _lines(part: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in part.split("\n"))
