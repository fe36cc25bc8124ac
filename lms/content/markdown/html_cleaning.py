"""What word processors mean by their HTML: lists that are paragraphs, styles for emphasis, invisible characters."""

from __future__ import annotations

import re

from lms.content.markdown.html_nodes import HtmlNode

_LEVEL = re.compile(r"\bmso-list:\s*(?!none|ignore)\S+\s+level(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"\bmso-list:\s*ignore", re.IGNORECASE)
_ORDERED = re.compile(r"\(?(\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]")
_BULLET = re.compile(r"[·•§▪◦oØü–\-\uf0a7-\uf0fc]\s+")
_GONE = re.compile("[\xad\u200b\u200c\u2060\ufeff\ue000-\uf8ff]+")
_SPACES = re.compile("[\x00-\x08\x0e-\x1f\x7f-\xa0\u2002\u2003\u2007\u2009\u2028\u2029\u202f\ufffe\uffff]")
"""Special spaces and control characters."""
_LONE = re.compile("[\ud800-\udfff]")


def without_junk(text: str) -> str:
    """Remove characters that show nothing, and replace special spaces by plain ones."""
    return _LONE.sub("\ufffd", _SPACES.sub(" ", _GONE.sub("", text)))


def has_style(node: HtmlNode, name: str) -> bool:
    """Whether the ``style`` of an element means ``name``, which is strong, em, del, sub or sup.

    Google Docs and browsers write emphasis in this way.
    """
    style = node.style
    weight = style.get("font-weight", "")
    return {
        "strong": weight in ("bold", "bolder") or (weight.isdigit() and int(weight[:4]) >= 600),
        "em": style.get("font-style") == "italic",
        "del": "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""),
        "sub": style.get("vertical-align") == "sub",
        "sup": style.get("vertical-align") == "super",
    }[name]


def build_word_lists(root: HtmlNode) -> None:
    """Turn the paragraphs that Word numbers into lists, nested by their level."""
    for node in [root, *root.walk()]:
        if any(isinstance(one, HtmlNode) and _level(one) for one in node.children):
            node.children = _with_lists(node.children)


def _level(node: HtmlNode) -> int:
    """The level of a list item, counted from 1; 0 for any other element."""
    if node.tag != "p" and not re.fullmatch("h[1-6]", node.tag):
        return 0
    if found := _LEVEL.search(node.attrs.get("style", "")):
        return int(found[1]) if node.tag == "p" else 0
    is_item = node.tag == "p" and any(one.startswith("MsoListParagraph") for one in node.classes)
    return int(is_item and "mso-list" not in node.attrs.get("style", ""))


def _with_lists(children: list[HtmlNode | str]) -> list[HtmlNode | str]:
    writer = _ListWriter()
    for one in children:
        if isinstance(one, str):
            if one.strip():
                writer.add(one)
        elif level := _level(one):
            writer.add_item(one, level)
        else:
            writer.add(one)
    return writer.written


class _ListWriter:
    """Writes children one after the other, and gathers the items of lists among them."""

    def __init__(self) -> None:
        self.written: list[HtmlNode | str] = []
        self._open: list[tuple[int, HtmlNode]] = []
        """The lists that go on, with their levels, from the outermost to the innermost."""

    def add(self, child: HtmlNode | str) -> None:
        self._open.clear()
        self.written.append(child)

    def add_item(self, paragraph: HtmlNode, level: int) -> None:
        number = _ORDERED.match(_take_marker(paragraph))
        tag = "ol" if number else "ul"
        self._end_lists(level, tag)
        if not self._open or self._open[-1][0] < level:
            start = {"start": number[1]} if number and number[1].isdigit() else {}
            self._begin_list(level, HtmlNode(tag, start))
        self._open[-1][1].children.append(HtmlNode("li", {}, paragraph.children))

    def _end_lists(self, level: int, tag: str) -> None:
        """End the lists that are nested deeper than ``level``, and one at this level with another tag."""
        while self._open and self._open[-1][0] > level:
            self._open.pop()
        if self._open and self._open[-1][0] == level and self._open[-1][1].tag != tag:
            self._open.pop()

    def _begin_list(self, level: int, new: HtmlNode) -> None:
        """Begin a list in the last item of the list around it, if there is one."""
        around = self._open[-1][1].children[-1] if self._open else None
        (around.children if isinstance(around, HtmlNode) else self.written).append(new)
        self._open.append((level, new))


def _take_marker(item: HtmlNode) -> str:
    """Take the bullet or number out of an item, and return it."""
    for node in [item, *item.walk()]:
        for one in node.children:
            if isinstance(one, HtmlNode) and _IGNORED.search(one.attrs.get("style", "")):
                node.children.remove(one)
                return without_junk(one.text).strip()
    for node in [item, *item.walk()]:
        if node.children and isinstance(first := node.children[0], str):
            text = without_junk(first).lstrip()
            if found := re.match(rf"(?:{_BULLET.pattern}|{_ORDERED.pattern}\s+)", text):
                node.children[0] = text[found.end() :]
                return found[0]
            break
    return ""


def repair_lists(root: HtmlNode) -> None:
    """Give lists nothing but items: a list right within a list goes into the item before it."""
    for node in list(root.walk()):
        if node.tag in ("ul", "ol"):
            node.children = _items_alone(node.children)


def _items_alone(children: list[HtmlNode | str]) -> list[HtmlNode | str]:
    items: list[HtmlNode] = []
    for one in children:
        if isinstance(one, HtmlNode) and one.tag == "li":
            items.append(one)
        elif isinstance(one, HtmlNode) and one.tag in ("ul", "ol") and items:
            items[-1].children.append(one)
        elif isinstance(one, HtmlNode) or one.strip():
            items.append(HtmlNode("li", {}, [one]))
    return [*items]
