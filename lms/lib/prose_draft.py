"""What one rendering remembers while it is under way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from lms.lib.prose_safety import MAX_DEPTH, MAX_LINK_TEXT, SCHEMES, ProseTooComplex, scheme_of
from lms.lib.prose_seal import ITEM_CLOSE, ITEM_OPEN, PART_CLOSE, PART_OPEN

IDS_OF_THE_PAGE = frozenset({"main"})
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Target:
    """Where a relative link leads on the site; a picture's size in pixels where it is known."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Words:
    """The few words that the renderer itself puts into a text, in the text's language."""

    table: str
    footnotes: str
    footnote: str
    back: str
    boxes: dict[str, str]


WORDS = {
    "id": Words(
        table="Tabel",
        footnotes="Catatan kaki",
        footnote="Catatan kaki",
        back="Kembali ke teks",
        boxes={"note": "Catatan", "tip": "Kiat", "warning": "Peringatan", "example": "Contoh"},
    ),
    "en": Words(
        table="Table",
        footnotes="Footnotes",
        footnote="Footnote",
        back="Back to text",
        boxes={"note": "Note", "tip": "Tip", "warning": "Warning", "example": "Example"},
    ),
}

Resolve = Callable[[str], Target | None]


def nowhere(path: str) -> None:
    """Resolve no relative link at all."""


@dataclass
class Draft:
    words: Words
    resolve: Resolve = nowhere
    prefix: str = ""
    breaks: bool = False
    """Whether a line end typed by the author breaks the line on the page."""
    shift: int = 0
    """One where the author uses level 1, for the page has its own h1: then all levels move down."""
    headings: list[Heading] = field(default_factory=list)
    items: list[dict[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    _taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IDS_OF_THE_PAGE, 0))
    _link_text: int = 0
    _details: int = 0

    def part(self, markup: str) -> str:
        """Keep finished HTML aside and give the mark that stands for it until the rest has been cleaned."""
        self.parts.append(markup)
        return f"{PART_OPEN}{len(self.parts) - 1}{PART_CLOSE}"

    def item(self, **attributes: str) -> str:
        """Give the mark that, at the start of a list item, stands for its attributes."""
        self.items.append({key.rstrip("_"): value for key, value in attributes.items()})
        return f"{ITEM_OPEN}{len(self.items) - 1}{ITEM_CLOSE}"

    def heading(self, level: int, text: str) -> Heading:
        """Name a heading as a Git host does, so that links to it work in both places."""
        anchor = wanted = self.prefix + (self._slug(text) or "bagian")
        while anchor in self._taken:
            self._taken[wanted] += 1
            anchor = f"{wanted}-{self._taken[wanted]}"
        self._taken[anchor] = 0
        heading = Heading(min(6, level + self.shift), anchor, text)
        self.headings.append(heading)
        return heading

    def target(self, address: str, *, picture: bool = False) -> Target | None:
        """Where a link leads, or None if it must not be one. Pictures come from the course alone."""
        self._link_text += len(address)
        if self._link_text > MAX_LINK_TEXT:  # one long reference, used ten thousand times
            raise ProseTooComplex("the addresses of links are too long altogether")
        if address.startswith("#"):
            return None if picture else Target("#" + self.prefix + self._slug(unquote(address[1:])))
        scheme = scheme_of(address)
        if address.startswith("//") or (scheme and (picture or scheme not in SCHEMES)):
            return None
        if scheme:
            return Target(address)
        path = unquote(address)
        return self.resolve(path) if path.isprintable() and not scheme_of(path.strip()) else None

    def open_details(self, more: int) -> None:
        """Count what an author opens by hand, which may be closed much later or never."""
        self._details = max(0, self._details + more)
        if self._details > MAX_DEPTH:
            raise ProseTooComplex("too many <details> within each other")

    @staticmethod
    def _slug(text: str) -> str:
        return _NOT_IN_ANCHORS.sub("", text.strip().lower()).replace(" ", "-")
