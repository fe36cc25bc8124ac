"""What word processors mean by their HTML: lists that are paragraphs, footnotes that are links, styles for emphasis."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.content.markdown.html_nodes import BLOCKS, HtmlNode

NOTE = "note-reference"
_LEVEL = re.compile(r"\bmso-list:\s*(?!none|ignore)\S+\s+level(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"\bmso-list:\s*ignore", re.IGNORECASE)
_ORDERED = re.compile(r"\(?(\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]")
_BULLET = re.compile(r"[·•§▪◦oØü–\-\uf0a7-\uf0fc]\s+")
_GONE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x2060, 0xFEFF, *range(0xE000, 0xF900)])
_SPACES = dict.fromkeys([0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F], " ")
_CONTROLS = dict.fromkeys([*range(9), *range(0xE, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF], " ")
_LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_JUNK = {**_GONE, **_SPACES, **_CONTROLS, **_LONE}


@dataclass(frozen=True)
class Note:
    number: int
    body: HtmlNode


def without_junk(text: str) -> str:
    """Without marks that show nothing, and with plain spaces."""
    return text.translate(_JUNK)


def has_style(node: HtmlNode, name: str) -> bool:
    """``name``: strong, em, del, sub or sup; as Google Docs and browsers write emphasis."""
    style = node.style
    weight = style.get("font-weight", "")
    return {
        "strong": weight in ("bold", "bolder") or (weight.isdigit() and int(weight[:4]) >= 600),
        "em": style.get("font-style") == "italic",
        "del": "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""),
        "sub": style.get("vertical-align") == "sub",
        "sup": style.get("vertical-align") == "super",
    }[name]


def take_notes(root: HtmlNode) -> list[Note]:
    """Take texts and links that lead to each other out of the tree. ``NOTE`` nodes stay for the links."""
    parents = {id(one): node for node in [root, *root.walk()] for one in node.children if isinstance(one, HtmlNode)}
    places: dict[str, HtmlNode] = {}
    for node in root.walk():
        for name in (node.attrs.get("id"), node.attrs.get("name") if node.tag == "a" else None):
            if name:
                places.setdefault(name, node)
    notes: list[Note] = []
    numbers: dict[int, int] = {}
    for link in list(root.walk()):
        target = places.get(_anchor(link))
        if link.tag != "a" or target is None:
            continue
        holder = _surrounding(target, parents)
        if holder is root or holder is None or _is_within(link, holder, parents):
            continue
        own = _own_names(link, parents)
        back = [one for one in holder.walk() if one.tag == "a" and _anchor(one) in own]
        if not back and id(holder) not in numbers:
            continue
        if id(holder) not in numbers:
            numbers[id(holder)] = len(notes) + 1
            notes.append(Note(len(notes) + 1, holder))
        for one in back:
            one.tag, one.children = "span", []
        link.tag, link.children = NOTE, [str(numbers[id(holder)])]
    for note in notes:
        parent = parents[id(note.body)]
        if note.body in parent.children:
            parent.children.remove(note.body)
        for one in [note.body, *note.body.walk()]:  # links back that other mentions have
            if one.tag == "a" and one.attrs.get("role") == "doc-backlink":
                one.tag, one.children = "span", []
    return notes


def _anchor(node: HtmlNode) -> str:
    address = node.attrs.get("href", "") if node.tag == "a" else ""
    return address[1:] if address.startswith("#") else ""


def _own_names(link: HtmlNode, parents: dict[int, HtmlNode]) -> set[str]:
    names = {link.attrs.get("id", ""), link.attrs.get("name", "")}
    above = parents.get(id(link))
    while above is not None and above.tag not in BLOCKS:
        names.add(above.attrs.get("id", ""))
        above = parents.get(id(above))
    return names - {""}


def _surrounding(node: HtmlNode, parents: dict[int, HtmlNode]) -> HtmlNode | None:
    """The item, or the paragraph, that an anchor stands in."""
    found: HtmlNode | None = node
    while found is not None and found.tag not in ("li", "p", "div", "dd"):
        if found.tag in BLOCKS:
            return None
        found = parents.get(id(found))
    return found


def _is_within(node: HtmlNode, holder: HtmlNode, parents: dict[int, HtmlNode]) -> bool:
    above: HtmlNode | None = node
    while above is not None:
        if above is holder:
            return True
        above = parents.get(id(above))
    return False


def build_word_lists(root: HtmlNode) -> None:
    """Paragraphs that Word numbers become lists, nested by their level."""
    for node in [root, *root.walk()]:
        if any(isinstance(one, HtmlNode) and _level(one) for one in node.children):
            node.children = _with_lists(node.children)


def _level(node: HtmlNode) -> int:
    """From 1; 0 for what is no item of a list."""
    if node.tag != "p" and not re.fullmatch("h[1-6]", node.tag):
        return 0
    if found := _LEVEL.search(node.attrs.get("style", "")):
        return int(found[1]) if node.tag == "p" else 0
    is_item = node.tag == "p" and any(one.startswith("MsoListParagraph") for one in node.classes)
    return int(is_item and "mso-list" not in node.attrs.get("style", ""))


def _with_lists(children: list[HtmlNode | str]) -> list[HtmlNode | str]:
    found: list[HtmlNode | str] = []
    open_lists: list[tuple[int, HtmlNode]] = []
    for one in children:
        level = _level(one) if isinstance(one, HtmlNode) else 0
        if isinstance(one, str) and not one.strip():
            continue
        if not level or isinstance(one, str):
            open_lists = []
            found.append(one)
            continue
        marker = _take_marker(one)
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        ordered = _ORDERED.match(marker)
        name = "ol" if ordered else "ul"
        if open_lists and open_lists[-1][0] == level and open_lists[-1][1].tag != name:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            fresh = HtmlNode(name, {"start": ordered[1]} if ordered and ordered[1].isdigit() else {})
            home = open_lists[-1][1].children[-1] if open_lists else None
            (home.children if isinstance(home, HtmlNode) else found).append(fresh)
            open_lists.append((level, fresh))
        open_lists[-1][1].children.append(HtmlNode("li", {}, one.children))
    return found


def _take_marker(item: HtmlNode) -> str:
    """The item's bullet or number, taken out of it."""
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
    """Lists right within lists belong to the item before them; other things right within a list are items."""
    for node in list(root.walk()):
        if node.tag not in ("ul", "ol"):
            continue
        items: list[HtmlNode | str] = []
        for one in node.children:
            if isinstance(one, str):
                if one.strip():
                    items.append(HtmlNode("li", {}, [one]))
            elif one.tag == "li":
                items.append(one)
            elif one.tag in ("ul", "ol") and items and isinstance(items[-1], HtmlNode):
                items[-1].children.append(one)
            else:
                items.append(HtmlNode("li", {}, [one]))
        node.children = items
