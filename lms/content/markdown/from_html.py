"""HTML of a word processor, a web page or another system as clean Markdown.

What it writes is read back by the renderer as the same structure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import indent

from lms.content.markdown.html_cleaning import (
    NOTE,
    build_word_lists,
    has_style,
    repair_lists,
    take_notes,
    without_junk,
)
from lms.content.markdown.html_nodes import BLOCKS, HtmlNode, parsed
from lms.content.markdown.inline_writing import RAW, Leaf, TextMark, inline, picture

MAX_BYTES = 2_000_000
"""Characters that are read."""
_MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "strike": "del"}
_MARKS |= {name: name for name in RAW}
_CODE = frozenset({"code", "samp", "tt"})
_STYLED = ("strong", "em", "del", "sub", "sup")
_BOXES = {"note": "note", "note--tip": "tip", "note--warning": "warning", "note--example": "example"}
_BOX_TITLES = {"note": "Catatan", "tip": "Kiat", "warning": "Peringatan", "example": "Contoh"}
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush)[-:]\s*([\w+#-]+)")
_BULLETS, _ENDS = "-+", ".)"


@dataclass(frozen=True)
class HtmlPicture:
    """A picture of the HTML, for the caller to say where it stands."""

    source: str
    alt: str
    width: int | None = None
    height: int | None = None


PictureTarget = Callable[[HtmlPicture], str | None]
"""The path or address of a picture; None leaves its description as text."""


def from_web(found: HtmlPicture) -> str | None:
    """Pictures stay where they are; those within the HTML itself, or on the author's device, are left out."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", found.source)
    return found.source if not scheme or scheme[1].lower() in ("http", "https") else None


def from_html(html: str, picture_target: PictureTarget = from_web) -> str:
    """Markdown that ends with a line end, or nothing. Headings move down if there is one of level 1.

    :raises ValueError: the HTML is longer than ``MAX_BYTES``.
    """
    if len(html) > MAX_BYTES:
        raise ValueError(f"{len(html)} characters of HTML; {MAX_BYTES} are read")
    root = parsed(html)
    build_word_lists(root)
    repair_lists(root)
    notes = take_notes(root)
    is_shifted = any(_heading(one) == 1 for one in root.walk())
    writer = _Blocks(picture_target, int(is_shifted))
    blocks = writer.of(root.children)
    for note in notes:
        body = "\n\n".join(writer.of(note.body.children)) or "…"
        blocks.append(f"[^{note.number}]: " + indent(body, "    ").lstrip())
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _heading(node: HtmlNode) -> int:
    if re.fullmatch("h[1-6]", node.tag):
        return int(node.tag[1])
    return int(node.tag == "p" and "MsoTitle" in node.classes)


