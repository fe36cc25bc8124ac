"""The state of one rendering."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from lms.content.rendering.clips import Clip
from lms.content.rendering.escaping import ITEM_CLOSE, ITEM_OPEN, PART_CLOSE, PART_OPEN
from lms.content.rendering.sanitizing import MAX_DEPTH, MAX_LINK_TEXT, SCHEMES, TextTooComplex, scheme_of
from lms.content.text import Loss, PageTexts

IDS_OF_THE_PAGE = frozenset({"main"})
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class LinkTarget:
    """The address of a link on the site; for pictures also their size in pixels, if known."""

    url: str
    width: int | None = None
    height: int | None = None
    versions_at: str = ""
    versions: tuple[tuple[str, int, int], ...] = ()
    """Format, width and bytes of each version of a picture; ``versions_at`` is their address without its last part."""
    clip: Clip | None = None
    element: str = ""
    """``video`` or ``audio`` for what a player plays."""
    captions: tuple[tuple[str, str], ...] = ()
    """Language and address."""
    document: str = ""
    """The type of what opens in another program, as a link says it."""
    bytes: int = 0

    @property
    def plain_url(self) -> str:
        """The address for a link: never the original of a picture with versions, which may say where it was taken."""
        old = [(width, kind) for kind, width, _size in self.versions if kind in ("jpg", "png")]
        return f"{self.versions_at}{max(old)[0]}.{max(old)[1]}" if old else self.url


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class RendererLabels:
    """The words that the renderer adds to a text, in the text's language."""

    table: str
    footnotes: str
    footnote: str
    back: str
    boxes: dict[str, str]
    video: str = "Video"
    audio: str = "Rekaman suara"
    download: str = "Unduh"
    captions: str = "Teks"
    elsewhere: str = "membuka %s, di luar situs ini"
    cost: str = "sekitar %s MB"
    cost_per_minute: str = "sekitar %s MB tiap menit"
    decimal_mark: str = ","


LABELS = {
    "id": RendererLabels(
        table="Tabel",
        footnotes="Catatan kaki",
        footnote="Catatan kaki",
        back="Kembali ke teks",
        boxes={"note": "Catatan", "tip": "Kiat", "warning": "Peringatan", "example": "Contoh"},
    ),
    "en": RendererLabels(
        table="Table",
        footnotes="Footnotes",
        footnote="Footnote",
        back="Back to text",
        boxes={"note": "Note", "tip": "Tip", "warning": "Warning", "example": "Example"},
        audio="Recording",
        download="Download",
        captions="Captions",
        elsewhere="opens %s, outside this site",
        cost="about %s MB",
        cost_per_minute="about %s MB a minute",
        decimal_mark=".",
    ),
}

Resolve = Callable[[str], LinkTarget | None]


def nowhere(path: str) -> None:
    """Resolve no relative link."""


@dataclass
class RenderState:
    labels: RendererLabels
    resolve: Resolve = nowhere
    prefix: str = ""
    page: PageTexts = field(default_factory=PageTexts)
    """What the texts above this one on the page have used."""
    is_of_learner: bool = False
    """A line break in the source is then one on the page, and nothing else is made of what was typed."""
    heading_prefix: str | None = None
    """None: the same as ``prefix``."""
    shift: int = 0
    """1 if the text has headings of level 1: all levels then move down, because the page has its own h1."""
    headings: list[Heading] = field(default_factory=list)
    items: list[dict[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)
    _taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IDS_OF_THE_PAGE, 0))
    _link_text: int = 0
    _details: int = 0

    def part(self, markup: str) -> str:
        """Set finished HTML aside and return the mark that stands for it until the rest is sanitized."""
        self.parts.append(markup)
        return f"{PART_OPEN}{len(self.parts) - 1}{PART_CLOSE}"

    def item(self, **attributes: str) -> str:
        """Return the mark that stands for these attributes at the start of a list item."""
        self.items.append(attributes)
        return f"{ITEM_OPEN}{len(self.items) - 1}{ITEM_CLOSE}"

    def share_anchors(self) -> None:
        """Tell headings apart from those of other texts on the page by their names, instead of by ``prefix``."""
        for name in IDS_OF_THE_PAGE:
            self.page.anchors.setdefault(name, 0)
        self._taken, self.heading_prefix = self.page.anchors, ""

    def heading(self, level: int, text: str, name: str = "") -> Heading:
        """Give a heading its ``name``, or the anchor that a Git host gives it, so that links work in both places."""
        anchor = wanted = self._anchor(name or text) or self._anchor("bagian")
        while anchor in self._taken:
            self._taken[wanted] += 1
            anchor = f"{wanted}-{self._taken[wanted]}"
        self._taken[anchor] = 0
        heading = Heading(min(6, level + self.shift), anchor, text)
        self.headings.append(heading)
        return heading

    def target(self, address: str, *, picture: bool = False) -> LinkTarget | None:
        """Where a link leads, or None if it must not be a link. Pictures must come from the course itself."""
        self._link_text += len(address)
        if self._link_text > MAX_LINK_TEXT:  # one long reference, used ten thousand times
            raise TextTooComplex("the addresses of links are too long altogether")
        if address.startswith("#"):
            return None if picture else LinkTarget("#" + self._anchor(unquote(address[1:])))
        scheme = scheme_of(address)
        if address.startswith("//") or (scheme and (picture or scheme not in SCHEMES)):
            return None
        if scheme:
            return LinkTarget(address)
        path = unquote(address)
        return self.resolve(path) if path.isprintable() and not scheme_of(path.strip()) else None

    def open_details(self, more: int) -> None:
        """Count open <details> tags: an author may close them much later, or never."""
        self._details = max(0, self._details + more)
        if self._details > MAX_DEPTH:
            raise TextTooComplex("too many <details> within each other")

    def _anchor(self, text: str) -> str:
        slug = self._slug(text)
        return (self.prefix if self.heading_prefix is None else self.heading_prefix) + slug if slug else ""

    @staticmethod
    def _slug(text: str) -> str:
        return _NOT_IN_ANCHORS.sub("", text.strip().lower()).replace(" ", "-")
