"""Gaps in a stem: ``[[satu|1]]`` to type in, ``[[=terbuka|rahasia]]`` to choose from.

They are read before Markdown. To know which of them stand in code or a formula, and where the others are in the HTML,
each becomes a word that the text does not have otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lms.content.text import Text

BAR = re.compile(r"\\?\|")
_GAP = re.compile(r"(?<!\\)\[\[([^\[\]\n]{1,1000})\]\](?![(\[])")
_MARK = re.compile(r'<span class="gap">\(([0-9]+)\) _{6}</span>')
"""As it was stored; what was stored once is read forever. Authors' HTML has no such class."""
_TAG = re.compile(r"<[^<>]*>")
_CLOSING = re.compile(r"[.,;:!?)%’”]*")

Place = Literal["text", "literal", "elsewhere"]


@dataclass(frozen=True)
class GapSource:
    """``inside`` is what stands between the brackets. ``place``: in ``text``; ``literal`` in code or a formula;
    ``elsewhere``, where no input can stand: in a link, a picture's description or HTML."""

    start: int
    end: int
    inside: str
    place: Place
    is_in_table: bool = False


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    reader.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    reader.parse("a")
    return reader


def gaps_in(source: str) -> list[GapSource]:
    """What looks like a gap, in the order of the text."""
    found = list(_GAP.finditer(source))
    if not found:
        return []
    words = _words(source, len(found))
    hidden_source = _replaced(source, [one.span() for one in found], words)
    places = {word: where for word, *where in _places(_reader().parse(hidden_source), words)}
    return [
        GapSource(one.start(), one.end(), one[1], *places.get(word, ("elsewhere",)))
        for one, word in zip(found, words, strict=True)
    ]


def without_gaps(source: str) -> str:
    """Replace the gaps, as in titles, which learners see."""
    return _GAP.sub("…", source)


def _words(source: str, count: int) -> list[str]:
    salt = next(number for number in range(len(source) + 1) if f"isian{number}x" not in source)
    return [f"isian{salt}x{number}x" for number in range(1, count + 1)]


def _replaced(source: str, spans: Sequence[tuple[int, int]], words: Sequence[str]) -> str:
    parts, at = [], 0
    for (start, end), word in zip(spans, words, strict=True):
        parts += [source[at:start], word]
        at = end
    return "".join([*parts, source[at:]])


def _places(
    tokens: Sequence[Token], words: Sequence[str], is_in_table: bool = False
) -> Iterator[tuple[str, Place, bool]]:
    links = 0
    for token in tokens:
        links += (token.type == "link_open") - (token.type == "link_close")
        if token.type in ("table_open", "table_close"):
            is_in_table = token.type == "table_open"
        if token.type == "inline":
            yield from _places(token.children or (), words, is_in_table)
            continue
        place: Place = "elsewhere"
        if token.type == "text" and not links:
            place = "text"
        elif token.type in ("code_inline", "code_block", "fence") or token.type.startswith("math"):
            place = "literal"
        for word in words:
            if word in token.content:
                yield word, place, is_in_table


@dataclass(frozen=True)
class HiddenGaps:
    """A stem whose gaps are words without their answers; what is not a gap stays as written."""

    text: Text
    words: tuple[str, ...]


def hidden(stem: Text) -> HiddenGaps:
    found = [one for one in gaps_in(stem.source) if one.place == "text"]
    words = _words(stem.source, len(found))
    source = _replaced(stem.source, [(one.start, one.end) for one in found], words)
    return HiddenGaps(replace(stem, source=source), tuple(words))


def with_marks(html: str, words: Sequence[str]) -> str:
    """Marks in the place of the words. One that the renderer did not leave in its place stands at the end."""
    for number, word in enumerate(words, start=1):
        mark = f'<span class="gap">({number}) ______</span>'
        in_tags = sum(word in tag for tag in _TAG.findall(html))
        if html.count(word) == 1 and not in_tags:
            html = html.replace(word, mark)
        else:
            html = f"{html.replace(word, '')}<p>{mark}</p>"
    return html


class StemPiece(NamedTuple):
    """HTML, and the number of the gap after it, 0 after the last. ``closing`` is the punctuation that follows the gap
    at once and may not stand alone on a line."""

    html: Markup
    number: int
    closing: str


def pieces(html: str) -> Iterator[StemPiece]:
    """The stem cut at its gaps."""
    at = 0
    for found in _MARK.finditer(html):
        closing = _CLOSING.match(html, found.end())
        assert closing is not None  # it may be empty
        yield StemPiece(Markup(html[at : found.start()]), int(found[1]), closing[0])  # noqa: S704 - made by the renderer
        at = closing.end()
    yield StemPiece(Markup(html[at:]), 0, "")  # noqa: S704
