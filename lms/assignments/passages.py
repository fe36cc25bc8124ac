"""Passages of a submitted text: finding words in it, and the text as HTML with the passages marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from lms.assignments.plain_text import paragraph_spans


@dataclass(frozen=True)
class Passage:
    """From the character ``starts`` up to ``ends`` of a text, both counted from 0."""

    starts: int
    ends: int

    def overlaps(self, other: Passage) -> bool:
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class MarkedPassage(Passage):
    """``number`` is what the reader sees; ``key`` tells it apart on the page, whatever else is on it."""

    number: int
    key: str


def places(text: str, quote: str) -> Iterator[Passage]:
    """Where the words of ``quote`` stand in ``text``, in order. Spaces and line ends may differ."""
    words = quote.split()
    if words:
        for found in re.finditer(r"\s+".join(map(re.escape, words)), text):
            yield Passage(*found.span())


def place_of(text: str, quote: str, taken: Sequence[Passage], starts: int | None = None) -> Passage | None:
    """The place of ``quote`` that begins at ``starts``; without one there, the first that overlaps none of ``taken``,
    or else the first. None: it is not in the text."""
    found = list(places(text, quote))
    exact = (one for one in found if one.starts == starts)
    free = (one for one in found if not any(one.overlaps(other) for other in taken))
    return next(exact, None) or next(free, None) or next(iter(found), None)


def marked_html(text: str, passages: Iterable[MarkedPassage], word: str) -> Markup:
    """``plain_text.as_paragraphs`` with each passage marked, and its number behind it as a link to ``#note-<key>``.

    ``word`` stands before the number for those who hear it. Each paragraph says at which character it begins.
    """
    marks = sorted(passages, key=lambda one: one.ends)
    parts = [
        Markup('<p data-starts="{}">{}</p>').format(span.starts, _paragraph(text, span, marks, word))
        for span in (Passage(*one) for one in paragraph_spans(text))
    ]
    return Markup("\n").join(parts)


def _paragraph(text: str, span: Passage, marks: Sequence[MarkedPassage], word: str) -> Markup:
    """A passage that goes on in the next paragraph has its number where it ends."""
    inside = [one for one in marks if one.overlaps(span)]
    edges = {span.starts, span.ends, *(one.starts for one in inside), *(one.ends for one in inside)}
    cuts = sorted(edge for edge in edges if span.starts <= edge <= span.ends)
    html = Markup("")
    for starts, ends in pairwise(cuts):
        piece = Passage(starts, ends)
        lines = Markup("<br>\n").join(escape(line) for line in text[starts:ends].split("\n"))
        html += Markup("<mark>{}</mark>").format(lines) if any(one.overlaps(piece) for one in inside) else lines
        for one in inside:
            if one.ends == ends:
                html += Markup('<a class="ref" id="passage-{0}" href="#note-{0}" aria-label="{1} {2}">{2}</a>').format(
                    one.key, word, one.number
                )
    return html
