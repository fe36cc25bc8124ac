"""The HTML of a question as Markdown. Its headings become strong: in a quiz, a heading opens a question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from lms.content.markdown.from_html import HtmlPicture, from_html
from lms.content.markdown.problems import Message, say

_LOST = re.compile(r"<(iframe|object|embed|video|audio|canvas|form|input|button|select|textarea)\b", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>", re.IGNORECASE)
_PLACE, _PLACES = "⟦formula {}⟧", re.compile("⟦formula ([0-9]+)⟧")
"""Where a formula of Moodle stands while the rest becomes Markdown."""
_FORMULA = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]|\$\$(.{1,500}?)\$\$", re.DOTALL)


@dataclass
class MarkdownOfHtml:
    """``notes`` say what was lost."""

    text: str
    notes: list[Message] = field(default_factory=list)


def markdown_of_html(source: str, place: Callable[[str], str]) -> MarkdownOfHtml:
    """:param place: the address of a picture, by that in the HTML."""

    def target(found: HtmlPicture) -> str:
        return place(found.source)

    formulas: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        formulas.append(unescape(next(one for one in found.groups() if one is not None)))
        return _PLACE.format(len(formulas) - 1)

    html = _FORMULA.sub(put_aside, _PLACES.sub("", source))
    html = _HEADING.sub(lambda found: "</strong></p>" if found[1] else "<p><strong>", html)
    markdown = from_html(html, target).strip("\n")
    return MarkdownOfHtml(
        _PLACES.sub(lambda found: f"${' '.join(formulas[int(found[1])].split())}$", markdown),
        [
            say("a part that a course cannot show (%(tag)s) was left out", tag=f"<{found[1].lower()}>")
            for found in _LOST.finditer(source)
        ],
    )
