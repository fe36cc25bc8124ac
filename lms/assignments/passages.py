"""Passages of a submitted text: finding words in it, and the text as HTML with the passages marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from lms.assignments.plain_text import paragraph_spans


@dataclass(frozen=True)
class TextPassage:
    """From the character ``starts`` up to ``ends`` of a text, both counted from 0."""

    starts: int
    ends: int

    def overlaps(self, other: TextPassage) -> bool:
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class MarkedPassage(TextPassage):
    """``number`` is what the reader sees; ``key`` tells it apart on the page, whatever else is on it."""

    number: int
    key: str


def passage_of(text: str, quote: str, taken: Sequence[TextPassage], starts: int | None = None) -> TextPassage | None:
    """Where the words of ``quote`` stand in ``text``: at ``starts``; without them there, the first place that overlaps
    none of ``taken``, or else the first. None: nowhere.

    Spaces and line ends may differ. Whole words go before parts of words, which become whole ones.
    """
    words = quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    if starts is not None and 0 <= starts < len(text) and (exact := pattern.match(text, starts)):
        return _whole_words(text, *exact.span())
    found = [(one.span(), _whole_words(text, *one.span())) for one in pattern.finditer(text)]
    found.sort(key=lambda one: one[0] != (one[1].starts, one[1].ends))
    free = (passage for _span, passage in found if not any(passage.overlaps(other) for other in taken))
    return next(free, found[0][1] if found else None)


def _whole_words(text: str, starts: int, ends: int) -> TextPassage:
    while starts > 0 and text[starts].isalnum() and text[starts - 1].isalnum():
        starts -= 1
    while ends < len(text) and text[ends - 1].isalnum() and text[ends].isalnum():
        ends += 1
    return TextPassage(starts, ends)


def marked_html(text: str, passages: Iterable[MarkedPassage], word: str) -> Markup:
    """``plain_text.as_paragraphs`` with each passage marked, and its number after it as a link to ``#note-<key>``.

    ``word`` comes before the number for screen readers. Each paragraph says at which character it begins.
    """
    marks = sorted(passages, key=lambda one: one.ends)
    parts = [
        Markup('<p data-starts="{}">{}</p>').format(span.starts, _paragraph(text, span, marks, word))
        for span in (TextPassage(*one) for one in paragraph_spans(text))
    ]
    return Markup("\n").join(parts)


def _paragraph(text: str, span: TextPassage, marks: Sequence[MarkedPassage], word: str) -> Markup:
    """A passage that goes on in the next paragraph has its number where it ends."""
    inside = [one for one in marks if one.overlaps(span)]
    edges = {span.starts, span.ends, *(one.starts for one in inside), *(one.ends for one in inside)}
    cuts = sorted(edge for edge in edges if span.starts <= edge <= span.ends)
    html = Markup("")
    for starts, ends in pairwise(cuts):
        piece = TextPassage(starts, ends)
        lines = Markup("<br>\n").join(escape(line) for line in text[starts:ends].split("\n"))
        html += Markup("<mark>{}</mark>").format(lines) if any(one.overlaps(piece) for one in inside) else lines
        for one in inside:
            if one.ends == ends:
                html += Markup('<sup><a id="passage-{0}" href="#note-{0}" aria-label="{1} {2}">{2}</a></sup>').format(
                    one.key, word, one.number
                )
    return html
