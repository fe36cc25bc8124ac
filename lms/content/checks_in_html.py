"""Where questions to check oneself stand in a module's stored HTML, and what the HTML of old revisions says of them.

Every release has written them as `lms.content.rendering.check_yourself` does. Authors cannot write the same: the
renderer lets none of the classes and attributes through by which a question is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from string import ascii_lowercase
from typing import Any, NamedTuple

from markupsafe import Markup

_OPENING = re.compile(r'<div class="check" role="group" aria-labelledby="([^"]*)">')
_DIV = re.compile(r"<(/?)div\b")
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_CHECK = re.compile(
    r'<div class="check__stem" id="[^"]*">(?P<stem>.*?)</div>'
    r'(?P<inputs>(?:<label class="choice"|<input name=).*?)'
    r"<details><summary>[^<]*</summary>(?P<answers>.*)</details></div>",
    re.DOTALL,
)
_OPTION = re.compile(
    r'<label class="choice"(?P<right> data-right)?><input type="(?P<type>radio|checkbox)" name="[^"]*">'
    r'<span>(?P<text>.*?)</span></label>(?=<label class="choice"|\Z)',
    re.DOTALL,
)
_FEEDBACK = r'<(?:br><span|div) class="soft">(.*?)</(?:span|div)>'
"""In a ``span`` by releases that let no lists into it."""
_ACCEPTED = re.compile(r"<p><b>[^<]*</b> (?P<texts>[^<]*)</p>(?P<explanation>.*)", re.DOTALL)
_BETWEEN = " / "
_LONGEST_TITLE = 300


class NearestHeading(NamedTuple):
    """``anchor`` is its id. ``title`` is plain text."""

    anchor: str
    title: str


class Piece(NamedTuple):
    """Prose, or a question if it has a ``key``. ``heading`` is the nearest one above."""

    html: str
    key: str = ""
    heading: NearestHeading | None = None


def pieces(html: str) -> Iterator[Piece]:
    """A module's HTML, cut around its questions."""
    start, heading = 0, None
    while opening := _OPENING.search(html, start):
        prose = html[start : opening.start()]
        for found in _HEADING.finditer(prose):
            heading = NearestHeading(found[2], _plain(found[3]))
        yield Piece(prose)
        start = _end_of_div(html, opening.end())
        yield Piece(html[opening.start() : start], unescape(opening[1]), heading)
    yield Piece(html[start:])


def questions(html: str) -> list[dict[str, Any]]:
    """The questions of revisions that stored them as HTML alone, as JSON of `lms.content.stored`.

    What the HTML does not say is lost until the course is imported again: hints, and answers that earn a part of the
    points. A question that cannot be read is left out.
    """
    found = ((piece.key, _CHECK.search(piece.html)) for piece in pieces(html) if piece.key)
    read = (_question(key, check) for key, check in found if check)
    return [one for one in read if one]


def _question(key: str, check: re.Match[str]) -> dict[str, Any] | None:
    shared = {"id": key, "title": _plain(check["stem"])[:_LONGEST_TITLE], "stem": check["stem"]}
    options = list(_OPTION.finditer(check["inputs"]))
    return _choice(shared, options, check["answers"]) if options else _short_answer(shared, check["answers"])


def _choice(shared: dict[str, Any], options: list[re.Match[str]], answers: str) -> dict[str, Any] | None:
    lines = "".join(rf"<li><b>[^<]*</b> {re.escape(option['text'])}(?:{_FEEDBACK})?</li>" for option in options)
    told = re.fullmatch(rf'<ul class="check__answers">{lines}</ul>(.*)', answers, re.DOTALL)
    if told is None:
        return None
    *feedback, explanation = told.groups()
    return {
        "kind": "choice",
        **shared,
        "explanation": explanation or None,
        "options": [
            {
                "id": letter,
                "text": option["text"],
                "is_correct": option["right"] is not None,
                "feedback": said,
            }
            for letter, option, said in zip(ascii_lowercase, options, feedback, strict=False)
        ],
        "takes_several": options[0]["type"] == "checkbox",
    }


def _short_answer(shared: dict[str, Any], answers: str) -> dict[str, Any] | None:
    """Answers stand between slashes. One that has such a slash itself cannot be told from two."""
    told = _ACCEPTED.fullmatch(answers)
    if told is None:
        return None
    accepted = dict.fromkeys(unescape(told["texts"]).split(_BETWEEN), "1")
    return {
        "kind": "short_answer",
        **shared,
        "explanation": told["explanation"] or None,
        "accepted": [list(pair) for pair in accepted.items()],
    }


def _end_of_div(html: str, start: int) -> int:
    """Where the element ends whose opening tag ends at ``start``."""
    depth = 1
    for tag in _DIV.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return html.index(">", tag.end()) + 1
    return len(html)


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - it becomes text
