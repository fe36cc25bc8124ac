"""The parts of a rendered text: what its second-level headings divide it into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from lms.content.items.base import WORDS_PER_MINUTE

MIN_PARTS = 3
"""A text with fewer headings is short enough to be seen without a list of them."""

_VOID = frozenset({"br", "hr", "img", "input", "source", "track", "wbr"})
_UNCOUNTED = frozenset({"details", "label", "math", "pre"})
"""No code, no formulas, and of questions only what is asked."""
_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")


@dataclass(frozen=True)
class Part:
    """``anchor`` is the id of the heading; ``words`` are those up to the next part."""

    anchor: str
    title: str
    words: int


@dataclass(frozen=True)
class TextParts:
    """``parts`` is empty where they are too few to be listed; all words then stand before the first."""

    words_before: int
    parts: tuple[Part, ...]

    @property
    def words(self) -> list[int]:
        """The number of words before the first heading, and in each part."""
        return [self.words_before, *(part.words for part in self.parts)]

    def number(self, anchor: str | None) -> int | None:
        """Counted from 1; None if the text has no such part, or no longer."""
        return next((number for number, part in enumerate(self.parts, start=1) if part.anchor == anchor), None)

    def minutes_from(self, number: int) -> int:
        """The time to read from the beginning of part ``number`` to the end, rounded as that of the whole."""
        return max(1, round(sum(self.words[number:]) / WORDS_PER_MINUTE))

    @property
    def seconds(self) -> list[int]:
        """The time to read what stands before the first heading, and each part."""
        return [round(60 * words / WORDS_PER_MINUTE) for words in self.words]


def parts_of(html: str) -> TextParts:
    """``html`` is what this package has rendered, by any version of it; headings without an id are no parts."""
    reader = _Reader(html)
    if len(reader.found) < MIN_PARTS:
        return TextParts(sum(reader.words), ())
    parts = (
        Part(anchor, " ".join(title.split()), words)
        for (anchor, title), words in zip(reader.found, reader.words[1:], strict=True)
    )
    return TextParts(reader.words[0], tuple(parts))


class _Reader(HTMLParser):
    """Headings within a box, a quote or a list belong to the part around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.words = [0]
        self._open: list[str] = []
        self._in_heading = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        anchor = dict(attrs).get("id")
        if tag == "h2" and anchor and not self._open:
            self.found.append((anchor, ""))
            self.words.append(0)
            self._in_heading = True
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if not self._open:
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            anchor, title = self.found[-1]
            self.found[-1] = anchor, title + data
        if _UNCOUNTED.isdisjoint(self._open):
            self.words[-1] += len(_WORD.findall(data))
