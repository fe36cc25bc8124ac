"""The text within HTML elements as leaves, which ``inline_writing`` writes as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lms.content.markdown.html_cleaning import has_style, without_junk
from lms.content.markdown.html_footnotes import FOOTNOTE_REFERENCE
from lms.content.markdown.html_nodes import HtmlNode
from lms.content.markdown.inline_writing import RAW, Leaf, TextMark, picture

_MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "strike": "del"}
_MARKS |= {name: name for name in RAW}
_STYLED = ("strong", "em", "del", "sub", "sup")
_FOLLOWED = re.compile(r"(?:https?:|mailto:|tel:|#(?!_)|[^:#?]+(?:[/?#]|$))", re.IGNORECASE)
"""The addresses that stay links: of the web, of mail and telephones, and within the site. ``#_`` is a mark of Word."""


@dataclass(frozen=True)
class HtmlPicture:
    """An ``<img>`` of the HTML."""

    source: str
    alt: str
    width: int | None = None
    height: int | None = None


PictureTarget = Callable[[HtmlPicture], str | None]
"""The path or address of a picture; None leaves its description as text."""


@dataclass(frozen=True)
class InlineReader:
    picture_target: PictureTarget

    def leaves(
        self, children: Sequence[HtmlNode | str], marks: tuple[TextMark, ...] = (), *, in_heading: bool = False
    ) -> Iterator[Leaf]:
        for one in children:
            if isinstance(one, str):
                yield Leaf("text", without_junk(one), marks)
            else:
                yield from self._element(one, marks, in_heading)

    def _element(self, node: HtmlNode, marks: tuple[TextMark, ...], in_heading: bool) -> Iterator[Leaf]:
        match node.tag:
            case "br":
                yield Leaf("break", "", marks)
            case "img":
                yield self._picture(node, marks)
            case "input":
                return
            case "code" | "samp" | "tt" if not node.has_blocks:
                text = without_junk(node.text)
                if text.strip():
                    yield Leaf("code", text, marks)
            case "q":
                yield Leaf("text", "“", marks)
                yield from self.leaves(node.children, marks, in_heading=in_heading)
                yield Leaf("text", "”", marks)
            case _ if node.tag == FOOTNOTE_REFERENCE:
                yield Leaf("raw", f"[^{node.text}]", marks)
            case "sup" if any(one.tag == FOOTNOTE_REFERENCE for one in node.walk()):
                yield from self.leaves(node.children, marks, in_heading=in_heading)
            case _:
                own = tuple(mark for mark in _marks(node, in_heading) if mark not in marks)
                yield from self.leaves(node.children, (*marks, *own), in_heading=in_heading)

    def _picture(self, node: HtmlNode, marks: tuple[TextMark, ...]) -> Leaf:
        alt = without_junk(node.attrs.get("alt", ""))
        sizes = (node.attrs.get(name, "") for name in ("width", "height"))
        width, height = (int(one) if re.fullmatch("[0-9]{1,5}", one) else None for one in sizes)
        source = node.attrs.get("src", "").strip()
        target = self.picture_target(HtmlPicture(source, alt, width, height)) if source else None
        if target is None:
            return Leaf("text", alt, marks)
        return Leaf("raw", picture(alt, target, without_junk(node.attrs.get("title", ""))), marks)


def _marks(node: HtmlNode, in_heading: bool) -> Iterator[TextMark]:
    if node.tag == "a":
        address = without_junk(node.attrs.get("href", "")).strip()
        if _FOLLOWED.match(address):
            yield TextMark("a", address, without_junk(node.attrs.get("title", "")))
        return
    if node.tag == "u" and any(one.tag == "a" for one in node.walk()):
        return
    named = _MARKS.get(node.tag)
    weight = node.style.get("font-weight", "")
    if named and not (named == "strong" and (weight == "normal" or re.fullmatch("[1-5]00", weight))):
        yield TextMark(named, "", without_junk(node.attrs.get("title", "")) if named == "abbr" else "")
    for one in _STYLED:
        if one != named and node.attrs.get("style") and has_style(node, one) and not (in_heading and one == "strong"):
            yield TextMark(one)