@dataclass(frozen=True)
class _Blocks:
    picture_target: PictureTarget
    shift: int

    def of(self, children: Sequence[HtmlNode | str]) -> list[str]:
        """Each block as its lines, without blank lines around."""
        found: list[tuple[str, str]] = []
        for is_block, run in groupby(children, _is_block):
            for kind, text in self._blocks(list(run)) if is_block else self._paragraphs(list(run)):
                if not text.strip():
                    continue
                if found and kind == found[-1][0] and kind in ("ul", "ol"):
                    text = _with_other_markers(kind, text, found[-1][1])
                if found and kind == found[-1][0] == "quote":
                    found.append(("", "<!-- -->"))
                found.append((kind, text))
        return [text for _, text in found]

    def _paragraphs(self, run: list[HtmlNode | str]) -> Iterator[tuple[str, str]]:
        """Text between blocks. Two breaks in a row are as good as a new paragraph."""
        leaves = list(self._leaves(run, ()))
        part: list[Leaf] = []
        for leaf in leaves:
            is_blank = leaf.kind == "text" and not leaf.text.strip()
            if leaf.kind == "break" and any(one.kind != "text" or one.text.strip() for one in part):
                tail = [one for one in part if one.kind != "text" or one.text.strip()]
                if tail and tail[-1].kind == "break":
                    yield "p", inline(part)
                    part = []
                    continue
            if not (is_blank and not part):
                part.append(leaf)
        yield "p", inline(part)

    def _blocks(self, nodes: list[HtmlNode | str]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            if isinstance(node, HtmlNode):
                yield from self._block(node)

    def _block(self, node: HtmlNode) -> Iterator[tuple[str, str]]:
        if level := _heading(node):
            text = inline(self._leaves(node.children, (), in_heading=True), on_one_line=True)
            text = re.sub(r"(#+)$", r"\\\1", text)
            yield "heading", f"{'#' * min(6, level + self.shift)} {text}" if text else ""
        elif node.tag in ("ul", "ol"):
            yield node.tag, self._list(node)
        elif node.tag == "pre":
            yield "code", _fence(node)
        elif node.tag == "hr":
            yield "hr", "***"
        elif node.tag == "blockquote":
            yield "quote", "\n".join(f"> {line}".rstrip() for line in "\n\n".join(self.of(node.children)).split("\n"))
        elif node.tag == "table":
            yield from self._table(node)
        elif node.tag == "details":
            yield "details", self._details(node)
        elif node.tag == "div" and "note" in node.classes:
            yield "box", self._box(node)
        elif node.tag == "dl":
            yield from self._terms(node)
        elif node.tag == "div" and "footnote-list" in node.attrs.get("style", ""):
            kept = [one for one in node.children if isinstance(one, str) or one.tag != "hr"]
            yield from (("", text) for text in self.of(kept))
        elif node.tag == "p" and not any(one.tag in BLOCKS for one in node.walk()):
            yield from self._paragraphs(node.children)
        else:
            yield from (("", text) for text in self.of(node.children))

    def _list(self, node: HtmlNode) -> str:
        start = node.attrs.get("start", "")
        number = int(start) if re.fullmatch("[0-9]{1,8}", start) else 1
        items = [one for one in node.children if isinstance(one, HtmlNode)]
        is_loose = any(_is_loose(one) for one in items)
        written = []
        for at, item in enumerate(items):
            marker = f"{number + at}." if node.tag == "ol" else "-"
            box, rest = _taken_box(item)
            blocks = self.of(rest)
            if not is_loose and blocks:
                is_loose = not all(_may_follow(one, blocks[0]) for one in blocks[1:])
            written.append((marker, box, blocks))
        parts = []
        for marker, box, blocks in written:
            text = ("\n\n" if is_loose else "\n").join(blocks)
            lines = indent(box + text, " " * (len(marker) + 1)).lstrip(" ")
            parts.append(f"{marker} {lines}".rstrip())
        return ("\n\n" if is_loose else "\n").join(parts)

    def _table(self, node: HtmlNode) -> Iterator[tuple[str, str]]:
        rows = _rows(node)
        cells = [[one for one in row.children if isinstance(one, HtmlNode) and one.tag in ("td", "th")] for row in rows]
        cells = [row for row in cells if row]
        for caption in (one for one in node.children if isinstance(one, HtmlNode) and one.tag == "caption"):
            yield from self._paragraphs(caption.children)
        if not cells:
            return
        if max(len(row) for row in cells) == 1 or any(one.tag == "table" for one in node.walk()):
            for row in cells:  # a frame around other things
                for cell in row:
                    yield from (("", text) for text in self.of(cell.children))
            return
        texts = [self._row(row) for row in cells]
        columns = max(len(row) for row in texts)
        alignments = [_alignment(cell) for cell in cells[0]] + ["---"] * columns
        lines = [_line([*row, *[""] * (columns - len(row))]) for row in texts]
        yield "table", "\n".join([lines[0], _line(alignments[:columns]), *lines[1:]])

    def _row(self, cells: list[HtmlNode]) -> list[str]:
        row: list[str] = []
        for cell in cells:
            row.append(inline(self._cell(cell), in_table=True))
            span = cell.attrs.get("colspan", "1")
            row += [""] * (min(int(span), 50) - 1 if re.fullmatch("[0-9]{1,4}", span) else 0)
        return row

    def _cell(self, cell: HtmlNode) -> Iterator[Leaf]:
        """The blocks of a cell, with breaks between them."""
        is_first = True
        for is_block, run in groupby(cell.children, _is_block):
            for one in run if is_block else [HtmlNode("span", {}, list(run))]:
                assert isinstance(one, HtmlNode)
                if not one.text.strip() and not any(inner.tag == "img" for inner in [one, *one.walk()]):
                    continue
                if not is_first:
                    yield Leaf("break", "")
                is_first = False
                if one.has_blocks:
                    if one.tag == "li":
                        yield Leaf("text", "• ")
                    yield from self._cell(one)
                else:
                    if one.tag == "li":
                        yield Leaf("text", "• ")
                    yield from self._leaves([one] if one.tag not in BLOCKS else one.children, ())

    def _details(self, node: HtmlNode) -> str:
        summary = next((one for one in node.children if isinstance(one, HtmlNode) and one.tag == "summary"), None)
        rest = [one for one in node.children if one is not summary]
        words = inline(self._leaves(summary.children, ()), on_one_line=True) if summary else ""
        head = f"<summary>{words}</summary>" if words else ""
        return "\n\n".join([f"<details>{head}", *self.of(rest), "</details>"])

    def _box(self, node: HtmlNode) -> str:
        kind = next((_BOXES[one] for one in reversed(node.classes) if one in _BOXES), "note")
        children = [one for one in node.children if not isinstance(one, str) or one.strip()]
        title = ""
        if children and isinstance(first := children[0], HtmlNode) and "note__title" in first.classes:
            words = inline(self._leaves(first.children, ()), on_one_line=True)
            title = "" if words == _BOX_TITLES[kind] else ' "' + words.replace('"', "”") + '"'
            children = children[1:]
        else:
            title = ' ""'
        return f"!!! {kind}{title}\n" + indent("\n\n".join(self.of(children)), "    ")

    def _terms(self, node: HtmlNode) -> Iterator[tuple[str, str]]:
        for one in node.walk():
            if one.tag == "dt":
                yield "p", inline(replace(leaf, marks=(TextMark("strong"),)) for leaf in self._leaves(one.children, ()))
            elif one.tag == "dd":
                yield from (("", text) for text in self.of(one.children))

    def _leaves(
        self, children: Sequence[HtmlNode | str], marks: tuple[TextMark, ...], *, in_heading: bool = False
    ) -> Iterator[Leaf]:
        for one in children:
            if isinstance(one, str):
                yield Leaf("text", without_junk(one), marks)
            elif one.tag == "br":
                yield Leaf("break", "", marks)
            elif one.tag == "img":
                yield from self._picture(one, marks)
            elif one.tag == NOTE:
                yield Leaf("raw", f"[^{one.children[0]}]", marks)
            elif one.tag in _CODE and not one.has_blocks:
                text = without_junk(one.text)
                if text.strip():
                    yield Leaf("code", text, marks)
            elif one.tag == "input":
                continue
            elif one.tag == "sup" and any(inner.tag == NOTE for inner in one.walk()):
                yield from self._leaves(one.children, marks, in_heading=in_heading)
            elif one.tag == "q":
                yield Leaf("text", "“", marks)
                yield from self._leaves(one.children, marks, in_heading=in_heading)
                yield Leaf("text", "”", marks)
            else:
                own = tuple(mark for mark in _marks(one, in_heading) if mark not in marks)
                yield from self._leaves(one.children, (*marks, *own), in_heading=in_heading)

    def _picture(self, node: HtmlNode, marks: tuple[TextMark, ...]) -> Iterator[Leaf]:
        alt = without_junk(node.attrs.get("alt", ""))
        sizes = (node.attrs.get(name, "") for name in ("width", "height"))
        width, height = (int(one) if re.fullmatch("[0-9]{1,5}", one) else None for one in sizes)
        source = node.attrs.get("src", "").strip()
        target = self.picture_target(HtmlPicture(source, alt, width, height)) if source else None
        if target is None:
            yield Leaf("text", alt, marks)
        else:
            yield Leaf("raw", picture(alt, target, without_junk(node.attrs.get("title", ""))), marks)


def _is_block(one: HtmlNode | str) -> bool:
    if isinstance(one, str):
        return False
    return one.tag in BLOCKS or one.has_blocks


def _marks(node: HtmlNode, in_heading: bool) -> Iterator[TextMark]:
    if node.tag == "a":
        address = without_junk(node.attrs.get("href", "")).strip()
        if re.match(r"(?:https?:|mailto:|tel:|#(?!_)|[^:#?]+(?:[/?#]|$))", address, re.IGNORECASE) and address:
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


def _is_loose(item: HtmlNode) -> bool:
    paragraphs = [one for one in item.children if isinstance(one, HtmlNode) and one.tag == "p"]
    return any(not one.attrs for one in paragraphs) or len(paragraphs) > 1


def _may_follow(block: str, _first: str) -> bool:
    """Whether a block of a tight list is told from the text before it without a blank line."""
    return re.match(r"(?:[-+] \S|1[.)] \S|> ?|#{1,6} |`{3,}|~{3,}|\*\*\*$)", block) is not None


def _taken_box(item: HtmlNode) -> tuple[str, list[HtmlNode | str]]:
    """The box of a task, and the item without it."""
    node = item
    while True:
        first = next((one for one in node.children if isinstance(one, HtmlNode) or one.strip()), None)
        if not isinstance(first, HtmlNode):
            return "", item.children
        if first.tag == "input" and first.attrs.get("type") == "checkbox":
            node.children.remove(first)
            return ("[x] " if "checked" in first.attrs else "[ ] "), item.children
        if first.tag not in ("p", "label", "span"):
            return "", item.children
        node = first


def _with_other_markers(kind: str, text: str, before: str) -> str:
    """Two lists in a row are told apart by other markers at their items."""
    if kind == "ul":
        old = before[0]
        new = _BULLETS[1 - _BULLETS.index(old)] if old in _BULLETS else "-"
        return re.sub(r"^-(?= |$)", new, text, flags=re.MULTILINE)
    old = before.lstrip("0123456789")[:1]
    new = _ENDS[1 - _ENDS.index(old)] if old in _ENDS else "."
    return re.sub(r"^([0-9]+)\.(?= |$)", rf"\1{new}", text, flags=re.MULTILINE)


def _fence(node: HtmlNode) -> str:
    source = node.text.translate(dict.fromkeys([0xA0], " ")).replace("\r\n", "\n").strip("\n")
    if not source.strip():
        return ""
    named = " ".join(one.attrs.get("class", "") for one in [node, *node.walk()])
    found = _LANGUAGE.search(named)
    longest = max((len(one) for one in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{found[1] if found else ''}\n{source}\n{fence}"


def _alignment(cell: HtmlNode) -> str:
    words = {*cell.classes, cell.attrs.get("align", ""), cell.style.get("text-align", "")}
    return "--:" if "right" in words else ":-:" if "center" in words else "---"


def _rows(table: HtmlNode) -> list[HtmlNode]:
    """Its own, not those of tables within."""
    parts = [one for one in table.children if isinstance(one, HtmlNode)]
    inner = [row for part in parts if part.tag in ("thead", "tbody", "tfoot") for row in part.children]
    return [one for one in [*parts, *inner] if isinstance(one, HtmlNode) and one.tag == "tr"]


def _line(cells: Sequence[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else "   " for cell in cells) + "|"
