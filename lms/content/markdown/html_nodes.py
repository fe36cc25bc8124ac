"""Foreign HTML as a small tree, forgiving as a browser is where authors' programs are careless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

DEEPEST = 60
"""Elements that lie deeper are left out, their content is not."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
HIDDEN = _names(
    "applet audio canvas datalist embed head iframe link map math meta noscript object script select style svg"
    " template textarea title video xml o:p w:sdtpr"
)
"""Elements of which nothing is kept."""
BLOCKS = _names(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_CLOSED_BY = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
"""An element, those open ones that its start tag ends, and those at which the search for them stops."""


@dataclass(eq=False)
class HtmlNode:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[HtmlNode | str] = field(default_factory=list)

    def walk(self) -> Iterator[HtmlNode]:
        """The elements within, in the order of the text."""
        waiting = list(reversed(self.children))
        while waiting:
            one = waiting.pop()
            if isinstance(one, HtmlNode):
                yield one
                waiting += reversed(one.children)

    @property
    def text(self) -> str:
        parts: list[str] = []
        waiting: list[HtmlNode | str] = [self]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                parts.append(one)
            else:
                waiting += reversed(one.children)
        return "".join(parts)

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    @property
    def style(self) -> dict[str, str]:
        pairs = (one.partition(":") for one in self.attrs.get("style", "").lower().split(";"))
        return {name.strip(): value.strip() for name, _, value in pairs if value}

    @property
    def has_blocks(self) -> bool:
        return any(one.tag in BLOCKS for one in self.walk())


def parsed(html: str) -> HtmlNode:
    reader = _Reader()
    reader.feed(re.sub(r"<!\[(?:if|endif)[^>]*>", "", html))  # Word's marks, which are no comments
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = HtmlNode("body")
        self._open = [self.root]
        self._hidden: list[str] = []
        self._too_deep: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            if tag not in VOID:
                self._hidden.append(tag)
            return
        if tag in HIDDEN:
            if tag not in VOID:
                self._hidden.append(tag)
            return
        self._end_what_it_ends(tag)
        if len(self._open) >= DEEPEST and tag not in VOID:
            self._too_deep.append(tag)
            return
        node = HtmlNode(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and ":" in tag:  # XML of Word; HTML knows no such end
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag == "br":
            self.handle_starttag("br", [])
        if tag in self._too_deep:
            self._too_deep.reverse()
            self._too_deep.remove(tag)
            self._too_deep.reverse()
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return
            if self._open[at].tag in ("td", "th", "table") and tag not in BLOCKS:
                return

    def handle_data(self, data: str) -> None:
        if not self._hidden and data:
            self._open[-1].children.append(data)

    def _end_what_it_ends(self, tag: str) -> None:
        if tag in BLOCKS:
            for at in range(len(self._open) - 1, 0, -1):
                name = self._open[at].tag
                if name == "p":
                    del self._open[at:]
                    break
                if name in BLOCKS:
                    break
        ended, stops = _CLOSED_BY.get(tag, (frozenset(), frozenset()))
        for at in range(len(self._open) - 1, 0, -1):
            name = self._open[at].tag
            if name in ended:
                del self._open[at:]
                return
            if name in stops:
                return
